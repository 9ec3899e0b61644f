"""Whatever is signed with Stripe's secret is kept or refused, never a 500; what is kept is handled without harm."""

from __future__ import annotations

import copy
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from phonepay.payments import due
from phonepay.payments.models import LedgerEntry, Payment, StripeEvent
from phonepay.payments.stripe_events import SUBSCRIBED
from phonepay.standins.stripe.webhooks import signature
from tests.conftest import TEST_ENVIRONMENT
from tests.figures import quoted
from tests.fuzz.effort import Spent, examples, memory_below
from tests.payments.conftest import stripe_standin, till
from tests.shop import MARY, Till, fresh

__all__ = ["stripe_standin", "till"]

MUTATED = 300
SECRET = TEST_ENVIRONMENT["PHONEPAY_STRIPE_WEBHOOK_SECRET"]
FIXTURES = Path(__file__).resolve().parents[3] / "shared" / "facts" / "stripe-fixtures.json"
OBJECTS = ("payment_intent", "charge", "refund", "dispute", "payment_method", "customer", "account", "event")
JUNK: list[Any] = [
    None, True, 0, -1, 2**63, 10**400, 1.5, "", "x" * 5_000, "\x00", "pi_1", "٣", [], {}, [[]], {"id": None},
    "4242424242424242", "2026-11-26", {"metadata": {"installation": 7}}, "\ud83d\udcb3",
]  # fmt: skip
junk = st.sampled_from(JUNK)


@pytest.fixture(scope="module")
def resources() -> dict[str, Any]:
    if not FIXTURES.exists():
        pytest.skip("Stripe's own examples are not beside the repository")
    return dict(json.loads(FIXTURES.read_text("utf-8"))["resources"])


@pytest.fixture
def spent() -> Iterator[Spent]:
    spent = Spent("Stripe events")
    yield spent
    assert spent.is_bounded, f"{max(spent.seconds):.2f} s of processor time for one request"


def paths(shape: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to each part of a shape."""
    inside = shape.items() if isinstance(shape, dict) else enumerate(shape) if isinstance(shape, list) else ()
    for name, value in inside:
        yield (*at, name)
        yield from paths(value, (*at, name))


def mutated(shape: dict[str, Any], chosen: list[tuple[int, Any, bool]]) -> dict[str, Any]:
    """The shape with some parts taken out or put in their place."""
    shape = copy.deepcopy(shape)
    for number, value, goes in chosen:
        ways = list(paths(shape))
        if not ways:
            break
        *before, last = ways[number % len(ways)]
        parent: Any = shape
        for name in before:
            parent = parent[name]
        if goes and isinstance(parent, dict):
            del parent[last]
        else:
            parent[last] = value
    return shape


def post(body: bytes) -> int:
    client = Client(raise_request_exception=False)
    headers = {"Stripe-Signature": signature(SECRET, int(timezone.now().timestamp()), body)}
    return client.post("/stripe/webhook", body, "application/json", headers=headers).status_code


def test_events_mutated_from_stripes_own_examples(
    till: Till, resources: dict[str, Any], spent: Spent, caplog: pytest.LogCaptureFixture
) -> None:
    payment = till.pay(till.order(), phone=MARY)
    ours = {"installation": str(till.shop.installation)}
    known = [fresh(payment).intent_id, fresh(payment).charge_id, "re_1", "dp_1", "pm_1", ""]
    outcomes: Counter[int] = Counter()

    @examples(MUTATED)
    @given(
        noun=st.sampled_from(OBJECTS),
        kind=st.sampled_from([*SUBSCRIBED, "invoice.paid", "x" * 300, ""]),
        identity=st.sampled_from(known),
        mine=st.booleans(),
        inner=st.lists(st.tuples(st.integers(0, 500), junk, st.booleans()), max_size=4),
        outer=st.lists(st.tuples(st.integers(0, 40), junk, st.booleans()), max_size=2),
        place=st.integers(0, 10**9),
    )
    def anything(noun: str, kind: str, identity: str, mine: bool, inner: Any, outer: Any, place: int) -> None:
        subject = resources[noun] | ({"id": identity} if identity else {}) | ({"metadata": ours} if mine else {})
        event = {"id": f"evt_{place}", "object": "event", "type": kind, "created": 1_780_000_000, "livemode": False}
        whole = mutated(event | {"data": {"object": mutated(subject, inner)}}, outer)
        body = json.dumps(whole).encode("utf-8", "surrogatepass")
        with spent.request():
            status = post(body)
        assert status in (200, 400), body[:2_000]
        outcomes[status] += 1

    anything()
    assert min(outcomes[200], outcomes[400]) > MUTATED // 20, outcomes
    assert [each for each in caplog.records if each.exc_info] == []
    before = (fresh(payment).status, LedgerEntry.objects.count(), Payment.objects.count())
    for _ in range(50):
        due.run_due(timezone.now())
    assert (fresh(payment).status, LedgerEntry.objects.count(), Payment.objects.count()) == before
    assert not StripeEvent.objects.filter(error__contains="Traceback").exists()
    quoted("fuzz-stripe", MUTATED)


BODIES = {
    "empty": b"", "no object": b"[]", "a number": b"1", "half": b'{"id": "evt_1", "type', "not UTF-8": b'{"id": "\xff"}',
    "deep": b"[" * 200_000, "deep objects": b'{"a":' * 100_000, "a huge number": b'{"id": ' + b"9" * 100_000 + b"}",
    "NaN": b'{"id": NaN}', "twice": b'{"id": "evt_1", "id": 7}', "two megabytes": b'{"id": "' + b"x" * 2_000_000 + b'"}',
    "UTF-16": '{"id": "evt_1"}'.encode("utf-16"), "a lone surrogate": b'{"id": "\\ud800"}',
}  # fmt: skip


@pytest.mark.django_db
@pytest.mark.parametrize("body", BODIES.values(), ids=list(BODIES))
def test_what_is_no_event_is_refused(body: bytes) -> None:
    with memory_below(40):
        assert post(body) == 400
    assert not StripeEvent.objects.exists()


@pytest.mark.django_db
def test_more_than_stripe_ever_sends_is_refused_before_it_is_read() -> None:
    with memory_below(40):
        assert post(b'{"id": "' + b"x" * 8_000_000 + b'"}') == 400
