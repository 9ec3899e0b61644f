"""What a caller keys beside an order's own fact."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phonepay.orders.models import Order
from phonepay.orders.second_fact import fits


@pytest.mark.parametrize(
    ("postal", "keyed", "fit"),
    [
        ("94110", "94110", "yes"),
        ("94110", "94111", "no"),
        ("94110-1234", "94110", "yes"),
        ("94110-1234", "941101234", "yes"),
        ("SW1A 1AA", "7912122", "yes"),
        ("SW1A 1AA", "79121", "no"),
        ("01234", "1234", "no"),
        ("", "94110", "unknown"),
        ("東京", "94110", "unknown"),
    ],
)
def test_a_postal_code_fits_as_callers_key_it(postal: str, keyed: str, fit: str) -> None:
    assert fits(Order(customer_postal=postal), "postal", keyed) == fit


@pytest.mark.parametrize(
    ("phone", "keyed", "fit"),
    [
        ("+14155550142", "0142", "yes"),
        ("+14155550142", "142", "no"),
        ("+14155550142", "", "no"),
        ("", "0142", "unknown"),
    ],
)
def test_the_last_four_digits_of_the_phone_fit(phone: str, keyed: str, fit: str) -> None:
    assert fits(Order(customer_phone=phone), "phone", keyed) == fit


@given(st.text(max_size=12), st.text(alphabet="0123456789*#", max_size=12))
def test_nothing_that_is_written_in_an_order_breaks_a_call(postal: str, keyed: str) -> None:
    assert fits(Order(customer_postal=postal), "postal", keyed) in {"yes", "no", "unknown"}
