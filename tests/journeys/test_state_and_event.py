"""The column "words heard" of the table state × event: what a caller hears from each state of his payment.

Each state is reached as it is reached on the telephone. Then comes the card's `action`, its repeat, or a wait turn.
"""

from collections.abc import Callable
from html import unescape

import pytest

from phonepay.calls.models import Call
from phonepay.events.actors import SYSTEM
from phonepay.orders.operations import cancel_order
from phonepay.payments.operations import mark_unknown
from tests.journeys.judge import statements
from tests.journeys.phone import Caller, Phone
from tests.journeys.shop import NO_FUNDS, VISA, Card, Shop
from tests.web.cast import person, signed_in

Reach = Callable[[Phone, Shop], Caller]


def at_the_card(phone: Phone, shop: Shop) -> Caller:
    shop.line()
    shop.order()
    caller = phone.dial()
    caller.then("1042#", "1")
    caller.forged = True
    return caller


def with_card(phone: Phone, shop: Shop, card: Card) -> Caller:
    caller = at_the_card(phone, shop)
    caller.call.at(request="/waiting/").hang_up()
    caller.pay_with(card)
    return caller


def agreed(phone: Phone, shop: Shop) -> Caller:
    return at_the_card(phone, shop)


def charging(phone: Phone, shop: Shop) -> Caller:
    shop.bank.hold()
    return with_card(phone, shop, VISA)


def unknown(phone: Phone, shop: Shop) -> Caller:
    caller = charging(phone, shop)
    shop.bank.standin.faults.drop("GET", "/v1/payment_intents/*", times=100)
    shop.bank.standin.faults.drop("POST", "/v1/payment_intents/*/cancel", times=100)
    shop.bank.give_up()
    payment = shop.payment
    mark_unknown(payment=payment, attempt=payment.attempt, by=SYSTEM, now=shop.clock.now)
    return caller


def succeeded(phone: Phone, shop: Shop) -> Caller:
    return with_card(phone, shop, VISA)


def declined(phone: Phone, shop: Shop) -> Caller:
    return with_card(phone, shop, NO_FUNDS)


def failed(phone: Phone, shop: Shop) -> Caller:
    shop.bank.fail("confirm", status=400)
    return with_card(phone, shop, VISA)


def abandoned(phone: Phone, shop: Shop) -> Caller:
    caller = at_the_card(phone, shop)
    caller.press("*")
    caller.press("2")
    return caller


def refused(phone: Phone, shop: Shop) -> Caller:
    caller = at_the_card(phone, shop)
    cancel_order(order=shop.the_order(), by=SYSTEM, now=shop.clock.now)
    caller.pay_with(VISA)
    return caller


WAIT = "One moment while we ask your bank."
FUNDS = "Your bank says there is not enough money available on this card."
PAID = "Thank you. You have paid forty-two dollars and fifty cents."
FAULT = "Sorry, something went wrong on our side. You have not been charged."

# state, its status → the words of the card's action (or its repeat), and of a wait turn
TABLE: list[tuple[Reach, str, str, str]] = [
    (charging, "charging", WAIT, "<Pause"),
    (unknown, "unknown", WAIT, "<Pause"),
    (succeeded, "succeeded", PAID, PAID),
    (declined, "declined", FUNDS, FUNDS),
    (failed, "failed", FAULT, FAULT),
    (
        abandoned,
        "abandoned",
        "Card entry stopped. You have not been charged.",
        "Card entry stopped. You have not been charged.",
    ),
    (
        refused,
        "abandoned",
        "Order 1, 0, 4, 2 was cancelled. There is nothing to pay.",
        "Order 1, 0, 4, 2 was cancelled. There is nothing to pay.",
    ),
]
each_state = pytest.mark.parametrize(
    ("reach", "status", "action", "wait"), TABLE, ids=[row[0].__name__ for row in TABLE]
)


def action_again(phone: Phone, shop: Shop, caller: Caller) -> str:
    token = shop.bank.account.payment_methods
    card = token[-1]["id"] if token else "pm_card_visa"
    return phone.forge(caller, f"/twilio/pay/{shop.payment.attempt}", Result="success", PaymentToken=card)


