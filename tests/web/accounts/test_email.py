"""The address that somebody signs in with is changed by whoever has just said who they are."""

from __future__ import annotations

import pytest
from django.test import Client

from phonepay.events import types
from phonepay.events.models import Event
from phonepay.people.links import new_password_link
from phonepay.people.models import Role
from tests.web.cast import PASSWORD, person, signed_in

pytestmark = pytest.mark.django_db
NEW = {"email": "Olivia@Example.com"}


def test_another_address_signs_in_from_then_on_and_the_change_is_told() -> None:
    user = person()
    assert signed_in(user).post("/account/email", NEW).headers["Location"] == "/account"
    user.refresh_from_db()
    assert user.email == "olivia@example.com"
    event = Event.objects.get(type=types.PERSON_ACCOUNT_CHANGED)
    assert event.data == {"before": {"email": "owner@example.com"}, "after": {"email": "olivia@example.com"}}
    assert Client().post("/sign-in", {"login": user.email, "password": PASSWORD}).headers["Location"] == "/"


def test_who_signed_in_long_ago_says_first_who_they_are() -> None:
    user = person()
    client = signed_in(user, ago=3600)
    target = client.post("/account/email", NEW).headers["Location"]
    user.refresh_from_db()
    assert target.startswith("/sign-in/again?next=") and user.email == "owner@example.com"
    client.get(client.post(target, {"password": PASSWORD}).headers["Location"])
    user.refresh_from_db()
    assert user.email == "olivia@example.com"


def test_the_form_of_the_account_changes_no_address() -> None:
    user = person()
    signed_in(user).post("/account", {"name": "Olivia", **NEW})
    user.refresh_from_db()
    assert (user.name, user.email) == ("Olivia", "owner@example.com")


def test_an_address_of_somebody_else_is_refused() -> None:
    person(Role.OPERATOR, "olivia@example.com")
    assert (
        "Somebody else signs in with this address." in signed_in(person()).post("/account/email", NEW).content.decode()
    )


def test_a_link_that_went_to_the_old_address_opens_nothing() -> None:
    user = person()
    link = new_password_link(user, base="")
    signed_in(user).post("/account/email", NEW)
    assert "This link opens nothing" in Client().get(link, follow=True).content.decode()
