"""What cannot be charged on the card is asked for by phone, from the order's page."""

from __future__ import annotations

from django.test import Client

from phonepay.orders.models import Order
from tests.shop import Till, consent
from tests.web.panel.test_order import olivia, order, see, text

__all__ = ["olivia", "order"]


def test_what_the_card_cannot_give_is_asked_for_by_phone(olivia: Client, order: Order, till: Till) -> None:
    till.pay(order)
    page = see(olivia, order)
    assert "The caller did not agree to later charges." in page and f'href="/orders/{order.pk}/ask"' in page
    form = {"amount": "18", "note": "Broken cup", "key": "k"}
    for _ in range(2):
        page = text(olivia.post(f"/orders/{order.pk}/ask", form, follow=True))
    asked = Order.objects.get(extra_of=order)
    assert (asked.number, asked.amount, asked.note) == ("INV-0042-2", 1800, "Broken cup")
    assert "To pay $18.00 to Corner Books" in page and "asked for besides order" in page
    assert asked.number in see(olivia, order)


def test_more_than_was_agreed_to_leads_there_with_what_was_typed(olivia: Client, order: Order, till: Till) -> None:
    till.pay(order, consent=consent(1000))
    page = text(olivia.post(f"/orders/{order.pk}/charge", {"amount": "18", "what_for": "Cup", "state": "0"}))
    assert f'href="/orders/{order.pk}/ask?amount=18&amp;what_for=Cup"' in page
    assert 'value="18"' in see(olivia, order, "/ask?amount=18&what_for=Cup")


def test_nothing_to_ask_for_nothing(olivia: Client, order: Order) -> None:
    page = text(olivia.post(f"/orders/{order.pk}/ask", {"amount": "18", "note": " ", "key": "k"}))
    assert "Say what it is for." in page and Order.objects.count() == 1
