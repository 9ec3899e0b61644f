"""Money as integers: read, written, and held to what Stripe charges."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phonepay.lib.money import (
    MAXIMUM,
    THREE_DECIMAL,
    ZERO_DECIMAL,
    MoneyError,
    check_chargeable,
    currency,
    format_amount,
    parse_amount,
    stripe_minimum,
)

CODES = ["usd", "eur", "jpy", "krw", "kwd", "tnd", "isk", "ugx", "huf", "twd"]


@pytest.mark.parametrize(
    ("text", "code", "amount"),
    [
        ("42.50", "usd", 4250),
        ("42", "usd", 4200),
        ("42.5", "usd", 4250),
        (" 0.99 ", "USD", 99),
        ("4250", "jpy", 4250),
        ("42.500", "kwd", 42500),
        ("42.51", "kwd", 42510),
        ("1000", "isk", 100000),
        ("42.50", "huf", 4250),
    ],
)
def test_an_amount_is_read_into_minor_units(text: str, code: str, amount: int) -> None:
    assert parse_amount(text, code) == amount


@pytest.mark.parametrize(
    ("text", "code", "why"),
    [
        ("42.505", "usd", "more decimals than USD has"),
        ("42.5", "jpy", "more decimals than JPY has"),
        ("42.505", "kwd", "last decimal must be 0"),
        ("10.50", "isk", "only whole amounts"),
        ("-5", "usd", "is not an amount"),
        ("1,000", "usd", "is not an amount"),
        ("$5", "usd", "is not an amount"),
        ("1e3", "usd", "is not an amount"),
        ("٤٢", "usd", "is not an amount"),
        (".", "usd", "is not an amount"),
        ("", "usd", "is not an amount"),
        ("5", "usdollars", "is not a currency code"),
    ],
)
def test_what_is_not_plainly_an_amount_is_refused(text: str, code: str, why: str) -> None:
    with pytest.raises(MoneyError, match=why):
        parse_amount(text, code)


@given(code=st.sampled_from(CODES), steps=st.integers(0, MAXIMUM // 100))
def test_every_amount_comes_back_from_its_decimals(code: str, steps: int) -> None:
    facts = currency(code)
    amount = steps * facts.step
    whole, fraction = divmod(amount, facts.unit)
    written = f"{whole}.{fraction:0{facts.decimals}}" if facts.decimals else str(whole)
    assert parse_amount(written, code) == amount


@pytest.mark.parametrize(
    ("amount", "code", "locale", "written"),
    [
        (4250, "usd", "en-US", "$42.50"),
        (-4250, "usd", "en-US", "-$42.50"),
        (425000, "usd", "en-US", "$4,250.00"),
        (4250, "gbp", "en-GB", "£42.50"),
        (4250, "jpy", "en-US", "¥4,250"),
        (42500, "kwd", "en-US", "KWD\xa042.500"),
        (100000, "isk", "en-US", "ISK\xa01,000"),
        (4250, "eur", "es-ES", "42,50\xa0€"),
        # CLDR knows no decimals of the Serbian dinar; Stripe charges two, and none may be lost.
        (4250, "rsd", "en-US", "RSD\xa042.50"),
    ],
)
def test_an_amount_is_written_as_the_locale_writes_it(amount: int, code: str, locale: str, written: str) -> None:
    assert format_amount(amount, code, locale) == written


def test_the_decimals_are_stripes() -> None:
    assert {currency(code).decimals for code in ZERO_DECIMAL} == {0}
    assert {(currency(code).decimals, currency(code).step) for code in THREE_DECIMAL} == {(3, 10)}
    assert (currency("isk").decimals, currency("isk").step) == (2, 100)
    assert (currency("huf").decimals, currency("huf").step) == (2, 1)


def test_the_least_that_stripe_charges() -> None:
    assert (stripe_minimum("usd"), stripe_minimum("gbp"), stripe_minimum("EUR")) == (50, 30, 50)
    assert stripe_minimum("isk") == 100
    assert stripe_minimum("kzt") == 50


@pytest.mark.parametrize(
    ("amount", "code", "why"),
    [(49, "usd", "too little"), (MAXIMUM + 1, "usd", "too much"), (42505, "kwd", "must be 0"), (150, "isk", "whole")],
)
def test_what_stripe_would_refuse_is_refused_before(amount: int, code: str, why: str) -> None:
    with pytest.raises(MoneyError, match=why):
        check_chargeable(amount, code)


def test_the_least_and_the_most_can_be_charged() -> None:
    check_chargeable(50, "usd")
    check_chargeable(MAXIMUM, "usd")
