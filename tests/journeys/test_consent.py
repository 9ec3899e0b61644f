"""Later charges: asked, made a condition, or not at all; and what Stripe keeps, exactly when it was allowed."""

import pytest

from phonepay.events.actors import SYSTEM
from phonepay.payments.overage import OverageRefused, charge_overage
from tests.journeys.phone import SILENCE, Act, Phone
from tests.journeys.shop import NO_FUNDS, VISA, Shop

ASK = (
    "May Harbor Garage charge this card again for extras, up to fifty dollars, in the next thirty days? "
    "To allow it, press 1. If not, press 2. You can pay either way."
)
CONDITION = (
    "By paying, you let Harbor Garage charge this card again for extras, up to fifty dollars, in the next thirty days."
)


def test_consent_is_asked_after_the_amount_and_before_the_card(phone: Phone, shop: Shop) -> None:
    shop.line(overage="ask")
    shop.order()
    heard = phone.tell("1042#", "1", "1", VISA)
    assert heard[2] == ASK
    assert heard[3].startswith("We take Visa")
    assert (shop.payment.consent_wording, shop.payment.consent_key) == (ASK, "1")
    assert (shop.payment.consent_cap, shop.payment.consent_locale) == (5000, "en-US")


def test_a_card_is_kept_exactly_when_the_caller_allowed_it(phone: Phone, shop: Shop) -> None:
    shop.line("fixed", overage="ask")
    phone.tell("1", "1", VISA)
    intent = shop.bank.intents[0]
    assert intent["setup_future_usage"] == "off_session"
    assert [customer["id"] for customer in shop.bank.account.customers] == [intent["customer"]]
    assert shop.payment.customer_id == intent["customer"]


@pytest.mark.parametrize("answer", ["2", SILENCE], ids=["no", "silence"])
def test_no_and_silence_keep_no_card(phone: Phone, shop: Shop, answer: Act) -> None:
    shop.line("fixed", overage="ask")
    assert "You have paid" in phone.tell("1", answer, VISA)[-1]
    assert shop.bank.intents[0]["setup_future_usage"] is None
    assert shop.bank.account.customers == []
    order = shop.payment.order
    assert order is not None and shop.payment.consent_wording == ""
    with pytest.raises(OverageRefused):
        charge_overage(order=order, amount=100, what_for="Parts", key="k", by=SYSTEM, now=shop.clock.now)


def test_a_line_without_later_charges_asks_nothing(phone: Phone, shop: Shop) -> None:
    shop.line("fixed", overage="off")
    assert "extras" not in " ".join(phone.tell("1", VISA))
    assert shop.bank.account.customers == []


def test_a_condition_is_said_just_before_the_question_and_1_agrees_to_both(phone: Phone, shop: Shop) -> None:
    shop.line(overage="condition")
    shop.order()
    heard = phone.tell("1042#", "1", VISA)
    assert heard[1] == (
        f"{CONDITION} Order 1, 0, 4, 2: forty-two dollars and fifty cents. "
        "To pay, press 1. To enter another number, press 2."
    )
    assert (shop.payment.consent_wording, shop.payment.consent_key) == (CONDITION, "1")
    assert shop.bank.intents[0]["setup_future_usage"] == "off_session"


def test_an_extra_charge_goes_to_the_card_that_paid(phone: Phone, shop: Shop) -> None:
    shop.line("fixed", overage="ask")
    phone.tell("1", "1", NO_FUNDS, "1", VISA)
    order = shop.payment.order
    assert order is not None
    charge_overage(order=order, amount=1800, what_for="Parts", key="k", by=SYSTEM, now=shop.clock.now)
    assert shop.booked == [("sale", 4250), ("overage", 1800)]
    assert shop.books_agree()


def test_the_customer_of_a_payment_that_ended_uncharged_is_deleted(phone: Phone, shop: Shop) -> None:
    shop.line("fixed", overage="ask")
    caller = phone.dial()
    caller.then("1", "1", NO_FUNDS, "2")
    shop.work()
    assert shop.bank.account.customers == [] or all(each.get("deleted") for each in shop.bank.account.customers)
