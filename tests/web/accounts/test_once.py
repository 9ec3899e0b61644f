"""Invitations and links for new passwords are worth one use and a short time, also where two come at once."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.utils import timezone

from phonepay.events.actors import command
from phonepay.people.invitations import HOLDS, InvitationRefused, accept, invite
from phonepay.people.links import invitation_link, new_password_link
from phonepay.people.models import User
from tests.web.cast import PASSWORD, person

BO = {"email": "bo@example.com", "role": "operator"}


def at_once(*deeds: Callable[[], object]) -> None:
    """Run them in threads that begin together."""
    gate = threading.Barrier(len(deeds))

    def run(deed: Callable[[], object]) -> None:
        gate.wait(10)
        try:
            deed()
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(deed,)) for deed in deeds]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_of_two_who_use_an_invitation_at_once_one_gets_in() -> None:
    made = invite(**BO, by=command("root"), now=timezone.now(), invited_by=None)
    refused: list[str] = []

    def come(name: str) -> None:
        try:
            accept(invitation=made, name=name, password=PASSWORD, now=timezone.now())
        except InvitationRefused as failure:
            refused.append(failure.reason)

    at_once(lambda: come("Bo"), lambda: come("Eve"))
    assert refused == ["used"] and User.objects.count() == 1


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_of_two_who_use_a_link_for_a_new_password_at_once_one_sets_it() -> None:
    user = person()
    clients = [Client(), Client()]
    link = new_password_link(user, base="")
    path = [client.get(link, follow=True).request["PATH_INFO"] for client in clients][1]
    led: list[str] = []

    def set_to(client: Client, password: str) -> None:
        form = {"password1": password, "password2": password}
        led.append(client.post(path, form).headers.get("Location", "nowhere"))

    at_once(lambda: set_to(clients[0], "the first password"), lambda: set_to(clients[1], "the second password"))
    user.refresh_from_db()
    assert [each for each in ("the first password", "the second password") if user.check_password(each)] != []
    assert led.count("/password/changed") == 1


@pytest.mark.django_db
def test_a_link_for_a_new_password_ends_after_two_hours() -> None:
    user = person()
    path = new_password_link(user, base="")
    with time_machine.travel(timezone.now() + timedelta(hours=2, seconds=2)):
        assert "This link opens nothing" in Client().get(path, follow=True).content.decode()


@pytest.mark.django_db
def test_a_link_for_a_new_password_is_worth_nothing_once_its_person_signs_in() -> None:
    user = person()
    path = new_password_link(user, base="")
    Client().post("/sign-in", {"login": user.email, "password": PASSWORD})
    assert "This link opens nothing" in Client().get(path, follow=True).content.decode()


@pytest.mark.django_db
def test_an_invitation_is_worth_nothing_after_three_days() -> None:
    made = invite(**BO, by=command("root"), now=timezone.now(), invited_by=None)
    assert timedelta(days=3) == HOLDS
    with time_machine.travel(timezone.now() + HOLDS + timedelta(seconds=1)):
        assert Client().post(invitation_link(made, base=""), {"name": "Bo", "password": PASSWORD}).status_code == 404
    assert not User.objects.exists()
