"""Asking for events: with an overlap, page by page, once for all workers, with patience where Stripe is busy."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from phonepay.payments import event_poll, pacing, stripe_events
from phonepay.payments.models import EventPoll, Payment, StripeEvent
from tests.payments.telling import handle_all, tell, told
from tests.shop import Till, fresh, together

EVENTS = "/v1/events"


@pytest.fixture(autouse=True)
def no_pace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pacing, "BULK", pacing.Pace(wait=lambda seconds: None))


@pytest.fixture
def paid(till: Till) -> Payment:
    return till.pay(till.order())


def poll(after: timedelta = timedelta(0)) -> EventPoll:
    event_poll.run_due(timezone.now() + after)
    return EventPoll.objects.get()


def asked(till: Till) -> int:
    return sum((each.method, each.path) == ("GET", EVENTS) for each in till.standin.requests)


def waits(row: EventPoll, now: datetime) -> float:
    assert row.due_at is not None
    return (row.due_at - now).total_seconds()


def test_what_happened_is_found_without_any_webhook(till: Till, paid: Payment) -> None:
    till.account.dispute(paid.intent_id)
    poll()
    handle_all()
    assert fresh(paid).disputed == 4250
    assert {each.type for each in StripeEvent.objects.all()} == {each["type"] for each in told(till)}


def test_what_a_webhook_brought_is_not_stored_again(till: Till, paid: Payment) -> None:
    tell(till)
    handle_all()
    before = list(StripeEvent.objects.values_list("pk", "handled_at", "due_at").order_by("pk"))
    poll()
    assert list(StripeEvent.objects.values_list("pk", "handled_at", "due_at").order_by("pk")) == before


def test_it_reads_on_from_ten_minutes_before_its_last_end(till: Till, paid: Payment) -> None:
    seen = poll().seen_until
    assert seen is not None
    newest = max(each["created"] for each in told(till))
    assert seen.timestamp() == newest
    row = EventPoll.objects.get()
    assert event_poll._since(row, timezone.now()) == seen - timedelta(minutes=10)


def test_an_event_that_shows_up_late_is_found(till: Till, paid: Payment) -> None:
    poll()
    StripeEvent.objects.all().delete()  # as if Stripe had not shown them at first
    EventPoll.objects.update(due_at=timezone.now())
    poll()
    assert StripeEvent.objects.exists()


def test_of_another_program_only_what_may_be_ours_keeps_its_object_until_it_is_read(till: Till, paid: Payment) -> None:
    elsewhere = till.account.pay_elsewhere(900)
    till.account.dispute(elsewhere["id"])
    poll()
    handle_all()
    kept = StripeEvent.objects.filter(ours=False)
    assert kept.exists() and set(kept.values_list("object_id", flat=True)) == {""}


def test_at_the_very_first_it_reads_from_the_first_payment_on(till: Till) -> None:
    now = timezone.now()
    row = EventPoll(livemode=False)
    assert event_poll._since(row, now) == now - timedelta(minutes=10)
    payment = till.agree(till.order(), now=now - timedelta(days=3))
    assert event_poll._since(row, now) == payment.agreed_at - timedelta(minutes=10)


def test_stripe_is_not_asked_for_what_it_has_forgotten(till: Till) -> None:
    now = timezone.now()
    row = EventPoll(livemode=False, seen_until=now - timedelta(days=90))
    assert event_poll._since(row, now) == now - timedelta(days=29)


def test_many_events_are_read_a_page_at_a_time(till: Till, paid: Payment, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(event_poll, "PAGES", 1)
    for _ in range(60):
        till.account.pay_elsewhere(900)
    row = poll()
    assert row.cursor and row.seen_until is None and StripeEvent.objects.count() == 100
    row = poll(timedelta(seconds=2))
    assert not row.cursor and row.seen_until and StripeEvent.objects.count() == len(told(till))


def test_a_cursor_that_stripe_forgot_begins_anew(till: Till, paid: Payment) -> None:
    EventPoll.objects.create(livemode=False, due_at=timezone.now(), cursor="evt_gone")
    assert poll().cursor == "" and not StripeEvent.objects.exists()
    poll(timedelta(seconds=2))
    assert StripeEvent.objects.exists()


def test_a_full_house_is_left_alone_as_long_as_it_asks(till: Till) -> None:
    till.faults.rate_limit("GET", EVENTS, times=3, retry_after=45)
    now = timezone.now()
    row = poll()
    assert waits(row, now) >= 45 and "RateLimit" not in row.error and "Too many" in row.error


def test_where_stripe_does_not_answer_it_asks_ever_less_often(till: Till) -> None:
    till.faults.fail("GET", EVENTS, status=500, times=4)
    pauses = []
    now = timezone.now()
    for _ in range(4):
        event_poll.run_due(now)
        row = EventPoll.objects.get()
        pauses.append(waits(row, now))
        now = row.due_at or now
    assert pauses == [2, 4, 8, 16]
    event_poll.run_due(now)
    assert EventPoll.objects.get().error == ""


@pytest.mark.parametrize(("secrets", "seconds"), [((), 60), (("whsec_x",), 600)])
def test_it_asks_often_where_no_webhook_can_come(
    till: Till, settings: Settings, secrets: tuple[str, ...], seconds: int
) -> None:
    settings.PHONEPAY_STRIPE_WEBHOOK_SECRETS = secrets
    now = timezone.now()
    event_poll.run_due(now)
    assert waits(EventPoll.objects.get(), now) == seconds


def test_it_asks_often_where_webhooks_do_not_come(till: Till, paid: Payment) -> None:
    later = timezone.now() + timedelta(minutes=5)  # a webhook would have been here long ago
    event_poll.run_due(later)
    row = EventPoll.objects.get()
    assert row.missed_at == later and waits(row, later) == 60


def test_it_asks_only_when_it_is_time(till: Till) -> None:
    poll()
    before = asked(till)
    assert event_poll.run_due(timezone.now()) == 0 and asked(till) == before


@pytest.mark.database
def test_of_several_workers_one_asks(till: Till, paid: Payment) -> None:
    EventPoll.objects.create(livemode=False, due_at=timezone.now())
    before, now = asked(till), timezone.now()
    done = together(*[lambda: event_poll.run_due(now) for _ in range(3)])
    assert sorted(done) == [0, 0, 1] and asked(till) == before + 1


def test_who_lost_the_lease_changes_nothing_of_the_others_progress(till: Till, paid: Payment) -> None:
    row = EventPoll.objects.create(livemode=False, lease_until=timezone.now())
    EventPoll.objects.update(lease_until=timezone.now() + timedelta(minutes=1), cursor="evt_theirs")
    with pytest.raises(event_poll.LeaseLost):
        event_poll._keep(row, cursor="evt_ours")
    assert EventPoll.objects.get().cursor == "evt_theirs"


def test_without_a_key_nobody_is_asked(till: Till, settings: Settings) -> None:
    settings.PHONEPAY_STRIPE_SECRET_KEY = ""
    assert event_poll.run_due(timezone.now()) == 0


def test_as_many_types_as_one_list_takes() -> None:
    assert len(set(stripe_events.SUBSCRIBED)) == len(stripe_events.SUBSCRIBED) == 20
