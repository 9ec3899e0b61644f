"""Kinds of cards, their check digit and their masks."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phonepay.standins.twilio.cards import TEST_NUMBERS, is_whole, kind_of, masked, passes_check_digit

DIGITS = st.text(alphabet="0123456789", min_size=1, max_size=25)


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("4242424242424242", "visa"),
        ("5555555555554444", "mastercard"),
        ("2223003122003222", "mastercard"),
        ("2720990000000007", "mastercard"),
        ("378282246310005", "amex"),
        ("6011111111111117", "discover"),
        ("3056930009020004", "diners-club"),
        ("3566002020360505", "jcb"),
        ("6759649826438453", "maestro"),
    ],
)
def test_a_number_tells_its_kind(number: str, kind: str) -> None:
    found = kind_of(number)
    assert found is not None
    assert found.name == kind


@pytest.mark.parametrize("number", sorted(TEST_NUMBERS))
def test_every_test_card_is_a_card_that_can_be_keyed(number: str) -> None:
    kind = kind_of(number)
    assert passes_check_digit(number)
    assert kind is not None
    assert len(number) in kind.lengths


@given(DIGITS, st.data())
def test_one_wrong_digit_never_passes_the_check(number: str, data: st.DataObject) -> None:
    check = next(digit for digit in "0123456789" if passes_check_digit(number + digit))
    whole = number + check
    place = data.draw(st.integers(0, len(whole) - 1))
    other = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != whole[place]]))
    assert not passes_check_digit(whole[:place] + other + whole[place + 1 :])


@given(DIGITS)
def test_a_mask_shows_four_digits_at_most(number: str) -> None:
    for shape in ("x", "dashed", "stars", "last4"):
        shown = [character for character in masked(number, shape) if character.isdigit()]  # type: ignore[arg-type]  # a shape
        assert "".join(shown) == number[-4:]


def test_a_diners_card_may_have_fourteen_or_sixteen_digits() -> None:
    assert is_whole("36227206271667")
    assert not is_whole("30569300090200")
    assert is_whole("3056930009020004")
