"""A change of the keys counts for everybody once it is committed, and for nobody where it is rolled back."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from phonepay.merchant import credentials
from phonepay.merchant.credentials import Connections, current, keep
from tests.shop import OLIVIA

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]

OLD, NEW, NEWEST = "rk_live_theoldone00000000", "rk_live_thenewone00000000", "rk_live_thenewestone00000"


@pytest.fixture(autouse=True)
def one_is_kept(no_keys_given: None) -> None:
    kept(OLD)


def kept(key: str) -> None:
    keep({"stripe_secret_key": key}, by=OLIVIA, now=timezone.now())


class Undone(Exception):
    """On purpose."""


@contextmanager
def undone() -> Iterator[None]:
    """A transaction that is rolled back in the end."""
    with suppress(Undone), transaction.atomic():
        yield
        raise Undone


def beside() -> str | None:
    """What another thread of this process goes by."""
    seen: list[Connections] = []

    def look() -> None:
        seen.append(current())
        connection.close()

    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    return seen[0].stripe_secret_key


def test_a_change_that_is_rolled_back_counts_for_nobody_afterwards() -> None:
    with undone():
        kept(NEW)
        assert current().stripe_secret_key == NEW
    assert (current().stripe_secret_key, beside()) == (OLD, OLD)


def test_a_change_is_seen_by_nobody_else_before_it_is_committed() -> None:
    current()
    with transaction.atomic():
        kept(NEW)
        assert (current().stripe_secret_key, beside()) == (NEW, OLD)
    assert (current().stripe_secret_key, beside()) == (NEW, NEW)


def test_what_is_rolled_back_to_a_savepoint_leaves_what_was_changed_before_it() -> None:
    with transaction.atomic():
        kept(NEW)
        with undone():
            kept(NEWEST)
            assert current().stripe_secret_key == NEWEST
        assert current().stripe_secret_key == NEW
    assert (current().stripe_secret_key, beside()) == (NEW, NEW)


def test_a_look_after_a_bad_signature_lets_nothing_out_of_the_transaction() -> None:
    with undone():
        kept(NEW)
        credentials.reread("stripe_secret_key", (OLD,))
        credentials.refresh()
    assert current().stripe_secret_key == OLD


def test_the_transaction_reads_its_own_change_once() -> None:
    with transaction.atomic():
        kept(NEW)
        with CaptureQueriesContext(connection) as asked:
            assert [current().stripe_secret_key for _ in range(5)] == [NEW] * 5
    assert len(asked) == 1
