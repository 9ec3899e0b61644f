"""The table of access holds every route, and every cell of it holds."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, reverse

from phonepay.people.models import Role
from phonepay.web.panel.access import ROWS, is_machine
from tests.web.cast import person, signed_in

pytestmark = pytest.mark.long

NOBODY = "nobody"
WHO = (NOBODY, *Role.values)
# Something for each part of an address; that there is no such row comes after the question who may ask.
PARTS = {
    "identity": UUID(int=7),
    "refund": UUID(int=7),
    "attempt": UUID(int=7),
    "turn": 1,
    "said": 1,
    "pk": 7,
    "token": "token",
    "uidb36": "7",
    "key": "key",
    "locale": "en-US",
    "behavior": "fixed",
    "kind": "payment",
    "what": "webhook",
}


def routes(patterns: list[URLPattern | URLResolver], prefix: str = "") -> Iterator[tuple[str, str]]:
    """The name of each route (its path where it has none), and its path."""
    for pattern in patterns:
        path = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, path)
        else:
            yield pattern.name or path, path


ROUTES = dict(routes(get_resolver().url_patterns))


def address(route: str) -> str:
    if route not in ROUTES or "/" in route:
        path = "/" + route
        for name, value in PARTS.items():
            for kind in ("int", "uuid", "str"):
                path = path.replace(f"<{kind}:{name}>", str(value))
        return path
    names = [name for name in PARTS if f":{name}>" in ROUTES[route] or f"<{name}>" in ROUTES[route]]
    values = {name: 7 if f"<int:{name}>" in ROUTES[route] else PARTS[name] for name in names}
    return reverse(route, kwargs=values)


def test_every_route_has_a_row_and_every_row_a_route() -> None:
    assert set(ROWS) == set(ROUTES)


@pytest.mark.django_db
@pytest.mark.parametrize("who", WHO)
def test_every_cell_holds(who: str) -> None:
    user = None if who == NOBODY else person(who)
    for route, row in ROWS.items():
        for method in ("get", "post"):
            client = signed_in(user) if user else Client()
            response = getattr(client, method)(address(route))
            told = f"{who} {method} {route}: {response.status_code} {response.headers.get('Location', '')}"
            cell = row.cell(who)
            sent_to_sign_in = response.headers.get("Location", "").startswith("/sign-in?next=")
            if cell == "sign-in":
                assert sent_to_sign_in, told
            elif cell == "no" or (cell == "look" and method == "post"):
                assert response.status_code == 403, told
            elif cell == "signed":
                assert response.status_code in (400, 401, 403, 404, 405), told
            else:
                assert response.status_code != 403 and not sent_to_sign_in, told


def test_a_route_without_a_row_opens_to_nobody(monkeypatch: pytest.MonkeyPatch, db: None) -> None:
    monkeypatch.delitem(ROWS, "payments")
    assert signed_in(person(Role.OWNER)).get("/payments").status_code == 403


def test_who_was_taken_out_is_a_stranger(db: None) -> None:
    user = person(Role.OWNER)
    client = signed_in(user)
    user.is_active = False
    user.save()
    assert client.get("/payments").headers["Location"] == "/sign-in?next=%2Fpayments"


def test_a_part_of_a_page_sends_the_whole_page_to_the_sign_in(db: None) -> None:
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/payments?status=paid"}
    response = Client(headers=headers).get("/payments")
    assert response.headers["HX-Redirect"] == "/sign-in?next=%2Fpayments%3Fstatus%3Dpaid"


def test_only_paths_of_machines_are_the_machines() -> None:
    machines = {route for route, row in ROWS.items() if row.owner == "signed"} | {
        ".well-known/phonepay/<str:nonce>",
        "healthz",
        "readyz",
        "twilio/fallback",
    }
    assert {route for route in ROUTES if is_machine(address(route))} == machines
