"""The runs themselves: asked once, done a page at a time, resumed, by one worker; and what a person is shown."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from phonepay.events.models import Event
from phonepay.merchant.models import Merchant
from phonepay.payments import hold, stripe_lists
from phonepay.payments.book_models import Discrepancy, ReconciliationRun
from phonepay.payments.books import agree_until
from phonepay.payments.models import LedgerEntry, Payment
from phonepay.payments.reconciliation import runs
from phonepay.payments.reconciliation.discrepancies import ResolveRefused, resolve
from phonepay.people.models import Role
from phonepay.people.permissions import NotAllowed, Person
from tests.payments.books import check_books, differing, lose
from tests.shop import OLIVIA, Till, fresh, together

OWNER = Person("person", "1", "Olivia Owner", role=Role.OWNER)
AUDITOR = Person("person", "3", "Aisha Auditor", role=Role.AUDITOR)


def ask(till: Till) -> ReconciliationRun:
    return runs.ask(merchant=till.shop, by=OWNER, now=timezone.now())


def to_the_end(run: ReconciliationRun) -> ReconciliationRun:
    runs.finish_now(run, clock=timezone.now, tell=lambda _: None)
    run.refresh_from_db()
    return run


def wrong(till: Till) -> Payment:
    """A sale that is booked with another amount than Stripe's."""
    payment = till.pay(till.order())
    LedgerEntry._base_manager.filter(payment=payment).update(amount=4000)
    return payment


def test_asking_twice_makes_one_run(till: Till) -> None:
    till.pay(till.order())
    assert ask(till).pk == ask(till).pk
    assert ReconciliationRun.objects.count() == 1


def test_a_run_is_done_page_by_page_and_goes_on_where_it_was(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stripe_lists, "PAGE", 2)
    for number in range(5):
        till.pay(till.order(str(100 + number)))
    run = ask(till)
    places = []
    while run.finished_at is None:
        assert runs.step(run, timezone.now()) == 1
        run = ReconciliationRun.objects.select_related("merchant").get(pk=run.pk)  # another process goes on
        places.append((run.stage, run.looked_at))
    assert places[:3] == [("movements", 2), ("movements", 4), ("intents", 5)]
    assert LedgerEntry.objects.filter(kind="fee").count() == 5


@pytest.mark.database
def test_two_workers_at_once_do_each_page_once(till: Till) -> None:
    till.pay(till.order())
    ask(till)
    now = timezone.now()
    assert sorted(together(lambda: runs.run_due(now), lambda: runs.run_due(now))) in ([0, 1], [1, 1])
    run = to_the_end(ReconciliationRun.objects.select_related("merchant").get())
    assert (run.finished_at is not None, LedgerEntry.objects.filter(kind="fee").count()) == (True, 1)
    # Each stage asks Stripe once, whoever did it.
    asked = [line.path for line in till.standin.requests if line.path == "/v1/balance_transactions"]
    assert len(asked) >= 1


def test_each_hour_the_books_are_compared_by_themselves(till: Till) -> None:
    till.pay(till.order())
    now = timezone.now()
    _round(now)
    first = ReconciliationRun.objects.get(finished_at__isnull=False)
    assert (first.thorough, runs.run_due(now + timedelta(minutes=59))) == (True, 0)
    with time_machine.travel(now + timedelta(minutes=61)):
        _round(timezone.now())
    assert ReconciliationRun.objects.filter(finished_at__isnull=False).count() == 2


def _round(now: object) -> None:
    while runs.run_due(now):  # type: ignore[arg-type]
        pass


def test_the_first_run_of_the_night_is_a_thorough_one(till: Till) -> None:
    Merchant.objects.update(time_zone="UTC")
    till.pay(till.order())
    start = timezone.now().replace(hour=4, minute=0) + timedelta(days=1)
    depths = []
    for hours in (0, 1.1, 12, 23.6, 24.8):
        with time_machine.travel(start + timedelta(hours=hours)):
            _round(timezone.now())
        depths.append(ReconciliationRun.objects.filter(finished_at__isnull=False).latest("pk").thorough)
    assert depths == [True, False, False, True, False]


def test_the_next_run_begins_before_the_last_one_ended(till: Till) -> None:
    till.pay(till.order())
    first = check_books(till)
    with time_machine.travel(timezone.now() + timedelta(hours=5)):
        _round(timezone.now())
    second = ReconciliationRun.objects.filter(finished_at__isnull=False).latest("pk")
    assert second.since is not None and first.until is not None and second.since < first.until


