"""Wheels built from this very tree, and empty environments to install them in."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from scripts.dist import build

Install = Callable[[Path, Path], Path]


@pytest.fixture(scope="session")
def built(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """The source archive and the wheel."""
    return build(repository, tmp_path_factory.mktemp("dist"))


@pytest.fixture(scope="session")
def wheel(built: tuple[Path, Path]) -> Path:
    return built[1]


@pytest.fixture(scope="session")
def install() -> Install:
    """Make an empty environment in a folder, and put a wheel with its locked requirements in; gives its programs."""

    def into(folder: Path, wheel: Path) -> Path:
        base = getattr(sys, "_base_executable", sys.executable)
        subprocess.run([base, "-m", "venv", "--without-pip", folder], check=True)
        locked = folder / "run.txt"
        with zipfile.ZipFile(wheel) as files:
            locked.write_bytes(files.read("phonepay/requirements/run.txt"))
        uv = [sys.executable, "-m", "uv", "--quiet", "pip", "install", "--python", str(folder / "bin" / "python")]
        subprocess.run([*uv, "--require-hashes", "-r", str(locked)], check=True)
        subprocess.run([*uv, "--no-deps", str(wheel)], check=True)
        return folder / "bin"

    return into


@pytest.fixture(scope="session")
def installed(install: Install, wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment that has nothing but the wheel and what it needs."""
    return install(tmp_path_factory.mktemp("installed"), wheel)
