"""What a wheel says of itself (packaging.python.org, "Binary distribution format")."""

from __future__ import annotations

import email
import hashlib
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

from phonepay.upgrading.layout import VERSION
from phonepay.upgrading.refusal import UpgradeRefused

LOCKED = "phonepay/requirements/run.txt"
LOCKED_WITH_EXTRAS = "phonepay/requirements/extras.txt"


@dataclass(frozen=True)
class Wheel:
    path: Path
    version: str
    sha256: str


def read_wheel(path: Path) -> Wheel:
    """Raises UpgradeRefused where it is no wheel of Phone Pay's."""
    try:
        with zipfile.ZipFile(path) as files:
            names = files.namelist()
            (metadata,) = [name for name in names if name.endswith(".dist-info/METADATA")]
            facts = email.message_from_bytes(files.read(metadata))
            damaged = files.testzip()
    except (OSError, ValueError, zipfile.BadZipFile) as error:
        raise UpgradeRefused(
            f"{path} is no wheel ({str(error) or 'it has no metadata'}): nothing was changed."
        ) from error
    if facts["Name"] != "phonepay" or LOCKED not in names or damaged:
        why = f"{damaged} in it is damaged" if damaged else f"it is {facts['Name']}"
        raise UpgradeRefused(f"{path} is no wheel of Phone Pay's, or not a whole one ({why}): nothing was changed.")
    return Wheel(path, str(facts["Version"]), hashlib.sha256(path.read_bytes()).hexdigest())


def find_wheel(wanted: str, folder: Path, sha256: str = "") -> Wheel:
    """A file, or a version that pip fetches into `folder` from wherever it is set up to ask. Raises UpgradeRefused."""
    path = Path(wanted)
    if not path.is_file() and VERSION.fullmatch(wanted):
        path = _fetch(wanted, folder)
    elif not path.is_file():
        raise UpgradeRefused(f"{wanted} is neither a file nor a version (as 0.2.0): nothing was changed.")
    wheel = read_wheel(path)
    if sha256 and wheel.sha256 != sha256.lower():
        raise UpgradeRefused(
            f"{path.name} has the SHA-256 {wheel.sha256}, not the one that was given: it is another file. Get it "
            "again, from where its sum is published. Nothing was changed."
        )
    return wheel


def _fetch(version: str, folder: Path) -> Path:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    asked = subprocess.run(
        [*command, "--only-binary", ":all:", "--dest", str(folder), f"phonepay=={version}"],
        capture_output=True,
        text=True,
        check=False,
    )
    found = list(folder.glob("phonepay-*.whl"))
    if asked.returncode or not found:
        said = (asked.stderr.strip().splitlines() or ["pip said nothing"])[-1]
        raise UpgradeRefused(f"Version {version} could not be fetched ({said}): nothing was changed.")
    return found[0]
