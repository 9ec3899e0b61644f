"""Everything that the stand-in remembers: per account and mode, in memory, and in one SQLite file where asked.

One lock guards all of it. A request changes memory under the lock and writes all its changes in one transaction before
it answers, so that a killed stand-in comes back with whole requests only.
"""

import hashlib
import json
import sqlite3
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from phonepay.standins.stripe import ids
from phonepay.standins.stripe.errors import Json

SCHEMA = """
CREATE TABLE IF NOT EXISTS record (
    scope TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, seq INTEGER NOT NULL,
    body TEXT NOT NULL, private TEXT NOT NULL, PRIMARY KEY (scope, kind, id)
) WITHOUT ROWID;
"""


# How long a new process waits for the old one to let go of the file.
LOCK_SECONDS = 2.0


class StateUnusable(Exception):
    """The file of state belongs to another stand-in that runs, or is no file of state."""


@dataclass
class Record:
    """One object as the API shows it, beside what the API never shows (how a card behaves, an endpoint's secret)."""

    body: Json
    private: Json
    seq: int


@dataclass
class Scope:
    """The objects of one account in one mode."""

    store: "Store"
    account_id: str
    livemode: bool
    kinds: dict[str, dict[str, Record]] = field(default_factory=dict)

    @property
    def name(self) -> str:
        return f"{self.account_id}/{'live' if self.livemode else 'test'}"

    def add(self, kind: str, body: Json, private: Json | None = None) -> Record:
        record = Record(body, private or {}, self.store.next_seq())
        self.kinds.setdefault(kind, {})[body["id"]] = record
        self.store.changed(self.name, kind, body["id"])
        return record

    def get(self, kind: str, identity: str) -> Record | None:
        return self.kinds.get(kind, {}).get(identity)

    def touch(self, kind: str, identity: str) -> None:
        """Say that a record was changed, so that it is written."""
        self.store.changed(self.name, kind, identity)

    def remove(self, kind: str, identity: str) -> None:
        self.kinds.get(kind, {}).pop(identity, None)
        self.store.changed(self.name, kind, identity)

    def all(self, kind: str) -> list[Record]:
        """Oldest first."""
        return list(self.kinds.get(kind, {}).values())

    def oldest(self, kind: str) -> Record | None:
        return next(iter(self.kinds.get(kind, {}).values()), None)

    def setting(self, name: str, default: Any = None) -> Any:
        record = self.get("setting", name)
        return default if record is None else record.body["value"]

    def set_setting(self, name: str, value: Any) -> None:
        self.add("setting", {"id": name, "value": value})

    def fingerprint(self, number: str) -> str:
        """The same card has the same fingerprint within an account; the salt keeps the number from being looked up."""
        salt = self.setting("salt")
        if salt is None:
            salt = ids.token(32)
            self.set_setting("salt", salt)
        return ids.derived(salt + number)


class Store:
    """All scopes; `commit` writes what changed since the last one."""

    def __init__(self, path: Path | None = None) -> None:
        self.lock = threading.RLock()
        self.scopes: dict[str, Scope] = {}
        self._seq = 0
        self._dirty: set[tuple[str, str, str]] = set()
        self._file = self._open(path) if path else None

    def _open(self, path: Path) -> sqlite3.Connection:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, check_same_thread=False, isolation_level=None, timeout=LOCK_SECONDS)
        try:
            connection.execute("PRAGMA locking_mode=EXCLUSIVE")
            connection.execute("PRAGMA synchronous=FULL")
            connection.execute("BEGIN EXCLUSIVE")
            connection.execute(SCHEMA)
            connection.execute("COMMIT")
        except sqlite3.DatabaseError as error:
            connection.close()
            raise StateUnusable(f"{path}: {error}") from error
        for scope, kind, identity, seq, body, private in connection.execute("SELECT * FROM record ORDER BY seq"):
            record = Record(json.loads(body), json.loads(private), seq)
            self._scope(scope).kinds.setdefault(kind, {})[identity] = record
            self._seq = max(self._seq, seq)
        return connection

    def _scope(self, name: str) -> Scope:
        if name not in self.scopes:
            account_id, _, mode = name.partition("/")
            self.scopes[name] = Scope(self, account_id, mode == "live")
        return self.scopes[name]

    def scope(self, account_id: str, livemode: bool) -> Scope:
        return self._scope(f"{account_id}/{'live' if livemode else 'test'}")

    @property
    def own(self) -> Scope:
        """What belongs to no account: which keys share one, and the clock."""
        return self._scope("standin/test")

    def account_scopes(self) -> list[Scope]:
        return [scope for scope in self.scopes.values() if scope.account_id != "standin"]

    def next_seq(self) -> int:
        self._seq += 1
        return self._seq

    def changed(self, scope: str, kind: str, identity: str) -> None:
        self._dirty.add((scope, kind, identity))

    def commit(self) -> None:
        """Write every change in one transaction. Without a file, forget which they were."""
        dirty, self._dirty = self._dirty, set()
        if self._file is None or not dirty:
            return
        self._file.execute("BEGIN IMMEDIATE")
        for scope, kind, identity in dirty:
            record = self.scopes[scope].get(kind, identity)
            if record is None:
                self._file.execute("DELETE FROM record WHERE scope=? AND kind=? AND id=?", (scope, kind, identity))
            else:
                row = (scope, kind, identity, record.seq, json.dumps(record.body), json.dumps(record.private))
                self._file.execute("INSERT OR REPLACE INTO record VALUES (?, ?, ?, ?, ?, ?)", row)
        self._file.execute("COMMIT")

    def close(self) -> None:
        with self.lock:
            if self._file is not None:
                self.commit()
                self._file.close()
                self._file = None


def key_mark(text: str) -> str:
    """Keys are kept as a hash only: a real one, sent here by mistake, must not end in a file."""
    return hashlib.sha256(text.encode()).hexdigest()[:32]
