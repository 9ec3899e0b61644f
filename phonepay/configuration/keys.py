"""The keys that are made once in the data folder.

Several processes start at the same moment (web, worker, a command): each must end with the same key, whole.
"""

import secrets
import stat
from collections.abc import Callable, Sequence
from pathlib import Path

from cryptography.fernet import Fernet

from phonepay.configuration import private_files

SECRET_KEY_FILE = "secret_key"  # noqa: S105 - the name of a file
ENCRYPTION_KEY_FILE = "encryption_key"


def new_secret_key() -> str:
    """64 random characters, for Django's SECRET_KEY."""
    return secrets.token_urlsafe(48)


def new_encryption_key() -> str:
    """A Fernet key: 32 random bytes in 44 characters (https://github.com/fernet/spec)."""
    return Fernet.generate_key().decode()


def key_made_once(path: Path, make: Callable[[], str]) -> str:
    """The key in the file at `path`, which is made with mode 0600 if it is absent.

    Raises OSError where the folder cannot be written, PermissionError where others could read the key.
    """
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        private_files.put_if_absent(path, f"{make()}\n")
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise PermissionError(f"others can read the key in {path}: run chmod 600 {path}")
    return path.read_text(encoding="ascii").strip()


def read_keys(path: Path) -> tuple[str, ...]:
    """The Fernet keys of a file, a line each, the newest first. Raises OSError; ValueError where one is none."""
    keys = tuple(path.read_text(encoding="ascii").split())
    for key in keys:
        Fernet(key)
    if not keys:
        raise ValueError("is empty")
    return keys


def write_keys(path: Path, keys: Sequence[str]) -> None:
    """Put these keys in the place of those in the file. Raises OSError."""
    private_files.put(path, "".join(f"{key}\n" for key in keys))
