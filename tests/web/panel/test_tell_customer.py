"""The tick box of an extra charge, and the choice of who gets alerts."""

from __future__ import annotations

import pytest
from pytest_django import Settings

from phonepay.orders.models import Order
from phonepay.payments.models import Payment
from phonepay.people.models import User
from tests.shop import Till, consent
from tests.web.cast import person, signed_in


@pytest.fixture
def order(till: Till, settings: Settings) -> Order:
    settings.PHONEPAY_EMAIL_URL, settings.PHONEPAY_EMAIL_FROM = "smtp://127.0.0.1:1", "pay@shop.example"
    order = till.order()
    Order.objects.filter(pk=order.pk).update(customer_email="ana@customer.example")
    till.pay(order, consent=consent())
    return order


def form(order: Order) -> str:
    return signed_in(person()).get(f"/orders/{order.pk}/charge").content.decode()


def test_the_customer_is_told_unless_the_tick_is_taken_out(order: Order) -> None:
    page = form(order)
    assert "Tell the customer, at ana@customer.example" in page and 'name="tell" value="yes" checked' in page


@pytest.mark.parametrize(("tick", "told"), [({"tell": "yes"}, True), ({}, False)])
def test_the_choice_is_kept_with_the_charge(order: Order, tick: dict[str, str], told: bool) -> None:
    typed = {"amount": "18.00", "what_for": "Broken cup", "state": "0"} | tick
    signed_in(person()).post(f"/orders/{order.pk}/charge", typed)
    assert Payment.objects.get(kind="overage").tells_customer is told


def test_where_there_is_no_way_nothing_is_offered(order: Order, settings: Settings) -> None:
    Order.objects.update(customer_email="")
    assert "Tell the customer" not in form(order)


def test_while_e_mail_is_off_nothing_is_offered(order: Order, settings: Settings) -> None:
    settings.PHONEPAY_EMAIL_URL = None
    assert "Tell the customer" not in form(order)


@pytest.mark.django_db
@pytest.mark.parametrize("role", ["owner", "operator"])
@pytest.mark.parametrize(("chosen", "kept"), [("", None), ("True", True), ("False", False)])
def test_my_account_has_the_choice_of_alerts(role: str, chosen: str, kept: bool | None) -> None:
    user = person(role, wants_alerts=not kept)
    typed = {"name": user.name, "email": user.email, "wants_alerts": chosen}
    assert signed_in(user).post("/account", typed).status_code == 302
    assert User.objects.get().wants_alerts is kept


@pytest.mark.django_db
def test_an_auditor_is_not_asked() -> None:
    assert "Alerts by e-mail" not in signed_in(person("auditor")).get("/account").content.decode()
