"""Card numbers are known wherever somebody writes one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phonepay.lib.cards import looks_like_card_number, mask_long_digits, passes_luhn

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


@pytest.mark.parametrize("number", CARDS.values(), ids=list(CARDS))
@pytest.mark.parametrize("separator", ["", " ", "-", ".", "*", "\u00a0", "–"])
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
