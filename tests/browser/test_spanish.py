"""Every place of the panel in Spanish, whose words are longer: fine at the desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from phonepay.orders.models import Order
from tests.browser.conftest import WIDTHS, Visitor
from tests.shop import Till, fresh
from tests.web.cast import a_day, call_of, person


@pytest.mark.parametrize("width", WIDTHS)
def test_the_panel_is_fine_in_spanish(till: Till, visit: Callable[..., Visitor], width: str) -> None:
    day = a_day(till)
    owed = till.order("INV-0042", 18_000)
    Order.objects.filter(pk=owed.pk).update(customer_name="Ana Ruiz", customer_phone="+14155550142")
    made = till.pay(None, keys="1243")
    call = call_of(till, made)
    order = f"/orders/{fresh(made).order_id}"
    pages = {
        "home": "/",
        "home-30": "/?period=30",
        "payments": "/payments",
        "payment": f"/payments/{day.partly.pk}",
        "refund": f"/payments/{day.partly.pk}/refund",
        "extra": f"/payments/{day.with_extra.pk}/charge",
        "declined": f"/payments/{day.declined.pk}",
        "orders": "/orders",
        "order": f"/orders/{owed.pk}",
        "order-from-call": order,
        "order-cancel": f"/orders/{owed.pk}/cancel",
        "order-add": "/orders/add",
        "attach": f"{order}/attach?to=INV-0042",
        "load": "/orders/load",
        "calls": "/calls",
        "call": f"/calls/{call.pk}",
        "stops": "/calls/stops",
        "try": "/try-the-line",
        "hear": "/settings/callers-hear",
        "words": "/settings/callers-hear/words",
        "voice": "/settings/callers-hear/voice",
        "amounts": "/settings/amounts",
        "protection": "/settings/protection",
        "people": "/settings/people",
        "connections": "/settings/connections",
        "books": "/settings/books",
        "worker": "/settings/worker",
        "activity": "/settings/activity",
        "personal": "/settings/personal-data",
        "help": "/help",
        "about": "/about",
    }
    visitor = visit(person(language="es"), width=width)
    for name, path in pages.items():
        visitor.open(path)
        visitor.is_fine(f"spanish-{name}-{width}")
