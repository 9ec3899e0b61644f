"""Every way in which a call can end: the last answer says one of the four things about the money, and it is true.

That it is true is judged for each call of every journey (judge.py); here each ending is reached, through the telephone.
"""

from collections.abc import Callable

import pytest

from phonepay.events.actors import SYSTEM
from phonepay.ivr.endings import Ending
from phonepay.merchant.lines import pause_line
from tests.journeys.judge import last_words, statements, told
from tests.journeys.phone import SILENCE, Caller, Phone
from tests.journeys.shop import GENERIC, VISA, Shop

Journey = Callable[[Phone, Shop], Caller]


def _alone(phone: Phone, shop: Shop, behavior: str = "fixed-with-order") -> Caller:
    shop.line(behavior, person_number="")
    shop.order()
    return phone.dial()


def paid(phone: Phone, shop: Shop) -> Caller:
    caller = _alone(phone, shop)
    caller.then("1042#", "1", VISA, SILENCE)
    return caller


def paid_and_heard_three_times(phone: Phone, shop: Shop) -> Caller:
    caller = _alone(phone, shop)
    caller.then("1042#", "1", VISA, "9", "9", "9")
    return caller


def checking(phone: Phone, shop: Shop) -> Caller:
    caller = _alone(phone, shop)
    shop.bank.hold()
    caller.then("1042#", "1", VISA, SILENCE)
    return caller


def checking_and_heard_three_times(phone: Phone, shop: Shop) -> Caller:
    caller = _alone(phone, shop)
    shop.bank.hold()
    caller.then("1042#", "1", VISA, "9", "9", "9")
    return caller


def stopped(phone: Phone, shop: Shop) -> Caller:
    caller = _alone(phone, shop, "fixed")
    caller.press("2")
    return caller


def stopped_at_the_card(phone: Phone, shop: Shop) -> Caller:
    caller = _alone(phone, shop)
    caller.then("1042#", "1", "*", "2")
    return caller


def silence(phone: Phone, shop: Shop) -> Caller:
    caller = _alone(phone, shop)
    caller.then(SILENCE, SILENCE, SILENCE)
    return caller


def silence_after_the_card_was_stopped(phone: Phone, shop: Shop) -> Caller:
    caller = _alone(phone, shop)
    caller.then("1042#", "1", "*", SILENCE, SILENCE, SILENCE)
    return caller


def tries(phone: Phone, shop: Shop) -> Caller:
    caller = _alone(phone, shop)
    caller.then("1042#", "7", "7", "7")
    return caller


def declined(phone: Phone, shop: Shop) -> Caller:
    caller = _alone(phone, shop)
    caller.then("1042#", "1", GENERIC, "1", GENERIC, "1", GENERIC)
    return caller


def declined_and_stopped(phone: Phone, shop: Shop) -> Caller:
    caller = _alone(phone, shop)
    caller.then("1042#", "1", GENERIC, "2")
    return caller


def unread(phone: Phone, shop: Shop) -> Caller:
    caller = _alone(phone, shop)
    caller.then("1042#", "1", SILENCE, SILENCE, SILENCE, "2")
    return caller


def already_paid(phone: Phone, shop: Shop) -> Caller:
    caller = _alone(phone, shop)
    caller.then("1042#", "1", VISA)
    caller.hang_up()
    again = phone.dial("+15550177")
    again.then("1042#", SILENCE)
    return again


def refused_number(phone: Phone, shop: Shop) -> Caller:
    shop.line(accepts_unknown_orders=False)
    caller = phone.dial()
    caller.then("1#", "2#", "3#")
    return caller


def order_busy(phone: Phone, shop: Shop) -> Caller:
    first = _alone(phone, shop)
    shop.bank.hold()
    first.call.at(request="/waiting/").hang_up()
    first.then("1042#", "1", VISA)
    second = phone.dial("+15550177")
    second.press("1042#")
    return second


def order_checking(phone: Phone, shop: Shop) -> Caller:
    first = _alone(phone, shop)
    shop.bank.drop("confirm", done=True)
    first.then("1042#", "1", VISA)
    first.hang_up()
    second = phone.dial("+15550177")
    second.press("1042#")
    shop.work(minutes=1)
    return second


def repeat_checking(phone: Phone, shop: Shop) -> Caller:
    first = _alone(phone, shop, "fixed")
    shop.bank.drop("confirm", done=True)
    first.then("1", VISA)
    first.hang_up()
    second = phone.dial()
    shop.work(minutes=1)
    return second


def just_paid(phone: Phone, shop: Shop) -> Caller:
    slow = _alone(phone, shop)
    slow.then("1042#", "1")
    phone.dial("+15550177").then("1042#", "1", VISA)
    slow.pay_with(VISA)
    return slow


def person(phone: Phone, shop: Shop) -> Caller:
    shop.line()
    caller = phone.dial()
    caller.call.answered_by_person()
    caller.press("0#")
    return caller


