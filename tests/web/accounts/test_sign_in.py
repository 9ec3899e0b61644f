"""Signing in: by e-mail and password, with a second step where there is one, and never by signing up."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal import auth as totp
from allauth.usersessions.models import UserSession
from django.contrib.auth.hashers import Argon2PasswordHasher
from django.test import Client
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from pytest_django import Settings

from phonepay.events.actors import command
from phonepay.people.links import new_password_link
from phonepay.people.models import User
from phonepay.settings import PASSWORD_HASHERS
from phonepay.web.accounts.recovery import reset
from tests.web.cast import PASSWORD, person, signed_in

pytestmark = pytest.mark.django_db


def sign_in(client: Client, email: str = "owner@example.com", password: str = PASSWORD, page: str = "/sign-in") -> str:
    """Where it led."""
    return str(client.post(page, {"login": email, "password": password}).headers.get("Location", ""))


def test_a_person_signs_in_with_address_and_password() -> None:
    person()
    client = Client()
    assert sign_in(client, "Owner@Example.com") == "/"
    assert client.get("/payments").status_code == 200


def test_one_comes_back_to_the_page_that_was_asked_for() -> None:
    person()
    assert sign_in(Client(), page="/sign-in?next=/payments") == "/payments"


def test_a_wrong_password_says_nothing_of_who_exists() -> None:
    person()
    known, unknown = (
        Client().post("/sign-in", {"login": f"{name}@example.com", "password": "wrong"}).content.decode()
        for name in ("owner", "nobody")
    )
    refusal = re.compile(r'<p class="refusal".*?</p>')
    assert refusal.findall(known) == refusal.findall(unknown) != []


def test_passwords_are_kept_by_argon2_at_its_full_cost() -> None:
    """OWASP's Password Storage Cheat Sheet: 19 MiB and two passes at the least."""
    assert PASSWORD_HASHERS == ["django.contrib.auth.hashers.Argon2PasswordHasher"]
    costs = Argon2PasswordHasher().params()
    assert (costs.type.name, costs.memory_cost >= 19 * 1024, costs.time_cost >= 2) == ("ID", True, True)
    assert person().password.startswith("argon2$argon2id$")


def test_trying_passwords_is_stopped() -> None:
    person()
    client = Client()
    for _ in range(10):
        client.post("/sign-in", {"login": "owner@example.com", "password": "wrong"})
    assert sign_in(client) == ""


def test_nobody_signs_up() -> None:
    with pytest.raises(NoReverseMatch):
        reverse("account_signup")
    assert Client().post("/sign-up", {"email": "new@example.com"}).status_code == 404


def test_whoever_was_taken_out_does_not_come_in() -> None:
    person(is_active=False)
    client = Client()
    sign_in(client)
    assert client.get("/payments").status_code == 302


def test_a_second_step_is_asked_for() -> None:
    user = person()
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(user, secret)
    client = Client()
    assert sign_in(client) == "/sign-in/second-step"
    assert client.get("/payments").status_code == 302
    code = totp.format_hotp_value(totp.hotp_value(secret, next(totp.yield_hotp_counters_from_time())))
    assert client.post("/sign-in/second-step", {"code": code}).headers["Location"] == "/"
    assert client.get("/payments").status_code == 200


def test_a_code_opens_once_for_as_long_as_it_would_be_right() -> None:
    user = person()
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(user, secret)
    began = timezone.now()
    code = totp.format_hotp_value(totp.hotp_value(secret, int(began.timestamp()) // 30 + 1))
    for seconds, comes_in in ((0, True), (31, False)):
        with time_machine.travel(began + timedelta(seconds=seconds), tick=False):
            client = Client()
            sign_in(client)
            client.post("/sign-in/second-step", {"code": code})
            assert (client.get("/payments").status_code == 200) is comes_in


def test_a_recovery_code_opens_once() -> None:
    user = person()
    totp.TOTP.activate(user, totp.generate_totp_secret())
    code = RecoveryCodes.activate(user).get_unused_codes()[0]
    for opens in (True, False):
        client = Client()
        sign_in(client)
        client.post("/sign-in/second-step", {"code": code})
        assert (client.get("/payments").status_code == 200) is opens


def test_the_secret_of_the_second_step_is_encrypted_at_rest() -> None:
    secret = totp.generate_totp_secret()
    totp.TOTP.activate(person(), secret)
    assert secret not in str(Authenticator.objects.get().data)


def test_a_link_for_a_new_password_works_once() -> None:
    user = person()
    path = new_password_link(user, base="")
    client = Client()
    form = client.get(path, follow=True)
    new = "an even longer password"
    done = client.post(form.request["PATH_INFO"], {"password1": new, "password2": new})
    assert done.status_code == 302
    assert sign_in(Client(), password=new) == "/"
    assert "This link opens nothing" in Client().get(path, follow=True).content.decode()


def test_who_is_locked_out_starts_afresh() -> None:
    user = person()
    client = Client()
    sign_in(client)
    totp.TOTP.activate(user, totp.generate_totp_secret())
    assert UserSession.objects.exists()
    reset(user=user, by=command("root"), now=timezone.now())
    assert client.get("/payments").status_code == 302
    assert not Authenticator.objects.exists() and not UserSession.objects.exists()
    assert sign_in(Client()) == ""


def test_other_sessions_can_be_ended() -> None:
    person()
    here, elsewhere = Client(), Client()
    sign_in(here)
    sign_in(elsewhere)
    here.post("/account/sessions")
    assert here.get("/payments").status_code == 200 and elsewhere.get("/payments").status_code == 302


def test_changing_how_one_signs_in_asks_who_one_is() -> None:
    assert signed_in(person(), ago=3600).get("/account/two-factor/app").headers["Location"].startswith("/sign-in/again")


def test_the_language_and_the_look_are_kept_with_the_person() -> None:
    user = person()
    client = signed_in(user)
    client.post("/account/reader", {"language": "es", "theme": "dark", "next": "/payments"})
    page = client.get("/payments").content.decode()
    assert '<html lang="es" data-theme="dark">' in page and "Pagos" in page
    assert User.objects.get().language == "es"


def test_the_language_of_who_is_not_signed_in_is_kept_in_the_browser() -> None:
    client = Client()
    client.post("/account/reader", {"language": "es", "next": "https://elsewhere.example/"})
    assert "Contraseña" in client.get("/sign-in").content.decode()


def test_nobody_is_sent_elsewhere_from_here() -> None:
    response = Client().post("/account/reader", {"language": "es", "next": "https://elsewhere.example/"})
    assert response.headers["Location"] == "/"


@pytest.mark.parametrize("elsewhere", ["https://localhost/payments", "https://before.example/payments"])
def test_nobody_is_sent_to_another_name_that_is_answered_here(elsewhere: str, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["testserver", "localhost", "before.example"]
    settings.CSRF_TRUSTED_ORIGINS = ["https://before.example"]
    person()
    assert sign_in(Client(), page=f"/sign-in?{urlencode({'next': elsewhere})}") == "/"


def test_ones_own_name_and_clock_can_be_changed_but_not_ones_role() -> None:
    user = person("auditor")
    facts = {"name": "Aisha", "time_zone": "Asia/Tokyo", "role": "owner"}
    signed_in(user).post("/account", facts)
    user.refresh_from_db()
    assert (user.name, user.time_zone, user.role) == ("Aisha", "Asia/Tokyo", "auditor")
    assert not user.shortcuts


def test_what_allauth_says_is_in_the_readers_language() -> None:
    page = signed_in(person(language="es")).get("/account/password").content.decode()
    assert "Contraseña actual" in page and "Current Password" not in page
