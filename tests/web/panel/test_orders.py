"""The list of orders: rows, filters, and several at once."""

from __future__ import annotations

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from phonepay.events.models import Event
from phonepay.merchant.models import Line
from phonepay.orders.models import Order
from phonepay.orders.operations import cancel_order, mark_paid_another_way
from tests.shop import OLIVIA, Till
from tests.web.cast import person, signed_in


@pytest.fixture
def orders(till: Till) -> dict[str, Order]:
    """One in each state."""
    made = {
        name: till.order(str(1000 + place), 4250)
        for place, name in enumerate(("unpaid", "cancelled", "cash", "paid", "partly", "refunded"))
    }
    now = timezone.now()
    cancel_order(order=made["cancelled"], by=OLIVIA, now=now)
    mark_paid_another_way(order=made["cash"], note="Cash.", by=OLIVIA, now=now)
    for name in ("paid", "partly", "refunded"):
        till.pay(made[name])
    till.refund(made["partly"], 1250)
    till.refund(made["refunded"])
    order = till.pay(None, keys="77").order
    assert order is not None
    Order.objects.filter(pk=made["unpaid"].pk).update(customer_name="Ana Ruiz", customer_phone="+14155550142")
    return {**made, "call": order}


def page_of(address: str, **facts: str) -> str:
    return signed_in(person(**facts)).get(address).content.decode()


def rows_of(page: str) -> int:
    return page.count('class="row"')


def select(do: str, *orders: Order, sure: str = "", role: str = "owner", back: str = "/orders") -> str:
    asked = {"do": do, "order": [str(order.pk) for order in orders], "sure": sure, "back": back}
    response = signed_in(person(role)).post("/orders/selected", asked)
    return response.content.decode()


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("", 7),
        ("?status=unpaid", 1),
        ("?status=paid", 3),
        ("?status=partly", 1),
        ("?status=refunded", 1),
        ("?status=cancelled", 1),
        ("?status=otherwise", 1),
        ("?status=attached", 0),
        ("?origin=call", 1),
        ("?period=today", 7),
        ("?period=yesterday", 0),
        ("?q=ana", 1),
        ("?q=%28415%29+555-0142", 1),
        ("?q=1003", 1),
        ("?q=inv-100", 6),
        ("?status=nonsense&origin=nonsense&period=nonsense&after=nonsense", 7),
    ],
)
def test_filters_narrow_it(orders: dict[str, Order], query: str, count: int) -> None:
    assert rows_of(page_of(f"/orders{query}")) == count


def test_each_row_says_its_state_and_what_happened_last(orders: dict[str, Order]) -> None:
    page = page_of("/orders")
    for word in ("To pay", "Cancelled", "Paid another way", "Partly refunded", "Refunded", "new from a call"):
        assert word in page
    assert "Paid today" in page and "Added today" in page


def test_what_was_paid_with_test_keys_is_to_pay_in_live(orders: dict[str, Order], settings: Settings) -> None:
    settings.PHONEPAY_STRIPE_SECRET_KEY = "sk_live_0"
    assert rows_of(page_of("/orders?status=unpaid")) == 5
    assert rows_of(page_of("/orders?status=paid", role="operator")) == 0


def test_a_list_takes_as_many_queries_however_long(
    orders: dict[str, Order], till: Till, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(2000, 2060):
        till.order(str(number))
    client = signed_in(person())
    with django_assert_max_num_queries(12):
        page = client.get("/orders").content.decode()
    assert rows_of(page) == 50 and "Older" in page


def test_the_first_day_says_what_to_do(till: Till) -> None:
    assert till.line
    page = page_of("/orders")
    assert "Load what people owe you, and callers only confirm." in page and "Add order" in page


def test_where_no_number_is_asked_it_says_so(till: Till) -> None:
    assert till.line
    Line.objects.update(behavior=Line.Behavior.FIXED)
    assert "Callers are not asked for an order number." in page_of("/orders")


def test_nothing_for_a_filter_offers_to_clear_it(orders: dict[str, Order]) -> None:
    assert "Clear filters" in page_of("/orders?q=nobody")


def test_several_are_cancelled_after_they_were_confirmed(orders: dict[str, Order]) -> None:
    page = select("cancel", orders["unpaid"], orders["paid"])
    orders["unpaid"].refresh_from_db()
    assert "Cancel 2 orders" in page and orders["unpaid"].status == "unpaid"


def test_each_of_several_tells_its_own_result(orders: dict[str, Order]) -> None:
    page = select("cancel", orders["unpaid"], orders["paid"], sure="yes")
    orders["unpaid"].refresh_from_db()
    assert orders["unpaid"].status == "cancelled"
    assert "1 order is cancelled." in page and "Order 1003 is: Paid. It was left as it is." in page


def test_several_are_restored(orders: dict[str, Order]) -> None:
    page = select("restore", orders["cancelled"], sure="yes")
    orders["cancelled"].refresh_from_db()
    assert orders["cancelled"].status == "unpaid" and "1 order is to pay again." in page


def test_none_selected_says_so(orders: dict[str, Order]) -> None:
    assert "No order was selected." in select("cancel")


def test_who_may_only_look_selects_nothing(orders: dict[str, Order]) -> None:
    events = Event.objects.count()
    select("cancel", orders["unpaid"], sure="yes", role="auditor")
    assert Event.objects.count() == events
    assert 'type="checkbox"' not in page_of("/orders", role="auditor", email="a@example.com")


def test_the_way_back_leads_to_the_list_alone(orders: dict[str, Order]) -> None:
    assert "evil" not in select("cancel", back="https://evil.example/orders")
    assert 'href="/orders?status=unpaid"' in select("cancel", role="operator", back="/orders?status=unpaid")
