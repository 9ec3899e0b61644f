"""A refund that failed and was paid back another way, and callers who were told how it ended."""

from __future__ import annotations

import pytest
from django.utils import timezone

from phonepay.calls.models import Call
from phonepay.events.models import Event
from phonepay.payments.models import Payment, Refund
from phonepay.payments.refunds import RefundRefused
from phonepay.payments.set_aside import paid_back_another_way
from phonepay.people.permissions import NotAllowed
from tests.shop import AISHA, DECLINED, OLIVIA, Till, fresh, together
from tests.web.cast import call_of, person, signed_in


@pytest.fixture
def failed(till: Till) -> Refund:
    """As its rows are; at Stripe the other half can still go back."""
    paid = till.pay(till.order("88"))
    [refund] = till.refund(paid, 2000)
    Refund.objects.filter(pk=refund.pk).update(status="failed", failure="lost_or_stolen_card")
    Payment.objects.filter(pk=paid.pk).update(refunded=0)
    return Refund.objects.get()


def way(refund: Refund) -> str:
    return f"/payments/{refund.payment_id}/paid-back/{refund.pk}"


def home(role: str = "owner") -> str:
    return signed_in(person(role)).get("/").content.decode()


def test_home_leads_to_where_it_is_written_down(failed: Refund) -> None:
    assert way(failed) in home()


def test_an_auditor_is_led_to_the_payment(failed: Refund) -> None:
    page = home("auditor")
    assert way(failed) not in page and f"/payments/{failed.payment_id}" in page


def test_how_it_was_paid_back_is_in_the_history_and_home_asks_no_more(failed: Refund) -> None:
    owner = signed_in(person())
    assert "The refund of $20.00 to Visa ·4242 failed" in owner.get(way(failed)).content.decode()
    assert owner.post(way(failed), {"how": "In cash, at the counter"}).status_code == 302
    page = owner.get(f"/payments/{failed.payment_id}").content.decode()
    assert "Paid $20.00 back another way" in page and "In cash, at the counter" in page
    assert way(failed) not in owner.get("/").content.decode()


@pytest.mark.parametrize(("how", "why"), [("", "Say how"), ("4242 4242 4242 4242", "card number"), ("x" * 501, "500")])
def test_what_is_wrong_is_said_and_nothing_is_kept(how: str, why: str, failed: Refund) -> None:
    page = signed_in(person()).post(way(failed), {"how": how}).content.decode()
    assert why in page
    failed.refresh_from_db()
    assert failed.set_aside_at is None


def test_the_event_keeps_no_words(failed: Refund) -> None:
    paid_back_another_way(refund=failed, how="Cash to Ana Ruiz", by=OLIVIA, now=timezone.now())
    event = Event.objects.get(type="refund.paid_another_way")
    assert "Ana" not in str(event.data) and event.data["amount"] == 2000


@pytest.mark.database
def test_of_two_who_say_so_at_once_one_is_kept(failed: Refund) -> None:
    done = together(
        *[
            lambda how=how: paid_back_another_way(refund=failed, how=how, by=OLIVIA, now=timezone.now())
            for how in ("cash", "transfer")
        ]
    )
    assert sorted(done) == [False, True]
    assert Event.objects.filter(type="refund.paid_another_way").count() == 1


def test_a_refund_that_went_out_is_not_set_aside(till: Till) -> None:
    paid = till.pay(till.order())
    [refund] = till.refund(paid, 2000)
    assert not paid_back_another_way(refund=refund, how="cash", by=OLIVIA, now=timezone.now())
    assert signed_in(person()).get(way(refund)).status_code == 404


def test_an_auditor_sets_nothing_aside(failed: Refund) -> None:
    with pytest.raises(NotAllowed):
        paid_back_another_way(refund=failed, how="cash", by=AISHA, now=timezone.now())
    assert signed_in(person("auditor")).get(way(failed)).status_code == 403


def test_the_verb_says_itself_what_is_wrong(failed: Refund) -> None:
    with pytest.raises(RefundRefused) as refused:
        paid_back_another_way(refund=failed, how=" ", by=OLIVIA, now=timezone.now())
    assert refused.value.reason == "how"


@pytest.fixture
def checked(till: Till) -> Call:
    """A caller who heard "being checked"."""
    payment = till.agree(till.order("77"))
    call = call_of(till, payment)
    Call.objects.filter(pk=call.pk).update(told="checking")
    return call


def end(till: Till, call: Call, number: str = "4242424242424242") -> None:
    assert call.payment is not None
    till.charge(fresh(call.payment), number)


def test_while_it_is_being_checked_nobody_can_be_told(till: Till, checked: Call) -> None:
    assert "tell them" not in home()


def test_who_heard_being_checked_is_told_that_it_was_paid(till: Till, checked: Call) -> None:
    end(till, checked)
    page = home()
    assert "Order 77 heard that $42.50 is being checked. It was paid: tell them." in page
    assert f"/calls/{checked.pk}/told" in page


def test_who_heard_being_checked_is_told_that_it_was_not_charged(till: Till, checked: Call) -> None:
    end(till, checked, DECLINED)
    assert "It was not charged: tell them." in home()


def test_whoever_told_them_says_so_and_home_asks_no_more(till: Till, checked: Call) -> None:
    end(till, checked)
    oscar = signed_in(person("operator"))
    assert oscar.post(f"/calls/{checked.pk}/told").status_code == 302
    assert "tell them" not in oscar.get("/").content.decode()
    assert Event.objects.get(type="call.end_told").actor_name == "Oscar Operator"


def test_who_heard_the_end_on_the_call_needs_nobody(till: Till, checked: Call) -> None:
    Call.objects.update(told="paid")
    end(till, checked)
    assert "tell them" not in home()


def test_an_auditor_tells_nobody(till: Till, checked: Call) -> None:
    end(till, checked)
    assert signed_in(person("auditor")).post(f"/calls/{checked.pk}/told").status_code == 403
