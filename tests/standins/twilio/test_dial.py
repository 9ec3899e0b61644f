"""<Dial>: nobody answers, a person answers, a person is busy."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from phonepay.standins.twilio import Switches, Telephone
from tests.standins.twilio.product import Product

Make = Callable[..., Telephone]


@pytest.fixture
def transfer(product: Product) -> Product:
    """A product that connects to a person, and says what came of it."""
    product.says(
        "/voice", '<Say>Connecting.</Say><Dial timeout="25" action="/dialed"><Number>+15550142</Number></Dial>'
    )
    product.says("/dialed", lambda arrived: f"<Say>{arrived.form['DialCallStatus']}</Say>")
    return product


def test_it_rings_until_the_caller_decides(transfer: Product, telephone: Make) -> None:
    call = telephone().dial()
    assert (call.state, call.listening_for) == ("ringing", "dial")


def test_nobody_answers_within_the_timeout(transfer: Product, telephone: Make) -> None:
    call = telephone().dial()
    start = call.clock
    call.wait()
    assert call.last == "no-answer"
    assert call.heard[-1].at == pytest.approx(start + 25.2)


def test_keys_are_ignored_while_it_rings(transfer: Product, telephone: Make) -> None:
    call = telephone().dial().press("0")
    assert call.state == "ringing"


def test_a_person_answers_and_the_two_talk(transfer: Product, telephone: Make) -> None:
    call = telephone().dial()
    start = call.clock
    call.answered_by_person(after=10, talks_for=30)
    assert call.last == "completed"
    assert call.heard[-1].at == pytest.approx(start + 40.2)
    assert transfer.at("/dialed")[0].form["DialCallDuration"] == "30"


def test_a_person_who_answers_too_late_does_not(transfer: Product, telephone: Make) -> None:
    assert telephone().dial().answered_by_person(after=26).last == "no-answer"


def test_a_person_may_be_busy(transfer: Product, telephone: Make) -> None:
    assert telephone().dial().answered_by_person(False).last == "busy"


def test_the_answer_can_be_arranged_before_it_rings(transfer: Product, telephone: Make) -> None:
    call = telephone().prepare().answered_by_person(after=3)
    assert call.start().last == "completed"


def test_a_dial_without_action_goes_on_with_the_next_verb(product: Product, telephone: Make) -> None:
    product.says("/voice", "<Dial>+1 (555) 555-0142</Dial><Say>Nobody could take your call.</Say>")
    assert telephone().dial().wait().last == "Nobody could take your call."


def test_a_number_that_is_none_fails_at_once(product: Product, telephone: Make) -> None:
    product.says("/voice", '<Dial action="/dialed">nobody</Dial>')
    product.says("/dialed", lambda arrived: f"<Say>{arrived.form['DialCallStatus']}</Say>")
    call = telephone().dial()
    assert (call.last, call.warnings[0].code) == ("failed", 13224)


@pytest.mark.parametrize(("setting", "statuses"), [(False, []), (True, ["canceled"])])
def test_the_action_after_a_hang_up_is_a_switch(
    transfer: Product, telephone: Make, setting: bool, statuses: list[str]
) -> None:
    call = telephone(switches=Switches(dial_action_on_hangup=setting)).dial().hang_up()
    assert [arrived.form["DialCallStatus"] for arrived in transfer.at("/dialed")] == statuses
    assert call.ended_by == "caller"
