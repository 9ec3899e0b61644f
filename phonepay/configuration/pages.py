"""Where the pages' own files are: under an address that holds a digest of all of them.

Nothing is collected or copied at installation, and a browser keeps what it has for as long as it is the same.
"""

import hashlib
from importlib.metadata import version
from pathlib import Path

_WEB = Path(__file__).resolve().parents[1] / "web"
# Packages that bring files of their own (htmx, the scripts of passkeys).
_PACKAGES = ("django-htmx", "django-allauth")


def static_url() -> str:
    """`/static/<12 hexadecimal digits>/`; the digits change with any byte of any file."""
    digest = hashlib.sha256()
    for path in sorted(_WEB.glob("*/static/**/*")):
        if path.is_file():
            digest.update(path.relative_to(_WEB).as_posix().encode())
            digest.update(path.read_bytes())
    for package in _PACKAGES:
        digest.update(f"{package} {version(package)}".encode())
    return f"/static/{digest.hexdigest()[:12]}/"