def test_what_stripe_refuses_is_kept_and_tried_again(till: Till) -> None:
    till.pay(till.order())
    till.faults.fail("GET", "/v1/balance_transactions", status=500)
    run = to_the_end(ask(till))
    assert "500" in run.error and run.finished_at is None and run.due_at is not None
    with time_machine.travel(run.due_at):
        assert to_the_end(run).finished_at is not None


def test_a_full_house_is_waited_out_as_long_as_it_asks(till: Till) -> None:
    till.pay(till.order())
    till.faults.rate_limit("GET", "/v1/balance_transactions", times=3, retry_after=60)
    run = to_the_end(ask(till))
    assert run.due_at is not None
    assert run.due_at - timezone.now() > timedelta(seconds=50)


def test_an_auditor_does_not_have_the_books_checked(till: Till) -> None:
    with pytest.raises(NotAllowed):
        runs.ask(merchant=till.shop, by=AUDITOR, now=timezone.now())


def test_what_differs_is_shown_with_both_amounts_and_once(till: Till) -> None:
    payment = wrong(till)
    check_books(till)
    check_books(till)
    [row] = Discrepancy.objects.all()
    assert (row.kind, row.ours, row.theirs, row.currency, row.payment_id) == ("amount", 4000, 4250, "usd", payment.pk)
    assert agree_until(till.shop, False) is None
    assert Event.objects.filter(type="books.differ").count() == 1


def test_what_is_right_again_is_gone_by_itself(till: Till) -> None:
    wrong(till)
    check_books(till)
    LedgerEntry._base_manager.filter(kind="sale").update(amount=4250)
    check_books(till)
    assert differing(till) == [] and Discrepancy.objects.get().resolved_by == ""
    assert agree_until(till.shop, False) is not None


def test_what_a_person_explained_is_not_shown_again(till: Till) -> None:
    wrong(till)
    check_books(till)
    assert resolve(discrepancy=differing(till)[0], note="Typed in by hand", by=OWNER, now=timezone.now())
    check_books(till)
    assert differing(till) == [] and Discrepancy.objects.get().note == "Typed in by hand"


@pytest.mark.parametrize("note", ["", " ", "x" * 501, "4242 4242 4242 4242"])
def test_a_note_says_something_and_no_card_number(till: Till, note: str) -> None:
    wrong(till)
    check_books(till)
    with pytest.raises(ResolveRefused):
        resolve(discrepancy=differing(till)[0], note=note, by=OWNER, now=timezone.now())


def test_a_sale_that_stripe_does_not_have_is_for_a_person(till: Till) -> None:
    till.pay(till.order())
    LedgerEntry._base_manager.update(stripe_object="ch_gone")
    Payment.objects.update(charge_id="ch_gone", intent_id="pi_gone")
    check_books(till)
    kinds = {row.kind for row in differing(till)}
    assert "not_at_stripe" in kinds


def test_a_charge_without_a_line_to_put_it_on_is_for_a_person(till: Till) -> None:
    payment = till.pay(till.order())
    lose(payment)
    till.line.delete()
    check_books(till)
    [row] = differing(till)
    assert (row.kind, row.theirs, "no line" in row.detail) == ("not_here", 4250, True)


def test_a_hold_is_lifted_by_a_run_that_has_passed_it(till: Till) -> None:
    payment = till.pay(till.order())
    check_books(till)
    lose(payment)
    now = timezone.now()
    hold.put(why=hold.Hold.Why.RESTORE, missing_since=now - timedelta(hours=1), by=OLIVIA_AT_THE_TERMINAL, now=now)
    _round(timezone.now())
    assert fresh(payment).status == "succeeded"
    assert not hold.is_held()


def test_a_hold_stays_while_something_of_stripes_is_missing_here(till: Till) -> None:
    payment = till.pay(till.order())
    lose(payment)
    till.line.delete()
    now = timezone.now()
    hold.put(why=hold.Hold.Why.RESTORE, missing_since=now - timedelta(hours=1), by=OLIVIA_AT_THE_TERMINAL, now=now)
    check_books(till)
    assert hold.is_held()


def test_of_the_other_mode_nothing_is_compared(till: Till) -> None:
    till.pay(till.order())
    Payment.objects.update(livemode=True)
    LedgerEntry._base_manager.update(livemode=True)
    check_books(till)
    assert agree_until(till.shop, True) is None


OLIVIA_AT_THE_TERMINAL = type(OLIVIA)("command", "olivia", "olivia", "terminal")
