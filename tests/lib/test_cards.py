"""Card numbers are known wherever somebody writes one."""

import base64
import json
from collections.abc import Callable
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phonepay.lib.cards import looks_like_card_number, mask_card_numbers, mask_long_digits, passes_luhn
from tests.figures import quoted

# Stripe's and the schemes' published test numbers.
CARDS = {
    "visa": "4242424242424242",
    "mastercard": "5555555555554444",
    "mastercard of the 2 series": "2223003122003222",
    "american express": "378282246310005",
    "discover": "6011111111111117",
    "diners": "3056930009020004",
    "diners, 14 digits": "36227206271667",
    "jcb": "3566002020360505",
    "unionpay": "6200000000000005",
}

SEPARATORS = ["", " ", "-", ".", "*", "\u00a0", "–"]


@pytest.mark.parametrize("number", CARDS.values(), ids=list(CARDS))
@pytest.mark.parametrize("separator", SEPARATORS)
def test_a_card_number_is_known_however_it_is_written(number: str, separator: str) -> None:
    written = separator.join(number[start : start + 4] for start in range(0, len(number), 4))
    assert looks_like_card_number(written)
    assert looks_like_card_number(f"Please charge {written}, thank you.")


@pytest.mark.parametrize("number", CARDS.values(), ids=list(CARDS))
def test_a_card_number_is_known_inside_a_longer_run(number: str) -> None:
    assert looks_like_card_number(f"99{number}00")


@given(st.sampled_from(sorted(CARDS.values())), st.integers(0, 13), st.integers(1, 9))
def test_a_wrong_digit_makes_it_another_number(number: str, place: int, shift: int) -> None:
    changed = str((int(number[place]) + shift) % 10)
    assert not passes_luhn(number[:place] + changed + number[place + 1 :])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "INV-0042",
        "1042",
        "+1 415 555 0142",
        "2026-11-23 11:30:36",
        "4242424242424241",
        "confirmation 407219, order 123456789012",
        "1234567890123456",
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert not looks_like_card_number(text)


def test_a_card_number_of_12_digits_is_known() -> None:
    number = next(f"50180000000{digit}" for digit in range(10) if passes_luhn(f"50180000000{digit}"))
    assert looks_like_card_number(number)


def test_long_digits_are_masked_and_the_rest_is_left() -> None:
    assert mask_long_digits("pay 4242 4242 4242 4242 for 1042") == "pay •••• •••• •••• •••• for 1042"
    assert mask_long_digits("123456789012 is short") == "123456789012 is short"
    assert mask_long_digits("1234567890123") == "•" * 13


@given(st.text("0123456789 -x", max_size=60))
def test_no_run_of_13_digits_is_left(text: str) -> None:
    masked = mask_long_digits(text)
    assert len(masked) == len(text)
    assert mask_long_digits(masked) == masked
    assert not any(part.isdigit() and len(part) >= 13 for part in masked.split())


def pieces(number: str, separator: str = " ") -> str:
    return separator.join(number[start : start + 4] for start in range(0, len(number), 4))


DISGUISES: dict[str, Callable[[str], str]] = {
    "full width": lambda number: "".join(chr(ord(each) + 0xFEE0) for each in number),
    "arabic digits": lambda number: "".join(chr(0x0660 + int(each)) for each in number),
    "full width in groups": lambda number: pieces("".join(chr(ord(each) + 0xFEE0) for each in number), "\u3000"),
    "dashes with spaces": lambda number: pieces(number, " - "),
    "two spaces": lambda number: pieces(number, "  "),
    "zero-width spaces": "\u200b".join,
    "soft hyphens": lambda number: pieces(number, "\u00ad"),
    "percent": lambda number: "".join(f"%{ord(each):02X}" for each in number),
    "percent twice": lambda number: "".join(f"%25{ord(each):02x}" for each in number),
    "plus for space": lambda number: pieces(number, "%20"),
    "html": lambda number: "".join(f"&#{ord(each)};" for each in number),
    "html in hexadecimal": lambda number: "".join(f"&#x{ord(each):x};" for each in number),
    "json": lambda number: '{"note": "' + "".join(f"\\u{ord(each):04x}" for each in number) + '"}',
    "json, plain": lambda number: json.dumps({"pan": number}),
    "escaped": lambda number: "".join(f"\\x{ord(each):02x}" for each in number),
    "hexadecimal": lambda number: number.encode().hex(),
    "base64": lambda number: base64.b64encode(number.encode()).decode(),
    "base64 of words": lambda number: base64.b64encode(f"card {pieces(number)} ok".encode()).decode(),
    "base64 for addresses": lambda number: base64.urlsafe_b64encode(f"?>{number}".encode()).decode().rstrip("="),
    "base64 in percent": lambda number: quote(base64.b64encode(number.encode()).decode()),
}


@pytest.mark.parametrize("number", CARDS.values(), ids=list(CARDS))
@pytest.mark.parametrize("disguise", DISGUISES)
def test_a_card_number_is_known_in_disguise(number: str, disguise: str) -> None:
    written = DISGUISES[disguise](number)
    for text in (written, f"Please charge {written}, thank you."):
        assert looks_like_card_number(text)
        masked = mask_card_numbers(text)
        assert not looks_like_card_number(masked) and written not in masked
    assert "thank you" in mask_card_numbers(f"{written}, thank you.") or disguise == "two spaces"


@pytest.mark.parametrize("text", ["CVV 737", "cvc: 7373", "Security code is 123", "el código de seguridad es 123"])
def test_a_security_code_that_is_called_so_is_known(text: str) -> None:
    assert looks_like_card_number(text) and "37" not in mask_card_numbers(text).replace("•", "")


@pytest.mark.parametrize(
    "text",
    [
        "pi_3QK7aBLkdIwHu7ix0Yz1vXcT", "CA0123456789abcdef0123456789abcdef", "req_AbCdEfGhIjKlMn", "100 % paid",
        "a&b &amp; c", "C:\\orders\\2026", "card 4242, order 1042", "the code 123", "407219 407219",
        "c2f1e0a4-6f4c-4d25-9a5e-0c6d1d2b3a4f", "https://dashboard.stripe.com/payments/pi_3QK7aBLkdIwHu7ix0Yz1vXcT",
    ],
)  # fmt: skip
def test_ids_and_words_are_left_alone(text: str) -> None:
    assert not looks_like_card_number(text) and mask_card_numbers(text) == text


@given(st.text(max_size=200))
def test_no_text_breaks_the_look(text: str) -> None:
    masked = mask_card_numbers(text)
    assert masked == text or "•" in masked


def test_the_page_says_how_many_ways_of_writing_are_known() -> None:
    quoted("card-spellings", len(SEPARATORS) + len(DISGUISES))
