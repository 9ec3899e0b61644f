"""A backup as one file: a zip with the database and a manifest that says of when, of what and how to prove it whole."""

import hashlib
import json
import os
import zipfile
import zlib
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from phonepay.cli.refusal import CommandRefused

MANIFEST = "manifest.json"
FORMAT = 1
_CHUNK = 1 << 20


@dataclass(frozen=True)
class Manifest:
    """`taken_at` is just before the database was read: what Stripe did from then on may be missing in it."""

    format: int
    version: str  # of Phone Pay
    engine: str  # sqlite, postgresql or mysql
    taken_at: str  # ISO 8601, UTC
    migrations: list[str]
    member: str  # the file within that holds the database
    sha256: str
    size: int

    @property
    def moment(self) -> datetime:
        return datetime.fromisoformat(self.taken_at)


def digest(path: Path) -> str:
    """The file's SHA-256, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write(target: Path, manifest: Manifest, dump: Path) -> None:
    """Make the whole file under another name, readable by its owner alone, and give it its name once it is safe."""
    part = target.with_name(f".{target.name}.part")
    part.unlink(missing_ok=True)
    with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
            archive.writestr(MANIFEST, json.dumps(asdict(manifest), indent=2))
            archive.write(dump, manifest.member)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(part, target)  # never over another backup
    except FileExistsError as error:
        raise CommandRefused(f"{target} exists already. Nothing was overwritten.") from error
    finally:
        part.unlink()


def read(source: Path, into: Path) -> tuple[Manifest, Path]:
    """The manifest, and the database's dump taken out into the folder `into`. CommandRefused for a file that is none
    of ours, or not whole."""
    try:
        with zipfile.ZipFile(source) as archive:
            manifest = Manifest(**json.loads(archive.read(MANIFEST)))
            if manifest.format != FORMAT:
                raise CommandRefused(f"{source} was made by another version of Phone Pay: restore it with that one.")
            dump = into / "dump"
            with archive.open(manifest.member) as packed, dump.open("xb") as file:
                found = _copied(packed, file)
    except (OSError, zipfile.BadZipFile, KeyError, TypeError, ValueError, zlib.error) as error:
        raise CommandRefused(f"{source} cannot be read as a backup ({error}). Nothing was changed.") from error
    if found != manifest.sha256:
        raise CommandRefused(f"{source} is damaged: its checksum is another. Nothing was changed.")
    return manifest, dump


def _copied(packed: object, file: BinaryIO) -> str:
    hashed = hashlib.sha256()
    while piece := packed.read(_CHUNK):  # type: ignore[attr-defined]  # zipfile types what it opens as IO[bytes]
        hashed.update(piece)
        file.write(piece)
    return hashed.hexdigest()
