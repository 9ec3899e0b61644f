"""The old texts: whatever stands in them is read or left, never guessed, and never holds a card number afterwards."""

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phonepay.imports.ancestor import prompts
from phonepay.imports.ancestor.prompts import PLACES, SHIPPED
from phonepay.imports.ancestor.reading import FIRST, minor, moment, notes, safe
from phonepay.imports.ancestor.report import Report
from phonepay.ivr.prompts import LOCALES
from phonepay.ivr.prompts import problems as problems_of
from phonepay.lib.cards import looks_like_card_number

NOW = datetime(2026, 11, 23, tzinfo=UTC)
CARD_LIKE = st.sampled_from(["4242424242424242", "4242 4242 4242 4242", "3782-822463-10005", "5018000000000009"])


@given(st.integers(int(FIRST.timestamp()), int(NOW.timestamp())))
def test_unix_seconds_are_a_time(seconds: int) -> None:
    at = datetime.fromtimestamp(seconds, UTC)
    assert moment(str(seconds), now=NOW) == moment(f" {seconds}000", now=NOW) == at


@given(st.text(max_size=20))
def test_any_text_is_a_time_within_bounds_or_none(text: str) -> None:
    at = moment(text, now=NOW)
    assert at is None or FIRST <= at <= NOW + timedelta(days=1)


@pytest.mark.parametrize(
    "text", ["", "0", "-5", "1e9", "2016-03-03", "99999999999", "123456789", "１４５７００００００"]
)
def test_what_is_no_time(text: str) -> None:
    assert moment(text, now=NOW) is None


@given(
    st.text(max_size=800) | st.recursive(st.none() | st.booleans() | st.floats() | st.text(), st.lists).map(json.dumps)
)
def test_any_notes_can_be_read(text: str) -> None:
    read = notes(text)
    assert read.amount is None or 0 < read.amount < 10**12
    assert len(read.words) <= 200 and not looks_like_card_number(read.words)


@given(st.integers(1, 10**9), st.booleans())
def test_the_amount_of_a_charge(amount: int, quoted: bool) -> None:
    written = json.dumps({"amount": str(amount) if quoted else amount, "currency": "USD"})
    assert (notes(written).amount, notes(written).currency) == (Decimal(amount), "usd")


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ('{"Manual":"Manually refunded $ 12"}', Decimal(12)),
        ('{"Manual":"Manually refunded $ 12.50"}', Decimal("12.50")),
        ('{"Manual":"Manually refunded $ "}', None),
        ('{"amount":"12","curr', None),
        ("[" * 800, None),
        ('{"amount":NaN}', None),
        ('{"amount":true}', None),
        ('{"amount":-3}', None),
        ("null", None),
        ("", None),
    ],
)
def test_amounts_in_notes(text: str, amount: Decimal | None) -> None:
    assert notes(text).amount == amount


@given(st.text(max_size=60), CARD_LIKE, st.text(max_size=60), st.integers(1, 200))
def test_no_card_number_is_left(before: str, number: str, after: str, most: int) -> None:
    line = safe(before + number + after, most)
    assert number not in line and not looks_like_card_number(line) and len(line) <= most


def test_a_fraction_of_a_cent_is_no_amount() -> None:
    assert minor(Decimal("12.505"), 100) is None and minor(Decimal("12.5"), 100) == 1250


def test_what_was_shipped_was_not_edited() -> None:
    assert prompts.edited({name: f" {text.upper()} " for name, text in SHIPPED.items()}) == {}


@given(st.sampled_from(sorted(PLACES)), st.text(min_size=1, max_size=120), st.sampled_from(LOCALES))
def test_whatever_was_written_ours_stay_whole(name: str, text: str, locale: str) -> None:
    made = prompts.carried({name: text}, locale, Report())
    for key, words in made.items():
        assert problems_of(words, key, locale) == [] and not looks_like_card_number(words)


@pytest.mark.parametrize("text", ["Hello {shop}", "Pay %s", "Pay $amount", "<b>Hi</b>", "Card 4242424242424242"])
def test_placeholders_that_ours_do_not_have_are_refused(text: str) -> None:
    report = Report()
    assert prompts.carried({"welcome": text}, "en-US", report) == {}
    assert list(report.reasons) == [("left out", "prompt_refused")]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_words_in_any_encoding(encoding: str) -> None:
    written = "welcome = Bienvenidos a la librería de Núñez".encode(encoding)
    assert prompts.read(prompts.decoded(written), Report()) == {"welcome": "Bienvenidos a la librería de Núñez"}


def test_the_currency_is_not_said_twice() -> None:
    made = prompts.carried({"amount": "Your card will be charged dollar"}, "en-US", Report())
    assert made == {"fixed.confirm": "Your card will be charged {amount}. To pay, press 1. If not, you can hang up."}
