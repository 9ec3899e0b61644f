"""An environment with a wheel and exactly the requirements that it was tested with, each held to its hash."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

from phonepay.upgrading.layout import Home
from phonepay.upgrading.refusal import UpgradeRefused
from phonepay.upgrading.wheels import LOCKED, LOCKED_WITH_EXTRAS, Wheel

SPACE = 600 * 1024 * 1024  # bytes: an environment has 250 MB, and pip unpacks beside it
_EXTRAS = ("sentry_sdk", "opentelemetry")


def make_environment(home: Home, wheel: Wheel) -> None:
    """`versions/<version>`, whole or not there. Raises UpgradeRefused with what the installer said.

    One that is there already is taken if it was made of this very wheel: a repaired one may have the same version.
    """
    if home.is_whole(wheel.version) and home.made_of(wheel.version) == wheel.sha256:
        return
    folder = home.version(wheel.version)
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    free = shutil.disk_usage(folder.parent).free
    if free < SPACE:
        raise UpgradeRefused(
            f"{folder.parent} has {free // 1024**2} MB left, and a version beside the other needs {SPACE // 1024**2}: "
            "make room. Nothing was changed."
        )
    try:
        _fill(folder, wheel)
    except UpgradeRefused:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    home.mark_whole(wheel.version, wheel=wheel.sha256)


def _fill(folder: Path, wheel: Wheel) -> None:
    base = getattr(sys, "_base_executable", sys.executable)
    _run([base, "-m", "venv", str(folder)], "The environment could not be made")
    python = str(folder / "bin" / "python")
    with tempfile.TemporaryDirectory(prefix="phonepay-upgrade-") as place:
        locked = Path(place) / "requirements.txt"
        with zipfile.ZipFile(wheel.path) as files:
            locked.write_bytes(files.read(LOCKED_WITH_EXTRAS if _has_extras() else LOCKED))
        _run(
            [*_installer(python), "--require-hashes", "-r", str(locked)],
            "What the new version needs could not be installed (is there a network, or a package index set for pip?)",
        )
    _run([*_installer(python), "--no-deps", str(wheel.path)], "The new version could not be installed")
    # Whoever starts it may not write here: a start without bytecode takes three times as long.
    left_out = ["-x", r"/(pip|setuptools|pkg_resources)/"]
    _run([python, "-m", "compileall", "-q", *left_out, str(folder / "lib")], "The new version could not be compiled")


def _installer(python: str) -> list[str]:
    """uv where it is on the path (seconds), else the new environment's own pip (a minute)."""
    uv = shutil.which("uv")
    if uv:
        return [uv, "--quiet", "pip", "install", "--python", python]
    return [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]


def _has_extras() -> bool:
    """Whether the version that runs this reports errors or traces: then the next one has to be able to."""
    return any(importlib.util.find_spec(name) is not None for name in _EXTRAS)


def _run(command: Sequence[str], sentence: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise UpgradeRefused(f"{sentence}; nothing was changed:\n{done.stdout}{done.stderr}".rstrip())
