"""Sessions end: with another password or role, with being taken out, unused, and after a week at the latest."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from phonepay.events.actors import command
from phonepay.people.links import new_password_link
from phonepay.people.membership import change_person
from phonepay.people.models import Role, User
from phonepay.web.accounts.sessions import IDLE, LONGEST
from tests.web.cast import PASSWORD, person, signed_in

pytestmark = pytest.mark.django_db
NEW = "another long password"


def is_in(client: Client) -> bool:
    return client.get("/payments").status_code == 200


def test_another_password_ends_all_other_sessions() -> None:
    user = person()
    here, elsewhere = signed_in(user), signed_in(user)
    here.post("/account/password", {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW})
    assert is_in(here) and not is_in(elsewhere)


def test_a_new_password_by_link_ends_all_sessions() -> None:
    user = person()
    elsewhere, client = signed_in(user), Client()
    form = client.get(new_password_link(user, base=""), follow=True)
    client.post(form.request["PATH_INFO"], {"password1": NEW, "password2": NEW})
    assert not is_in(elsewhere) and not is_in(client)


def test_another_role_ends_all_sessions() -> None:
    oscar = person(Role.OPERATOR)
    his = signed_in(oscar)
    signed_in(person()).post(f"/settings/people/{oscar.pk}", {"role": "auditor"})
    assert not is_in(his)
    assert is_in(signed_in(User.objects.get(pk=oscar.pk)))


def test_sessions_stay_ended_when_somebody_is_let_in_again() -> None:
    oscar = person(Role.OPERATOR)
    his = signed_in(oscar)
    for active in (False, True):
        change_person(user=oscar, active=active, by=command("root"), now=timezone.now())
        assert not is_in(his)
    assert is_in(signed_in(User.objects.get(pk=oscar.pk)))


def test_a_change_of_nothing_ends_no_session() -> None:
    oscar = person(Role.OPERATOR)
    his = signed_in(oscar)
    change_person(user=oscar, role=Role.OPERATOR, by=command("root"), now=timezone.now())
    assert is_in(his)


def test_a_session_without_use_ends_and_says_so() -> None:
    client = signed_in(person())
    assert is_in(client)
    with time_machine.travel(timezone.now() + IDLE + timedelta(seconds=1)):
        assert client.get("/payments").headers["Location"] == "/sign-in?next=%2Fpayments"
        assert "twelve hours without use" in client.get("/sign-in").content.decode()


def test_use_keeps_a_session_and_what_a_page_asks_by_itself_does_not() -> None:
    used, left_open = signed_in(person()), signed_in(person(email="second@example.com"))
    began = timezone.now() - timedelta(minutes=1)
    for hours in range(1, 14):
        with time_machine.travel(began + timedelta(hours=hours)):
            assert is_in(used)
            asked = left_open.get("/needs", headers={"HX-Request": "true", "HX-Current-URL": "http://testserver/"})
            assert ("HX-Redirect" in asked.headers) is (hours > 12)


def test_no_session_is_longer_than_a_week_however_much_it_is_used() -> None:
    client = signed_in(person())
    began = timezone.now()
    for hours in range(0, 24 * 8, 10):
        with time_machine.travel(began + timedelta(hours=hours)):
            assert is_in(client) is (timedelta(hours=hours) <= LONGEST)
            if not client.session.get("_auth_user_id"):
                return
    pytest.fail("it never ended")


def test_the_key_of_a_session_is_another_after_signing_in() -> None:
    person()
    client = Client()
    client.get("/sign-in/passkey", headers={"Accept": "application/json"})
    before = client.session.session_key
    client.post("/sign-in", {"login": "owner@example.com", "password": PASSWORD})
    assert is_in(client) and client.session.session_key != before


def test_signing_out_leaves_nothing_to_go_on_with() -> None:
    client = signed_in(person())
    cookie = client.cookies["phonepay_session"].value
    client.post("/sign-out")
    client.cookies["phonepay_session"] = cookie
    assert not is_in(client)
