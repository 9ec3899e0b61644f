"""Sign-ins, passwords and second steps are events; none of them tells a stranger which accounts there are."""

from __future__ import annotations

from typing import Any

import pytest
from allauth.mfa.totp.internal import auth as totp
from django.test import Client

from phonepay.events import types
from phonepay.events.models import Event
from phonepay.people.models import Role
from tests.web.cast import PASSWORD, person, signed_in

pytestmark = pytest.mark.django_db


def sign_in(email: str, password: str) -> Any:
    return Client().post("/sign-in", {"login": email, "password": password})


def the_event() -> Event:
    return Event.objects.get()


def test_who_signs_in_is_recorded_with_from_where() -> None:
    user = person()
    sign_in(user.email, PASSWORD)
    event = the_event()
    assert (event.type, event.actor_id, event.source) == (types.SESSION_SIGNED_IN, str(user.pk), "panel:127.0.0.1")


@pytest.mark.parametrize("email", ["owner@example.com", "nobody@example.com"])
def test_a_failure_is_told_alike_whether_there_is_such_an_account(email: str) -> None:
    person()
    sign_in(email, "not the password")
    event = the_event()
    assert (event.type, event.actor_kind, event.actor_id, event.actor_name, event.subject_id, event.data) == (
        types.SESSION_SIGN_IN_FAILED, "stranger", "", email, "", {},
    )  # fmt: skip


@pytest.mark.parametrize("typed", ["correct horse battery", "4111111111111111", "4111111111111111@example.com"])
def test_what_is_no_address_is_not_kept(typed: str) -> None:
    sign_in(typed, "x" * 12)
    assert all(typed not in str(vars(event)) for event in Event.objects.all())


def test_a_new_password_is_recorded_and_not_what_it_is() -> None:
    user = person()
    new = "another long password"
    form = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    signed_in(user).post("/account/password", form)
    event = Event.objects.get(type=types.PERSON_PASSWORD_CHANGED)
    assert event.subject_id == str(user.pk) and new not in str(event.data)


def test_what_somebody_changes_about_themselves_is_recorded_with_before_and_after() -> None:
    user = person()
    form = {"name": "Olivia O.", "email": user.email, "language": "", "time_zone": "", "theme": "", "shortcuts": "on"}
    client = signed_in(user)
    client.post("/account", form)
    assert the_event().data == {"before": {"name": "Olivia Owner"}, "after": {"name": "Olivia O."}}
    client.post("/account", form)
    assert Event.objects.count() == 1


def test_a_second_step_that_is_removed_is_recorded() -> None:
    user = person()
    totp.TOTP.activate(user, totp.generate_totp_secret())
    client = signed_in(user)
    client.post("/sign-in/again", {"password": PASSWORD})
    client.post("/account/two-factor/app/off")
    event = Event.objects.get(type=types.PERSON_STEP_REMOVED)
    assert event.data == {"kind": "app"}


def test_a_wrong_second_step_is_recorded() -> None:
    user = person()
    totp.TOTP.activate(user, totp.generate_totp_secret())
    client = Client()
    client.post("/sign-in", {"login": user.email, "password": PASSWORD})
    client.post("/sign-in/second-step", {"code": "000000"})
    assert the_event().type == types.SESSION_SECOND_STEP_FAILED


def test_a_link_for_a_new_password_says_who_made_it() -> None:
    other = person(Role.OPERATOR)
    signed_in(person()).post(f"/settings/people/{other.pk}/new-password")
    event = Event.objects.get(type=types.PERSON_PASSWORD_LINK)
    assert (event.actor_name, event.subject_id) == ("Olivia Owner", str(other.pk))
