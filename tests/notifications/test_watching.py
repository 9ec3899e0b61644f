"""What lasts is an alert while it lasts: payments without an answer, failed refunds, disputes, books, a hold."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from phonepay.alerts import notes
from phonepay.alerts.models import Alert
from phonepay.alerts.operations import alert
from phonepay.alerts.words import tell
from phonepay.configuration import arrivals
from phonepay.configuration.models import Arrival
from phonepay.notifications import due, watch
from phonepay.notifications.models import Listening
from phonepay.payments import hold, operations, stripe_side
from phonepay.payments.book_models import Discrepancy
from phonepay.payments.models import Refund
from tests.notifications.cast import listen, work
from tests.shop import OLIVIA, Till, fresh


def look(**later: float) -> list[str]:
    """What is wrong, so much later."""
    with time_machine.travel(timezone.now() + timedelta(**later)):
        Listening.objects.update_or_create(pk=1, defaults={"since": timezone.now(), "watched_at": None})
        watch.run_due(timezone.now())
    return sorted(Alert.objects.filter(closed_at=None).values_list("kind", flat=True))


def test_when_all_is_well_there_is_no_alert(till: Till) -> None:
    till.pay(till.order())
    assert look(hours=1) == []


def test_a_charge_that_stripe_does_not_answer_is_an_alert_until_it_does(till: Till) -> None:
    payment = till.agree(till.order())
    till.claim(payment)
    assert look() == []
    assert look(minutes=20) == ["unanswered"]
    assert "$42.50" in tell(Alert.objects.get()).what
    stripe_side.send_charge(fresh(payment))
    assert look(minutes=25) == []


def test_a_refund_that_failed_is_an_alert_until_somebody_paid_it_back(till: Till) -> None:
    order = till.order()
    till.pay(order)
    (refund,) = till.refund(order)
    Refund.objects.filter(pk=refund.pk).update(status="failed", failure="lost_or_stolen_card")
    assert look() == ["refund_failed"]
    Refund.objects.filter(pk=refund.pk).update(set_aside_at=timezone.now())
    assert look(minutes=2) == []


def test_books_that_differ_are_one_alert_however_much_differs(till: Till) -> None:
    line = {"merchant": till.shop, "livemode": False, "since": timezone.now(), "kind": "not_here"}
    line |= {"happened_at": timezone.now(), "seen_at": timezone.now()}
    for number in range(3):
        Discrepancy.objects.create(**line, stripe_object=f"ch_{number}")
    assert look() == ["books"]
    Discrepancy.objects.update(resolved_at=timezone.now())
    assert look(minutes=2) == []


@pytest.mark.django_db
def test_a_hold_is_an_alert_while_it_is_on() -> None:
    now = timezone.now()
    hold.put(why="by_hand", missing_since=now, by=OLIVIA, now=now)
    assert look() == ["hold"]
    hold.lift_by_hand(by=OLIVIA, now=now)
    assert look(minutes=2) == []


@pytest.mark.django_db
def test_of_several_workers_one_looks_a_minute() -> None:
    listen()
    now = timezone.now()
    watch.run_due(now)
    hold.put(why="by_hand", missing_since=now, by=OLIVIA, now=now)
    watch.run_due(now + timedelta(seconds=30))
    assert not Alert.objects.exists()
    watch.run_due(now + timedelta(seconds=60))
    assert Alert.objects.get().kind == "hold"


def test_stripe_refusing_the_key_is_an_alert_until_somebody_pays(till: Till) -> None:
    listen()
    payment = till.agree(till.order())
    till.claim(payment)
    operations.mark_failed(
        payment=fresh(payment), attempt=payment.attempt, why="401 : No such key", by=OLIVIA, now=timezone.now()
    )
    work()
    assert "No such key" in tell(Alert.objects.get(kind="stripe_refuses")).what
    till.pay(till.order("1235"))
    work()
    assert Alert.objects.get(kind="stripe_refuses").closed_at is not None


def test_a_card_that_could_be_taken_ends_the_alert_that_none_can(till: Till) -> None:
    listen()
    notes.note(kind="pay_error", key="64004", facts={"code": "64004"})
    work()
    assert Alert.objects.get().closed_at is None
    till.pay(till.order())
    work()
    assert Alert.objects.get().closed_at is not None


@pytest.mark.django_db
def test_an_idle_round_of_the_worker_writes_nothing() -> None:
    listen()
    now = timezone.now()
    due.run_due(now)
    with CaptureQueriesContext(connection) as statements:
        due.run_due(now + timedelta(seconds=1))
    assert {str(each["sql"]).split()[0] for each in statements} == {"SELECT"} and len(statements) <= 6


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("kind", "whose"), [("twilio_signature", arrivals.TWILIO), ("stripe_signature", arrivals.STRIPE)]
)
def test_signatures_that_did_not_fit_are_over_once_one_fits(kind: str, whose: str) -> None:
    now = timezone.now()
    Arrival.objects.create(whose=whose, last_at=now)
    alert(kind=kind, times=3, now=now + timedelta(minutes=1))
    assert look() == [kind]
    Arrival.objects.update(last_at=now + timedelta(minutes=2))
    assert look(minutes=3) == []
    assert Alert.objects.get().ended == Alert.End.OVER
