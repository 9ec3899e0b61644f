"""Everything of an embedded database is moved into another, whatever its engine: keys, times, references, counters."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from phonepay.configuration.addresses import parse_database_url
from phonepay.configuration.moving import NotEmpty, move_rows
from phonepay.events.models import Event
from phonepay.merchant.models import Line, Merchant
from phonepay.orders.models import Order

pytestmark = [pytest.mark.django_db, pytest.mark.database]

MADE = """
from django.utils import timezone
from phonepay.events.actors import command
from phonepay.merchant.lines import set_line
from phonepay.orders.operations import add_order
by, now = command("root"), timezone.now()
facts = {"behavior": "fixed-with-order", "fixed_amount": "42.50", "name": "Café Ŵ 🚲"}
line = set_line(merchant=None, phone_number="+12025550199", changes=facts, by=by, now=now)
add_order(merchant=line.merchant, number="1042", amount=1250, currency="usd", by=by, now=now)
"""


@pytest.fixture(scope="module")
def old(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Path:
    """An installation's embedded database, made by processes of its own."""
    folder = tmp_path_factory.mktemp("old")
    environment = {"PHONEPAY_DATA_DIR": str(folder), "PYTHONPATH": str(repository), "PATH": "/usr/bin:/bin"}
    for words in (["migrate"], ["django", "shell", "-c", MADE]):
        command = [sys.executable, "-m", "phonepay", *words]
        subprocess.run(command, env=environment, check=True, capture_output=True)
    return folder / "phonepay.sqlite3"


def counted(file: Path) -> dict[str, int]:
    with closing(sqlite3.connect(file)) as connection:
        return {
            table: connection.execute(f"SELECT COUNT(*) FROM {table}").fetchone()[0]  # noqa: S608 - names of ours
            for table in ("merchant_line", "orders_order", "events_event", "auth_permission", "django_content_type")
        }


def test_every_row_is_there_as_it_was(old: Path) -> None:
    before = counted(old)
    assert move_rows(parse_database_url(f"sqlite:///{old}")) >= sum(before.values())
    assert counted(old) == before
    line, order = Line.objects.select_related("merchant").get(), Order.objects.get()
    assert (line.merchant.name, line.fixed_amount) == ("Café Ŵ 🚲", 4250)
    assert (order.number, order.amount, order.merchant_id) == ("1042", 1250, line.merchant_id)
    with closing(sqlite3.connect(old)) as connection:
        told = connection.execute("SELECT id, type FROM events_event ORDER BY id").fetchall()
    assert list(Event.objects.order_by("pk").values_list("pk", "type")) == told
    # The next row has a number of its own.
    assert Merchant.objects.create(name="Another").pk > line.merchant_id


def test_a_database_in_use_is_left_alone(old: Path) -> None:
    Merchant.objects.create(name="Somebody's")
    with pytest.raises(NotEmpty):
        move_rows(parse_database_url(f"sqlite:///{old}"))
    assert Merchant.objects.count() == 1
