"""The shop's people: invited by a link, given a role, taken out; never without an owner."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
import time_machine
from allauth.mfa.totp.internal import auth as totp
from django.test import Client
from django.utils import timezone

from phonepay.events.models import Event
from phonepay.people.models import Invitation, Role, SignInPolicy, User
from tests.web.cast import PASSWORD, person, signed_in

pytestmark = pytest.mark.django_db
BO = {"email": "Bo@Example.com", "name": "Bo", "role": "operator"}


def invited(client: Client) -> str:
    """The path of the link that an owner gets to copy."""
    client.post("/settings/people/invite", BO)
    found = re.search(
        r'data-copy="https://pay.example(/invitation/[^"]+)"', client.get("/settings/people").content.decode()
    )
    assert found
    return found[1]


def test_an_invitation_becomes_an_account() -> None:
    path, client = invited(signed_in(person())), Client()
    assert "bo@example.com" in client.get(path).content.decode()
    assert client.post(path, {"name": "Bo Lindqvist", "password": PASSWORD}).headers["Location"] == "/"
    user = User.objects.get(email="bo@example.com")
    assert (user.name, user.role) == ("Bo Lindqvist", Role.OPERATOR)
    assert client.get("/payments").status_code == 200
    assert set(Event.objects.values_list("type", flat=True)) >= {"person.invited", "person.joined"}


def test_a_session_that_came_by_an_invitation_can_be_ended_from_elsewhere() -> None:
    path, client, elsewhere = invited(signed_in(person())), Client(), Client()
    client.post(path, {"name": "Bo", "password": PASSWORD})
    elsewhere.post("/sign-in", {"login": "bo@example.com", "password": PASSWORD})
    elsewhere.post("/account/sessions")
    assert elsewhere.get("/payments").status_code == 200 and client.get("/payments").status_code == 302


def test_an_invitation_works_once() -> None:
    path = invited(signed_in(person()))
    Client().post(path, {"name": "Bo", "password": PASSWORD})
    assert "This link was used already" in Client().post(path, {"name": "Eve", "password": PASSWORD}).content.decode()
    assert User.objects.count() == 2


def test_an_invitation_ends_after_three_days() -> None:
    path = invited(signed_in(person()))
    with time_machine.travel(timezone.now() + timedelta(days=3, seconds=1)):
        assert "older than three days" in Client().get(path).content.decode()


def test_an_invitation_can_be_withdrawn() -> None:
    client = signed_in(person())
    path = invited(client)
    client.post(f"/settings/people/invitations/{Invitation.objects.get().pk}/withdraw")
    assert "was withdrawn" in Client().get(path).content.decode()


def test_a_newer_invitation_of_the_same_address_ends_the_older() -> None:
    client = signed_in(person())
    older = invited(client)
    invited(client)
    assert "was withdrawn" in Client().get(older).content.decode()


@pytest.mark.parametrize("change", [{"role": "operator"}, {"active": "out"}])
def test_what_an_owner_left_behind_for_themselves_ends_with_their_being_one(change: dict[str, str]) -> None:
    second = person(email="second@example.com")
    path = invited(signed_in(second))
    signed_in(person()).post(f"/settings/people/{second.pk}", change)
    assert "was withdrawn" in Client().get(path).content.decode()
    assert Event.objects.filter(type="invitation.withdrawn").exists()


def test_a_link_cannot_be_made_up() -> None:
    path = invited(signed_in(person()))
    assert "This link is not whole" in Client().get(path[:-2] + "xx").content.decode()


def test_a_weak_password_is_refused_and_the_name_kept() -> None:
    path = invited(signed_in(person()))
    page = Client().post(path, {"name": "Bo L", "password": "password"}).content.decode()
    assert 'class="wrong"' in page and 'value="Bo L"' in page and User.objects.count() == 1


def test_who_signs_in_already_is_not_invited() -> None:
    page = signed_in(person()).post("/settings/people/invite", BO | {"email": "owner@example.com"}).content.decode()
    assert "Somebody signs in with this address already." in page and 'value="Bo"' in page


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.AUDITOR])
def test_only_owners_see_the_links_and_the_ways_to_change_people(role: str) -> None:
    invited(signed_in(person()))
    page = signed_in(person(role)).get("/settings/people").content.decode()
    assert "bo@example.com" in page and "/invitation/" not in page and "Invite someone" not in page


def test_an_owner_gives_another_role() -> None:
    oscar = person(Role.OPERATOR)
    signed_in(person()).post(f"/settings/people/{oscar.pk}", {"role": "auditor"})
    oscar.refresh_from_db()
    assert oscar.role == Role.AUDITOR
    event = Event.objects.get(type="person.changed")
    assert (event.data["before"], event.data["after"]) == ({"role": "operator"}, {"role": "auditor"})


def test_whoever_is_taken_out_is_out_at_once() -> None:
    oscar = person(Role.OPERATOR)
    his = signed_in(oscar)
    signed_in(person()).post(f"/settings/people/{oscar.pk}", {"active": "out"})
    assert his.get("/payments").status_code == 302


@pytest.mark.parametrize("change", [{"role": "auditor"}, {"active": "out"}])
def test_there_is_always_an_owner(change: dict[str, str]) -> None:
    olivia = person()
    page = signed_in(olivia).post(f"/settings/people/{olivia.pk}", change, follow=True).content.decode()
    olivia.refresh_from_db()
    assert olivia.role == Role.OWNER and olivia.is_active and "there would be no owner" in page


def test_an_owner_hands_over_a_link_for_a_new_password() -> None:
    oscar = person(Role.OPERATOR)
    page = signed_in(person()).post(f"/settings/people/{oscar.pk}/new-password").content.decode()
    assert "https://pay.example/password/new/" in page


def test_who_lacks_the_required_second_step_sets_it_up_first() -> None:
    client = signed_in(person())
    client.post("/settings/people/two-factor", {"required": "yes"})
    assert SignInPolicy.objects.get().two_factor_required
    oscar = person(Role.OPERATOR)
    his = signed_in(oscar)
    assert his.get("/payments").headers["Location"] == "/account/two-factor"
    assert his.get("/account/two-factor").status_code == 200
    totp.TOTP.activate(oscar, totp.generate_totp_secret())
    assert his.get("/payments").status_code == 200
