"""What callers meet, told as whole calls of the product's verbs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from phonepay.alerts.models import Alert
from phonepay.calls.models import Call
from phonepay.calls.opening import handle_incoming
from phonepay.calls.turns import handle_input
from phonepay.events import types
from phonepay.events.actors import SYSTEM
from phonepay.events.models import Event
from phonepay.ivr.replies import spoken
from phonepay.payments import pool
from phonepay.payments.models import CardAttempt
from phonepay.protection import due
from phonepay.protection.callers import HIDDEN, key_of
from phonepay.protection.judging import Verdict
from phonepay.protection.limits import CARD_CALLERS_DAY
from phonepay.protection.measures import lift, take, take_line_step
from phonepay.protection.models import Measure
from phonepay.protection.steps import Step, Why
from tests.protection.world import GOOD, LINE, NO_SERVICE, Visit, World, stolen

MARY, LUIS = "+12065550101", "+12065550102"
NO_FUNDS, BUSY_BANK = "4000000000009995", "4000000000000119"
LIVING = (
    GOOD, "5555555555554444", "6011111111111117", "5105105105105100", "4000056655665556",
    "5200828282828210", "2223003122003222",
)  # fmt: skip
MakeWorld = Callable[..., World]


@pytest.fixture
def shop(world: MakeWorld) -> World:
    made = world()
    made.order("1042")
    return made


def tries(world: World, phone: str, *cards: str, order: str = "1042") -> Visit:
    return world.call(Visit(phone, list(cards), order=order))


def refuse(world: World, phone: str = MARY) -> Measure:
    verdict = Verdict(Step.REFUSED, Why.CARDS, 5, world.now + timedelta(days=1))
    row = take(line=world.line, kind="caller", key=key_of(phone), verdict=verdict, call_sid="", now=world.now)
    assert row is not None
    return row


def step(world: World, to: Step) -> None:
    take_line_step(line=world.line, step=to, why=Why.LINE_DECLINES, count=12, call_sid="", now=world.now)


def test_a_customer_whose_card_is_declined_twice_hears_why_and_pays_with_the_third(shop: World) -> None:
    visit = tries(shop, MARY, NO_FUNDS, NO_FUNDS, GOOD)
    assert visit.words.count("decline.funds") == 2
    assert visit.paid


def test_the_third_decline_of_an_hour_is_told_without_its_reason(shop: World) -> None:
    assert tries(shop, MARY, NO_FUNDS, NO_FUNDS, NO_FUNDS).words.count("decline.generic") == 1


def test_the_fifth_declined_card_is_the_last_one_and_the_next_call_is_refused(shop: World) -> None:
    tries(shop, MARY, stolen(1), stolen(2), stolen(3))
    second = tries(shop, MARY, stolen(4), stolen(5), stolen(6))
    assert second.asked == 2 and "decline.last" in second.words
    assert tries(shop, MARY, GOOD).words == ["caller.refused.help"]
    assert tries(shop, LUIS, GOOD).paid


def test_a_refusal_is_an_event_and_an_alert_and_names_nobody(shop: World) -> None:
    tries(shop, MARY, stolen(1), stolen(2), stolen(3))
    tries(shop, MARY, stolen(4), stolen(5))
    event = Event.objects.get(type=types.PROTECTION_STEP)
    assert (event.data["kind"], event.data["why"], event.data["count"]) == ("caller", "cards", 5)
    assert MARY not in str(event.data) and MARY not in str(Alert.objects.get(kind="callers_refused").facts)
    assert MARY not in str(Measure.objects.values())


def test_a_refused_caller_is_refused_on_the_other_line_of_the_shop_too(shop: World) -> None:
    refuse(shop)
    shop.line.pk, shop.line.phone_number = None, "+12025550198"
    shop.line.save(force_insert=True)
    answer = handle_incoming(sid="CA1", called="+12025550198", calling=MARY, now=shop.now)
    assert [each.key for each in spoken(answer.reply)] == ["caller.refused.help"]


def test_that_was_a_real_customer_lets_them_pay_and_trusts_them(shop: World) -> None:
    row = refuse(shop)
    lift(measure=row, by=SYSTEM, now=shop.now)
    for _ in range(3):
        assert tries(shop, MARY, stolen(1), stolen(2), stolen(3)).asked == 3
    assert tries(shop, MARY, GOOD).paid
    assert Event.objects.filter(type=types.PROTECTION_LIFTED).count() == 1


def test_hidden_callers_get_a_person_where_there_is_one(world: MakeWorld) -> None:
    shop = world(person_number="+12025550111")
    shop.order("1042")
    refuse(shop, "")
    assert Measure.objects.get().key == HIDDEN
    assert tries(shop, "", GOOD).words == ["person.connecting"]
    assert tries(shop, MARY, GOOD).paid


def test_trusting_all_hidden_callers_is_not_possible_but_they_are_let_in_again(shop: World) -> None:
    lift(measure=refuse(shop, ""), by=SYSTEM, now=shop.now)
    assert Measure.objects.get().trusted_until is None
    assert tries(shop, "", GOOD).paid


def test_a_line_that_requires_orders_refuses_a_number_that_is_on_no_list(shop: World) -> None:
    assert tries(shop, MARY, GOOD, order="5555").paid
    step(shop, Step.ORDER)
    assert "order.refused.last" in tries(shop, LUIS, GOOD, order="6666").words
    assert tries(shop, LUIS, GOOD).paid


def test_a_line_in_its_third_step_refuses_whoever_had_a_card_declined_today(shop: World) -> None:
    tries(shop, LUIS, stolen(1))
    step(shop, Step.REFUSED)
    assert tries(shop, LUIS, GOOD).words == ["caller.refused.help"]
    assert tries(shop, MARY, GOOD).paid


def test_a_customer_whom_the_shop_knows_pays_though_a_card_was_declined_today(shop: World) -> None:
    shop.order("1043", phone=LUIS)
    tries(shop, LUIS, stolen(1), order="1043")
    step(shop, Step.REFUSED)
    assert tries(shop, LUIS, GOOD, order="1043").paid


def test_a_line_without_orders_lets_callers_in_when_they_call_again(world: MakeWorld) -> None:
    shop = world(behavior="caller")
    step(shop, Step.ORDER)
    assert tries(shop, MARY, GOOD).words == ["caller.again"]
    shop.clock.turn(minutes=2)
    assert tries(shop, MARY, GOOD).words == ["caller.again"]
    shop.clock.turn(minutes=2)
    assert tries(shop, MARY, GOOD).paid
    assert Measure.objects.get().kind == "line"


def test_whom_it_knows_or_cannot_tell_apart_it_lets_in_at_once(world: MakeWorld) -> None:
    shop = world(behavior="caller")
    shop.order("1043", phone=LUIS)
    step(shop, Step.ORDER)
    assert tries(shop, LUIS, GOOD).paid
    assert tries(shop, "", GOOD).paid


def test_a_caller_who_is_on_the_line_already_is_asked_to_call_again(world: MakeWorld) -> None:
    shop = world(behavior="fixed")
    answer = handle_incoming(sid="CA1", called=LINE, calling=MARY, now=shop.now)
    step(shop, Step.ORDER)
    answer = handle_input(sid="CA1", turn=answer.turn, keys="1", now=shop.clock.turn(9))
    assert [each.key for each in spoken(answer.reply)] == ["caller.again"]


def test_in_its_fourth_step_only_callers_whom_the_shop_knows_pay(shop: World) -> None:
    shop.order("1043", phone=LUIS)
    step(shop, Step.PERSON)
    assert tries(shop, MARY, GOOD).refused
    assert tries(shop, LUIS, GOOD, order="1043").paid


def test_a_paused_line_says_so_to_everybody_and_goes_on_by_itself(shop: World) -> None:
    shop.order("1043", phone=LUIS)
    step(shop, Step.PAUSED)
    assert tries(shop, LUIS, GOOD, order="1043").words == ["line.paused"]
    assert Alert.objects.get(kind="line_guarded").closed_at is None
    for _ in range(40):
        shop.clock.turn(minutes=15)
        due.run_due(shop.now)
        if not Measure.objects.get(kind="line").step:
            break
    assert Measure.objects.get(kind="line").step == Step.NONE
    assert Alert.objects.get(kind="line_guarded").closed_at is not None
    assert tries(shop, MARY, GOOD).paid


def test_a_caller_who_is_on_the_line_already_meets_it_before_the_card(shop: World) -> None:
    answer = handle_incoming(sid="CA1", called=LINE, calling=MARY, now=shop.now)
    answer = handle_input(sid="CA1", turn=answer.turn, keys="1042#", now=shop.clock.turn(9))
    refuse(shop)
    answer = handle_input(sid="CA1", turn=answer.turn, keys="1", now=shop.clock.turn(9))
    assert [each.key for each in spoken(answer.reply)] == ["caller.refused.help"]
    call = Call.objects.get(sid="CA1")
    assert (call.payment, call.ended, call.script["guard"]["refusal"]) == (None, "caller_refused", "caller_refused")


def test_an_order_for_which_card_after_card_was_declined_is_no_tool_any_more(shop: World) -> None:
    shop.order("1043")
    for number in range(3):
        tries(shop, f"+1206555020{number}", stolen(number))
    step(shop, Step.ORDER)
    assert tries(shop, MARY, stolen(9)).words[-1] == "caller.refused.help"
    assert tries(shop, MARY, GOOD, order="1043").paid


def test_a_card_that_many_callers_tried_is_turned_away_without_asking_its_bank(shop: World) -> None:
    for number in range(CARD_CALLERS_DAY):
        assert tries(shop, f"+1206555020{number}", stolen(7)).sent == 1
    fifth = tries(shop, MARY, stolen(7))
    assert (fifth.asked, fifth.sent) == (1, 0)
    assert "decline.generic" in fifth.words
    assert CardAttempt.objects.filter(decline_code="turned_away").count() == 1
    assert tries(shop, MARY, GOOD).paid


def test_nor_is_its_bank_asked_by_the_worker_where_the_process_died(shop: World, monkeypatch: Any) -> None:
    for number in range(CARD_CALLERS_DAY):
        tries(shop, f"+1206555020{number}", stolen(7))
    monkeypatch.setattr(pool, "start_charge", lambda *_given: None)
    assert tries(shop, MARY, stolen(7)).sent == 0
    asked = shop.charges
    shop.clock.turn(60)
    due.run_charges_due(shop.now)
    assert (CardAttempt.objects.filter(decline_code="turned_away").count(), shop.charges) == (1, asked)


def test_a_bank_that_is_down_turns_nobody_away(shop: World) -> None:
    for _ in range(6):
        assert tries(shop, MARY, BUSY_BANK, BUSY_BANK, BUSY_BANK).asked == 3
    assert tries(shop, MARY, GOOD).paid
    assert not Measure.objects.exists()


def test_a_card_service_that_does_not_work_turns_nobody_away(shop: World) -> None:
    for _ in range(20):
        assert "error.pay" in tries(shop, MARY, NO_SERVICE).words
    assert tries(shop, MARY, GOOD).paid
    assert not Measure.objects.exists()


def test_the_shops_own_telephone_takes_the_cards_of_many_customers(shop: World) -> None:
    for number in range(20):
        shop.order(f"2{number:03d}")
        cards = [stolen(number)] * (number % 4 == 0) + [LIVING[number % len(LIVING)]]
        assert tries(shop, MARY, *cards, order=f"2{number:03d}").paid
        shop.clock.turn(minutes=15)
    assert CardAttempt.objects.count() == 5
    assert not Measure.objects.exists()


def test_too_many_calls_of_one_number_at_once_are_not_let_in_and_nothing_is_held(shop: World) -> None:
    answers = [handle_incoming(sid=f"CA{n}", called=LINE, calling=MARY, now=shop.now) for n in range(8)]
    said = [[each.key for each in spoken(answer.reply)][-1] for answer in answers]
    assert said == ["order.ask"] * 6 + ["caller.refused.help"] * 2
    assert not Measure.objects.exists()


def test_a_call_whose_end_was_lost_is_not_on_the_line_for_ever(shop: World) -> None:
    for number in range(6):
        handle_incoming(sid=f"CA{number}", called=LINE, calling=MARY, now=shop.now)
    shop.clock.turn(minutes=5)
    assert tries(shop, MARY, GOOD).paid


def test_whoever_tries_order_numbers_is_refused(world: MakeWorld) -> None:
    shop = world(accepts_unknown_orders=False)
    for number in range(4):
        tries(shop, MARY, GOOD, order=f"77{number}0")
    assert tries(shop, MARY, GOOD).words == ["caller.refused.help"]
    assert Measure.objects.get().why == Why.NUMBERS


def test_the_worker_looks_at_callers_who_hung_up_before_they_were_told(shop: World, monkeypatch: Any) -> None:
    due.run_due(shop.now)
    monkeypatch.setattr("phonepay.calls.guarding.after_decline", lambda **_: None)
    tries(shop, MARY, stolen(1), stolen(2), stolen(3))
    assert not Measure.objects.exists()
    due.run_due(shop.now)
    assert Measure.objects.get(kind="caller").step == Step.GENERIC


def test_what_is_held_is_forgotten_a_week_after_it_has_ended(shop: World) -> None:
    refuse(shop)
    shop.clock.turn(days=9)
    due.run_due(shop.now)
    assert not Measure.objects.exists()


def test_what_is_usual_is_learned_from_the_middle_day_and_not_from_an_attack(shop: World) -> None:
    for day in range(10):
        for number in range(6):
            phone = f"+120655{day:02d}1{number:02d}"
            tries(shop, phone, stolen(day * 10 + number) if day == 5 or not number else GOOD, order=f"9{day}{number}")
        pool.wait_until_idle()
        shop.clock.turn(days=1)
    assert 0.1 < due.learned(shop.line, shop.now) < 0.25
