"""`phonepay payment`: the money that goes back, and the money that is charged again."""

import json
from uuid import uuid4

import pytest

from phonepay.payments.models import Payment, Refund
from tests.cli.conftest import Command
from tests.payments.telling import handle_all, tell
from tests.shop import REFUND_PENDING, Till, consent, fresh

DECLINES_LATER = "4000000000000341"  # can be kept, and is declined whenever it is charged


def test_a_whole_order_is_refunded_after_a_yes(phonepay: Command, till: Till) -> None:
    till.pay(till.order("1234"))
    printed = phonepay("payment", "refund", "1234", typed="y")
    assert printed.code == 0 and till.at_stripe == 0
    assert "$42.50, back to Visa ·4242 in 5 to 10 days" in printed.out
    assert "Refund $42.50?" in printed.out and "Refunded $42.50." in printed.out


@pytest.mark.parametrize("typed", ["", "n", "no", None])
def test_without_a_yes_nothing_is_sent(phonepay: Command, till: Till, typed: str | None) -> None:
    till.pay(till.order("1234"))
    printed = phonepay("payment", "refund", "1234", typed=typed)
    assert printed.code == 1 and "Nothing was done" in printed.err
    assert till.at_stripe == 4250 and not Refund.objects.exists()


def test_yes_can_be_said_beforehand(phonepay: Command, till: Till) -> None:
    till.pay(till.order("1234"))
    assert phonepay("payment", "refund", "1234", "--amount", "12.50", "--yes").code == 0
    assert till.at_stripe == 3000


def test_a_payment_is_named_by_its_confirmation_number(phonepay: Command, till: Till) -> None:
    payment = till.pay(till.order("1234"))
    assert phonepay("payment", "refund", payment.confirmation, "--yes").code == 0
    assert fresh(payment).refunded == 4250


def test_a_payment_is_named_by_its_id(phonepay: Command, till: Till) -> None:
    payment = till.pay(till.order("1234"))
    assert phonepay("payment", "show", str(payment.pk)).out.startswith("$42.50  Paid")


def test_what_is_left_is_said_after_an_earlier_refund(phonepay: Command, till: Till) -> None:
    till.pay(till.order("1234"))
    phonepay("payment", "refund", "1234", "--amount", "12.50", "--yes")
    assert "What is left, $30.00, back to Visa ·4242" in phonepay("payment", "refund", "1234", "--yes").out


def test_more_than_is_left_is_refused(phonepay: Command, till: Till) -> None:
    till.pay(till.order("1234"))
    printed = phonepay("payment", "refund", "1234", "--amount", "50", "--yes")
    assert printed.code == 1 and "Only $42.50 is left" in printed.err


def test_where_nothing_is_left_no_question_is_asked(phonepay: Command, till: Till) -> None:
    till.pay(till.order("1234"))
    phonepay("payment", "refund", "1234", "--yes")
    printed = phonepay("payment", "refund", "1234")
    assert (printed.code, printed.out) == (1, "") and "refunded already" in printed.err


def test_what_was_not_paid_cannot_be_refunded(phonepay: Command, till: Till) -> None:
    till.order("1234")
    assert "Nothing was paid" in phonepay("payment", "refund", "1234", "--yes").err


def test_the_same_key_refunds_once(phonepay: Command, till: Till) -> None:
    till.pay(till.order("1234"))
    words = ("payment", "refund", "1234", "--amount", "10", "--key", "monday", "--yes")
    assert [phonepay(*words).code, phonepay(*words).code] == [0, 0]
    assert till.at_stripe == 3250


def test_a_request_made_before_is_said_to_be_only_looked_up(phonepay: Command, till: Till) -> None:
    till.pay(till.order("1234"))
    words = ("payment", "refund", "1234", "--amount", "10", "--key", "monday")
    phonepay(*words, "--yes")
    assert "asked for before: $10.00" in phonepay(*words, typed="y").out


def test_the_same_key_is_only_looked_up_where_nothing_is_left(phonepay: Command, till: Till) -> None:
    till.pay(till.order("1234"))
    words = ("payment", "refund", "1234", "--key", "monday", "--yes")
    assert [phonepay(*words).code, phonepay(*words).code] == [0, 0]


def test_a_reason_that_is_none_is_refused(phonepay: Command, till: Till) -> None:
    till.pay(till.order("1234"))
    assert phonepay("payment", "refund", "1234", "--reason", "boredom", "--yes").code == 1


def test_a_refund_that_stripe_has_taken_on_is_said_so(phonepay: Command, till: Till) -> None:
    till.pay(till.order("1234"), number=REFUND_PENDING)
    printed = phonepay("payment", "refund", "1234", "--yes")
    assert printed.code == 0 and "on its way" in printed.out


def test_an_answer_that_got_lost_is_not_known_yet(phonepay: Command, till: Till) -> None:
    till.pay(till.order("1234"))
    till.faults.drop("POST", "/v1/refunds", when="after")
    printed = phonepay("payment", "refund", "1234", "--yes")
    assert printed.code == 3 and "Do not refund again" in printed.out


