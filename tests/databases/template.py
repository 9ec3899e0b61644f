"""A migrated SQLite file, made once for a state of the code and copied wherever a test wants an empty database.

Seventy migrations take 6 s of processor time, and every worker of every run would pay for them. Whoever opens a copy
still asks for migrations, and finds nothing to do.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / ".test" / "databases"
DATABASE = "phonepay.sqlite3"  # in a data folder


def copy_to(path: Path) -> None:
    """Put an empty database there, with every table."""
    shutil.copyfile(_template(), path)
    path.chmod(0o600)


@cache
def _template() -> Path:
    """Make it unless it is there. Any change to the product or to what it is locked to asks for another one."""
    digest = hashlib.sha256((ROOT / "requirements" / "run.txt").read_bytes())
    for path in sorted((ROOT / "phonepay").rglob("*.py")):
        digest.update(path.read_bytes())
    template = FOLDER / f"{digest.hexdigest()[:20]}.sqlite3"
    FOLDER.mkdir(parents=True, exist_ok=True)
    lock = os.open(FOLDER, os.O_RDONLY)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not template.exists():
            for other in FOLDER.glob("*.sqlite3"):
                other.unlink()
            _make(template)
    finally:
        os.close(lock)
    return template


def _make(template: Path) -> None:
    """By a process of its own, as the product migrates: whoever asks for it may have another database open."""
    with tempfile.TemporaryDirectory(dir=FOLDER) as folder:
        facts = {name: value for name, value in os.environ.items() if name != "PHONEPAY_DATABASE_URL"}
        facts |= {"PHONEPAY_DATA_DIR": folder, "PYTHONPATH": str(ROOT), "DJANGO_SETTINGS_MODULE": "phonepay.settings"}
        subprocess.run([sys.executable, "-m", "django", "migrate", "--verbosity", "0"], env=facts, cwd=ROOT, check=True)
        # Its last connection has folded the write-ahead log in.
        Path(folder, DATABASE).replace(template)
