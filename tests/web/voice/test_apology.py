"""The apology, and what is left of it when nothing works."""

from typing import Any

import pytest

from tests.journeys.phone import Phone
from tests.journeys.product import Statements
from tests.journeys.shop import VISA, Shop
from tests.web.voice.stranger import APOLOGY, Stranger, at_the_card


def test_an_exception_inside_is_an_apology_that_knows_nothing(
    phone: Phone, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.line("fixed")
    caller = phone.dial()

    def breaks(*_: Any, **__: Any) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("phonepay.calls.turns.flow.advance", breaks)
    heard = caller.press("1")
    assert heard.startswith(APOLOGY)
    assert "the disk" not in heard
    assert shop.payments == []
    assert caller.ended == "product"


def test_the_money_goes_its_way_although_the_wait_breaks(
    phone: Phone, shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    shop.line("fixed")
    caller = at_the_card(phone, shop)

    def breaks(*_: Any, **__: Any) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("phonepay.calls.card.flow.waiting", breaks)
    monkeypatch.setattr("phonepay.calls.card._as_it_is", breaks)
    assert APOLOGY in caller.pay_with(VISA)
    assert (shop.statuses, shop.call.told, shop.booked) == (["succeeded"], "", [("sale", 4250)])


def test_the_fallback_reads_and_writes_nothing(stranger: Stranger, statements: Statements) -> None:
    assert stranger.sends("POST", "/twilio/fallback", b"\xff\x00garbage") == (
        200,
        stranger.sends("POST", "/twilio/fallback")[1],
    )
    assert len(statements) == 0, str(statements)


def test_the_fallback_speaks_the_language_of_its_address(stranger: Stranger) -> None:
    assert APOLOGY in stranger.sends("POST", "/twilio/fallback?locale=en-US")[1]
    assert (
        "no pague otra vez hasta que la tienda lo revise" in stranger.sends("POST", "/twilio/fallback?locale=es-MX")[1]
    )
    assert APOLOGY in stranger.sends("POST", "/twilio/fallback?locale=../../etc/passwd")[1]


def test_the_fallback_is_heard_when_the_product_does_not_answer(phone: Phone, shop: Shop) -> None:
    shop.line("fixed")
    caller = phone.dial()
    phone.telephone.refuse_next_connection(3, where="/input/1")
    assert caller.press("1").startswith(APOLOGY)
    assert shop.payments == []


def test_health_is_told_without_the_database(stranger: Stranger, statements: Statements) -> None:
    assert stranger.sends("GET", "/healthz") == (200, "ok\n")
    assert len(statements) == 0
