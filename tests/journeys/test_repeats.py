"""A request that comes twice, later or at once, and an answer that is lost: the same words, nothing doubled."""

from typing import Any

import pytest

from phonepay.calls.models import Call
from phonepay.events.models import Event
from phonepay.orders.models import Order
from phonepay.payments.models import CardAttempt, LedgerEntry, Payment
from tests.journeys.phone import Act, Caller, Phone
from tests.journeys.shop import NO_FUNDS, VISA, Shop, said

pytestmark = pytest.mark.long

# A call that goes through every step: number, amount, both confirmed, consent, a card declined, another, the outcome.
ACTS: list[Act] = ["1043#", "42*50#", "1", "1", NO_FUNDS, "1", VISA, "9"]
STEPS = [
    "/voice",
    "/input/1",
    "/input/2",
    "/input/3",
    "/input/4",
    "/input/6",
    "/input/8",
    "/pay/",
    "/waiting/",
    "/status",
]


def everything() -> dict[str, list[dict[str, Any]]]:
    """All rows that a call writes."""
    tables = (Call, Payment, CardAttempt, LedgerEntry, Event, Order)
    return {each.__name__: list(each._base_manager.order_by("pk").values()) for each in tables}


def tell(phone: Phone, shop: Shop) -> Caller:
    shop.line("caller-with-order", overage="ask")
    caller = phone.dial()
    caller.then(*ACTS)
    caller.hang_up()
    return caller


def check(caller: Caller, shop: Shop) -> None:
    """Heard as it should be, and once each of everything."""
    words = caller.call.said
    assert words.count("there is not enough money available") == 1
    assert words.count("Thank you. You have paid forty-two dollars and fifty cents.") == 2
    assert words.count(f"Your confirmation number is {said(shop.payment.confirmation or '')}.") == 2
    assert (shop.statuses, shop.booked, len(shop.bank.charges)) == (["succeeded"], [("sale", 4250)], 1)
    assert (len(shop.bank.intents), len(shop.bank.account.customers), CardAttempt.objects.count()) == (1, 1, 1)
    answered = [turn["answers"] for turn in shop.call.turns]
    assert len(set(answered)) == len(answered)
    assert [turn["keyed"] for turn in shop.call.turns if "keyed" in turn] == ["1043", "42*50", "1", "1", "1", "9"]


@pytest.mark.database
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("together", [False, True], ids=["one after the other", "at the same moment"])
def test_a_request_that_comes_three_times(phone: Phone, shop: Shop, step: str, together: bool) -> None:
    kind = "call-status" if step == "/status" else "call"
    phone.telephone.repeat_next(2, where=step, kind=kind, together=together)  # type: ignore[arg-type]  # a Literal
    caller = tell(phone, shop)
    check(caller, shop)
    assert "We are sorry" not in caller.call.said and "Sorry, something went wrong" not in caller.call.said


@pytest.mark.parametrize("step", STEPS[:-1])
@pytest.mark.parametrize("harm", ["lose", "drop", "refuse"])
def test_an_answer_that_is_lost_is_asked_for_again(phone: Phone, shop: Shop, step: str, harm: str) -> None:
    telephone = phone.telephone
    lose = {
        "lose": telephone.lose_next_answer,
        "drop": telephone.drop_next_answer,
        "refuse": telephone.refuse_next_connection,
    }[harm]
    lose(2, where=step)
    caller = tell(phone, shop)
    check(caller, shop)
    assert max(turn.retried for turn in caller.turns) == 2
    assert caller.call.errors == []


@pytest.mark.database
def test_every_request_of_a_call_sent_again_afterwards_changes_nothing(phone: Phone, shop: Shop) -> None:
    caller = tell(phone, shop)
    shop.clock.turn(minutes=5)
    before = everything()
    for request in caller.call.requests:
        answers = phone.telephone.repeat(request, times=2)
        assert [answer.status for answer in answers] == [200, 200]
        assert answers[0].body == answers[1].body
        if "/pay/" not in request.path and "/waiting/" not in request.path:
            assert answers[0].body.decode() == request.body, request.path
    shop.bank.let_go()
    assert everything() == before
    assert len(shop.bank.charges) == 1


