"""What strangers make up about where a request comes from, and where it should lead: nothing of it is believed."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from pytest_django import Settings

from phonepay.events.models import Event
from phonepay.people.models import Role
from phonepay.web.panel.access import ROWS, is_machine
from tests.web.cast import PASSWORD, person, signed_in
from tests.web.panel.test_access import NOBODY, ROUTES, address

pytestmark = [pytest.mark.django_db, pytest.mark.long]
ELSEWHERE = [
    "https://evil.example/", "//evil.example/", "///evil.example", "/\\evil.example", "\\\\evil.example",
    "https:evil.example", "http:///evil.example", "javascript:alert(1)", "data:text/html,x", "//evil.example%2f..",
    " //evil.example", "https://testserver@evil.example/", "https://pay.example.evil.example/", "\t//evil.example",
]  # fmt: skip


@pytest.mark.parametrize("target", ELSEWHERE)
def test_nobody_is_led_to_another_site(target: str) -> None:
    user = person()
    led = {
        "sign in": Client().post("/sign-in", {"login": user.email, "password": PASSWORD, "next": target}),
        "by address": Client().post(f"/sign-in?next={target}", {"login": user.email, "password": PASSWORD}),
        "again": signed_in(user).post("/sign-in/again", {"password": PASSWORD, "next": target}),
        "language": Client().post("/account/reader", {"language": "es", "next": target}),
        "sign out": signed_in(user).post("/sign-out", {"next": target}),
    }
    for name, response in led.items():
        where = response.headers.get("Location", "/")
        assert re.match(r"/(?![/\\])", where) and "evil" not in where.split("?")[0], (name, where)


@pytest.mark.parametrize("host", ["evil.example", "pay.example.evil.example", "pay.example:80@evil.example", "", "a b"])
def test_a_host_that_is_not_ours_is_not_answered(host: str) -> None:
    person()
    for path in ("/sign-in", "/payments", "/nothing"):
        assert Client().get(path, headers={"Host": host}).status_code == 400
    assert Client().post("/sign-in", {"login": "a@example.com"}, headers={"Host": host}).status_code == 400


def test_whoever_comes_by_another_name_is_told_the_right_one() -> None:
    page = Client().get("/sign-in", headers={"Host": "10.0.0.7:8000"}).content.decode()
    assert "Phone Pay answers under https://pay.example." in page and "the Host header" in page


def test_links_lead_to_the_public_address_whatever_the_request_says() -> None:
    oscar = person(Role.OPERATOR)
    made_up = {"Host": "localhost", "X-Forwarded-Host": "evil.example", "X-Forwarded-Proto": "http"}
    page = signed_in(person()).post(f"/settings/people/{oscar.pk}/new-password", headers=made_up).content.decode()
    assert "https://pay.example/password/new/" in page and "evil" not in page


def test_who_stands_behind_no_proxy_cannot_say_where_they_are() -> None:
    person()
    made_up = {"X-Forwarded-For": "203.0.113.9", "X-Real-IP": "203.0.113.9", "Forwarded": "for=203.0.113.9"}
    Client().post("/sign-in", {"login": "owner@example.com", "password": PASSWORD}, headers=made_up)
    assert Event.objects.get().source == "panel:127.0.0.1"


def test_behind_one_proxy_the_last_address_counts_and_not_what_was_made_up(settings: Settings) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    person()
    said = {"X-Forwarded-For": "198.51.100.1, 203.0.113.9"}
    Client().post("/sign-in", {"login": "owner@example.com", "password": PASSWORD}, headers=said)
    assert Event.objects.get().source == "panel:203.0.113.9"


def test_another_site_cannot_send_a_form_with_somebodys_session() -> None:
    """Every form of every page wants the token of its page; only machines, who sign, go without."""
    client, held = signed_in(person(), strict=True), 0
    for route, row in ROWS.items():
        if is_machine("/" + ROUTES[route].lstrip("/")) or route == "account_logout":
            continue
        if row.owner not in ("yes", "fresh", "look-fresh"):
            continue
        response = client.post(address(route), {"any": "thing"}, headers={"Origin": "https://evil.example"})
        assert response.status_code == 403, route
        held += 1
    assert held > 40


@pytest.mark.parametrize("method", ["put", "head", "options"])
def test_no_method_opens_what_get_and_post_do_not(method: str) -> None:
    """By the table, for each role: what is refused to be read is refused to HEAD, what to be changed to all others."""
    reading = method in ("head", "options")
    for who in (NOBODY, *Role.values):
        client = Client() if who == NOBODY else signed_in(person(who))
        for route, row in ROWS.items():
            # Signing out by PUT is signing out all the same.
            if is_machine("/" + ROUTES[route].lstrip("/")) or route == "account_logout":
                continue
            response = getattr(client, method)(address(route))
            cell = row.cell(who)
            told = f"{who} {method} {route}: {response.status_code}"
            if cell == "sign-in":
                assert response.headers["Location"].startswith("/sign-in?next="), told
            elif cell == "no" or (cell == "look" and not reading):
                assert response.status_code == 403, told
            else:
                assert response.status_code not in (403, 500), told


def test_no_page_can_be_framed() -> None:
    response = signed_in(person()).get("/payments")
    assert "frame-ancestors 'none'" in response.headers["Content-Security-Policy"]
    assert response.headers["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("sent", ["another name", "too much"])
def test_what_a_stranger_sends_is_no_error_of_ours(sent: str, caplog: pytest.LogCaptureFixture) -> None:
    if sent == "too much":
        assert Client().post("/stripe/webhook", b" " * 3_000_000, content_type="application/json").status_code == 400
    else:
        assert Client().get("/sign-in", headers={"Host": "evil.example"}).status_code == 400
    told = [each for each in caplog.records if each.name.startswith("django.security")]
    assert [(each.levelname, each.exc_info) for each in told] == [("WARNING", None)]
