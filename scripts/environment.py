"""Make the project's own Python environment ready, then run a command in it. Called by scripts/bootstrap.

Standard library only: this runs before anything is installed.
"""

import fcntl
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

# What each level needs; uv installs the rest and stays.
LEVELS = {
    "run": ("run",),
    "test": ("run", "extras", "test"),
    "docs": ("run", "extras", "test", "docs"),
    "check": ("run", "extras", "test", "lint"),
}
EVERYTHING = {name for level in LEVELS.values() for name in level}

# In the stamp: where the environment was made.
PLACE = "place"

# So that the folder is importable and the command is there without building anything.
COMMAND = """#!{python}
import sys

from phonepay.cli.main import main

sys.exit(main())
"""


class Missing(Exception):
    """Something is missing on this machine; the message is one sentence with the remedy."""


def main(arguments: list[str]) -> None:
    if not arguments or arguments[0] not in LEVELS:
        sys.exit("usage: scripts/bootstrap run|test|docs|check [COMMAND [ARGUMENT …]]")
    level, *command = arguments
    folder = environment_folder()
    try:
        prepare(folder, level)
    except Missing as missing:
        sys.exit(str(missing))
    if command:
        run_in(folder, command)


def environment_folder() -> Path:
    """`.venv`, or `.venv-3.13` and so on for a Python that was asked for."""
    if os.environ.get("PYTHON"):
        return ROOT / f".venv-{sys.version_info.major}.{sys.version_info.minor}"
    return ROOT / ".venv"


def prepare(folder: Path, level: str) -> None:
    """Bring the environment to exactly the locked requirements of the level and of those it already had."""
    # Two makes at once must not build one environment; the folder itself is the lock.
    lock = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        stamp = folder / "requirements.stamp"
        wanted = stamps(set(LEVELS[level]))
        installed = read_stamp(stamp) if works(folder) else {}
        if installed and installed.pop(PLACE, None) != str(ROOT):
            # Moved or copied: its programs name the place where it was made.
            installed = {}
            stamp.unlink()
            shutil.rmtree(folder)
        if all(installed.get(name) == digest for name, digest in wanted.items()):
            return
        names = set(installed) | set(LEVELS[level])
        started = time.monotonic()
        say(f"Preparing {folder.name} with Python {sys.version.split()[0]} (once, and when requirements change) …")
        if not works(folder):
            create(folder)
        stamp.unlink(missing_ok=True)
        install(folder, sorted(names & EVERYTHING))
        link(folder)
        stamp.write_text(json.dumps({PLACE: str(ROOT), **stamps(names & EVERYTHING)}), encoding="utf-8")
        say(f"{folder.name} is ready after {time.monotonic() - started:.0f} seconds.")
    finally:
        os.close(lock)


def stamps(names: set[str]) -> dict[str, str]:
    """A digest for each requirements file, of it and of what puts it in."""
    digests = {}
    for name in names:
        digest = hashlib.sha256()
        for path in (requirements(name), requirements("uv"), Path(__file__)):
            digest.update(path.read_bytes())
        digests[name] = digest.hexdigest()
    return digests


def read_stamp(stamp: Path) -> dict[str, str]:
    try:
        return dict(json.loads(stamp.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}


def requirements(name: str) -> Path:
    return ROOT / "requirements" / f"{name}.txt"


def python_of(folder: Path) -> Path:
    return folder / "bin" / "python"


def works(folder: Path) -> bool:
    """Whether the environment's Python still runs, and is of this one's version."""
    program = f"import sys; sys.exit(sys.version_info[:2] != {tuple(sys.version_info[:2])})"
    try:
        return subprocess.run([python_of(folder), "-c", program], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def create(folder: Path) -> None:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    try:
        import ensurepip  # noqa: F401 - Debian splits it off; its absence is the message
        import venv  # noqa: F401 - the same
    except ImportError:
        raise Missing(
            f"Python {version} ({sys.executable}) has no venv module: install it "
            f"(Debian and Ubuntu: apt install python3-venv), then run this again."
        ) from None
    shutil.rmtree(folder, ignore_errors=True)
    # The interpreter's own path, not that of an environment we may run in.
    base = getattr(sys, "_base_executable", sys.executable)
    attempt([base, "-m", "venv", folder], "The virtual environment could not be made")


def install(folder: Path, names: list[str]) -> None:
    """With uv (seconds), or with pip (a minute) where uv cannot be had or cannot reach what pip can."""
    python = python_of(folder)
    files = [argument for name in names for argument in ("-r", requirements(name))]
    if has_uv(folder):
        sync = [python, "-m", "uv", "--quiet", "pip", "sync", "--python", python, "--require-hashes",
                "--compile-bytecode", requirements("uv"), *(requirements(name) for name in names)]  # fmt: skip
        environment = os.environ | {"UV_PYTHON_DOWNLOADS": "never"}
        result = subprocess.run(sync, env=environment, capture_output=True, text=True, check=False, cwd=ROOT)
        if result.returncode == 0:
            return
        say(f"uv could not install them ({last_line(result.stderr)}): pip tries.")
    ensure_pip(python)
    attempt(
        [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", *files],
        "The requirements could not be installed (is there a network, or a package index set for pip?)",
    )


def has_uv(folder: Path) -> bool:
    """Whether uv is in the environment, after trying to put it there."""
    python = python_of(folder)
    ensure_pip(python)
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "--no-deps"]
    result = subprocess.run(
        [*pip, "--only-binary", ":all:", "-r", requirements("uv")], capture_output=True, text=True, check=False
    )
    if result.returncode != 0:
        say(f"uv cannot be had ({last_line(result.stderr)}): pip does its work, slower.")
    return result.returncode == 0


def ensure_pip(python: Path) -> None:
    if subprocess.run([python, "-c", "import pip"], capture_output=True, check=False).returncode:
        attempt([python, "-m", "ensurepip", "--upgrade"], "pip could not be put into the environment")


def link(folder: Path) -> None:
    """Make the project importable in the environment, and its command runnable."""
    program = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = subprocess.run([python_of(folder), "-c", program], capture_output=True, text=True, check=True).stdout
    Path(packages.strip(), "phonepay.pth").write_text(f"{ROOT}\n", encoding="utf-8")
    command = folder / "bin" / "phonepay"
    command.write_text(COMMAND.format(python=python_of(folder)), encoding="utf-8")
    command.chmod(0o755)


def run_in(folder: Path, command: list[str]) -> None:
    """Become the command, with the environment's programs first."""
    os.environ["VIRTUAL_ENV"] = str(folder)
    os.environ["PATH"] = f"{folder / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
    os.environ.pop("PYTHONHOME", None)
    # Machines of containers have it: then each of hundreds of processes compiles the whole project for itself.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    program = shutil.which(command[0])
    if program is None:
        sys.exit(f"There is no command {command[0]} in {folder.name}.")
    sys.stdout.flush()
    os.execv(program, command)  # noqa: S606 - the command is the caller's own


def attempt(command: list[object], sentence: str) -> None:
    """Run quietly; say everything if it fails."""
    result = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False)
    if result.returncode:
        raise Missing(f"{sentence}:\n{result.stdout}{result.stderr}".rstrip())


def last_line(text: str) -> str:
    lines = text.strip().splitlines()
    return lines[-1].strip() if lines else "it said nothing"


def say(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
