"""Words for the voice, in English and Spanish."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phonepay.lib.money import currency
from phonepay.lib.speech import (
    say_ago,
    say_cards,
    say_characters,
    say_confirmation,
    say_money,
    say_number,
    say_phone,
    say_unit,
    say_when,
    seconds,
)


@pytest.mark.parametrize(
    ("amount", "code", "locale", "words"),
    [
        (4250, "usd", "en-US", "forty-two dollars and fifty cents"),
        (4200, "usd", "en-US", "forty-two dollars"),
        (100, "usd", "en-US", "one dollar"),
        (101, "usd", "en-US", "one dollar and one cent"),
        (50, "usd", "en-US", "fifty cents"),
        (0, "usd", "en-US", "zero dollars"),
        (425000, "usd", "en-US", "four thousand two hundred fifty dollars"),
        (425000, "usd", "en-GB", "four thousand two hundred and fifty dollars"),
        (100500, "gbp", "en-GB", "one thousand and five pounds"),
        (4250, "gbp", "en-GB", "forty-two pounds and fifty pence"),
        (101, "gbp", "en-GB", "one pound and one penny"),
        (4250, "jpy", "en-US", "four thousand two hundred fifty yen"),
        (42500, "kwd", "en-US", "forty-two dinars and five hundred fils"),
        (42010, "kwd", "en-US", "forty-two dinars and ten fils"),
        (100000, "isk", "en-US", "one thousand krónur"),
        (4250, "kzt", "en-US", "forty-two point five zero Kazakhstani tenges"),
        (4250, "usd", "es-US", "cuarenta y dos dólares con cincuenta centavos"),
        (100, "usd", "es-US", "un dólar"),
        (2100, "usd", "es-US", "veintiún dólares"),
        (3101, "usd", "es-US", "treinta y un dólares con un centavo"),
        (10000, "usd", "es-US", "cien dólares"),
        (10100, "usd", "es-US", "ciento un dólares"),
        (100000, "usd", "es-US", "mil dólares"),
        (2100000, "usd", "es-US", "veintiún mil dólares"),
        (100000000, "usd", "es-US", "un millón de dólares"),
        (100010000, "usd", "es-US", "un millón cien dólares"),
        (200000000, "mxn", "es-MX", "dos millones de pesos"),
        (20121, "gbp", "es-ES", "doscientas una libras con veintiún peniques"),
        (2150, "eur", "es-ES", "veintiún euros con cincuenta céntimos"),
        (50000, "usd", "es-US", "quinientos dólares"),
    ],
)
def test_money_in_words(amount: int, code: str, locale: str, words: str) -> None:
    assert say_money(amount, code, locale) == words


@given(
    amount=st.integers(0, 99_999_999),
    code=st.sampled_from(["usd", "eur", "gbp", "jpy", "kwd", "isk", "kzt", "mxn"]),
    locale=st.sampled_from(["en-US", "en-GB", "es-US", "es-ES"]),
)
def test_every_amount_is_said_in_letters_alone(amount: int, code: str, locale: str) -> None:
    words = say_money(amount - amount % currency(code).step, code, locale)
    assert not any(each.isdigit() for each in words)
    assert "  " not in words and words == words.strip()


@given(a=st.integers(0, 10**9), b=st.integers(0, 10**9), locale=st.sampled_from(["en-US", "en-GB", "es-US"]))
def test_two_numbers_never_sound_alike(a: int, b: int, locale: str) -> None:
    assert (say_number(a, locale) == say_number(b, locale)) == (a == b)


VALUES = {
    **{say_number(number, "en-US"): number for number in [*range(20), *range(20, 100, 10)]},
    "hundred": 100,
    "thousand": 10**3,
    "million": 10**6,
}


@given(st.integers(0, 999_999_999))
def test_an_english_number_adds_up_to_itself(number: int) -> None:
    total = group = 0
    for word in say_number(number, "en-US").replace("-", " ").split():
        value = VALUES[word]
        if value == 100:
            group *= 100
        elif value > 100:
            total, group = total + group * value, 0
        else:
            group += value
    assert total + group == number


@pytest.mark.parametrize("number", [-1, 10**12])
def test_a_number_that_nobody_says_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match="not between"):
        say_number(number, "en-US")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("1042", "1, 0, 4, 2"),
        ("INV-0042", "I, N, V. 0, 0, 4, 2"),
        ("a7", "A. 7"),
        ("12345", "1, 2, 3, 4, 5"),
        ("123456", "1, 2, 3. 4, 5, 6"),
        ("1234567", "1, 2, 3. 4, 5, 6, 7"),
        ("12345678", "1, 2, 3. 4, 5, 6. 7, 8"),
        ("123456789012", "1, 2, 3. 4, 5, 6. 7, 8, 9. 0, 1, 2"),
    ],
)
def test_a_number_is_said_by_its_characters(text: str, said: str) -> None:
    assert say_characters(text) == said


@given(st.text("0123456789ABCXYZ-", min_size=1, max_size=16))
def test_no_character_of_a_number_is_left_out(text: str) -> None:
    assert say_characters(text).replace(", ", "").replace(". ", "") == text.replace("-", "")


def test_a_confirmation_number_is_said_in_threes() -> None:
    assert say_confirmation("407219") == "4, 0, 7. 2, 1, 9"


@pytest.mark.parametrize(
    ("number", "locale", "said"),
    [
        ("+15550142", "en-US", "five five five, zero one, four two"),
        ("+14155550142", "en-US", "four one five, five five five, zero one, four two"),
        ("+15550142", "es-US", "cinco cinco cinco, cero uno, cuatro dos"),
        ("+442079460018", "en-GB", "zero two zero, seven nine, four six, zero zero, one eight"),
    ],
)
def test_a_phone_number_is_said_as_it_is_written_at_home(number: str, locale: str, said: str) -> None:
    assert say_phone(number, locale) == said


@pytest.mark.parametrize(
    ("cards", "locale", "said"),
    [
        (("visa", "mastercard", "amex", "discover"), "en-US", "Visa, Mastercard, American Express and Discover"),
        (("visa", "mastercard", "amex", "discover"), "es-US", "Visa, Mastercard, American Express y Discover"),
        (("visa", "amex"), "en-US", "Visa and American Express"),
        (("visa",), "en-US", "Visa"),
        ((), "en-US", ""),
    ],
)
def test_cards_are_said_as_a_list(cards: tuple[str, ...], locale: str, said: str) -> None:
    assert say_cards(cards, locale) == said


def at(month: int, day: int, hour: int = 14, minute: int = 32, year: int = 2026) -> datetime:
    return datetime(year, month, day, hour, minute, tzinfo=UTC)


@pytest.mark.parametrize(
    ("moment", "locale", "said"),
    [
        (at(11, 23), "en-US", "today at 2:32 PM"),
        (at(11, 23, 0, 5), "en-US", "today at 12:05 AM"),
        (at(11, 23, 12, 0), "en-US", "today at 12:00 PM"),
        (at(11, 3), "en-US", "on November 3"),
        (at(11, 3), "en-GB", "on 3 November"),
        (at(12, 31, year=2025), "en-US", "on December 31, 2025"),
        (at(11, 3), "es-US", "el 3 de noviembre"),
        (at(1, 1), "es-MX", "el primero de enero"),
        (at(1, 1), "es-ES", "el 1 de enero"),
        (at(12, 31, year=2025), "es-US", "el 31 de diciembre de 2025"),
        (at(11, 23, 9, 5), "es-US", "hoy a las 9:05 de la mañana"),
        (at(11, 23, 13, 5), "es-US", "hoy a la 1:05 de la tarde"),
        (at(11, 23, 21, 0), "es-US", "hoy a las 9:00 de la noche"),
        (at(11, 23), "es-ES", "hoy a las 14:32"),
    ],
)
def test_a_moment_in_words(moment: datetime, locale: str, said: str) -> None:
    assert say_when(moment, at(11, 23, 23, 0), locale) == said


@pytest.mark.parametrize(
    ("span", "locale", "said"),
    [
        (480, "en-US", "eight minutes"),
        (480, "es-US", "ocho minutos"),
        (5, "en-US", "one minute"),
        (60, "es-US", "un minuto"),
        (1260, "es-US", "veintiún minutos"),
        (3600, "en-US", "one hour"),
        (7200, "es-US", "dos horas"),
    ],
)
def test_a_span_in_words(span: int, locale: str, said: str) -> None:
    assert say_ago(span, locale) == said


def test_the_units_are_named() -> None:
    assert say_unit("usd", "en-US") == ("dollars", "cents")
    assert say_unit("mxn", "es-MX") == ("pesos", "centavos")
    assert say_unit("jpy", "en-US") == ("yen", "")


def test_a_digit_lasts_as_long_as_its_word() -> None:
    assert seconds("To pay, press 1.") == seconds("To pay, press one.")
    assert seconds("oprima el 2", "es-US") == seconds("oprima el dos", "es-US")
    assert seconds("x" * 137) == pytest.approx(10)
