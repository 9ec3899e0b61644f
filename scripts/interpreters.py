"""Finding another Python on this machine; names lie (shims), so only one that runs counts."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

# Where version managers keep what they have not put on the path.
FOLDERS = (
    "$PYENV_ROOT/versions/{version}*/bin",
    "~/.pyenv/versions/{version}*/bin",
    "~/.local/share/uv/python/cpython-{version}*/bin",
    "~/.local/share/mise/installs/python/{version}*/bin",
    "~/.asdf/installs/python/{version}*/bin",
    "/opt/python/{version}*/bin",
    "/opt/hostedtoolcache/Python/{version}*/x64/bin",
    "/usr/local/bin",
)


def find_python(version: str) -> Path | None:
    """The path of a Python of this version ("3.13") that runs, or None."""
    for candidate in _candidates(version):
        if _runs(candidate, version):
            return candidate
    return None


def _candidates(version: str) -> Iterator[Path]:
    if on_path := shutil.which(f"python{version}"):
        yield Path(on_path)
    for pattern in FOLDERS:
        folder = Path(os.path.expandvars(pattern.format(version=version))).expanduser()
        if "$" in str(folder):
            continue
        for found in sorted(Path(folder.anchor).glob(str(folder.relative_to(folder.anchor))), reverse=True):
            yield found / f"python{version}"


def _runs(python: Path, version: str) -> bool:
    program = "import sys; print('%d.%d' % sys.version_info[:2])"
    try:
        result = subprocess.run([python, "-c", program], capture_output=True, text=True, check=False)
    except OSError:
        return False
    return result.returncode == 0 and result.stdout.strip() == version
