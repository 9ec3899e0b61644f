"""The worker's page: what waits and why it failed, who is at work, and a try that comes sooner."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from phonepay.configuration.models import Process
from phonepay.configuration.presence import Presence
from phonepay.events.models import Event
from phonepay.orders.loading.models import Load
from phonepay.payments import event_poll, stripe_side
from phonepay.payments.again import run_again
from phonepay.payments.models import Payment, StripeEvent
from phonepay.people.models import Role
from phonepay.people.permissions import NotAllowed
from phonepay.people.permissions import actor as actor_of
from tests.payments.conftest import stripe_standin, till
from tests.shop import Till, fresh, sweep
from tests.web.cast import person, signed_in

__all__ = ["stripe_standin", "till"]

PAGE = "/settings/worker"


@pytest.fixture
def unknown(till: Till) -> Payment:
    """Charged, and nobody heard of it; the first look was refused."""
    payment = till.agree(till.order())
    till.claim(payment)
    till.faults.drop("POST", "/v1/payment_intents/*/confirm", when="after")
    stripe_side.send_charge(payment)
    till.faults.fail("GET", "/v1/payment_intents/*", status=500)
    sweep(timedelta(seconds=5))
    Payment.objects.update(due_at=timezone.now() + timedelta(minutes=9), lease_until=None)
    return fresh(payment)


def shown(role: str = Role.OWNER) -> str:
    return signed_in(person(role)).get(PAGE).content.decode()


def test_it_says_what_waits_how_often_it_was_tried_and_why_it_failed(unknown: Payment) -> None:
    page = shown()
    assert "Find out whether $42.50 was charged" in page
    assert "tried once" in page and "Unanswered" in page and "Run again" in page


def test_before_the_first_line_there_is_a_page(till: Till) -> None:
    till.shop.delete()
    assert "No worker has been seen" in shown()


def test_run_again_brings_the_next_try_forward_once(unknown: Payment) -> None:
    client = signed_in(person(Role.OPERATOR))
    answers = [client.post(f"{PAGE}/payment/{unknown.pk}/again").status_code for _ in range(2)]
    assert answers == [302, 302]
    assert Event.objects.filter(type="work.again").count() == 1
    sweep(timedelta(seconds=1))
    assert fresh(unknown).status == "succeeded"


def test_what_a_worker_is_at_is_left_to_it(unknown: Payment) -> None:
    now = timezone.now()
    Payment.objects.update(lease_until=now + timedelta(seconds=20))
    assert not run_again(kind="payment", identity=str(unknown.pk), by=actor_of(person()), now=now)


def test_an_auditor_looks_and_runs_nothing(unknown: Payment) -> None:
    auditor = person(Role.AUDITOR)
    assert "Run again" not in signed_in(auditor).get(PAGE).content.decode()
    assert signed_in(auditor).post(f"{PAGE}/payment/{unknown.pk}/again").status_code == 403
    with pytest.raises(NotAllowed):
        run_again(kind="payment", identity=str(unknown.pk), by=actor_of(auditor), now=timezone.now())


def test_an_event_that_failed_says_why_and_runs_again(till: Till) -> None:
    event = till.hear("payment_intent.succeeded", "pi_gone")
    sweep()
    assert "Handle what Stripe told about a payment" in shown()
    answer = signed_in(person(email="two@example.com")).post(
        f"{PAGE}/event/{event.pk}/again", headers={"HX-Request": "true"}
    )
    assert "It is tried with the next round." in answer.content.decode()
    assert StripeEvent.objects.get().due_at <= timezone.now()  # type: ignore[operator]


@pytest.mark.parametrize("path", ["payment/nonsense", "event/none", "books/77"])
def test_what_is_not_there_is_said_to_be_done_already(till: Till, path: str) -> None:
    answer = signed_in(person()).post(f"{PAGE}/{path}/again", headers={"HX-Request": "true"})
    assert "It is being done already." in answer.content.decode()


def test_a_kind_that_does_not_exist_is_not_found(till: Till) -> None:
    assert signed_in(person()).post(f"{PAGE}/anything/1/again").status_code == 404


def test_each_worker_is_seen_on_its_host_and_says_goodbye(till: Till) -> None:
    now = timezone.now()
    first, second = Presence("worker", now), Presence("worker", now)
    for each in (first, second):
        each.beat(now)
        each.beat(now + timedelta(seconds=5))
    second.end(now + timedelta(seconds=5))
    page = shown()
    assert Process.objects.count() == 2
    assert "At work" in page and "Stopped" in page


def test_one_that_is_silent_is_not_said_to_be_at_work(till: Till) -> None:
    Presence("worker", timezone.now()).beat(timezone.now() - timedelta(minutes=5))
    page = shown()
    assert "Not seen lately" in page and "At work" not in page


def test_one_that_was_silent_for_a_week_is_forgotten(till: Till) -> None:
    now = timezone.now()
    Presence("worker", now).beat(now - timedelta(days=8))
    Presence("worker", now).beat(now)
    assert Process.objects.count() == 1


def test_web_processes_are_told_apart_from_workers(till: Till) -> None:
    Presence("web", timezone.now()).beat(timezone.now() - timedelta(minutes=2))
    page = shown()
    assert "Answers calls and pages" in page and "At work" in page and "No worker has been seen" in page


def test_a_file_that_broke_says_so_and_runs_again(till: Till) -> None:
    now = timezone.now()
    load = Load.objects.create(
        merchant=till.shop,
        file_name="orders.csv",
        kind="csv",
        currency="usd",
        created_at=now,
        status=Load.Status.READING,
        error="ZeroDivisionError",
        tries=1,
        due_at=now + timedelta(minutes=5),
    )
    page = shown()
    assert "Go on with the file orders.csv" in page and "ZeroDivisionError" in page
    assert signed_in(person(email="two@example.com")).post(f"{PAGE}/load/{load.pk}/again").status_code == 302
    load.refresh_from_db()
    assert load.due_at is not None and load.due_at <= timezone.now()


def test_a_file_that_is_only_kept_is_not_cleared_sooner(till: Till) -> None:
    now = timezone.now()
    load = Load.objects.create(
        merchant=till.shop,
        file_name="orders.csv",
        kind="csv",
        currency="usd",
        created_at=now,
        status=Load.Status.READY,
        due_at=now + timedelta(hours=5),
    )
    assert not run_again(kind="load", identity=str(load.pk), by=actor_of(person()), now=now)


def test_asking_stripe_has_its_row(till: Till) -> None:
    client = signed_in(person())
    assert event_poll.run_due(timezone.now()) == 1
    assert "Ask Stripe what happened there: last asked Today" in client.get(PAGE).content.decode()
    till.faults.fail("GET", "/v1/events", status=500, times=3)
    assert event_poll.run_due(timezone.now() + timedelta(hours=1)) == 1
    page = client.get(PAGE).content.decode()
    assert "APIError 500" in page and "Run again: Ask Stripe" in page
