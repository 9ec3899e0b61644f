"""The folder of an installation: versions beside each other, and which one counts."""

from __future__ import annotations

import re
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from phonepay.upgrading.refusal import UpgradeRefused

VERSION = re.compile(r"(\d+)\.(\d+)\.(\d+)(?:(a|b|rc)(\d+))?")  # PEP 440, as far as we use it

_WHOLE = "installed"  # a file in an environment that has everything


@dataclass(frozen=True)
class Home:
    """`folder` holds it all."""

    folder: Path

    def version(self, name: str) -> Path:
        return self.folder / "versions" / name

    def program(self, version: str | None = None) -> Path:
        """The command of a version; without one the command of whichever counts, by its steady path."""
        return (self.version(version) if version else self.folder / "current") / "bin" / "phonepay"

    def current(self) -> str | None:
        return self._linked("current")

    def previous(self) -> str | None:
        """The version before, where it is still whole."""
        found = self._linked("previous")
        return found if found and self.is_whole(found) else None

    def is_whole(self, version: str) -> bool:
        return (self.version(version) / _WHOLE).exists()

    def mark_whole(self, version: str, *, wheel: str = "") -> None:
        """`wheel`: the SHA-256 of what it was made of."""
        (self.version(version) / _WHOLE).write_text(wheel, encoding="ascii")

    def made_of(self, version: str) -> str:
        """The SHA-256 of its wheel; "" where that is not known."""
        return (self.version(version) / _WHOLE).read_text(encoding="ascii")

    def point_to(self, version: str, *, before: str | None) -> None:
        """From this moment on `version` counts, and `before` is the way back. Each link changes in one step."""
        if before is None:
            (self.folder / "previous").unlink(missing_ok=True)
        else:
            self._link("previous", before)
        self._link("current", version)

    def clear_away(self, keep: set[str]) -> list[str]:
        """Remove all versions but these; returns their names."""
        gone = [each.name for each in (self.folder / "versions").iterdir() if each.name not in keep]
        for name in gone:
            shutil.rmtree(self.version(name), ignore_errors=True)
        return sorted(gone)

    def _linked(self, name: str) -> str | None:
        link = self.folder / name
        return link.readlink().name if link.is_symlink() else None

    def _link(self, name: str, version: str) -> None:
        fresh = self.folder / f".{name}.new"
        fresh.unlink(missing_ok=True)
        fresh.symlink_to(Path("versions") / version)
        fresh.replace(self.folder / name)


def home_of(prefix: str = sys.prefix) -> Home:
    """The installation that the running program belongs to. Raises UpgradeRefused where it is of another kind."""
    environment = Path(prefix).resolve()
    if environment.parent.name == "versions" and (environment.parent.parent / "current").is_symlink():
        return Home(environment.parent.parent)
    raise UpgradeRefused(
        f"This Phone Pay was not installed as versions beside each other ({environment} is one environment), so there "
        "is no way back from an upgrade in it. In a container, run the new image instead. Else install it once as "
        "docs/installing.md says; its data stay where they are."
    )


def order_of(version: str) -> tuple[int, int, int, str, int]:
    """To compare by: 0.10.0 after 0.9.0, and 1.0.0rc1 before 1.0.0. Raises UpgradeRefused for anything else."""
    found = VERSION.fullmatch(version)
    if found is None:
        raise UpgradeRefused(f"{version} is no version of Phone Pay: one looks like 0.2.0 or 1.0.0rc1.")
    major, minor, patch, stage, number = found.groups()
    return int(major), int(minor), int(patch), stage or "~", int(number or 0)
