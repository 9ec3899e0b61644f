"""What the tests of letters do again and again."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

from django.utils import timezone

from phonepay.notifications import due, hearing
from phonepay.notifications.models import Delivery
from phonepay.orders.models import Order
from tests.shop import Till

CUSTOMER = "ana@customer.example"


def listen() -> None:
    """From now on: what happened before is told to nobody."""
    hearing.run_due(timezone.now())


def work(**later: float) -> None:
    """The worker goes round once, so much later."""
    due.run_due(timezone.now() + timedelta(**later))


def order_of(till: Till, email: str = CUSTOMER, **facts: Any) -> Order:
    order = till.order(**facts)
    Order.objects.filter(pk=order.pk).update(customer_email=email)
    order.refresh_from_db()
    return order


def text(letter: EmailMessage) -> str:
    part = letter.get_body(("plain",))
    assert part is not None
    return str(part.get_content())


def html(letter: EmailMessage) -> str:
    part = letter.get_body(("html",))
    assert part is not None
    return str(part.get_content())


def owed(now: datetime | None = None, **facts: Any) -> Delivery:
    """A letter that is owed now, of which the subject does not matter to who sends it."""
    now = now or timezone.now()
    standing = {"kind": "alert", "subject": "0", "once": f"test:{Delivery.objects.count()}", "to": CUSTOMER}
    return Delivery.objects.create(**(standing | {"made_at": now, "due_at": now} | facts))
