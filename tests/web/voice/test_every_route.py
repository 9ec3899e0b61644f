"""Each voice route answers TwiML, whatever breaks behind it. A new route is taken in by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.db import InterfaceError, OperationalError

from phonepay.calls import card, ending, opening, resuming, turns
from phonepay.standins.twilio.transport import Answer
from phonepay.telephony import twiml
from phonepay.web.voice import urls
from tests.journeys import product as running
from tests.journeys.phone import Caller, Phone
from tests.journeys.shop import LINE, VISA, Shop
from tests.web.voice.stranger import at_the_card

ROUTES = [str(each.pattern) for each in urls.urlpatterns]
each_route = pytest.mark.parametrize("route", ROUTES)


def address(route: str, shop: Shop) -> str:
    attempt = str(shop.payment.attempt)
    values = {"int": "2", "uuid": attempt}
    return "/twilio/" + re.sub(r"<(int|uuid):\w+>", lambda found: values[found[1]], route)


def ask(phone: Phone, caller: Caller, route: str, shop: Shop, path: str = "") -> Answer:
    caller.forged = True
    facts = {"To": LINE, "From": "+15550123", "CallStatus": "completed", "Digits": "1", "Result": "success"}
    return phone.send(path or address(route, shop), CallSid=caller.sid, **facts)


def is_twiml(answer: Answer) -> list[str]:
    assert answer.status == 200
    assert answer.header("content-type").startswith("text/xml")
    root = ET.fromstring(answer.body)  # noqa: S314 - our own answer
    assert root.tag == "Response"
    return [verb.tag for verb in root]


class _Broken(running.Statements):
    """Every statement of every thread fails."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def note(self, sql: str) -> None:
        raise self.error


@contextmanager
def a_database_that_says(error: Exception) -> Iterator[None]:
    broken = _Broken(error)
    running._counting.append(broken)
    try:
        yield
    finally:
        running._counting.remove(broken)


GONE = [
    OperationalError("could not connect to server: Connection refused"),
    OperationalError("database is locked"),
    OperationalError("canceling statement due to statement timeout"),
    InterfaceError("connection already closed"),
]


@each_route
@pytest.mark.parametrize("error", GONE, ids=["gone", "locked", "slow", "closed"])
def test_without_the_database(phone: Phone, shop: Shop, route: str, error: Exception) -> None:
    shop.line("fixed")
    caller = at_the_card(phone, shop)
    path = address(route, shop)
    with a_database_that_says(error):
        verbs = is_twiml(ask(phone, caller, route, shop, path))
    assert verbs in ([], ["Say", "Hangup"])


@each_route
def test_when_our_own_code_is_wrong(phone: Phone, shop: Shop, route: str, monkeypatch: pytest.MonkeyPatch) -> None:
    shop.line("fixed")
    caller = at_the_card(phone, shop)
    path = address(route, shop)

    def breaks(*_: Any, **__: Any) -> None:
        raise RuntimeError("the disk is full")

    for module in (opening.handle_incoming, turns.handle_input, card.pay_finished, card.waiting, ending.person_ended,
                   ending.call_ended, resuming.resume):  # fmt: skip
        monkeypatch.setattr(f"{module.__module__}.{module.__name__}", breaks)
    verbs = is_twiml(ask(phone, caller, route, shop, path))
    assert verbs in ([], ["Say", "Hangup"])


@each_route
def test_when_the_answer_cannot_be_rendered(
    phone: Phone, shop: Shop, route: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.line("fixed")
    caller = at_the_card(phone, shop)

    def breaks(*_: Any, **__: Any) -> None:
        raise ValueError("a card reply needs the attempt that it belongs to")

    monkeypatch.setattr(twiml, "render", breaks)
    assert is_twiml(ask(phone, caller, route, shop)) in ([], ["Say", "Hangup"])


@each_route
def test_while_stripe_is_away(phone: Phone, shop: Shop, route: str) -> None:
    shop.line("fixed")
    caller = at_the_card(phone, shop)
    shop.bank.standin.faults.drop("*", "/v1/*", times=500)
    is_twiml(ask(phone, caller, route, shop))
    shop.bank.standin.faults.clear()


@each_route
def test_behind_a_proxy_that_names_another_host(
    phone: Phone, shop: Shop, route: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The signature is over the configured address, whatever the Host header says; no middleware may refuse it."""
    shop.line("fixed")
    caller = at_the_card(phone, shop)
    real = phone.telephone.transport.send

    def renamed(outgoing: Any, connect: float, read: float) -> Answer:
        headers = tuple((name, "in_side.example:8000" if name == "Host" else value) for name, value in outgoing.headers)
        return real(type(outgoing)(outgoing.method, outgoing.url, headers, outgoing.body), connect, read)

    monkeypatch.setattr(phone.telephone.transport, "send", renamed)
    is_twiml(ask(phone, caller, route, shop))


def test_after_the_database_is_back_the_call_goes_on(phone: Phone, shop: Shop) -> None:
    shop.line("fixed")
    caller = at_the_card(phone, shop)
    with a_database_that_says(OperationalError("database is locked")):
        ask(phone, caller, "voice", shop, "/twilio/input/1")
    assert "You have paid" in caller.pay_with(VISA)
