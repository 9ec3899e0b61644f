"""Build the wheel and the source archive into dist/: the same bytes from the same commit, whoever builds.

The wheel is built from the unpacked source archive, so that this is known to hold everything; what must be in it and
what must not is looked at before anybody gets it.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
EPOCH = "1767225600"  # 2026-01-01, where there is no git to ask

# Nothing of these is the product.
FOREIGN = ("tests/", "scripts/", ".ci/", "__pycache__", ".pyc", ".venv", ".sqlite3")
# One of each kind, so that a kind that is forgotten is noticed.
NEEDED = (
    "phonepay/py.typed",
    "phonepay/requirements/run.txt",
    "phonepay/requirements/extras.txt",
    "phonepay/locale/es/LC_MESSAGES/django.mo",
    "phonepay/web/panel/templates/panel/base.html",
)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--to", type=Path, default=ROOT / "dist", help="the folder for both files (dist)")
    folder: Path = parser.parse_args(arguments).to
    shutil.rmtree(folder, ignore_errors=True)
    for path in build(ROOT, folder):
        print(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}")
    return 0


def build(source: Path, folder: Path) -> tuple[Path, Path]:
    """The source archive of `source`, and the wheel made from that archive. Raises SystemExit with what is wrong."""
    folder.mkdir(parents=True, exist_ok=True)
    time = commit_time(source)
    archive = _hatchling(source, "sdist", folder, time)
    with tempfile.TemporaryDirectory(prefix="phonepay-dist-") as place:
        with tarfile.open(archive) as tar:
            tar.extractall(place, filter="data")
        (unpacked,) = Path(place).iterdir()
        wheel = _hatchling(unpacked, "wheel", folder, time)
    if wrong := look_at(wheel, source):
        raise SystemExit("The wheel is not right:\n" + "\n".join(wrong))
    return archive, wheel


def commit_time(source: Path) -> str:
    """SOURCE_DATE_EPOCH: the environment's, else the commit's (reproducible-builds.org/specs/source-date-epoch)."""
    if given := os.environ.get("SOURCE_DATE_EPOCH"):
        return given
    command = ["git", "-C", str(source), "log", "-1", "--format=%ct"]
    try:
        asked = subprocess.run(command, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return EPOCH
    return asked.stdout.strip() or EPOCH


def _hatchling(source: Path, target: str, folder: Path, time: str) -> Path:
    # Modes of files are the builder's umask otherwise.
    environment = os.environ | {"SOURCE_DATE_EPOCH": time, "PYTHONHASHSEED": "0"}
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(folder.resolve())]
    made = subprocess.run(command, cwd=source, env=environment, capture_output=True, text=True, check=False)
    if made.returncode:
        raise SystemExit(f"The {target} could not be built:\n{made.stdout}{made.stderr}")
    (path,) = folder.glob("*.tar.gz" if target == "sdist" else "*.whl")
    return path


def look_at(wheel: Path, source: Path) -> list[str]:
    """What is missing in the wheel, and what does not belong there."""
    with zipfile.ZipFile(wheel) as files:
        names = set(files.namelist())
    wanted = {name for name in package_files(source) if not name.endswith(FOREIGN)} | set(NEEDED)
    return [f"missing: {name}" for name in sorted(wanted - names)] + [
        f"does not belong there: {name}"
        for name in sorted(names)
        if any(part in name for part in FOREIGN) or not name.startswith(("phonepay/", "phonepay-"))
    ]


def package_files(source: Path) -> list[str]:
    """What of the package is under version control; else what lies there."""
    command = ["git", "-C", str(source), "ls-files", "phonepay"]
    try:
        listed = subprocess.run(command, capture_output=True, text=True, check=False).stdout.splitlines()
    except FileNotFoundError:
        listed = []
    found = listed or [
        path.relative_to(source).as_posix()
        for path in (source / "phonepay").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    ]
    return [name for name in found if (source / name).exists()]


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
