"""A receipt is promised on the telephone exactly where one will be sent."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from phonepay.orders.models import Order
from tests.journeys.phone import Phone
from tests.journeys.shop import VISA, Shop


@pytest.fixture
def e_mail(settings: Settings) -> None:
    settings.PHONEPAY_EMAIL_URL, settings.PHONEPAY_EMAIL_FROM = "smtp://127.0.0.1:1", "pay@shop.example"


def heard(phone: Phone, shop: Shop, email: str) -> str:
    shop.line()
    order = shop.order()
    Order.objects.filter(pk=order.pk).update(customer_email=email)
    return phone.tell("1042#", "1", VISA)[-1]


def test_who_has_an_address_hears_that_a_receipt_comes(phone: Phone, shop: Shop, e_mail: None) -> None:
    assert "A receipt is on its way to your e-mail." in heard(phone, shop, "ana@customer.example")


def test_who_has_none_hears_of_none(phone: Phone, shop: Shop, e_mail: None) -> None:
    assert "receipt" not in heard(phone, shop, "")


def test_while_e_mail_is_off_no_receipt_is_promised(phone: Phone, shop: Shop) -> None:
    assert "receipt" not in heard(phone, shop, "ana@customer.example")


def test_a_new_number_has_no_address(phone: Phone, shop: Shop, e_mail: None) -> None:
    shop.line()
    assert "receipt" not in phone.tell("7788#", "1", VISA)[-1]
