"""`phonepay user`: the first owner, and the way back in."""

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from django.test import Client

from phonepay.events.models import Event
from phonepay.people.models import Role, User
from tests.cli.conftest import Command

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD = "a long enough password"


def set_password(printed: str) -> None:
    """As the person does who opens the printed link."""
    path = re.search(r"https://pay.example(/password/new/\S+)", printed)
    assert path
    client = Client()
    form = client.get(path[1], follow=True)
    client.post(form.request["PATH_INFO"], {"password1": PASSWORD, "password2": PASSWORD})


def signs_in(email: str) -> bool:
    client = Client()
    client.post("/sign-in", {"login": email, "password": PASSWORD})
    return client.get("/payments").status_code == 200


def test_the_first_is_an_owner_and_sets_a_password_by_the_link(phonepay: Command) -> None:
    printed = phonepay("user", "add", "Olivia@Example.com", "--name", "Olivia Owner")
    assert printed.code == 0 and "olivia@example.com is owner." in printed.out
    set_password(printed.out)
    assert signs_in("olivia@example.com")
    assert Event.objects.get(type="person.joined").actor_name == "olga"


def test_the_others_may_only_look_unless_it_is_said(phonepay: Command) -> None:
    for words in (("o@example.com",), ("a@example.com",), ("p@example.com", "--role", "operator")):
        phonepay("user", "add", *words)
    assert list(User.objects.order_by("pk").values_list("role", flat=True)) == [Role.OWNER, Role.AUDITOR, Role.OPERATOR]


@pytest.mark.parametrize(("email", "why"), [("o@example.com", "already"), ("nonsense", "not an e-mail address")])
def test_an_address_that_cannot_be_used_is_refused(phonepay: Command, email: str, why: str) -> None:
    phonepay("user", "add", "o@example.com")
    printed = phonepay("user", "add", email)
    assert printed.code == 1 and why in printed.err and User.objects.count() == 1


def test_people_are_listed(phonepay: Command) -> None:
    phonepay("user", "add", "o@example.com", "--name", "Olivia")
    assert re.search(r"o@example.com\s+Olivia\s+owner", phonepay("user", "list").out)


def test_a_locked_out_owner_comes_back_in(phonepay: Command) -> None:
    set_password(phonepay("user", "add", "o@example.com").out)
    totp.TOTP.activate(User.objects.get(), totp.generate_totp_secret())
    User.objects.update(is_active=False)
    printed = phonepay("user", "reset", "O@example.com")
    assert not signs_in("o@example.com")
    set_password(printed.out)
    assert signs_in("o@example.com") and not Authenticator.objects.exists()


def test_whom_nobody_knows_is_not_reset(phonepay: Command) -> None:
    printed = phonepay("user", "reset", "nobody@example.com")
    assert printed.code == 1 and "Nobody signs in with nobody@example.com" in printed.err
