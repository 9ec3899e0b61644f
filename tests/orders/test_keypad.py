"""The keyed form of an order number: what a caller presses for it."""

import string

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from phonepay.lib.cards import looks_like_card_number
from phonepay.orders.keypad import MAX_KEYS, NumberRefused, is_lettered, keyed_form, to_keys, without_prefix

numbers = st.text(alphabet=string.ascii_letters + string.digits + "-– ", min_size=1, max_size=16)
prefixes = st.text(alphabet=string.ascii_letters + string.digits + "-", max_size=8)


def keyed_or_skip(number: str, prefix: str) -> str:
    try:
        return keyed_form(number, prefix=prefix)
    except NumberRefused:
        assume(False)
        raise


@pytest.mark.parametrize(
    ("number", "prefix", "keys"),
    [
        ("1234", "", "1234"),
        ("INV-0042", "", "4680042"),
        ("INV-0042", "INV-", "0042"),
        ("inv 0042", "INV-", "0042"),
        ("0042", "INV-", "0042"),
        ("007", "", "007"),
        ("abc def", "", "222333"),
        ("PQRS-WXYZ", "", "77779999"),
        ("INV", "INV-", "468"),
    ],
)
def test_a_number_is_keyed_by_the_letters_on_the_keys(number: str, prefix: str, keys: str) -> None:
    assert keyed_form(number, prefix=prefix) == keys


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        ("", "needs a number"),
        ("  ", "needs a number"),
        ("---", "at least one digit or letter"),
        ("12#4", "cannot be keyed on a phone"),
        ("Ä12", "cannot be keyed on a phone"),
        ("٣٤", "cannot be keyed on a phone"),
        ("1234567890123", "press 13 keys"),
        ("1" * 25, "at most 24 characters"),
        ("4242424242424242", "looks like a card number"),
        ("4242-4242-4242-4242", "looks like a card number"),
        ("5018000000AJ", "could be taken for a card number"),
    ],
)
def test_a_number_that_no_order_can_have(number: str, sentence: str) -> None:
    with pytest.raises(NumberRefused, match=sentence):
        keyed_form(number)


@given(number=numbers, prefix=prefixes)
@example(number="INV-46801", prefix="INV-")
def test_keying_the_keys_again_gives_the_same(number: str, prefix: str) -> None:
    keys = keyed_or_skip(number, prefix)
    assert without_prefix(to_keys(keys), prefix=prefix) == keys


@given(number=numbers, prefix=prefixes)
def test_it_is_found_with_and_without_the_prefix(number: str, prefix: str) -> None:
    keys = keyed_or_skip(number, prefix)
    assert without_prefix(to_keys(number), prefix=prefix) == keys
    assert without_prefix(to_keys(prefix) + keys, prefix=prefix) == keys


@given(one=numbers, other=numbers, prefix=prefixes)
def test_two_numbers_are_keyed_alike_whichever_is_asked(one: str, other: str, prefix: str) -> None:
    """Whoever could reach one by the keys of the other is refused at creation, in either order."""
    ones, others = keyed_or_skip(one, prefix), keyed_or_skip(other, prefix)
    finds_other = without_prefix(to_keys(one), prefix=prefix) == others
    finds_one = without_prefix(to_keys(other), prefix=prefix) == ones
    assert finds_other == finds_one == (ones == others)


@given(number=st.text(alphabet=string.digits + "AZ-é٣*", max_size=16), prefix=prefixes)
def test_what_is_keyed_is_short_and_no_card_number(number: str, prefix: str) -> None:
    keys = keyed_or_skip(number, prefix)
    assert 1 <= len(keys) <= MAX_KEYS and keys.isascii() and keys.isdigit()
    assert not looks_like_card_number(number)


@pytest.mark.parametrize(
    ("number", "prefix", "lettered"),
    [
        ("1234", "", False),
        ("12-34", "", True),
        ("INV-12", "", True),
        ("INV-12", "INV-", False),
        ("inv-12", "INV-", False),
    ],
)
def test_a_number_with_letters_needs_the_hint(number: str, prefix: str, lettered: bool) -> None:
    assert is_lettered(number, prefix=prefix) is lettered
