"""Charging extra on the payment's page, step by step."""

from __future__ import annotations

import pytest

from phonepay.payments.models import Payment
from tests.shop import Till, consent, fresh
from tests.web.cast import person, signed_in

DECLINES_LATER = "4000000000000341"  # Stripe: attaches, then declines
FORM = {"amount": "18.00", "what_for": "Broken cup", "state": "0"}


@pytest.fixture
def payment(till: Till) -> Payment:
    return till.pay(till.order(), consent=consent(5000))


def extras() -> list[int]:
    return list(Payment.objects.filter(kind=Payment.Kind.OVERAGE).values_list("amount", flat=True))


def test_the_form_says_how_much_was_agreed_to(payment: Payment) -> None:
    page = signed_in(person()).get(f"/payments/{payment.pk}/charge").content.decode()
    assert "Up to $50.00 more, agreed on the call" in page and "May we charge this card again?" in page
    assert "Charges Visa ·4242 now, without the customer on the phone." in page


def test_the_card_is_charged_and_what_is_left_is_said(payment: Payment) -> None:
    page = signed_in(person()).post(f"/payments/{payment.pk}/charge", FORM).content.decode()
    assert "Charged $18.00. $32.00 left." in page and extras() == [1800]


def test_pressing_twice_charges_once(payment: Payment) -> None:
    client = signed_in(person())
    pages = [client.post(f"/payments/{payment.pk}/charge", FORM).content.decode() for _ in range(2)]
    assert extras() == [1800] and all("Charged $18.00." in page for page in pages)


def test_a_second_tab_with_another_amount_charges_nothing_more(payment: Payment) -> None:
    client = signed_in(person())
    client.post(f"/payments/{payment.pk}/charge", FORM)
    page = client.post(f"/payments/{payment.pk}/charge", FORM | {"amount": "5"}).content.decode()
    assert extras() == [1800] and "Nothing more was charged." in page


def test_more_than_was_agreed_to_is_refused_and_kept(payment: Payment) -> None:
    page = signed_in(person()).post(f"/payments/{payment.pk}/charge", FORM | {"amount": "50.01"}).content.decode()
    assert "Only $50.00 is left of what the caller agreed to" in page
    assert 'value="50.01"' in page and "Broken cup" in page
    assert extras() == []


def test_what_it_is_for_must_be_said(payment: Payment) -> None:
    page = signed_in(person()).post(f"/payments/{payment.pk}/charge", FORM | {"what_for": " "}).content.decode()
    assert "Say what it is for: the customer reads it." in page and extras() == []


def test_the_button_gives_way_to_a_sentence_where_nobody_agreed(till: Till) -> None:
    payment = till.pay(till.order())
    page = signed_in(person()).get(f"/payments/{payment.pk}").content.decode()
    assert "The caller did not agree to later charges." in page and "Charge extra" not in page


def test_the_button_gives_way_to_a_sentence_where_it_is_used_up(till: Till, payment: Payment) -> None:
    till.overage(fresh(payment).order, 5000)
    page = signed_in(person()).get(f"/payments/{payment.pk}").content.decode()
    assert "the $50.00 that the caller agreed to is used up" in page


def test_the_banks_no_is_told(till: Till) -> None:
    payment = till.pay(till.order(), consent=consent(5000))
    bad = till.card(DECLINES_LATER)
    till.client.payment_methods.attach(bad.payment_method, {"customer": fresh(payment).customer_id})
    Payment.objects.filter(pk=payment.pk).update(payment_method=bad.payment_method)
    page = signed_in(person()).post(f"/payments/{payment.pk}/charge", FORM).content.decode()
    assert "The bank said no: no reason given. Nothing was charged." in page


def test_an_extra_charge_has_a_page_and_can_be_refunded(till: Till, payment: Payment) -> None:
    extra = till.overage(fresh(payment).order, 1800)
    client = signed_in(person())
    assert "Broken cup" in client.get(f"/payments/{extra.pk}").content.decode()
    page = client.post(f"/payments/{extra.pk}/refund", {"share": "all", "state": "0"}).content.decode()
    assert "Refunded $18.00." in page and fresh(payment).refunded == 0
