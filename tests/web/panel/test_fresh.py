"""Money, keys, people and sign-ins are changed by whoever has just said who they are, and nothing typed is lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from phonepay.people.models import Invitation, Role, User
from phonepay.web.accounts.proof import HOLDS
from phonepay.web.panel.access import ROWS
from tests.web.cast import PASSWORD, person, signed_in
from tests.web.panel.test_access import ROUTES, address

pytestmark = [pytest.mark.django_db, pytest.mark.long]
LONG_AGO = HOLDS.total_seconds() + 1
BO = {"email": "bo@example.com", "name": "Bo", "role": "operator"}
MONEY = {
    "settings-amounts", "settings-behavior", "settings-connections", "settings-number", "people-change",
    "people-invite", "people-two-factor", "people-new-password", "personal-data-erase", "personal-data-export",
}  # fmt: skip


def asked(response: Any) -> str:
    """Where one says who one is; the address to come back to is in it."""
    target = str(response.headers.get("Location") or response.headers["HX-Redirect"])
    assert target.startswith("/sign-in/again?next="), target
    return target


def proved(client: Client, target: str, password: str = PASSWORD) -> Any:
    return client.post(target, {"password": password})


def test_what_changes_money_people_or_sign_ins_is_marked_in_the_table() -> None:
    marked = {route for route, row in ROWS.items() if "fresh" in row.owner}
    assert marked >= MONEY


# What somebody may do under Settings without saying again who they are: it is no money, key or person, or it stops.
WITHOUT = {
    "settings-pause", "settings-word", "settings-voice", "settings-email-test", "people-withdraw", "worker-again",
    "books-check", "books-explain", "protection-lift", "alert-seen", "number-give-back",
}  # fmt: skip


def test_a_new_form_under_settings_asks_unless_it_is_said_here_why_not() -> None:
    forms = {route for route, row in ROWS.items() if ROUTES[route].startswith("settings/") and row.owner == "yes"}
    assert forms <= WITHOUT, "give it `fresh` or `look-fresh` in access.py, or add it here"


@pytest.mark.parametrize("who", list(Role.values))
def test_whoever_signed_in_long_ago_says_again_who_they_are_wherever_the_table_wants_it(who: str) -> None:
    client = signed_in(person(who), ago=LONG_AGO)
    for route, row in ROWS.items():
        if route == "account_logout":
            continue
        for method in ("get", "post", "put"):
            wanted = row.cell(who) == "fresh" or (row.cell(who) == "look-fresh" and method != "get")
            response = getattr(client, method)(address(route))
            assert response.headers.get("Location", "").startswith("/sign-in/again?next=") is wanted, (method, route)


def test_who_tries_the_sandbox_without_a_password_is_not_asked_for_one() -> None:
    olivia = person()
    olivia.set_unusable_password()
    olivia.save()
    client = signed_in(olivia, ago=LONG_AGO)
    assert client.post("/settings/people/invite", BO).headers["Location"] == "/settings/people"


def test_whoever_signed_in_just_now_is_not_asked() -> None:
    assert signed_in(person()).post("/settings/people/invite", BO).headers["Location"] == "/settings/people"


def test_the_form_waits_and_is_done_once_they_have_said_who_they_are() -> None:
    client = signed_in(person(), ago=LONG_AGO)
    target = asked(client.post("/settings/people/invite", BO))
    assert not Invitation.objects.exists()
    back = proved(client, target).headers["Location"]
    assert client.get(back).headers["Location"] == "/settings/people"
    assert Invitation.objects.get().email == "bo@example.com"


def test_the_address_with_the_form_opens_it_once() -> None:
    client = signed_in(person(), ago=LONG_AGO)
    referer = "http://testserver/settings/people?x=1"
    back = proved(client, asked(client.post("/settings/people/invite", BO, headers={"Referer": referer}))).headers[
        "Location"
    ]
    client.get(back)
    assert client.get(back).headers["Location"] == "/settings/people?x=1"
    assert Invitation.objects.count() == 1


def test_a_wrong_password_changes_nothing() -> None:
    client = signed_in(person(), ago=LONG_AGO)
    target = asked(client.post("/settings/people/invite", BO))
    assert proved(client, target, "not the password").status_code == 200
    back = parse_qs(urlsplit(target).query)["next"][0]
    assert client.get(back).headers["Location"] == "/"
    assert not Invitation.objects.exists()


def test_nobody_else_can_open_the_form() -> None:
    first = signed_in(person(), ago=LONG_AGO)
    back = proved(first, asked(first.post("/settings/people/invite", BO))).headers["Location"]
    other = signed_in(person(email="second@example.com"))
    assert other.get(back).headers["Location"] == "/"
    assert not Invitation.objects.exists()


def test_a_form_is_not_done_by_another_role_than_it_may() -> None:
    olivia = person()
    client = signed_in(olivia, ago=LONG_AGO)
    back = proved(client, asked(client.post("/settings/people/invite", BO))).headers["Location"]
    User.objects.filter(pk=olivia.pk).update(role=Role.OPERATOR)
    assert client.get(back).status_code == 403
    assert not Invitation.objects.exists()


def test_a_form_that_waited_too_long_is_not_done() -> None:
    client = signed_in(person(), ago=LONG_AGO)
    back = proved(client, asked(client.post("/settings/people/invite", BO))).headers["Location"]
    with time_machine.travel(timezone.now() + HOLDS + timedelta(seconds=5)):
        assert client.get(back).headers["Location"] == "/"
    assert not Invitation.objects.exists()


def test_what_waits_is_not_readable_in_the_database() -> None:
    client = signed_in(person(), ago=LONG_AGO)
    client.post("/settings/people/invite", BO)
    assert "bo@example" not in str(dict(client.session.items()))


def test_a_part_of_a_page_leads_the_whole_page_there_and_back() -> None:
    client = signed_in(person(), ago=LONG_AGO)
    headers = {"HX-Request": "true", "HX-Current-URL": "http://testserver/settings/people"}
    back = proved(client, asked(client.post("/settings/people/invite", BO, headers=headers))).headers["Location"]
    assert client.get(back).headers["Location"] == "/settings/people"
    assert Invitation.objects.exists()


def test_a_file_is_not_kept_and_its_page_is_come_back_to() -> None:
    client = signed_in(person(), ago=LONG_AGO)
    file = SimpleUploadedFile("keys.txt", b"anything")
    target = asked(
        client.post(
            "/settings/people/invite", BO | {"file": file}, headers={"Referer": "http://testserver/settings/people"}
        )
    )
    assert proved(client, target).headers["Location"] == "/settings/people"
    assert "send it again" in client.get("/settings/people").content.decode()
    assert not Invitation.objects.exists()


def test_a_page_that_hands_something_out_is_asked_for_by_get_too() -> None:
    client = signed_in(person(), ago=LONG_AGO)
    target = asked(client.get("/settings/personal-data/export?who=1042"))
    assert proved(client, target).headers["Location"] == "/settings/personal-data/export?who=1042"


def test_where_one_came_from_is_never_another_site() -> None:
    client = signed_in(person(), ago=LONG_AGO)
    client.post("/settings/people/invite", BO, headers={"Referer": "https://evil.example/x"})
    page = client.get("/sign-in/again").content.decode()
    assert "evil.example" not in page and 'href="/"' in page


def test_a_forged_form_does_not_wait() -> None:
    client = signed_in(person(), ago=LONG_AGO, strict=True)
    assert client.post("/settings/people/invite", BO).status_code == 403
    assert "phonepay_waits" not in client.session


def test_who_joins_has_just_said_who_they_are() -> None:
    owner = signed_in(person())
    owner.post("/settings/people/invite", BO | {"role": "owner"})
    from phonepay.people.links import invitation_link

    path, client = invitation_link(Invitation.objects.get(), base=""), Client()
    client.post(path, {"name": "Bo", "password": PASSWORD})
    assert client.post("/settings/people/two-factor", {"required": "no"}).headers["Location"] == "/settings/people"
