"""The right number for an order that a caller made, an extra that is asked for, and several orders at once."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from phonepay.events.models import Event
from phonepay.merchant.models import Merchant
from phonepay.orders.bulk import AT_MOST, cancel_orders, restore_orders
from phonepay.orders.checks import OrderRefused
from phonepay.orders.models import Order
from phonepay.orders.numbers import ask_besides, give_right_number
from phonepay.orders.operations import add_order, mark_paid_another_way
from phonepay.people.permissions import NotAllowed
from tests.shop import AISHA, OLIVIA, make_shop


def add(shop: Merchant, number: str = "1234", **facts: Any) -> Order:
    return add_order(merchant=shop, number=number, amount=4250, currency="usd", by=OLIVIA, now=timezone.now(), **facts)


def from_call(shop: Merchant, number: str = "1243") -> Order:
    order = add(shop, number)
    Order.objects.filter(pk=order.pk).update(
        origin=Order.Origin.CALL, status=Order.Status.PAID, paid_at=timezone.now(), paid_livemode=False
    )
    order.refresh_from_db()
    return order


def renumber(order: Order, number: str, by: Any = OLIVIA) -> Order:
    return give_right_number(order=order, number=number, by=by, now=timezone.now())


def ask(order: Order, key: str = "k", amount: int = 1800) -> Order:
    return ask_besides(order=order, amount=amount, what_for="Broken cup", key=key, by=OLIVIA, now=timezone.now())


def test_a_paid_order_of_a_call_gets_its_right_number(shop: Merchant) -> None:
    order = renumber(from_call(shop), "INV-42")
    assert (order.number, order.keyed, order.status) == ("INV-42", "42", Order.Status.PAID)
    event = Event.objects.get(type="order.renumbered")
    assert (event.data["before"], event.data["after"]) == ({"number": "1243"}, {"number": "INV-42"})


def test_the_same_number_again_changes_nothing(shop: Merchant) -> None:
    order = from_call(shop)
    renumber(order, "42")
    renumber(order, "42")
    assert Event.objects.filter(type="order.renumbered").count() == 1


def test_a_number_that_another_order_has_names_that_order(shop: Merchant) -> None:
    other = add(shop, "1234")
    with pytest.raises(OrderRefused) as refused:
        renumber(from_call(shop), "1234")
    assert (refused.value.reason, refused.value.facts["other"]) == ("exists", other.pk)


def test_only_an_order_of_a_call_is_numbered_anew_when_paid(shop: Merchant) -> None:
    with pytest.raises(OrderRefused) as refused:
        renumber(add(shop), "42")
    assert refused.value.reason == "not_from_call"


def test_what_is_asked_besides_is_an_order_of_its_own(shop: Merchant) -> None:
    first = add(shop, customer_name="Ana Ruiz", customer_phone="+14155550142")
    asked = ask(first)
    assert (asked.number, asked.amount, asked.extra_of, asked.note) == ("1234-2", 1800, first, "Broken cup")
    assert (asked.customer_name, asked.customer_phone, asked.status) == ("Ana Ruiz", "+14155550142", "unpaid")


def test_the_same_request_asks_once(shop: Merchant) -> None:
    first = add(shop)
    assert ask(first) == ask(first)
    assert Order.objects.count() == 2


def test_numbers_go_on_from_the_first_order(shop: Merchant) -> None:
    second = ask(add(shop), "one")
    add(shop, "12343")  # keyed just like 1234-3
    assert [ask(second, "two").number, ask(second, "three").number] == ["1234-4", "1234-5"]


def test_a_number_too_long_for_more_keys_gets_one_of_its_own(shop: Merchant) -> None:
    asked = ask(add(shop, "123456789012"))
    assert len(asked.number) == 6 and asked.number.isdigit()


def test_too_little_for_a_card_is_refused(shop: Merchant) -> None:
    with pytest.raises(OrderRefused) as refused:
        ask(add(shop), amount=49)
    assert refused.value.reason == "too_little" and Order.objects.count() == 1


def test_each_of_several_has_its_own_result(shop: Merchant) -> None:
    orders = [add(shop, str(number)) for number in (1, 2, 3)]
    mark_paid_another_way(order=orders[1], note="Cash.", by=OLIVIA, now=timezone.now())
    stranger = add(make_shop(name="Corner Café"), "1")
    ids = [order.pk for order in (*orders, stranger)]
    results = cancel_orders(merchant=shop, ids=ids, by=OLIVIA, now=timezone.now())
    assert [result.refused and result.refused.reason for result in results] == [None, "status", None]
    stranger.refresh_from_db()
    assert stranger.status == "unpaid"
    restored = restore_orders(merchant=shop, ids=ids, by=OLIVIA, now=timezone.now())
    assert [result.order.status for result in restored] == ["unpaid", "paid_another_way", "unpaid"]


def test_too_many_at_once_are_refused(shop: Merchant) -> None:
    with pytest.raises(OrderRefused, match="At most 500"):
        cancel_orders(merchant=shop, ids=list(range(AT_MOST + 1)), by=OLIVIA, now=timezone.now())


def test_who_may_only_look_cancels_none(shop: Merchant) -> None:
    with pytest.raises(NotAllowed):
        cancel_orders(merchant=shop, ids=[add(shop).pk], by=AISHA, now=timezone.now())
