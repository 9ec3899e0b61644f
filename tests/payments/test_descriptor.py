"""What the customer's card statement shows beside the shop's own prefix."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phonepay.payments.descriptor import descriptor_suffix
from tests.shop import Till


@pytest.mark.parametrize(
    ("number", "prefix", "suffix"),
    [
        ("1234", "", "ORD 1234"),
        ("1234", "CORNER", "ORD 1234"),
        ("INV-0042", "", "INV-0042"),
        ("", "CORNER", ""),
        ("123456789", "CORNER BKS", ""),  # 10 + 2 + 13
        ("123456", "CORNER BKS", "ORD 123456"),
        ("A*1", "", ""),
        ("12é", "", ""),
    ],
)
def test_the_suffix_is_the_number_where_it_fits(number: str, prefix: str, suffix: str) -> None:
    assert descriptor_suffix(number, prefix=prefix) == suffix


@given(number=st.text(max_size=24), prefix=st.text(alphabet="ABC DEF", max_size=10))
def test_stripe_takes_whatever_is_not_left_out(number: str, prefix: str) -> None:
    """Letters, length and characters: docs.stripe.com/get-started/account/statement-descriptors."""
    suffix = descriptor_suffix(number, prefix=prefix)
    assert not suffix or re.search("[A-Za-z]", suffix)
    assert len(f"{prefix}* {suffix}") <= 22 or not suffix
    assert not re.search(r"""[<>\\'"*]|[^\x20-\x7e]""", suffix)


def test_one_that_does_not_fit_is_left_out_and_the_payment_made(till: Till) -> None:
    paid = till.pay(till.order("12345678901"))
    assert paid.status == "succeeded"
    assert till.account.charges[0]["statement_descriptor_suffix"] is None


def test_stripe_shows_it(till: Till) -> None:
    till.pay(till.order("1234"))
    assert till.account.charges[0]["calculated_statement_descriptor"] == "PHONE SHOP* ORD 1234"
