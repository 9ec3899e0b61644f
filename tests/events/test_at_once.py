"""Many record at once, in transactions of any length and some of which fail, while several workers seal."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from datetime import timedelta
from itertools import takewhile

import pytest
from django.db import transaction

from phonepay.events import audit_keys, sealing
from phonepay.events.chain_models import Seal
from phonepay.events.models import Event
from phonepay.events.verifying import verify
from tests.events.chain import NOW, fresh_key, recorded
from tests.shop import together

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.database]

WRITERS, EACH, MOST = 5, 12, 400
FEW = 3  # seals that prove little


@pytest.fixture(autouse=True)
def own_key() -> Iterator[None]:
    fresh_key()
    yield
    audit_keys.forget()


def goes_on(turn: int) -> bool:
    """However slow the workers are, they have sealed while the writers wrote."""
    return turn < EACH or Seal.objects.count() <= FEW


def test_every_event_is_sealed_once_whenever_it_was_committed() -> None:
    over = threading.Event()
    left = threading.Semaphore(0)
    kept: list[int] = []

    def writer(seed: int) -> None:
        chance = random.Random(seed)
        for _ in takewhile(goes_on, range(MOST)):
            try:
                with transaction.atomic():
                    ids = recorded(chance.randint(1, 3))
                    # Others take later ids meanwhile, and workers look.
                    over.wait(chance.choice([0, 0, 0.01, 0.03]))
                    if chance.random() < 0.2:
                        raise LookupError("the change failed")
            except LookupError:
                continue
            kept.extend(ids)
        left.release()

    def worker() -> None:
        now = NOW
        while not over.is_set():
            now += timedelta(seconds=6)
            sealing.run_due(now)
            over.wait(0.005)

    def ends() -> None:
        for _ in range(WRITERS):
            assert left.acquire(timeout=60)
        over.set()

    ended = together(*[lambda seed=seed: writer(seed) for seed in range(WRITERS)], worker, worker, ends)
    assert [each for each in ended if isinstance(each, Exception)] == []
    while sealing.run_due(NOW + timedelta(minutes=50)):
        pass
    entries = [entry.event for seal in Seal.objects.all() for entry in sealing.unpacked(seal.entries)]
    assert sorted(entries) == sorted(kept) == sorted(Event.objects.values_list("pk", flat=True))
    report = verify()
    assert (report.whole, report.waiting) == (True, 0) and report.seals > FEW