def person_unanswered(phone: Phone, shop: Shop) -> Caller:
    shop.line()
    caller = phone.dial()
    caller.then("0#", SILENCE)
    return caller


def person_unanswered_after_paying(phone: Phone, shop: Shop) -> Caller:
    shop.line("fixed")
    caller = phone.dial()
    caller.then("1", VISA, "0", SILENCE)
    return caller


def person_unanswered_after_declines(phone: Phone, shop: Shop) -> Caller:
    shop.line("fixed")
    caller = phone.dial()
    caller.then("1", GENERIC, "1", GENERIC, "1", GENERIC, SILENCE)
    return caller


def line_paused(phone: Phone, shop: Shop) -> Caller:
    pause_line(line=shop.line(), by=SYSTEM, now=shop.clock.now)
    return phone.dial()


def unreachable(phone: Phone, shop: Shop) -> Caller:
    shop.line("fixed", connector="Nowhere")
    caller = phone.dial()
    caller.press("1")
    return caller


def failed(phone: Phone, shop: Shop) -> Caller:
    shop.bank.fail("confirm", status=400)
    caller = _alone(phone, shop)
    caller.then("1042#", "1", VISA)
    return caller


def failed_with_a_person(phone: Phone, shop: Shop) -> Caller:
    shop.bank.fail("confirm", status=400)
    shop.line("fixed")
    caller = phone.dial()
    caller.then("1", VISA, SILENCE)
    return caller


PAID, CHECKING, NOT_CHARGED, NOTHING = "paid", "checking", "not_charged", "nothing_to_pay"

ENDINGS: dict[Journey, tuple[Ending, str]] = {
    paid: (Ending.PAID, PAID),
    paid_and_heard_three_times: (Ending.PAID, PAID),
    checking: (Ending.CHECKING, CHECKING),
    checking_and_heard_three_times: (Ending.CHECKING, CHECKING),
    stopped: (Ending.STOPPED, NOT_CHARGED),
    stopped_at_the_card: (Ending.STOPPED, NOT_CHARGED),
    silence: (Ending.SILENCE, NOT_CHARGED),
    silence_after_the_card_was_stopped: (Ending.SILENCE, NOT_CHARGED),
    tries: (Ending.TRIES, NOT_CHARGED),
    declined: (Ending.DECLINED, NOT_CHARGED),
    declined_and_stopped: (Ending.DECLINED, NOT_CHARGED),
    unread: (Ending.UNREAD, NOT_CHARGED),
    already_paid: (Ending.ALREADY_PAID, NOTHING),
    refused_number: (Ending.REFUSED_NUMBER, NOT_CHARGED),
    order_busy: (Ending.ORDER_BUSY, NOT_CHARGED),
    order_checking: (Ending.ORDER_CHECKING, CHECKING),
    repeat_checking: (Ending.ORDER_CHECKING, CHECKING),
    just_paid: (Ending.JUST_PAID, NOT_CHARGED),
    person: (Ending.PERSON, ""),
    person_unanswered: (Ending.PERSON_UNANSWERED, NOT_CHARGED),
    person_unanswered_after_paying: (Ending.PERSON_UNANSWERED, PAID),
    person_unanswered_after_declines: (Ending.PERSON_UNANSWERED, NOT_CHARGED),
    line_paused: (Ending.LINE_PAUSED, NOT_CHARGED),
    unreachable: (Ending.UNREACHABLE, NOT_CHARGED),
    failed: (Ending.FAILED, NOT_CHARGED),
    failed_with_a_person: (Ending.FAILED, NOT_CHARGED),
}


@pytest.mark.parametrize("journey", ENDINGS, ids=lambda journey: journey.__name__)
def test_an_ending_says_what_happened_to_the_money(phone: Phone, shop: Shop, journey: Journey) -> None:
    ending, statement = ENDINGS[journey]
    caller = journey(phone, shop)
    assert caller.ended == "product"
    log = type(shop.call).objects.get(sid=caller.sid)
    assert (log.ended, log.told) == (ending, statement)
    assert told(caller) == statement
    said_at_the_end = statements(last_words(caller))
    if last_words(caller) == "Goodbye.":  # after a question that held the statement, and met silence
        assert ending in (Ending.ALREADY_PAID, Ending.FAILED)
    elif journey is not person:
        assert said_at_the_end == {statement}
        # A person who talked with the caller said the rest.


def test_every_ending_is_reached_but_the_one_of_a_line_that_protects_itself() -> None:
    """What refuses callers comes with the protection of lines."""
    assert {ending for ending, _ in ENDINGS.values()} == set(Ending) - {Ending.CALLER_REFUSED}


def test_nobody_is_left_in_silence_by_us(phone: Phone, shop: Shop) -> None:
    """From the last key to the next words never more than the bank's wait turns take."""
    caller = paid(phone, shop)
    heard = caller.call.heard
    for turn in caller.turns:
        words = [each.at for each in heard if each.at >= turn.at]
        assert not words or words[0] - turn.at < 5, turn.path
