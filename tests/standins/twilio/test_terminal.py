"""The telephone in a terminal: scripts and typing."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from phonepay.standins.twilio import Telephone
from phonepay.standins.twilio.script import ScriptError, steps_of
from phonepay.standins.twilio.terminal import run
from tests.standins.twilio.paying import result, takes_cards
from tests.standins.twilio.product import Product

Make = Callable[..., Telephone]


@pytest.fixture
def order(product: Product) -> Product:
    """A product that asks for a number, then for a card."""
    takes_cards(product)
    product.pages["/card"] = product.pages["/voice"]
    product.says("/voice", '<Gather action="/card"><Say>Your number, please.</Say></Gather><Say>Nothing keyed.</Say>')
    return product


def test_a_script_makes_a_whole_call(order: Product, telephone: Make) -> None:
    printed: list[str] = []
    call = run(telephone(), "1042# card:4242424242424242/0330/123/94110 hangup", out=printed.append)
    assert result(order)["Result"] == "success"
    assert order.at("/card")[0].form["Digits"] == "1042"
    assert printed[0] == "00:00  voice  Your number, please."
    assert any("keys   1042#" in line for line in printed)
    assert not any("4242424242424242" in line for line in printed)
    assert call.state == "ended"


def test_a_script_may_be_a_file_with_remarks(order: Product, telephone: Make, tmp_path: Path) -> None:
    path = tmp_path / "call.txt"
    path.write_text("-- a call\n1042#\n. -- silence\nh\n", encoding="utf-8")
    call = run(telephone(), str(path), out=lambda _: None)
    assert order.at("/card")[0].form["Digits"] == "1042"
    assert call.state == "ended"


def test_the_end_of_a_script_hangs_up(order: Product, telephone: Make) -> None:
    assert run(telephone(), "10", out=lambda _: None).ended_by == "caller"


def test_a_call_can_be_made_by_hand(order: Product, telephone: Make) -> None:
    typed = iter(["?", "wrong", "1042#", "card:4242424242424242/0330/123/94110"])
    printed: list[str] = []
    questions: list[str] = []

    def ask(question: str) -> str:
        questions.append(question)
        return next(typed)

    run(telephone(), out=printed.append, ask=ask)
    assert result(order)["Result"] == "success"
    assert questions == ["keys> ", "keys> ", "keys> ", "card number> "]
    assert any("“wrong” is no step" in line for line in printed)
    assert any("stay silent" in line for line in printed)


def test_the_end_of_what_is_typed_hangs_up(order: Product, telephone: Make) -> None:
    def ended(question: str) -> str:
        raise EOFError

    assert run(telephone(), out=lambda _: None, ask=ended).ended_by == "caller"


def test_a_transfer_can_be_answered(product: Product, telephone: Make) -> None:
    product.says("/voice", '<Dial action="/dialed">+15550142</Dial>')
    product.says("/dialed", lambda arrived: f"<Say>{arrived.form['DialCallStatus']}</Say>")
    assert run(telephone(), "answered:3", out=lambda _: None).last == "completed"
    assert run(telephone(), "refused", out=lambda _: None).last == "busy"


def test_what_twilio_would_note_is_printed_at_the_end(product: Product, telephone: Make) -> None:
    product.says("/voice", '<Say loudness="9">Hello.</Say>')
    printed: list[str] = []
    run(telephone(), "h", out=printed.append)
    assert printed[-1] == "Twilio would note 12200: <Say> has no attribute loudness."


@pytest.mark.parametrize(
    ("script", "sentence"),
    [
        ("12a", "“12a” is no step"),
        ("card:abc", "“card:abc” is no card"),
        ("card:1/2/3/4/5", "is no card"),
        ("fast:", "is no step"),
        ("h:soon", "needs a number of seconds"),
    ],
)
def test_a_step_that_cannot_be_read_is_told_in_a_sentence(script: str, sentence: str) -> None:
    with pytest.raises(ScriptError, match=sentence):
        steps_of(script)


def test_a_step_that_cannot_be_done_is_told_and_the_call_is_hung_up(order: Product, telephone: Make) -> None:
    phone = telephone()
    with pytest.raises(ScriptError, match=r"Step 1 \(card:4242/0330\) cannot be done: no card is asked for"):
        run(phone, "card:4242/0330", out=lambda _: None)
    assert phone.calls[0].ended_by == "caller"


def test_a_step_after_the_end_of_the_call_is_told(product: Product, telephone: Make) -> None:
    product.says("/voice", "<Hangup/>")
    with pytest.raises(ScriptError, match="came too late"):
        run(telephone(), "1", out=lambda _: None)
