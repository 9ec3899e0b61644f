"""Every page, file, error and answer to a machine carries what a public checker of headers wants.

The checker is drHEADer, with OWASP's rules as it brings them. Where we answer otherwise it stands in `OURS`, with why.
"""

from __future__ import annotations

import copy
import logging
from typing import Any

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from django.test import Client

from phonepay.people.models import Role
from phonepay.web.panel.access import ROWS, is_machine
from tests.web.cast import PASSWORD, person, signed_in
from tests.web.panel.test_access import ROUTES, address

drheader = pytest.importorskip("drheader", reason="the checker of headers is not installed: make test installs it")

pytestmark = pytest.mark.django_db


def rules(*, file: bool = False) -> dict[str, Any]:
    """OWASP's, with what we do otherwise."""
    from drheader.utils import default_rules

    ours: dict[str, Any] = copy.deepcopy(default_rules())
    # Stricter than the three that it knows: nobody else learns even our name, and a form still tells where it is from.
    ours["Referrer-Policy"] = {"Required": True, "Severity": "medium", "Value": "same-origin"}
    # Hosts below the public address may be somebody else's: only its owner can promise for them.
    ours["Strict-Transport-Security"].pop("Must-Contain")
    if file:
        # Its address holds the digest of what is in it.
        ours["Cache-Control"] = {"Required": True, "Severity": "high", "Must-Contain": ["public", "immutable"]}
        ours.pop("Content-Security-Policy")
    return ours


def found(response: Any, **kind: bool) -> list[str]:
    """What the checker says of an answer."""
    headers: dict[str, Any] = {name: value for name, value in response.headers.items() if name != "Set-Cookie"}
    cookies = [morsel.OutputString() for morsel in response.cookies.values() if morsel.value]
    if cookies:
        headers["Set-Cookie"] = cookies
    logging.getLogger().setLevel(logging.WARNING)
    report = drheader.Drheader(headers=headers).analyze(rules=rules(**kind), cross_origin_isolated=True)
    return [f"{each.rule}: {each.message} {each.value}" for each in report]


def test_every_page_has_what_the_checker_wants() -> None:
    owner, pages, wrong = person(Role.OWNER), 0, {}
    client = signed_in(owner)
    for route, row in ROWS.items():
        if is_machine("/" + ROUTES[route].lstrip("/")) or row.owner == "no":
            continue
        for method in ("get", "post"):
            response = getattr(signed_in(owner) if route == "account_logout" else client, method)(address(route))
            pages += 1
            # The picture of the second step's secret is made for its page.
            said = [each for each in found(response) if not (route == "mfa_activate_totp" and "data:" in each)]
            if said:
                wrong[f"{method} {route} {response.status_code}"] = said
    assert wrong == {}
    assert pages > 100


@pytest.mark.parametrize("path", ["/sign-in", "/password/forgotten", "/nothing-here", "/payments", "/invitation/x"])
def test_what_strangers_see_has_it_too(path: str) -> None:
    assert found(Client().get(path)) == []


def test_errors_have_it_too(monkeypatch: pytest.MonkeyPatch) -> None:
    client = signed_in(person(Role.AUDITOR))
    client.raise_request_exception = False
    refused = client.post("/settings/amounts")
    forged = Client(enforce_csrf_checks=True).post("/sign-in", {"login": "a@example.com"})
    unreadable = client.get("/payments", headers={"Host": "evil.example"})

    def breaks(*_: Any, **__: Any) -> None:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr("phonepay.web.panel.guide.views.render", breaks)
    broken = client.get("/help")
    answers = [refused, forged, unreadable, broken]
    assert [answer.status_code for answer in answers] == [403, 403, 400, 500]
    assert [found(answer) for answer in answers] == [[], [], [], []]


def test_files_have_it_and_may_be_kept() -> None:
    assert finders.find("panel/panel.css")
    response = Client().get(f"{settings.STATIC_URL}panel/panel.css")
    assert response.status_code == 200 and found(response, file=True) == []
    response.close()


def test_machines_get_what_is_for_them() -> None:
    for path in ("/healthz", "/twilio/voice", "/stripe/webhook"):
        headers = Client().post(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff" and headers["Cache-Control"] == "no-store, max-age=0"
        assert headers["Strict-Transport-Security"] == "max-age=31536000"


def test_cookies_are_of_this_site_and_this_connection_alone() -> None:
    person()
    client = Client()
    client.get("/sign-in")
    client.post("/sign-in", {"login": "owner@example.com", "password": PASSWORD})
    client.post("/account/reader", {"language": "es", "theme": "dark"})
    for name, cookie in client.cookies.items():
        assert cookie["secure"] and cookie["httponly"] and cookie["samesite"] == "Lax" and not cookie["domain"], name


def test_text_says_how_it_is_written() -> None:
    client = signed_in(person())
    for route in ("home", "settings-amounts", "security-txt", "people"):
        kind = client.get(address(route)).headers["Content-Type"]
        assert kind == "text/html; charset=utf-8"


def test_the_checker_finds_what_is_missing() -> None:
    response = Client().get("/sign-in")
    del response.headers["X-Frame-Options"]
    response.headers["Content-Security-Policy"] = "default-src 'self' 'unsafe-inline'"
    assert len(found(response)) == 2
