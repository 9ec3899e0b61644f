"""What was spoken, for the eye: amounts and numbers in figures, everything else as it was heard."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phonepay.ivr.prompts import LOCALES, catalogue
from phonepay.ivr.readable import readable
from phonepay.ivr.replies import Speech
from phonepay.ivr.script import Behavior, Script
from phonepay.lib.money import format_amount
from phonepay.lib.speech import say_characters, say_confirmation, say_money, say_phone

SCRIPT = Script(
    shop="Harbor Garage",
    behavior=Behavior(True, None),
    currency="usd",
    floor=50,
    ceiling=50_000,
    shop_phone="+14155550142",
)


def spoken(key: str, text: str, locale: str = "en-US") -> Speech:
    return Speech(key, text, locale, "")


@given(st.integers(50, 9_999_999), st.sampled_from(LOCALES), st.sampled_from(["usd", "eur", "jpy"]))
def test_an_amount_that_is_known_is_shown_as_its_locale_writes_it(amount: int, locale: str, code: str) -> None:
    said = catalogue(locale).prompts["fixed.confirm"].replace("{amount}", say_money(amount, code, locale))
    shown = readable(spoken("fixed.confirm", said, locale), SCRIPT, amounts=[(amount, code), (1, code)])
    assert shown == catalogue(locale).prompts["fixed.confirm"].replace("{amount}", format_amount(amount, code, locale))


@given(st.text("0123456789", min_size=6, max_size=6))
def test_a_confirmation_number_is_put_together(number: str) -> None:
    text = f"Thank you. You have paid X. Your confirmation number is {say_confirmation(number)}."
    template = {"en-US": {"outcome.paid": "Thank you. You have paid X. Your confirmation number is {confirmation}."}}
    assert readable(spoken("outcome.paid", text), replace(SCRIPT, words=template)).endswith(f" is {number}.")


@pytest.mark.parametrize("number", ["1042", "INV-0042", "4680042", "A-1-B-2"])
def test_an_order_number_is_shown_as_it_is_written(number: str) -> None:
    text = f"Order {say_characters(number)}: forty-two dollars."
    words = {"en-US": {"order.confirm": "Order {order}: {amount}."}}
    shown = readable(spoken("order.confirm", text), replace(SCRIPT, words=words), numbers=["7", number])
    assert shown == f"Order {number}: forty-two dollars."


def test_the_number_for_help_is_shown_as_one_dials_it() -> None:
    text = f"For help, call Harbor Garage at {say_phone('+14155550142', 'en-US')}."
    assert readable(spoken("end.help", text), SCRIPT) == "For help, call Harbor Garage at (415) 555-0142."


@given(st.text(), st.sampled_from(["order.confirm", "no.such.prompt", "goodbye"]), st.sampled_from(["en-US", "xx"]))
def test_words_that_have_changed_since_stay_as_they_were_heard(text: str, key: str, locale: str) -> None:
    assert readable(spoken(key, f"†{text}", locale), SCRIPT) == f"†{text}"
