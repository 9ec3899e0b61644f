"""Everything that an installation gives out of its hands, as bytes: files that are taken, letters, numbers."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from phonepay.cli.main import main
from phonepay.notifications import due, hearing
from tests.notifications.mail_server import MailServer
from tests.web.planting import traces

EXPORTS = ("/payments/export", "/orders/export", "/calls/export", "/settings/activity/export")
TOKEN = "0123456789abcdef-of-the-tests"


class GoingOut:
    """`letters()` and what follows are asked at the end; what is queued before is sent by then."""

    def __init__(self, server: MailServer, settings: Settings, folder: Path) -> None:
        self.server, self.folder = server, folder
        settings.PHONEPAY_EMAIL_URL, settings.PHONEPAY_EMAIL_FROM = server.url, "pay@shop.example"
        settings.PHONEPAY_METRICS_TOKEN = TOKEN
        settings.PHONEPAY_DATA_DIR = folder / "data"
        settings.PHONEPAY_DATA_DIR.mkdir()
        hearing.run_due(timezone.now())  # from now on it listens

    def all(self, client: Client) -> dict[str, bytes]:
        """By where it goes."""
        return {
            **{name: content for path in EXPORTS for name, content in _exported(client, path)},
            "/metrics": Client(headers={"Authorization": f"Bearer {TOKEN}"}).get("/metrics").content,
            "letters": b"".join(self.letters()),
            "backup": self.backup(),
        }

    def letters(self) -> Iterator[bytes]:
        """As they went over the wire, and unpacked."""
        for _ in range(30):
            if not due.run_due(timezone.now()):
                break
        for raw, letter in zip(self.server.raw, self.server.letters, strict=True):
            yield raw
            yield "\n".join(str(value) for value in letter.values()).encode()
            for part in letter.walk():
                if not part.is_multipart():
                    yield part.get_payload(decode=True) or b""

    def backup(self) -> bytes:
        """The file's own bytes, and what is packed in it."""
        assert main(["backup", str(self.folder)]) == 0
        (file,) = self.folder.glob("*.backup")
        whole = file.read_bytes()
        file.unlink()
        return whole + unzipped(whole)


def unzipped(file: bytes) -> bytes:
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        return b"\n".join(archive.read(name) for name in archive.namelist())


def _exported(client: Client, path: str) -> Iterator[tuple[str, bytes]]:
    for kind in ("csv", "xlsx"):
        answer = client.get(path, {"format": kind, "period": "all"})
        assert answer.status_code == 200, path
        content = b"".join(answer)
        yield f"{path}.{kind}", content if kind == "csv" else unzipped(content)


def traces_in(out: dict[str, bytes]) -> dict[str, list[str]]:
    return {where: found for where, content in out.items() if (found := traces(content))}


@pytest.fixture
def going_out(settings: Settings, tmp_path: Path, transactional_db: None) -> Iterator[GoingOut]:
    with MailServer() as server:
        yield GoingOut(server, settings, tmp_path)
