"""What went over the wire, for an owner: what is shown, who may look, and that a look is recorded."""

from __future__ import annotations

import pytest
from django.test import Client

from phonepay.events import types
from phonepay.events.models import Event
from phonepay.people.models import Role
from tests.journeys.phone import Phone
from tests.journeys.shop import VISA, Card, Shop
from tests.web.cast import person, signed_in


def shown(client: Client, shop: Shop) -> str:
    return client.get(f"/calls/{shop.call.pk}/requests").content.decode()


@pytest.fixture
def paid(phone: Phone, shop: Shop) -> Shop:
    shop.line("fixed-with-order")
    shop.order()
    shop.bank.hold_for_waits(1)
    caller = phone.dial()
    caller.then("1042#", "1", Card(VISA.number, expiry="0831", code="737", postal_code="90210"))
    caller.hang_up(after=3)
    return shop


def test_an_owner_sees_each_request_with_its_answer(paid: Shop) -> None:
    page = shown(signed_in(person()), paid)
    attempt = paid.payment.attempt
    for address in ("voice", "input/1", "input/2", f"pay/{attempt}", f"waiting/{attempt}/•", "status"):
        assert f"POST /twilio/{address}</code>" in page
    assert "&lt;Gather" in page and "&lt;Pay" in page and "+15550123" in page and "in-progress" in page


def test_keys_are_masked_and_nothing_of_the_card_is_there(paid: Shop) -> None:
    page = shown(signed_in(person()), paid)
    stored = str(paid.call.turns) + str(paid.call.ended_asked)
    for secret in (VISA.number, "737", "0831", "90210", "pm_"):
        assert secret not in page and secret not in stored
    assert "<dt>Digits</dt><dd>••••</dd>" in page


def test_that_somebody_looked_is_recorded(paid: Shop) -> None:
    owner = person()
    shown(signed_in(owner), paid)
    looked = Event.objects.get(type=types.CALL_REQUESTS_SEEN)
    assert (looked.actor_id, looked.subject_id, looked.source) == (str(owner.pk), str(paid.call.pk), "panel:127.0.0.1")


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.AUDITOR])
def test_nobody_else_may_look(paid: Shop, role: Role) -> None:
    client = signed_in(person(role))
    assert client.get(f"/calls/{paid.call.pk}/requests").status_code == 403
    assert "over the wire" not in client.get(f"/calls/{paid.call.pk}").content.decode()
    assert not Event.objects.filter(type=types.CALL_REQUESTS_SEEN).exists()


PLANTED = "4111111111111111"


def test_what_is_planted_in_any_parameter_is_not_shown(phone: Phone, shop: Shop) -> None:
    shop.line("caller-with-order")
    caller = phone.dial()
    names = ["Digits", "Result", "PaymentToken", "PayErrorCode", "DialCallStatus", "CallStatus", "FinishedOnKey"]
    names += [
        "Direction",
        "PaymentCardType",
        "SecurityCode",
        "ExpirationDate",
        "PaymentCardPostalCode",
        "ForwardedFrom",
    ]
    for secret in (PLANTED, "737", "0831", "90210"):
        turn = shop.call.turn
        others = dict.fromkeys([name for name in names if name != "Digits" or secret == PLANTED], secret)
        phone.forge(caller, f"/twilio/input/{turn}", **others)
    caller.hang_up()
    page = shown(signed_in(person()), shop)
    for secret in (PLANTED, "737", "0831", "90210"):
        assert secret not in page and secret not in str(shop.call.turns)
