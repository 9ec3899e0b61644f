"""A card number that somebody types, sends or carries into a page is in no byte that is kept, and in no log."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from itertools import cycle
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client

from phonepay.calls.models import Call
from phonepay.merchant.models import Merchant
from phonepay.payments.models import Payment
from phonepay.people.models import Role
from phonepay.web.panel.access import ROWS, is_machine
from tests.browser.sheet.worlds import _passkey
from tests.shop import Till
from tests.web.cast import PASSWORD, a_day, person, signed_in
from tests.web.deeds import World
from tests.web.going_out import EXPORTS, GoingOut, going_out, traces_in
from tests.web.panel.test_access import ROUTES, address
from tests.web.planting import PLANTED, SECURITY_CODE, SPELLINGS, Form, forms_of, kept_bytes, sweep, traces

__all__ = ["going_out"]

OTHERS = cycle([text for name, text in SPELLINGS.items() if name != "plain"])
# Forms that end what the others need.
LAST = ("/sign-out", "/account/sessions", "/settings/personal-data/erase")


@pytest.fixture
def world(till: Till) -> World:
    a_day(till)
    owner = person(Role.OWNER)
    made = World(till, owner, signed_in(owner))
    _passkey(owner, "Phone")
    cache.clear()
    return made


@pytest.fixture
def logged(caplog: pytest.LogCaptureFixture) -> Iterator[pytest.LogCaptureFixture]:
    with caplog.at_level(logging.DEBUG):
        # The statements of the tests' own debug mode are no log of the product.
        logging.getLogger("django.db.backends").setLevel(logging.INFO)
        yield caplog


def pages(world: World) -> list[str]:
    """Every page that can be read, with rows that are there."""
    from phonepay.orders.models import Order

    rows: dict[str, Any] = {
        "payment": Payment.objects.filter(status="succeeded").latest("agreed_at").pk,
        "order": Order.objects.order_by("pk").values_list("pk", flat=True)[0],
        "call": Call.objects.latest("pk").pk,
        "mfa": Authenticator.objects.latest("pk").pk,
    }
    found = []
    for route in ROUTES:
        path = address(route)
        for noun, identity in rows.items():
            if route.startswith(noun):
                path = path.replace("00000000-0000-0000-0000-000000000007", str(identity)).replace("/7", f"/{identity}")
        if not is_machine(path) and ROWS[route].owner not in ("no", "signed") and not route.endswith("export"):
            found.append(path)
    return found


def all_forms(world: World) -> list[Form]:
    found: dict[tuple[str, str, str], Form] = {}
    for client in (world.client, Client()):
        for page in pages(world):
            answer = client.get(page)
            if answer.status_code == 200 and "html" in answer.headers.get("Content-Type", "") and not answer.streaming:
                for form in forms_of(page, answer.content.decode()):
                    found.setdefault((form.action.partition("?")[0], form.method, " ".join(form.texts)), form)
    return sorted(found.values(), key=lambda form: form.action.startswith(LAST))


def sent(world: World, form: Form, values: dict[str, Any]) -> int:
    """Post it as a browser would. Whom it signs out is signed in again."""
    cache.clear()
    answer = getattr(world.client, form.method)(form.action, values)
    if form.action.startswith(LAST) or "/sign-in" in answer.headers.get("Location", ""):
        world.client = signed_in(world.owner)
        world.client.raise_request_exception = False
    return int(answer.status_code)


def _texts(name: str) -> list[str]:
    """What is typed into a field; where an address is asked for, one that is an address otherwise. How many ways of
    writing it are known is for tests/lib; here each field is tried, with one of them in turn."""
    if any(word in name for word in ("email", "login")):
        return [PLANTED, f"{PLANTED}@example.com"]
    return [PLANTED, next(OTHERS)] if any(word in name for word in ("note", "name", "words")) else [PLANTED]


@pytest.mark.database
def test_typed_into_any_field_of_any_form(world: World, logged: pytest.LogCaptureFixture, going_out: GoingOut) -> None:
    forms = all_forms(world)
    world.client.raise_request_exception = False
    assert len(forms) > 30, [form.action for form in forms]
    broken = []
    for form in forms:
        for name in form.texts:
            for text in _texts(name):
                status = sent(world, form, form.fields | {name: text})
                if status >= 500:
                    broken.append(f"{form.method} {form.action} {name}={text}: {status}")
        assert traces(kept_bytes()) == [], f"kept by {form.method} {form.action}, one of {form.texts}"
    assert broken == []
    world.client = signed_in(world.owner)
    assert traces_in(going_out.all(world.client)) == {}
    assert traces(logged.text.encode()) == []


@pytest.mark.database
def test_carried_by_a_file_and_its_name(world: World, logged: pytest.LogCaptureFixture, going_out: GoingOut) -> None:
    for name, text in SPELLINGS.items():
        rows = f"Order,Customer,Phone,Amount due,Remarks\n1,{text},,5,\n2,Bo,{text},5,\n{text},Bo,,5,\n3,Bo,,{text},x\n"
        for file in (f"{name}.csv", f"{text}.csv".replace("/", ".")):
            uploaded = SimpleUploadedFile(file, f"{text},b\n{rows}".encode())
            address = world.client.post("/orders/load", {"file": uploaded}).headers["Location"]
            columns = {"number": "0", "customer_name": "1", "customer_phone": "2", "amount": "3", "description": "4"}
            for typed in ({"step": "match", "currency": "usd", "mark": ".", **columns}, {"step": "confirm"}):
                assert world.client.post(address, typed).status_code < 500
            assert b"".join(world.client.get(f"{address}/errors.csv")).count(PLANTED.encode()) == 0
    assert traces(kept_bytes()) == []
    assert traces_in(going_out.all(world.client)) == {}
    assert traces(logged.text.encode()) == []


HEADERS = ["User-Agent", "Referer", "Accept-Language", "X-Forwarded-For", "X-Request-Id", "Authorization",
           "Traceparent", "Cookie", "Origin", "HX-Current-URL", "Content-Type", "X-Forwarded-Host", "Host"]  # fmt: skip
SIGNS_IN_WITH = HEADERS[:7]
SOME_PAGES = ("/", "/sign-in", "/payments", "/healthz", "/nothing", "/stripe/webhook", "/twilio/voice")


@pytest.mark.parametrize("name", HEADERS)
def test_carried_by_a_header(world: World, logged: pytest.LogCaptureFixture, name: str) -> None:
    email = person(Role.OPERATOR).email
    for spelling, text in SPELLINGS.items():
        headers = {name: text.encode().decode("latin-1")}
        client = Client(raise_request_exception=False)
        for page in SOME_PAGES:
            assert client.get(page, headers=headers).status_code < 500, (spelling, page)
            assert client.post(page, {"a": "b"}, headers=headers).status_code < 500, (spelling, page)
        if spelling in ("plain", "spaced"):
            cache.clear()
            signed = client.post("/sign-in", {"login": email, "password": PASSWORD}, headers=headers)
            assert signed.status_code == 302 or name not in SIGNS_IN_WITH
            assert client.get("/payments", headers=headers).status_code < 500
    assert traces(kept_bytes()) == []
    assert traces(logged.text.encode()) == []


QUERIES = ("q", "after", "period", "who", "kind", "status", "line", "from", "to", "next", "order", "format", "state")


def test_asked_for_in_an_address(world: World, logged: pytest.LogCaptureFixture) -> None:
    for path in [*pages(world), *EXPORTS]:
        for text in (PLANTED, SPELLINGS["spaced"]):
            answer = world.client.get(path, dict.fromkeys(QUERIES, text))
            assert answer.status_code < 500, (path, text)
            sum(len(part) for part in answer) if answer.streaming else None
        Client().get(f"{path}/{PLANTED}")
    assert traces(kept_bytes()) == []
    assert traces(logged.text.encode()) == []


def test_what_is_planted_would_be_found_in_what_goes_out(world: World, going_out: GoingOut) -> None:
    """Put into the rows past every door."""
    world.order(customer_name=PLANTED)
    Merchant.objects.update(name=PLANTED)
    Client().post("/password/forgotten", {"email": world.owner.email})
    Call.objects.update(phone=PLANTED)
    Payment.objects.update(phone=PLANTED)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE events_event SET actor_name = %s", [PLANTED])
    found = traces_in(going_out.all(world.client))
    exports = {f"{path}.{kind}" for path in EXPORTS for kind in ("csv", "xlsx")}
    assert {*exports, "letters", "backup"} - set(found) == set()
    sweep()  # others look for the same digits


def test_what_is_planted_would_be_found(world: World) -> None:
    for text in (*SPELLINGS.values(), f"é{PLANTED}"):
        order = world.order(customer_name=text)
        assert traces(kept_bytes()) != []
        order.delete()
    sweep()  # others look for the same digits
    assert SECURITY_CODE not in PLANTED
