"""Amounts as they are keyed: each integer comes back, and what is not clear is not guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phonepay.ivr.keypad import read_amount
from phonepay.lib.money import MAXIMUM, currency

CODES = ["usd", "eur", "mxn", "jpy", "krw", "kwd", "bhd", "isk", "ugx", "huf"]


def keys_for(amount: int, code: str, *, minor: bool) -> str:
    """What somebody keys for an amount."""
    facts = currency(code)
    if not facts.shown_decimals:
        return str(amount // facts.unit)
    if minor:
        return str(amount)
    whole, fraction = divmod(amount, facts.unit)
    return f"{whole}*{fraction:0{facts.decimals}}"


@given(code=st.sampled_from(CODES), steps=st.integers(0, MAXIMUM // 100), minor=st.booleans())
def test_every_amount_comes_back_from_its_keys(code: str, steps: int, minor: bool) -> None:
    amount = steps * currency(code).step
    read = read_amount(keys_for(amount, code, minor=minor), code, minor=minor)
    assert read is not None
    assert read.amount == amount


@given(keys=st.text("0123456789*", max_size=12), code=st.sampled_from(CODES), minor=st.booleans())
def test_whatever_is_keyed_is_an_amount_that_can_be_charged_or_nothing(keys: str, code: str, minor: bool) -> None:
    read = read_amount(keys, code, minor=minor)
    assert read is None or (read.amount >= 0 and read.amount % currency(code).step == 0)


@pytest.mark.parametrize(
    ("keys", "code", "amount"),
    [
        ("42*50", "usd", 4250),
        ("42", "usd", 4200),
        ("0042", "usd", 4200),
        ("*50", "usd", 50),
        ("42*500", "kwd", 42500),
        ("42", "kwd", 42000),
        ("4250", "jpy", 4250),
        ("4250", "isk", 425000),
    ],
)
def test_the_star_is_the_point(keys: str, code: str, amount: int) -> None:
    read = read_amount(keys, code, minor=False)
    assert read is not None
    assert (read.amount, read.starred) == (amount, "*" in keys)


@pytest.mark.parametrize(
    ("keys", "code"),
    [
        ("42*5", "usd"),
        ("42*", "usd"),
        ("42*505", "usd"),
        ("4*2*50", "usd"),
        ("*", "usd"),
        ("", "usd"),
        ("42*50", "kwd"),
        ("42*505", "kwd"),
        ("42*5", "jpy"),
        ("42*00", "isk"),
        ("٤٢", "usd"),
    ],
)
def test_what_is_not_clear_is_asked_again(keys: str, code: str) -> None:
    assert read_amount(keys, code, minor=False) is None


def test_a_line_may_count_in_the_smallest_unit() -> None:
    assert read_amount("4250", "usd", minor=True) is not None
    assert read_amount("42*50", "usd", minor=True) is None
    assert read_amount("42505", "kwd", minor=True) is None
