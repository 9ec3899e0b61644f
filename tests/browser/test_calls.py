"""Calls in a real browser: the log, the rows that are live, where callers stop, one call, what went over the wire."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from phonepay.calls.asked import Asked
from phonepay.calls.models import Call
from phonepay.calls.opening import handle_incoming
from phonepay.calls.turns import handle_input
from phonepay.orders.models import Order
from phonepay.payments import pool
from tests.browser.conftest import THEMES, WIDTHS, Visitor
from tests.shop import MARY, Till
from tests.web.cast import a_day, call_of, person

Visit = Callable[..., Visitor]


def talk(till: Till, *keys: str, phone: str = MARY, sid: str = "CA7") -> Call:
    """A caller and what was keyed, by the rooms' own verbs; the line is not dead yet."""
    at = timezone.now() - timedelta(seconds=9 * len(keys))
    asked: dict[str, Any] = {"CallStatus": "in-progress", "Direction": "inbound"}
    number = till.line.phone_number
    handle_incoming(sid=sid, called=number, calling=phone, now=at, asked=Asked("voice", asked))
    for turn, each in enumerate(keys, start=1):
        at += timedelta(seconds=9)
        handle_input(sid=sid, turn=turn, keys=each, now=at, asked=Asked("input", asked))
    pool.wait_until_idle()
    return Call.objects.get(sid=sid)


def hang_up(call: Call) -> None:
    Call.objects.filter(pk=call.pk).update(ended_at=timezone.now(), ended="hung_up", stopped=call.step, seconds=44)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_pages_of_calls_are_fine(till: Till, visit: Visit, width: str, theme: str) -> None:
    a_day(till)
    for step, times in (("card", 5), ("confirm", 3), ("order", 1), ("card_retry", 2)):
        for _ in range(times):
            Call.objects.filter(pk=call_of(till, None, step=step).pk).update(stopped=step)
    order = till.order("INV-2042", 12_345)
    Order.objects.filter(pk=order.pk).update(customer_name="Ana Ruiz")
    live = talk(till, "", "2042#", "9", "1", phone="+12025550144")
    pages = {
        "calls": "/calls",
        "calls-filtered": "/calls?what=hung_up&period=7",
        "calls-nothing": "/calls?what=refused&period=7",
        "calls-now": "/calls/now",
        "calls-stops": "/calls/stops",
        "call-live": f"/calls/{live.pk}",
        "call-requests": f"/calls/{live.pk}/requests",
    }
    visitor = visit(person(), width=width, theme=theme)
    for name, path in pages.items():
        visitor.open(path)
        visitor.is_fine(f"{name}-{width}-{theme}")


@pytest.mark.parametrize("width", WIDTHS)
def test_a_row_on_the_line_changes_in_place_and_stays_where_it_was(till: Till, visit: Visit, width: str) -> None:
    call = talk(till)
    page = visit(person(), width=width).open("/calls")
    row = page.locator(f"#call-{call.pk}")
    expect(row).to_contain_text("On the line: the order number")
    before = row.bounding_box()
    hang_up(call)
    expect(row).to_contain_text("Hung up at the order number")
    after = row.bounding_box()
    assert before and after and (before["y"], before["height"]) == (after["y"], after["height"])
    expect(page.locator("#calls-live")).not_to_have_attribute("hx-trigger", "every 2s")


def test_who_calls_next_is_added_to_those_on_the_line(till: Till, visit: Visit) -> None:
    talk(till)
    page = visit(person()).open("/calls/now")
    second = talk(till, phone="+12025550166", sid="CA8")
    expect(page.locator(f"#call-{second.pk}")).to_contain_text("(202) 555-0166")


def test_the_conversation_grows_while_it_goes_on(till: Till, visit: Visit) -> None:
    till.order("1042")
    call = talk(till)
    visitor = visit(person())
    page = visitor.open(f"/calls/{call.pk}")
    expect(page.get_by_text("Enter your order number")).to_be_visible()
    handle_input(sid=call.sid, turn=1, keys="1042#", now=timezone.now() + timedelta(seconds=9))
    expect(page.get_by_text("Order 1042: $42.50.")).to_be_visible()
    visitor.is_fine()


def test_an_owner_opens_what_went_over_the_wire(till: Till, visit: Visit) -> None:
    till.order("1042")
    call = talk(till, "1042#")
    hang_up(call)
    visitor = visit(person())
    page = visitor.open(f"/calls/{call.pk}")
    page.get_by_text("What went over the wire").click()
    expect(page.get_by_text("POST /twilio/input/1")).to_be_visible()
    visitor.is_fine("call-wire")


def test_a_caller_is_asked_for_in_any_spelling(till: Till, visit: Visit) -> None:
    a_day(till)
    page = visit(person(), width="phone").open("/calls?what=paid")
    page.get_by_text("Caller", exact=True).first.click()
    page.get_by_label("Phone number, in any spelling").fill("202 555 0101")
    page.get_by_role("button", name="Show these calls").click()
    expect(page.locator(".chip")).to_have_count(2)
    assert "what=paid" in page.url
