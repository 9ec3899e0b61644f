"""Protection's page: what is held, in plain words; one click lets a real customer pay; what the owner decides."""

from __future__ import annotations

from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from phonepay.calls.models import Call
from phonepay.events.models import Event
from phonepay.merchant.models import Line
from phonepay.orders.operations import add_order
from phonepay.people.models import Role
from phonepay.protection.callers import HIDDEN, key_of
from phonepay.protection.judging import Verdict
from phonepay.protection.measures import take, take_line_step
from phonepay.protection.models import Measure
from phonepay.protection.steps import ALL_WHYS, Step, Why
from phonepay.web.panel.guarded import line_step, said_of_call, why_of
from tests.shop import OLIVIA, make_line, make_shop
from tests.web.cast import person, signed_in

pytestmark = pytest.mark.django_db

PAGE = "/settings/protection"


@pytest.fixture
def line() -> Line:
    return make_line(make_shop())


def refused(line: Line, key: str = "", sid: str = "") -> Measure:
    now = timezone.now()
    verdict = Verdict(Step.REFUSED, Why.CARDS, 5, now + timedelta(days=1))
    row = take(line=line, kind="caller", key=key or key_of("+12065550101"), verdict=verdict, call_sid=sid, now=now)
    assert row is not None
    return row


def a_call(line: Line, **facts: Any) -> Call:
    now = timezone.now()
    usual = {"sid": "CA1", "phone": "+12065550101", "script": {}, "state": {}, "started_at": now, "last_at": now}
    return Call.objects.create(merchant=line.merchant, line=line, **(usual | facts))


def seen(client: Client, path: str = PAGE) -> str:
    response = client.get(path)
    assert response.status_code == 200
    return unescape(response.content.decode())


def test_on_a_calm_day_it_says_that_everybody_can_pay(line: Line) -> None:
    assert "Nothing. Everybody who calls can pay." in seen(signed_in(person()))


def test_a_refused_caller_is_told_of_with_the_reason_and_the_call(line: Line) -> None:
    call = a_call(line)
    refused(line, sid="CA1")
    page = seen(signed_in(person()))
    assert "(206) 555-0101 is turned away." in page
    assert "5 different cards were declined in a day." in page
    assert f'href="/calls/{call.pk}"' in page


def test_one_click_says_that_it_was_a_real_customer(line: Line) -> None:
    row = refused(line)
    operator = signed_in(person(Role.OPERATOR))
    assert "That was a real customer" in seen(operator)
    page = operator.post(f"{PAGE}/{row.pk}/lift", follow=True).content.decode()
    assert "Done. This caller can pay from the next call on, and for 90 days is not turned away." in page
    row.refresh_from_db()
    assert row.step == Step.NONE and row.trusted_until is not None
    assert Event.objects.get(type="protection.lifted").actor_kind == "person"


def test_clicking_twice_says_that_it_was_over(line: Line) -> None:
    row = refused(line)
    owner = signed_in(person())
    owner.post(f"{PAGE}/{row.pk}/lift")
    assert "It was over already." in owner.post(f"{PAGE}/{row.pk}/lift", follow=True).content.decode()


def test_an_auditor_looks_and_has_no_button(line: Line) -> None:
    row = refused(line)
    auditor = signed_in(person(Role.AUDITOR))
    assert "That was a real customer" not in seen(auditor)
    assert auditor.post(f"{PAGE}/{row.pk}/lift").status_code == 403
    assert Measure.objects.get().step == Step.REFUSED


def test_another_shops_measure_is_not_there(line: Line) -> None:
    row = refused(make_line(make_shop(name="Elsewhere"), phone_number="+12025550177"))
    assert signed_in(person()).post(f"{PAGE}/{row.pk}/lift").status_code == 404


def test_hidden_callers_are_never_called_one_customer(line: Line) -> None:
    refused(line, HIDDEN)
    page = seen(signed_in(person()))
    assert "Callers who hide their number" in page and "Let them in again" in page
    assert "That was a real customer" not in page


