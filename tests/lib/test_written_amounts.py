"""Amounts in files, as each country and each program writes them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phonepay.lib.money import format_amount
from phonepay.lib.written_amounts import COMMA, POINT, AmountRefused, mark_of, read_amount


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1,234.50", 123450),
        ("1.234,50", 123450),
        ("1234.5", 123450),
        ("1234,5", 123450),
        ("1 234,50", 123450),
        ("1\u202f234,50 €", 123450),
        ("1'234.50", 123450),
        ("1,234,567", 123456700),
        ("$42", 4200),
        ("42.50 USD", 4250),
        ("USD42.50", 4250),
        ("0.99", 99),
        ("1234", 123400),
    ],
)
def test_the_usual_spellings_are_read(text: str, amount: int) -> None:
    code = "usd" if "€" not in text else "eur"
    if amount > 99_999_999:
        with pytest.raises(AmountRefused, match="too_much"):
            read_amount(text, code)
    else:
        assert read_amount(text, code) == amount


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "missing"),
        ("1,234", "ambiguous"),
        ("1.234", "ambiguous"),
        ("-5.00", "negative"),
        ("(5.00)", "negative"),
        ("five", "unreadable"),
        ("1,23,4.50", "unreadable"),
        ("12.34.56", "unreadable"),
        ("1.2345", "decimals"),
        ("0.125", "decimals"),
        ("42.50 EUR", "other_currency"),
        ("0.10", "too_little"),
        ("0", "too_little"),
        ("1e5", "unreadable"),
        ("=42", "unreadable"),
        ("4,2.5,0", "unreadable"),
        (".5", "unreadable"),
    ],
)
def test_what_is_not_surely_an_amount_is_refused(text: str, reason: str) -> None:
    with pytest.raises(AmountRefused) as refused:
        read_amount(text, "usd")
    assert refused.value.reason == reason


def test_a_mark_that_was_said_settles_what_is_ambiguous() -> None:
    assert read_amount("1,234", "usd", POINT) == read_amount("1.234", "usd", COMMA) == 123400


def test_currencies_without_decimals_are_counted_whole() -> None:
    assert read_amount("1,234", "jpy", POINT) == 1234
    with pytest.raises(AmountRefused, match="decimals"):
        read_amount("12.50", "jpy")


@pytest.mark.parametrize(
    ("texts", "mark"),
    [(["1.234", "12,50"], ","), (["1,234", "12.5"], "."), (["1,50", "1.50"], ""), (["1,234"], ""), (["42"], "")],
)
def test_a_column_shows_its_mark(texts: list[str], mark: str) -> None:
    assert mark_of(texts) == mark


@given(st.integers(50, 99_999_999), st.sampled_from(["en-US", "es-ES", "de-DE", "de-CH", "fr-FR", "en-IN"]))
def test_what_a_locale_writes_with_decimals_is_read_back(amount: int, locale: str) -> None:
    written = format_amount(amount, "eur", locale)
    if locale == "en-IN" and amount >= 10_000_000:
        return  # lakhs are grouped by two: refused, never misread
    assert read_amount(written, "eur") == amount


@given(st.text(st.sampled_from("0123456789.,-' €$"), max_size=12))
def test_an_amount_is_never_read_as_another(text: str) -> None:
    """Whatever is read has the digits that are written, in their order."""
    try:
        amount = read_amount(text, "usd")
    except AmountRefused:
        return
    written = "".join(each for each in text if each.isdigit()).lstrip("0")
    assert str(amount).rstrip("0").startswith(written.rstrip("0")) and len(str(amount)) - len(written) <= 2
