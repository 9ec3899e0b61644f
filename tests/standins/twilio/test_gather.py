"""<Gather>: keys, the finishing key, silence, and what cuts words short."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from phonepay.standins.twilio import CallOver, Switches, Telephone
from tests.standins.twilio.product import Product

Make = Callable[..., Telephone]
QUESTION = "Enter your order number, then press the pound key."


def ask(product: Product, attributes: str = "", after: str = "<Say>Nothing keyed.</Say>") -> None:
    """Let the product ask for keys and repeat them."""
    product.says("/voice", f'<Gather action="/keyed" {attributes}><Say>{QUESTION}</Say></Gather>{after}')
    product.says("/keyed", lambda arrived: f"<Say>Keyed {arrived.form['Digits']}.</Say>")


def test_the_call_listens_after_the_question(product: Product, telephone: Make) -> None:
    ask(product)
    call = telephone().dial()
    assert (call.state, call.listening_for, call.last) == ("listening", "gather", QUESTION)


def test_the_finishing_key_ends_the_number_and_is_not_part_of_it(product: Product, telephone: Make) -> None:
    ask(product)
    call = telephone().dial().press("1042#")
    assert call.last == "Keyed 1042."
    assert product.at("/keyed")[0].form["FinishedOnKey"] == "#"


def test_keys_may_come_one_by_one(product: Product, telephone: Make) -> None:
    ask(product)
    call = telephone().dial().press("10")
    assert call.state == "listening"
    assert call.press("42").press("#").last == "Keyed 1042."


def test_silence_after_the_last_key_completes_the_number(product: Product, telephone: Make) -> None:
    ask(product, 'timeout="8"')
    call = telephone().dial().press("1042")
    before = call.clock
    call.wait()
    assert call.heard[1].text == "Keyed 1042."
    assert call.heard[1].at == pytest.approx(before + 8 + 0.2)


def test_silence_alone_goes_on_with_the_next_verb(product: Product, telephone: Make) -> None:
    ask(product)
    assert telephone().dial().wait().last == "Nothing keyed."
    assert product.at("/keyed") == []


def test_only_the_finishing_key_counts_as_silence(product: Product, telephone: Make) -> None:
    ask(product)
    assert telephone().dial().press("#").last == "Nothing keyed."


def test_an_empty_result_is_sent_where_it_was_asked_for(product: Product, telephone: Make) -> None:
    ask(product, 'actionOnEmptyResult="true"')
    assert telephone().dial().wait().last == "Keyed ."


def test_the_number_of_digits_ends_it_at_once(product: Product, telephone: Make) -> None:
    ask(product, 'numDigits="1"')
    assert telephone().dial().press("1").last == "Keyed 1."


def test_without_a_finishing_key_the_pound_is_a_key(product: Product, telephone: Make) -> None:
    ask(product, 'finishOnKey="" numDigits="3"')
    assert telephone().dial().press("1#*").last == "Keyed 1#*."


def test_a_gather_without_action_asks_its_own_address(product: Product, telephone: Make) -> None:
    product.says("/voice", lambda arrived: f"<Say>{arrived.form.get('Digits', 'none')}</Say><Gather numDigits='1'/>")
    assert telephone().dial().press("5").last == "5"


def test_a_key_cuts_the_question_short(product: Product, telephone: Make) -> None:
    ask(product, 'numDigits="1"')
    call = telephone().prepare()
    call.at(words=QUESTION).press("7", after_seconds=1.0)
    call.start()
    assert call.heard[0].interrupted
    assert call.heard[0].seconds == pytest.approx(1.5)
    assert call.last == "Keyed 7."


def test_a_fast_hand_goes_on_into_the_next_turns(product: Product, telephone: Make) -> None:
    product.says("/voice", '<Gather action="/voice" numDigits="4"><Say>Again, please.</Say></Gather>')
    call = telephone().dial().press("4242424242424242", per_second=5)
    assert [arrived.form["Digits"] for arrived in product.at("/voice")[1:]] == ["4242"] * 4
    assert call.state == "listening"
    assert "4242424242424242" not in call.transcript()


@pytest.mark.parametrize(("setting", "keyed"), [("buffered", ["5"]), ("dropped", [])])
def test_a_key_during_words_outside_a_gather_is_a_switch(
    product: Product, telephone: Make, setting: str, keyed: list[str]
) -> None:
    product.says("/voice", '<Say>Not one of the choices.</Say><Gather numDigits="1" action="/keyed"/>')
    product.says("/keyed", "<Say>Thank you.</Say>")
    call = telephone(switches=Switches(keys_during_say=setting)).prepare()  # type: ignore[arg-type]  # both are settings
    call.at(words="Not one").press("5")
    call.start()
    assert [arrived.form["Digits"] for arrived in product.at("/keyed")] == keyed


def test_a_hang_up_while_it_listens_sends_nothing(product: Product, telephone: Make) -> None:
    ask(product)
    call = telephone().dial().press("10").hang_up()
    assert (call.ended_by, product.at("/keyed")) == ("caller", [])


def test_a_hang_up_after_some_seconds_lets_the_call_go_on_till_then(product: Product, telephone: Make) -> None:
    ask(product, after="<Say>Are you still there?</Say><Gather><Say>Please press a key.</Say></Gather>")
    call = telephone().dial()
    start = call.clock
    call.hang_up(after_seconds=6)
    assert call.clock == pytest.approx(start + 6)
    assert call.heard[1].text == "Are you still there?"
    assert call.heard[1].interrupted


def test_a_gather_must_post_to_https_in_pci_mode(product: Product, telephone: Make) -> None:
    product.says("/voice", '<Gather action="http://pay.example/keyed"/>')
    assert telephone().dial().errors[0].code == 13337


def test_attributes_that_are_no_numbers_are_warned_of(product: Product, telephone: Make) -> None:
    ask(product, 'timeout="soon" numDigits="-1"')
    call = telephone().dial()
    assert [note.code for note in call.warnings] == [12200, 12200]


def test_a_key_that_no_telephone_has_is_refused(product: Product, telephone: Make) -> None:
    ask(product)
    with pytest.raises(ValueError, match="keys"):
        telephone().dial().press("A")


def test_a_call_that_has_ended_takes_no_keys(product: Product, telephone: Make) -> None:
    product.says("/voice", "<Hangup/>")
    call = telephone().dial()
    with pytest.raises(CallOver):
        call.press("1")