def test_a_number_that_is_an_order_and_anothers_confirmation_must_be_told_apart(phonepay: Command, till: Till) -> None:
    payment = till.pay(till.order("1234"))
    till.order(str(payment.confirmation))
    printed = phonepay("payment", "refund", str(payment.confirmation), "--yes")
    assert printed.code == 1 and f"payment:{payment.confirmation}" in printed.err
    assert phonepay("payment", "refund", f"payment:{payment.confirmation}", "--yes").code == 0


def test_what_nobody_knows_is_said(phonepay: Command, till: Till) -> None:
    till.order("1234")
    assert "There is no payment or order “999999”" in phonepay("payment", "refund", "999999", "--yes").err
    assert phonepay("payment", "show", str(uuid4())).code == 1


def test_an_extra_charge_tells_what_is_left(phonepay: Command, till: Till) -> None:
    till.pay(till.order("1234"), consent=consent(cap=5000))
    printed = phonepay("payment", "overage", "1234", "--amount", "18.00", "--for", "Two hours", typed="yes")
    assert printed.code == 0 and till.at_stripe == 6050
    assert "Up to $50.00 more was agreed" in printed.out and "Charge $18.00?" in printed.out
    assert "Charged $18.00. $32.00 left." in printed.out


def test_an_extra_charge_waits_for_a_yes(phonepay: Command, till: Till) -> None:
    till.pay(till.order("1234"), consent=consent())
    assert phonepay("payment", "overage", "1234", "--amount", "18", "--for", "Two hours").code == 1
    assert till.at_stripe == 4250


def test_an_extra_charge_nobody_agreed_to_is_refused_before_the_question(phonepay: Command, till: Till) -> None:
    till.pay(till.order("1234"))
    printed = phonepay("payment", "overage", "1234", "--amount", "18", "--for", "Two hours", typed="y")
    assert (printed.code, printed.out) == (1, "") and "did not agree" in printed.err


def test_an_extra_charge_may_name_the_payment(phonepay: Command, till: Till) -> None:
    payment = till.pay(till.order("1234"), consent=consent())
    words = ("payment", "overage", str(payment.confirmation), "--amount", "18", "--for", "Two hours", "--yes")
    assert phonepay(*words).code == 0


def test_the_same_key_charges_once(phonepay: Command, till: Till) -> None:
    till.pay(till.order("1234"), consent=consent())
    words = ("payment", "overage", "1234", "--amount", "18", "--for", "Two hours", "--key", "monday", "--yes")
    assert [phonepay(*words).code, phonepay(*words).code] == [0, 0]
    assert till.at_stripe == 4250 + 1800


def test_a_declined_extra_charge_says_what_the_bank_said(phonepay: Command, till: Till) -> None:
    payment = till.pay(till.order("1234"), consent=consent())
    method = till.card(DECLINES_LATER).payment_method
    till.client.payment_methods.attach(method, {"customer": payment.customer_id})
    Payment.objects.filter(pk=payment.pk).update(payment_method=method)
    printed = phonepay("payment", "overage", "1234", "--amount", "18", "--for", "Two hours", "--yes")
    assert printed.code == 1 and "Nothing was charged. The bank said no" in printed.out


def test_payments_are_listed(phonepay: Command, till: Till) -> None:
    till.pay(till.order("1234"))
    listed = phonepay("payment", "list").out
    assert "1234" in listed and "Visa ·4242" in listed and "Paid" in listed


def test_a_payment_is_shown_with_its_refunds_and_history(phonepay: Command, till: Till) -> None:
    till.pay(till.order("1234"))
    phonepay("payment", "refund", "1234", "--amount", "12.50", "--note", "Late", "--yes")
    shown = phonepay("payment", "show", "1234").out
    for fact in ("$42.50  Partly refunded", "−$12.50", "Late", "payment.succeeded", "refund.succeeded", "olga"):
        assert fact in shown


def test_a_payment_is_shown_for_programs(phonepay: Command, till: Till) -> None:
    till.pay(till.order("1234"))
    (payment,) = json.loads(phonepay("payment", "show", "1234", "--json").out)
    assert (payment["amount"], payment["currency"], payment["status"]) == (4250, "usd", "succeeded")
    assert [each["type"] for each in payment["history"]][-1] == "payment.succeeded"


def test_an_order_shows_what_was_paid_and_kept(phonepay: Command, till: Till) -> None:
    till.pay(till.order("1234"))
    phonepay("payment", "refund", "1234", "--amount", "12.50", "--yes")
    shown = phonepay("order", "show", "1234").out
    assert shown.startswith("$42.50  Partly refunded") and "Kept" in shown and "$30.00" in shown


def test_what_the_bank_says_of_a_payment_is_shown(phonepay: Command, till: Till) -> None:
    payment = till.pay(till.order("1234"))
    till.account.dispute(payment.intent_id, reason="product_not_received")
    till.account.warn_of_fraud(payment.intent_id)
    tell(till)
    handle_all()
    printed = phonepay("payment", "show", str(payment.pk)).out
    assert "product not received" in printed and "Answer at Stripe" in printed
    assert "The bank warned of fraud" in printed and "made with stolen card" in printed
    (told,) = json.loads(phonepay("payment", "show", str(payment.pk), "--json").out)
    assert [each["amount"] for each in told["disputes"]] == [4250] and len(told["fraud_warnings"]) == 1
