"""Who reads the database, or a backup of it, comes in with nothing that is in there."""

from __future__ import annotations

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.backends.db import SessionStore as Plain
from django.contrib.sessions.models import Session
from django.test import Client

from tests.web.cast import PASSWORD, person, signed_in
from tests.web.planting import kept_bytes

pytestmark = pytest.mark.django_db(transaction=True)
COOKIE = "phonepay_session"


def came_in() -> Client:
    person()
    client = Client()
    client.post("/sign-in", {"login": "owner@example.com", "password": PASSWORD})
    assert client.get("/payments").status_code == 200
    return client


def test_what_a_browser_carries_is_in_no_byte_of_the_database() -> None:
    client = came_in()
    assert client.cookies[COOKIE].value.encode() not in kept_bytes()


@pytest.mark.parametrize("rows", [Session, UserSession])
def test_what_stands_in_a_row_is_no_cookie(rows: type[Session | UserSession]) -> None:
    came_in()
    thief = Client()
    thief.cookies[COOKIE] = str(rows.objects.get().session_key)
    assert thief.get("/payments").status_code == 302


def test_a_second_step_that_is_being_set_up_can_be_read_in_no_row() -> None:
    client = signed_in(person())
    secret = client.get("/account/two-factor/app").context["form"].secret
    assert secret in str(client.session.items())
    assert not any(Plain().decode(row.session_data) for row in Session.objects.all())


def test_somebody_sees_and_ends_their_other_sessions_all_the_same() -> None:
    here, there = came_in(), Client()
    there.post("/sign-in", {"login": "owner@example.com", "password": PASSWORD})
    assert here.get("/account/sessions").content.decode().count("This one") == 1
    here.post("/account/sessions")
    assert here.get("/payments").status_code == 200
    assert there.get("/payments").status_code == 302
