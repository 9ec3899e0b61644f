"""Anything at all in the forms, addresses, cookies and dates of the pages: answered or refused, never a 500."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.cache import cache
from django.test import Client
from django.test.client import MULTIPART_CONTENT
from hypothesis import given
from hypothesis import strategies as st

from phonepay.people.links import invitation_link, new_password_link
from phonepay.people.models import Role
from phonepay.web.panel.access import ROWS, is_machine
from tests.figures import quoted
from tests.fuzz.effort import Spent, examples
from tests.payments.conftest import stripe_standin, till
from tests.shop import Till
from tests.web import deeds
from tests.web.cast import a_day, person, signed_in
from tests.web.panel.test_access import ROUTES, address

__all__ = ["stripe_standin", "till"]

STRANGERS, QUERIES, COOKIES = 150, 400, 100

JUNK = [
    "", "0", "-1", "1", "9" * 40, "1e309", "NaN", "null", "true", "\x00", "a\x00b", "%00", "%", "%ff", "٣", "2026-02-30", "0000-00-00",
    "9999-12-31", "2026-11-26T99:99", "-9999-01-01", "10000-01-01", "../../etc/passwd", "<script>alert(1)</script>", "{{ 7 * 7 }}",
    "' OR 1=1 --", "payments", "//evil.example", "https://evil.example/", "javascript:alert(1)", "\r\nSet-Cookie: a=b", "x" * 5_000,
    "4242424242424242", "person:7", "person:", ":", "a:b:c", "e1700000000.123456-9", "1700000000000000000-1", "\ud800", "\u202e",
    "+12025550101", "$1,234.56", "1.234,56", "½", "①", "today", "7 days", "7d", "custom", "[]", "{}", '"', "owner@example.com",
]  # fmt: skip
values = st.sampled_from(JUNK) | st.text(max_size=30) | st.integers().map(str) | st.dates().map(str)
FORM_NAMES = [
    "login", "email", "password", "password1", "password2", "code", "credential", "name", "next", "remember", "role",
    "csrfmiddlewaretoken", "token", "language", "theme", "url", "key",
]  # fmt: skip
QUERY_NAMES = [
    "q", "after", "before", "period", "from", "to", "who", "kind", "status", "line", "currency", "format", "sort", "page",
    "next", "done", "erase", "order", "card", "origin", "amount", "state", "locale", "columns", "open", "of", "live", "day",
]  # fmt: skip


@pytest.fixture
def spent() -> Iterator[Spent]:
    spent = Spent("forms, addresses and cookies")
    yield spent
    assert spent.is_bounded, f"{max(spent.seconds):.2f} s of processor time for one request"


def text(value: str) -> str:
    """As a browser could send it: a lone surrogate becomes a question mark."""
    return value.encode("utf-8", "replace").decode()


@pytest.mark.django_db
def test_any_form_that_a_stranger_sends(spent: Spent, monkeypatch: pytest.MonkeyPatch) -> None:
    # Whoever tries passwords is slowed down; here it is the forms that are tried, and Argon2 would take all the time.
    owner = person(Role.OWNER)
    invited = deeds.invited(deeds.World(None, owner, Client()))  # type: ignore[arg-type]  # no till is needed for it
    routes = [route for route, row in ROWS.items() if row.nobody == "yes" and not is_machine(address(route))]
    paths = [
        *map(address, routes), invitation_link(invited, base=""), new_password_link(owner, base=""), "/sign-in?next=//evil.example",
        "/nothing", "/invitation/" + "x" * 3_000, "/password/new/zzzzzzzzzzzzzzzz-x", "/password/new/1-set-password",
    ]  # fmt: skip
    monkeypatch.setattr("django.contrib.auth.hashers.Argon2PasswordHasher.verify", lambda *given: False)
    monkeypatch.setattr("django.contrib.auth.hashers.Argon2PasswordHasher.encode", lambda *given: "argon2$x")
    kinds = st.sampled_from(
        ["application/x-www-form-urlencoded", MULTIPART_CONTENT, "application/json", "text/plain", ""]
    )

    @examples(STRANGERS)
    @given(
        path=st.sampled_from(paths),
        typed=st.dictionaries(st.sampled_from(FORM_NAMES) | st.text(max_size=8), values, max_size=6),
        raw=st.none() | st.tuples(kinds, st.binary(max_size=80)),
        method=st.sampled_from(["get", "post", "post", "put", "delete", "options", "head"]),
    )
    def anything(path: str, typed: dict[str, str], raw: tuple[str, bytes] | None, method: str) -> None:
        cache.clear()
        client = Client(raise_request_exception=False)
        sent = {text(name): text(value) for name, value in typed.items()}
        with spent.request():
            if method in ("get", "head"):
                answer = getattr(client, method)(path, sent)
            elif raw or method != "post":
                kind, body = raw or ("", b"")
                answer = client.generic(method.upper(), path, body, kind)
            else:
                answer = client.post(path, sent)
        assert answer.status_code < 500, (method, path, sent, raw)
        assert not answer.headers.get("Location", "").startswith(("//", "http", "javascript")), answer.headers[
            "Location"
        ]

    anything()


def test_any_query_of_any_page(till: Till, spent: Spent) -> None:
    a_day(till)
    client = signed_in(person(Role.OWNER))
    client.raise_request_exception = False
    pages = [
        address(route)
        for route in ROUTES
        if not is_machine(address(route)) and ROWS[route].owner not in ("no", "signed")
    ]
    pages = [page for page in pages if not page.startswith(("/sign-out", "/account", "/password"))]

    @examples(QUERIES)
    @given(
        page=st.sampled_from(pages),
        asked=st.dictionaries(
            st.sampled_from(QUERY_NAMES) | st.text(max_size=6), st.lists(values, max_size=3), max_size=5
        ),
        part=st.booleans(),
    )
    def anything(page: str, asked: dict[str, list[str]], part: bool) -> None:
        query = {text(name): [text(each) for each in several] for name, several in asked.items()}
        with spent.request():
            answer = client.get(page, query, headers={"HX-Request": "true"} if part else {})
            if answer.streaming:
                sum(map(len, answer))
        assert answer.status_code < 500, (page, query)

    anything()


@pytest.mark.django_db
def test_any_cookie(spent: Spent) -> None:
    names = [
        "phonepay_session",
        "csrftoken",
        "phonepay_language",
        "phonepay_theme",
        "messages",
        "phonepay_browser",
        "a",
    ]

    @examples(COOKIES)
    @given(
        cookies=st.dictionaries(st.sampled_from(names), values, max_size=4),
        raw=st.none() | st.text(st.characters(max_codepoint=255, exclude_categories=["Cc"]), max_size=60),
        page=st.sampled_from(["/", "/sign-in", "/payments", "/password/forgotten", "/account", "/nothing"]),
    )
    def anything(cookies: dict[str, str], raw: str | None, page: str) -> None:
        client = Client(raise_request_exception=False)
        plain = "; ".join(f"{name}={text(value)}" for name, value in cookies.items())
        header = raw if raw is not None else plain.encode().decode("latin-1")
        with spent.request():
            assert client.get(page, headers={"Cookie": header}).status_code < 500, header
            assert client.post(page, {"login": "x"}, headers={"Cookie": header}).status_code < 500, header

    anything()
    quoted("fuzz-pages", STRANGERS + QUERIES + COOKIES)
