"""Where callers stop: the step, written when the call ends, counted in one query."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from phonepay.calls.models import Call
from phonepay.calls.stops import where_callers_stop
from tests.journeys.phone import SILENCE, Act, Phone
from tests.journeys.shop import NO_FUNDS, VISA, Shop

STOPS: dict[str, tuple[str, list[Act], str]] = {
    "paid": ("fixed", ["1", VISA], ""),
    "hung up at the order number": ("fixed-with-order", [], "order"),
    "hung up at the question": ("fixed", [], "confirm"),
    "hung up at the amount": ("caller", [], "amount"),
    "hung up at the card": ("fixed", ["1"], "card"),
    "hung up after a decline": ("fixed", ["1", NO_FUNDS], "card_retry"),
    "stopped after a decline": ("fixed", ["1", NO_FUNDS, "2"], "card_retry"),
    "silent at the order number": ("fixed-with-order", [SILENCE, SILENCE, SILENCE], "order"),
    "asked for a person": ("fixed", ["0", SILENCE], "transfer"),
}


@pytest.mark.parametrize("name", STOPS)
def test_the_step_at_which_a_call_stopped(phone: Phone, shop: Shop, name: str) -> None:
    behavior, acts, step = STOPS[name]
    shop.line(behavior, **({} if "person" in name else {"person_number": ""}))
    caller = phone.dial()
    for act in acts:
        caller.does(act)
    caller.hang_up(after=3)
    assert shop.call.stopped == step


def test_a_line_that_is_paused_lets_nobody_in(phone: Phone, shop: Shop) -> None:
    shop.line("fixed", paused=True)
    phone.dial().hang_up()
    assert shop.call.stopped == "refused"


def test_a_call_knows_its_mode(phone: Phone, shop: Shop) -> None:
    shop.line("fixed")
    phone.dial().hang_up()
    assert shop.call.livemode is False
    shop.use_key("sk_live_somebodys")
    phone.dial().hang_up()
    assert shop.call.livemode is True


def test_stops_are_ranked_by_one_query_and_paid_calls_are_none(
    phone: Phone, shop: Shop, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    shop.line("fixed")
    calls: list[list[Act]] = [[], ["1"], [], ["1", VISA]]
    for acts in calls:
        caller = phone.dial()
        for act in acts:
            caller.does(act)
        caller.hang_up(after=3)
    Call.objects.filter(payment__status="succeeded").update(stopped="waiting")  # it went through after all
    with django_assert_num_queries(1):
        assert where_callers_stop(Call.objects.all()) == [("confirm", 2), ("card", 1)]
