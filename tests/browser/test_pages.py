"""Every page is fine at the desk and on a phone, in the light and in the dark."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from phonepay.merchant.models import Merchant
from phonepay.orders.models import Order
from phonepay.payments.models import Payment
from tests.browser.conftest import THEMES, WIDTHS, Visitor
from tests.shop import Till
from tests.web.cast import a_day, person


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_pages_of_a_day_are_fine(till: Till, visit: Callable[..., Visitor], width: str, theme: str) -> None:
    day = a_day(till)
    visitor = visit(width=width, theme=theme)
    visitor.sign_in(person())
    pages = {
        "home": "/",
        "payments": "/payments",
        "payments-filtered": "/payments?status=declined&period=7",
        "payments-nothing": "/payments?kind=extra&status=declined&period=yesterday",
        "payment": f"/payments/{day.partly.pk}",
        "payment-extra": f"/payments/{day.with_extra.pk}",
        "payment-refund": f"/payments/{day.partly.pk}/refund",
        "payment-charge": f"/payments/{day.with_extra.pk}/charge",
        "payment-declined": f"/payments/{day.declined.pk}",
        "search": "/search?q=42.50",
        "search-nothing": "/search?q=nobody",
        "account": "/account",
        "two-factor": "/account/two-factor",
        "is-it-you": "/sign-in/again",
        "app": "/account/two-factor/app",
        "sessions": "/account/sessions",
        "password": "/account/password",
        "people": "/settings/people",
    }
    for name, path in pages.items():
        visitor.open(path)
        visitor.is_fine(f"{name}-{width}-{theme}")
    visitor.open("/account/passkeys/add")
    visitor.is_fine(f"passkey-{width}-{theme}")


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_pages_of_the_first_day_are_fine(
    transactional_db: None, visit: Callable[..., Visitor], width: str, theme: str
) -> None:
    visitor = visit(person(), width=width, theme=theme)
    for name, path in {"first-home": "/", "first-payments": "/payments", "not-there": "/nothing"}.items():
        visitor.open(path)
        if name == "not-there":
            visitor.said.clear()  # Chromium itself says that the page answered 404
        visitor.is_fine(f"{name}-{width}-{theme}")


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_pages_of_who_is_not_signed_in_are_fine(
    transactional_db: None, visit: Callable[..., Visitor], width: str, theme: str
) -> None:
    visitor = visit(width=width, theme=theme)
    for name, path in {"sign-in": "/", "forgotten": "/password/forgotten"}.items():
        visitor.open(path)
        visitor.is_fine(f"{name}-{width}-{theme}")


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_worst_is_fine_too(till: Till, visit: Callable[..., Visitor], width: str, theme: str) -> None:
    """Sixty letters without a space, a sum of ten digits that went back, forty things that need somebody, Spanish."""
    name = "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewiss"
    order = till.order("1042-LONGEST", 99_999_999, "eur")
    Order.objects.filter(pk=order.pk).update(customer_name=name)
    payment = till.pay(order, currency="eur")
    till.refund(payment)
    for _ in range(40):
        twice = till.agree(None, now=payment.agreed_at)
        Payment.objects.filter(pk=twice.pk).update(
            overpaid=True, status="succeeded", charge_id=f"ch_{twice.pk}", order=order, settled_at=twice.agreed_at
        )
    user = person(name=name, language="es")
    visitor = visit(user, width=width, theme=theme)
    Merchant.objects.update(name=f"Panadería {name}")
    pages = {"home": "/", "payments": "/payments", "payment": f"/payments/{payment.pk}", "people": "/settings/people"}
    pages["refund"] = f"/payments/{twice.pk}/refund"
    for page, path in pages.items():
        visitor.open(path)
        visitor.is_fine(f"worst-{page}-{width}-{theme}")
