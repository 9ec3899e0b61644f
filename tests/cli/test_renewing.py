"""`phonepay serve` goes on by itself where the kept addresses change, and back where the new ones cannot be used."""

from __future__ import annotations

import http.client
import sys
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit

import pytest

from phonepay.configuration import kept
from tests.cli.served import PATIENCE, Served, have_ended, serving
from tests.databases.created import created
from tests.databases.servers import KINDS, private_server

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="two processes listen on one port on Linux alone")

PUBLIC, DATABASE = "PHONEPAY_PUBLIC_URL", "PHONEPAY_DATABASE_URL"


@pytest.fixture
def served(tmp_path: Path) -> Iterator[Served]:
    with serving("--port", "0", PHONEPAY_DATA_DIR=str(tmp_path)) as served:
        yield served.started()


class Knocking:
    """Somebody who asks all the time, and counts who was not answered."""

    def __init__(self, url: str) -> None:
        self._where = urlsplit(url)
        self._over = threading.Event()
        self.asked, self.refused = 0, 0
        self._thread = threading.Thread(target=self._knock)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join(PATIENCE)

    def _knock(self) -> None:
        while not self._over.wait(0.01):
            self.asked += 1
            connection = http.client.HTTPConnection(str(self._where.hostname), self._where.port, timeout=PATIENCE)
            try:
                connection.request("GET", "/healthz")
                self.refused += connection.getresponse().status != http.client.OK
            except OSError:
                self.refused += 1
            finally:
                connection.close()


def test_a_new_public_address_counts_without_a_moment_of_silence(served: Served, tmp_path: Path) -> None:
    before = [served.child("web"), served.child("worker")]
    with Knocking(served.url) as caller:
        kept.keep(tmp_path, PUBLIC, "https://pay.example.com")
        served.complaint("the new settings are in force.")
        assert have_ended(before)
    assert caller.asked > 20 and caller.refused <= 1, (caller.asked, caller.refused)  # one may be in the old queue
    assert "The public address is https://pay.example.com." in served.run("check").stdout
    assert served.stop() == 0


def test_new_processes_that_never_answer_leave_the_old_at_work(served: Served, tmp_path: Path) -> None:
    before = served.child("web")
    kept.keep(tmp_path, PUBLIC, "not an address")
    moment = threading.Event()
    for _ in range(int(PATIENCE / 0.1)):
        if kept.read(tmp_path).failure:
            break
        moment.wait(0.1)
    now = kept.read(tmp_path)
    assert "PHONEPAY_PUBLIC_URL" in now.failure and not now.values
    assert served.child("web") == before and served.answers()


@pytest.mark.django_db  # the test itself asks a server to make a database
def test_another_database_has_everything_once_it_is_in_force(served: Served, tmp_path: Path) -> None:
    if KINDS["postgresql"].find() is None:
        pytest.skip("postgresql is not on this machine")
    served.run("line", "set", "--behavior", "fixed-with-order", "--amount", "42.50", "--name", "Café Ŵ 🚲")
    with private_server("postgresql") as server:
        kept.keep(tmp_path, DATABASE, created(server), move_from=f"sqlite:///{tmp_path}/phonepay.sqlite3")
        assert served.complaint("the new settings are in force.")
        assert served.answers()
        assert kept.read(tmp_path).move_from is None and kept.read(tmp_path).failure == ""
        assert "Café Ŵ 🚲" in served.run("line", "show").stdout
        # A row more: the counters go on where the old ones were.
        assert served.run("order", "add", "1043", "1.00").returncode == 0
        assert served.stop() == 0


def test_a_database_that_cannot_be_used_leaves_the_old_in_use(served: Served, tmp_path: Path) -> None:
    served.run("line", "set", "--behavior", "fixed", "--amount", "42.50", "--name", "Harbor Garage")
    old = f"sqlite:///{tmp_path}/phonepay.sqlite3"
    kept.keep(tmp_path, DATABASE, "postgresql://127.0.0.1:1/phonepay", move_from=old)
    assert "The old database is used on." in served.complaint("The old database is used on.")
    assert served.answers()
    now = kept.read(tmp_path)
    assert now.failure and DATABASE not in now.values and now.move_from is None
    assert "Harbor Garage" in served.run("line", "show").stdout
