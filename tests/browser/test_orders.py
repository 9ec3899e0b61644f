"""Orders at the desk and on a phone: every page is fine, and its main tasks are done."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from phonepay.orders.models import Order
from phonepay.payments.models import Payment
from tests.browser.conftest import THEMES, WIDTHS, Visitor
from tests.shop import Till, consent, fresh
from tests.web.cast import a_day, call_of, person


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_pages_of_orders_are_fine(till: Till, visit: Callable[..., Visitor], width: str, theme: str) -> None:
    day = a_day(till)
    owed = till.order("INV-0042", 18_000)
    Order.objects.filter(pk=owed.pk).update(customer_name="Ana Ruiz", customer_phone="+14155550142", note="Back door")
    made = till.pay(None, keys="1243")
    call_of(till, made)
    till.order("1234", 6000)
    one, new = f"/orders/{owed.pk}", f"/orders/{fresh(made).order_id}"
    pages = {
        "orders": "/orders",
        "orders-filtered": "/orders?status=unpaid&period=7&q=inv",
        "orders-nothing": "/orders?q=nobody",
        "order-unpaid": one,
        "order-paid": f"/orders/{day.partly.order_id}",
        "order-with-extra": f"/orders/{day.with_extra.order_id}",
        "order-from-call": new,
        "order-add": "/orders/add",
        "order-edit": f"{one}/edit",
        "order-cancel": f"{one}/cancel",
        "order-mark-paid": f"{one}/paid",
        "order-number": f"{new}/number",
        "order-attach": f"{new}/attach",
        "order-attach-less": f"{new}/attach?to=1234",
        "order-ask": f"/orders/{day.paid.order_id}/ask",
        "order-refund": f"/orders/{day.partly.order_id}/refund",
    }
    visitor = visit(person(), width=width, theme=theme)
    for name, path in pages.items():
        visitor.open(path)
        visitor.is_fine(f"{name}-{width}-{theme}")
    page = visitor.open("/orders")
    page.get_by_label("Select order INV-0042").check()
    visitor.is_fine(f"orders-selected-{width}-{theme}")
    page.get_by_role("button", name="Cancel orders").click()
    visitor.is_fine(f"orders-cancel-{width}-{theme}")
    page.get_by_role("button", name="Cancel 1 order").click()
    visitor.is_fine(f"orders-cancelled-{width}-{theme}")


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_no_orders_and_the_worst_are_fine(till: Till, visit: Callable[..., Visitor], width: str, theme: str) -> None:
    assert till.line
    visitor = visit(person(language="es"), width=width, theme=theme)
    visitor.open("/orders")
    visitor.is_fine(f"orders-none-{width}-{theme}")
    order = till.order("1042-LONGEST", 99_999_999, "eur")
    name = "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewiss"
    Order.objects.filter(pk=order.pk).update(customer_name=name, note="x" * 500, origin=Order.Origin.CALL)
    till.pay(order, currency="eur", consent=consent())
    for page, path in {"orders": "/orders", "order": f"/orders/{order.pk}"}.items():
        visitor.open(path)
        visitor.is_fine(f"worst-{page}-{width}-{theme}")


@pytest.mark.parametrize("width", WIDTHS)
def test_an_order_is_added_and_cancelled_by_two_presses_once(
    till: Till, visit: Callable[..., Visitor], width: str
) -> None:
    assert till.line
    visitor = visit(person(), width=width)
    page = visitor.open("/orders")
    page.get_by_role("link", name="Add order").first.click()
    page.get_by_label("Order number").fill("INV-7")
    page.get_by_label("Amount, USD").fill("42.50")
    page.get_by_role("button", name="Add order").dblclick()
    expect(page.get_by_text("Added order INV-7: $42.50 to pay.")).to_be_visible()
    page.get_by_role("link", name="Cancel order").click()
    sure = page.get_by_role("button", name="Cancel the order")
    expect(sure).to_be_focused()
    sure.dblclick()
    expect(page.locator(".toast[data-focus]")).to_be_focused()
    assert [order.status for order in Order.objects.all()] == ["cancelled"]


def test_escape_leaves_it_and_gives_the_focus_back(till: Till, visit: Callable[..., Visitor]) -> None:
    assert till.line
    order = till.order()
    page = visit(person()).open(f"/orders/{order.pk}")
    page.get_by_role("link", name="Mark paid").click()
    expect(page.get_by_label("How it was paid")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.get_by_role("link", name="Mark paid")).to_be_focused()


@pytest.mark.parametrize("width", WIDTHS)
def test_a_payment_is_attached_to_the_order_that_was_meant(
    till: Till, visit: Callable[..., Visitor], width: str
) -> None:
    made = till.pay(None, keys="1243")
    meant = till.order("1234")
    page = visit(person(), width=width).open(f"/orders/{made.order_id}")
    page.get_by_role("link", name="Attach to another order").click()
    page.get_by_label("The order that was meant").fill("1234")
    page.get_by_role("button", name="Look at it").click()
    page.get_by_role("button", name="Attach $42.50 to order 1234").dblclick()
    expect(page.locator(".toast")).to_have_text("Attached: the money is order 1234's now.")
    assert Payment.objects.get().order_id == meant.pk


def test_without_javascript_several_are_cancelled(till: Till, visit: Callable[..., Visitor]) -> None:
    assert till.line
    for number in ("1", "2"):
        till.order(number)
    page = visit(person(), width="phone", java_script_enabled=False).open("/orders")
    page.get_by_label("Select order 1").check()
    page.get_by_role("button", name="Cancel orders").click()
    page.get_by_role("button", name="Cancel 1 order").click()
    expect(page.get_by_text("1 order is cancelled.")).to_be_visible()
    assert Order.objects.get(number="2").status == "unpaid"


@pytest.mark.parametrize("deed", ["Mark paid", "Cancel order"])
def test_a_step_that_is_left_leaves_nothing_behind(till: Till, visit: Callable[..., Visitor], deed: str) -> None:
    """What was said of the step before is gone, the focus is back, and the console has nothing to say."""
    order = till.order("77")
    visitor = visit(person())
    page = visitor.open(f"/orders/{order.pk}/edit")
    page.get_by_role("button", name="Save").click()
    said = page.locator("main > .said")
    expect(said).not_to_be_empty()
    page.get_by_role("link", name=deed).click()
    expect(page.get_by_role("link", name="Leave it")).to_be_visible()
    expect(said).to_be_empty()
    page.get_by_role("link", name="Leave it").click()
    expect(page.get_by_role("link", name=deed)).to_be_focused()
    assert visitor.said == []