def test_a_line_that_protects_itself_is_on_home_and_can_be_resumed(line: Line) -> None:
    now = timezone.now()
    take_line_step(line=line, step=Step.ORDER, why=Why.LINE_DECLINES, count=14, call_sid="", now=now)
    owner = signed_in(person())
    home = seen(owner, "/")
    assert "The line protects itself: Callers whom you do not know need an order of your list" in home
    page = seen(owner)
    assert "14 cards were declined of late, far more than is usual here." in page and "Resume" in page
    owner.post(f"{PAGE}/{Measure.objects.get().pk}/lift")
    assert "The line protects itself" not in seen(owner, "/")


def test_a_refused_caller_is_on_home_with_the_one_click(line: Line) -> None:
    row = refused(line)
    home = seen(signed_in(person()), "/")
    assert "One caller is turned away." in home and f"{PAGE}/{row.pk}/lift" in home


def test_how_many_were_turned_away_is_counted_by_caller(line: Line) -> None:
    for number, phone in enumerate(("+12065550101", "+12065550101", "+12065550102", "")):
        a_call(line, sid=f"CA{number}", phone=phone, ended="caller_refused")
    a_call(line, sid="CA9", phone="+12065550102", ended="paid")
    assert "2 callers were turned away in the last 24 hours, and have not paid." in seen(signed_in(person()))


def test_a_calls_page_says_what_protection_did(line: Line) -> None:
    guard = {"generic": True, "by": "caller", "why": "cards", "step": 3, "refusal": "caller_refused"}
    assert "turned away" in said_of_call({"guard": guard})
    assert "no cards were taken" in said_of_call({"guard": guard | {"refusal": "paused"}})
    assert "got a person" in said_of_call({"guard": guard | {"refusal": "person"}})
    assert "asked to call again" in said_of_call({"guard": guard | {"refusal": "again"}})
    assert "After this card no other" in said_of_call({"guard": guard | {"refusal": ""}})
    assert said_of_call({}) == ""


def test_every_reason_and_every_step_has_its_words() -> None:
    assert all(why_of(why, 3) for why in ALL_WHYS)
    assert all(line_step(step, orders=orders) for step in Step if step for orders in (True, False))


def test_a_line_without_orders_is_said_to_ask_for_a_second_call(line: Line) -> None:
    line.behavior = "fixed"
    line.save()
    take_line_step(line=line, step=Step.ORDER, why=Why.STILL, count=4, call_sid="", now=timezone.now())
    owner = signed_in(person())
    for page in ("/", PAGE, "/settings/activity"):
        assert "Callers whom you do not know are asked to call again in five minutes" in seen(owner, page)


def test_activity_tells_of_steps_and_of_who_lifted_them(line: Line) -> None:
    row = refused(line)
    owner = signed_in(person())
    owner.post(f"{PAGE}/{row.pk}/lift")
    page = seen(owner, "/settings/activity")
    assert "Protected the line: One caller is turned away. 5 different cards were declined in a day." in page
    assert "Said that a caller who was turned away is a real customer" in page


def save(client: Client, section: str, **typed: str) -> str:
    return unescape(client.post(PAGE, {"section": section, **typed}, follow=True).content.decode())


def test_an_owner_chooses_how_soon_and_sees_the_limits(line: Line) -> None:
    owner = signed_in(person())
    assert "6 · 8 · 10" in seen(owner)
    assert "Saved." in save(owner, "guard", protection="strict", protection_may_pause="yes")
    line.refresh_from_db()
    assert line.protection == "strict"
    assert "4 · 5 · 6" in seen(owner)


def test_an_operator_cannot_change_it(line: Line) -> None:
    assert signed_in(person(Role.OPERATOR)).post(PAGE, {"section": "guard", "protection": "relaxed"}).status_code == 403
    line.refresh_from_db()
    assert line.protection == "standard"


def test_the_second_fact_is_set_and_says_how_many_orders_lack_it(line: Line) -> None:
    add_order(merchant=line.merchant, number="1", amount=100, currency="usd", by=OLIVIA, now=timezone.now())
    facts = {"customer_postal": "94110"}
    add_order(merchant=line.merchant, number="2", amount=100, currency="usd", by=OLIVIA, now=timezone.now(), **facts)
    page = save(signed_in(person()), "second-fact", second_fact="postal", second_fact_passes="no")
    assert "1 unpaid order does not have what callers are asked for." in page
    line.refresh_from_db()
    assert (line.second_fact, line.second_fact_passes) == ("postal", False)
