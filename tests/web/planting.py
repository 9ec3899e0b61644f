"""Planting a card number wherever a page takes a text, and looking for it in every byte that was kept.

Forms are found in the pages themselves, so that a new one is held at once.
"""

from __future__ import annotations

import base64
import json
import pickle
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from django.contrib.sessions.models import Session
from django.db import connection

from phonepay.web.accounts.session_store import SessionStore

# Its own digits are nowhere else in the tests: no test card, no phone, no sum.
PLANTED = "5200828282828210"
SECURITY_CODE = "8642"


def _each(form: str) -> str:
    return "".join(form % ord(each) for each in PLANTED)


_GROUPS = [PLANTED[start : start + 4] for start in range(0, 16, 4)]
SPELLINGS: dict[str, str] = {
    "plain": PLANTED,
    "spaced": " ".join(_GROUPS),
    "dashed": "-".join(_GROUPS),
    "full width": "".join(chr(ord(each) + 0xFEE0) for each in PLANTED),
    "percent": _each("%%%02X"),
    "html": _each("&#%d;"),
    "json": '{"n": "' + _each("\\u%04x") + '"}',
    "base64": base64.b64encode(PLANTED.encode()).decode(),
    "with its code": f"card {PLANTED} cvv {SECURITY_CODE}",
}


def traces(kept: bytes) -> list[str]:
    """Which spellings of it are in there."""
    found = [name for name, text in SPELLINGS.items() if text.encode() in kept]
    # As a JSON column has them.
    found += [f"{name}, in JSON" for name, text in SPELLINGS.items() if json.dumps(text)[1:-1].encode() in kept]
    found += [part for part in (PLANTED[:12], PLANTED[4:]) if part.encode() in kept]
    return found


def kept_bytes() -> bytes:
    """All that the database holds: the file's own bytes on SQLite, every row of every table elsewhere; what sessions
    and the cache hold is unpacked beside it."""
    if connection.vendor == "sqlite":
        raw = _file_bytes(Path(str(connection.settings_dict["NAME"])))
    else:
        raw = b"\n".join(_rows())
    return raw + b"\n".join(_unpacked())


def _file_bytes(path: Path) -> bytes:
    """Read by another process: who closes a file of SQLite's takes the locks of its whole process off it, and two
    threads that write at once then break the database (https://www.sqlite.org/howtocorrupt.html, 2.2)."""
    files = [each for end in ("", "-wal", "-shm") if (each := path.with_name(path.name + end)).exists()]
    return subprocess.run(["cat", *files], capture_output=True, check=True).stdout


def sweep() -> None:
    """Let nothing of earlier tests stand in pages that SQLite has given free, and in its log."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("VACUUM")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _rows() -> Iterator[bytes]:
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 - a table's own name
            for row in cursor.fetchall():
                for cell in row:
                    yield bytes(cell) if isinstance(cell, bytes | memoryview) else str(cell).encode()


def _unpacked() -> Iterator[bytes]:
    for session in Session.objects.all():
        yield repr(SessionStore().decode(session.session_data)).encode()
    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key, value FROM phonepay_cache")
        for key, value in cursor.fetchall():
            yield str(key).encode()
            with suppress(Exception):  # what is no pickle of ours is searched as it is
                yield repr(pickle.loads(base64.b64decode(value))).encode()  # noqa: S301 - our own cache


@dataclass
class Form:
    """One form of a page: where it goes, and its fields with what stands in them."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)  # names of fields that take a text
    files: list[str] = field(default_factory=list)


class _Forms(HTMLParser):
    def __init__(self, page: str) -> None:
        super().__init__()
        self.page, self.forms = page, list[Form]()
        self._form: Form | None = None
        self._select = self._area = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        if tag == "form":
            action = urljoin(self.page, has.get("action") or has.get("hx-post") or has.get("hx-get") or self.page)
            method = "post" if "hx-post" in has else has.get("method", "get").lower()
            self._form = Form(action, method)
            self.forms.append(self._form)
        elif self._form is not None and has.get("name"):
            self._take(tag, has)
        elif self._form is not None and tag == "option" and self._select:
            self._choose(self._form.fields, has)

    def _choose(self, fields: dict[str, str], has: Mapping[str, str]) -> None:
        """As a browser has it: the selected one, else the first."""
        if "selected" in has or not fields[self._select]:
            fields[self._select] = has.get("value", "")

    def _take(self, tag: str, has: Mapping[str, str]) -> None:
        assert self._form is not None
        name, kind = has["name"], has.get("type", "text")
        if tag == "select":
            self._select = name
            self._form.fields.setdefault(name, "")
            self._form.texts.append(name)
        elif tag == "textarea":
            self._area = name
            self._form.fields[name] = ""
            self._form.texts.append(name)
        elif tag in ("input", "button"):
            if kind == "file":
                self._form.files.append(name)
            elif kind == "checkbox" and "checked" not in has:
                self._form.fields.setdefault(name, "")
            elif (kind == "radio" and "checked" not in has) or tag == "button":
                self._form.fields.setdefault(name, has.get("value", ""))
            else:
                self._form.fields[name] = has.get("value", "")
            if name != "csrfmiddlewaretoken" and name not in self._form.texts:
                self._form.texts.append(name)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._form = None
        elif tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._area = ""

    def handle_data(self, data: str) -> None:
        if self._form is not None and self._area:
            self._form.fields[self._area] += data


def forms_of(page: str, text: str) -> list[Form]:
    """The forms of a page, one of each action and set of fields."""
    parser = _Forms(page)
    parser.feed(text)
    return [form for form in parser.forms if not urlsplit(form.action).netloc]