def test_a_charge_that_is_asked_about_later_is_told_as_it_ended(phone: Phone, shop: Shop) -> None:
    caller = tell(phone, shop)
    declined, paid = [request for request in caller.turns if "/pay/" in request.path]
    again = [phone.telephone.repeat(request)[0].body.decode() for request in (declined, paid)]
    assert "there is not enough money available" in again[0]
    assert "You have paid forty-two dollars and fifty cents." in again[1]


def test_the_card_sent_again_during_the_charge_hears_the_same_and_starts_nothing(phone: Phone, shop: Shop) -> None:
    shop.line("fixed")
    shop.bank.hold()
    caller = phone.dial()
    caller.call.at(request="/waiting/").hang_up()
    caller.then("1", VISA)
    first = caller.request("/pay/" + str(shop.payment.attempt))
    first = next(turn for turn in caller.turns if "/pay/" in turn.path) if first.kind != "call" else first
    again = phone.telephone.repeat(first, times=3)
    assert {answer.body.decode() for answer in again} == {first.body}
    shop.bank.let_go()
    assert shop.bank.asked("confirm") == 1


def test_an_old_turns_request_hears_its_old_answer_and_moves_nothing(phone: Phone, shop: Shop) -> None:
    shop.line("caller-with-order")
    caller = phone.dial()
    caller.then("1043#", "42*50#")
    asked_for_the_amount = caller.request("/input/1").body
    before = everything()
    assert phone.forge(caller, "/twilio/input/1", Digits="9999") == asked_for_the_amount
    assert everything() == before
    assert "You have paid" in caller.then("1", VISA)


def test_a_turn_that_is_yet_to_come_hears_where_the_call_stands(phone: Phone, shop: Shop) -> None:
    shop.line("caller-with-order")
    caller = phone.dial()
    before = everything()
    assert phone.forge(caller, "/twilio/input/77", Digits="1") == caller.request("/voice").body
    assert everything() == before


def test_an_older_card_never_changes_a_newer_one(phone: Phone, shop: Shop) -> None:
    shop.line("fixed")
    caller = phone.dial()
    caller.press("1")
    older = shop.payment.attempt
    caller.then("*", "1")
    token = shop.bank.standin.account(shop.bank.key)
    caller.then("4242424242424242", "0330")
    before = everything()
    answer = phone.forge(caller, f"/twilio/pay/{older}", Result="success", PaymentToken="pm_card_visa")
    assert "Card entry stopped." in answer
    assert everything() == before
    assert token.charges == []
    assert "You have paid" in caller.then("123", "94110")


def test_keys_sent_for_a_turn_that_asked_for_a_card_are_heard_by_nobody(phone: Phone, shop: Shop) -> None:
    shop.line("fixed")
    caller = phone.dial()
    caller.press("1")
    before = everything()
    assert "<Pay" in phone.forge(caller, "/twilio/input/2", Digits="2")
    assert everything() == before


def test_keys_after_the_end_hear_the_end(phone: Phone, shop: Shop) -> None:
    shop.line("fixed")
    caller = phone.dial()
    caller.press("2")
    before = everything()
    assert "<Hangup" in phone.forge(caller, "/twilio/input/2", Digits="1")
    assert everything() == before


def test_status_callbacks_of_the_card_decide_nothing(phone: Phone, shop: Shop) -> None:
    shop.line("fixed")
    caller = phone.dial()
    caller.press("1")
    before = everything()
    path = f"/twilio/pay/{shop.payment.attempt}/status"
    phone.forge(caller, path, Result="success", PaymentToken="pm_card_visa", For="payment-processing")
    assert everything() == before