@each_state
def test_the_cards_action_when_it_comes_again(
    phone: Phone, shop: Shop, reach: Reach, status: str, action: str, wait: str
) -> None:
    caller = reach(phone, shop)
    charges = shop.bank.asked("confirm")
    for _ in range(2):
        assert action in action_again(phone, shop, caller)
        assert shop.statuses == [status]
    assert shop.bank.asked("confirm") == charges


@each_state
def test_a_wait_turn(phone: Phone, shop: Shop, reach: Reach, status: str, action: str, wait: str) -> None:
    caller = reach(phone, shop)
    for _ in range(2):
        assert wait in phone.forge(caller, f"/twilio/waiting/{shop.payment.attempt}/1")
        assert shop.statuses == [status]


@pytest.mark.parametrize(
    ("result", "words"),
    [
        ({"Result": "caller-interrupted-with-star"}, "Card entry stopped. You have not been charged."),
        ({"Result": "too-many-failed-attempts"}, "We could not read the card. You have not been charged."),
        ({"Result": "payment-connector-error", "PayErrorCode": "64012"}, "We could not read the card."),
        ({"Result": "payment-connector-error", "PayErrorCode": "64002"}, "we cannot reach the card service."),
        ({"Result": "validation-error", "PayErrorCode": "64004"}, "we cannot reach the card service."),
        ({"Result": "internal-error"}, "we cannot reach the card service."),
        ({"Result": "something-new"}, "we cannot reach the card service."),
        ({}, "we cannot reach the card service."),
        ({"Result": "success"}, "we cannot reach the card service."),
        ({"Result": "success", "PaymentToken": "pm_"}, "we cannot reach the card service."),
        ({"Result": "success", "PaymentToken": "cus_123"}, "we cannot reach the card service."),
    ],
    ids=str,
)
def test_every_end_of_the_card_without_a_charge(phone: Phone, shop: Shop, result: dict[str, str], words: str) -> None:
    caller = at_the_card(phone, shop)
    path = f"/twilio/pay/{shop.payment.attempt}"
    first = phone.forge(caller, path, **result)
    assert words in first
    assert phone.forge(caller, path, **result) == first
    assert shop.bank.charges == []
    assert shop.payment.status in ("agreed", "abandoned")


def test_an_error_of_pay_is_named_with_its_mend_where_the_call_is_told(phone: Phone, shop: Shop) -> None:
    caller = at_the_card(phone, shop)
    result = {"Result": "validation-error", "PayErrorCode": "64004"}
    phone.forge(caller, f"/twilio/pay/{shop.payment.attempt}", **result)
    page = unescape(signed_in(person()).get(f"/calls/{Call.objects.get().pk}").content.decode())
    assert "Twilio says: there is no pay connector of that name (error 64004)." in page
    assert "Compare its name in Twilio's console" in page


@pytest.mark.parametrize("reach", [charging, unknown])
def test_after_25_seconds_the_caller_is_told_that_it_is_being_checked(phone: Phone, shop: Shop, reach: Reach) -> None:
    caller = reach(phone, shop)
    shop.clock.turn(26)
    path = f"/twilio/waiting/{shop.payment.attempt}/3"
    first = phone.forge(caller, path)
    assert "Please do not pay again." in first and statements(first) == {"checking"}
    # What he was told stays, also when the end is known.
    shop.bank.let_go()
    shop.work(seconds=60)
    assert phone.forge(caller, path) == first


@pytest.mark.parametrize(
    ("happens", "words"),
    [("let go", PAID), ("sweeper", FAULT), ("lost", "Please do not pay again.")],
)
def test_who_waits_hears_the_end_whoever_finds_it_out(phone: Phone, shop: Shop, happens: str, words: str) -> None:
    caller = charging(phone, shop)
    if happens == "let go":
        shop.bank.let_go()
    elif happens == "sweeper":
        shop.bank.give_up()
        shop.work(seconds=3)
    else:
        shop.clock.turn(30)
    heard = phone.forge(caller, f"/twilio/waiting/{shop.payment.attempt}/3")
    assert words in heard
    assert len(statements(heard)) == 1
