"""Whoever tries passwords, codes and links is slowed by account and by network, in all processes; owners get in."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from allauth.mfa.totp.internal import auth as totp
from django.core.cache import caches
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client, RequestFactory
from django.utils import timezone
from pytest_django import Settings

from phonepay.alerts import notes
from phonepay.alerts.models import Alert
from phonepay.people.links import new_password_link
from phonepay.people.models import Invitation
from phonepay.web import throttle
from phonepay.web.accounts.adapters import AccountAdapter
from phonepay.web.accounts.devices import COOKIE
from tests.figures import quoted
from tests.web.cast import PASSWORD, person, signed_in

pytestmark = pytest.mark.django_db
EMAIL = "owner@example.com"


def sign_in(client: Client, password: str = PASSWORD, *, at: str = "127.0.0.1", email: str = EMAIL) -> Any:
    return client.post("/sign-in", {"login": email, "password": password}, REMOTE_ADDR=at)


def is_in(client: Client) -> bool:
    return client.get("/payments").status_code == 200


def attacked(times: int = 6) -> None:
    """A stranger who fails on purpose, from a network of its own each time."""
    for each in range(times):
        sign_in(Client(), "not the password", at=f"198.51.100.{each}")


def test_an_account_is_closed_to_strangers_after_five_failures_from_anywhere() -> None:
    person()
    attacked(5)
    refused = sign_in(Client(), at="192.0.2.1")
    assert "Too many tries." in refused.content.decode()


def test_owners_are_told_when_somebody_goes_on_trying() -> None:
    person()
    attacked(5)
    notes.flush(now=timezone.now())
    assert not Alert.objects.exists()
    attacked(3)
    notes.flush(now=timezone.now())
    alert = Alert.objects.get()
    assert (alert.kind, alert.count, alert.facts) == ("sign_in_tried", 3, {"address": "198.51.100.2"})
    assert alert.tell_at is not None


def test_a_network_that_fails_at_ten_accounts_is_refused_at_the_next() -> None:
    person()
    for each in range(10):
        sign_in(Client(), email=f"nobody{each}@example.com")
    assert "Too many tries." in sign_in(Client()).content.decode()


def test_a_network_of_ipv6_is_one_however_many_addresses_it_has() -> None:
    person()
    for each in range(10):
        sign_in(Client(), email=f"nobody{each}@example.com", at=f"2001:db8:1:2::{each}")
    assert "Too many tries." in sign_in(Client(), at="2001:db8:1:2::ffff").content.decode()
    assert sign_in(Client(), at="2001:db8:1:3::1").status_code == 302


def test_addresses_of_ipv4_in_the_form_of_ipv6_are_networks_of_their_own() -> None:
    person()
    for each in range(11):
        sign_in(Client(), "x", at="::ffff:198.51.100.7", email=f"nobody{each}@example.com")
    assert "Too many tries." in sign_in(Client(), at="198.51.100.7").content.decode()
    client = Client()
    sign_in(client, at="::ffff:203.0.113.7")
    assert is_in(client)


def test_a_made_up_header_makes_no_other_network() -> None:
    for each in range(10):
        made_up = Client(headers={"X-Forwarded-For": f"203.0.113.{each}", "Forwarded": f"for=203.0.113.{each}"})
        sign_in(made_up, email=f"nobody{each}@example.com")
    person()
    assert "Too many tries." in sign_in(Client()).content.decode()


def test_who_is_attacked_comes_in_from_the_browser_that_they_used_before() -> None:
    person()
    olivia = Client()
    sign_in(olivia)
    olivia.post("/sign-out")
    attacked()
    sign_in(olivia)
    assert is_in(olivia)


def test_who_is_attacked_comes_in_by_a_new_password_on_a_browser_never_used_before() -> None:
    user, client, new = person(), Client(), "another long password"
    attacked()
    form = client.get(new_password_link(user, base=""), follow=True)
    client.post(form.request["PATH_INFO"], {"password1": new, "password2": new})
    attacked(2)
    sign_in(client, new)
    assert is_in(client)


def test_who_is_attacked_says_who_they_are_at_their_own_browser() -> None:
    person()
    client = Client()
    sign_in(client)
    attacked()
    assert client.post("/sign-in/again?next=/payments", {"password": PASSWORD}).headers["Location"] == "/payments"


def test_a_known_browser_is_counted_as_strictly() -> None:
    person()
    client = Client()
    sign_in(client)
    client.post("/sign-out")
    for _ in range(5):
        sign_in(client, "not the password")
    assert "Too many tries." in sign_in(client).content.decode()


def test_a_browser_is_known_for_the_people_who_used_it_alone() -> None:
    person()
    person(email="second@example.com")
    client = Client()
    sign_in(client, email="second@example.com")
    client.post("/sign-out")
    attacked()
    assert "Too many tries." in sign_in(client).content.decode()


def test_a_made_up_cookie_makes_no_known_browser() -> None:
    person()
    attacked()
    client = Client()
    client.cookies[COOKIE] = "eyJuYW1lIjoieCIsInBlb3BsZSI6W119:made:up"
    assert "Too many tries." in sign_in(client).content.decode()


def test_the_cookie_tells_nobody_who_used_the_browser() -> None:
    person()
    client = Client()
    sign_in(client)
    cookie = client.cookies[COOKIE]
    assert EMAIL not in cookie.value and cookie["httponly"] and cookie["secure"] and cookie["samesite"] == "Lax"


def test_whoever_knows_the_password_tries_five_codes_and_no_more() -> None:
    user = person()
    totp.TOTP.activate(user, totp.generate_totp_secret())
    client = Client()
    sign_in(client)
    pages = [client.post("/sign-in/second-step", {"code": "000000"}).content.decode() for _ in range(6)]
    assert "Too many tries." in pages[5] and "Too many tries." not in pages[4]


def test_asking_for_new_passwords_is_stopped_alike_for_any_address() -> None:
    person()
    for email in (EMAIL, "nobody@example.com"):
        answers = [Client().post("/password/forgotten", {"email": email}).status_code for _ in range(4)]
        assert answers == [302, 302, 302, 429]


def test_guessing_links_of_invitations_is_stopped_with_a_page_that_says_so() -> None:
    answers = [Client().get(f"/invitation/made-up-{each}") for each in range(21)]
    assert [each.status_code for each in answers] == [404] * 20 + [429]
    assert "That was too often" in answers[20].content.decode() and answers[20].headers["Retry-After"] == "300"
    assert not Invitation.objects.exists()


def test_trying_passkeys_is_stopped() -> None:
    answers = [Client().post("/sign-in/passkey", {"credential": "{}"}).status_code for _ in range(11)]
    assert answers == [302] * 10 + [429]


def test_asking_for_challenges_without_end_is_stopped() -> None:
    headers = {"Accept": "application/json"}
    answers = [Client().get("/sign-in/passkey", headers=headers).status_code for _ in range(61)]
    assert answers == [200] * 60 + [429]


def test_saying_again_who_one_is_is_stopped() -> None:
    person()
    client = Client()
    sign_in(client)
    pages = [client.post("/sign-in/again", {"password": "a guess"}).content.decode() for _ in range(6)]
    assert "Too many tries." in pages[5]


def test_guessing_the_present_password_at_an_unlocked_screen_is_stopped_for_the_day() -> None:
    client, typed = signed_in(person()), {"oldpassword": "guess", "password1": PASSWORD, "password2": PASSWORD}
    began = timezone.now()
    looked_at = 0
    for minute in range(20):
        with time_machine.travel(began + timedelta(minutes=minute)):
            looked_at += sum(client.post("/account/password", typed).status_code == 200 for _ in range(5))
    assert looked_at == 50


def test_how_many_guesses_a_day_an_account_lets_through_is_told() -> None:
    """From any number of networks, at the best moments, without the browser of its person."""
    began, let_through = timezone.now(), 0
    for each in range(24 * 12):
        with time_machine.travel(began + timedelta(minutes=5 * each, seconds=each), tick=False):
            let_through += tries_now(each)
    quoted("guesses-a-day", let_through)


def tries_now(each: int) -> int:
    through = 0
    while through < 10:
        request = RequestFactory().post("/sign-in", REMOTE_ADDR=f"10.{each // 250}.{each % 250}.{through}")
        try:
            AccountAdapter(request).pre_authenticate(request, email=EMAIL, password="guess")
        except ValidationError:
            break
        through += 1
    return through


def test_a_stranger_with_many_addresses_does_not_make_failures_forgotten(settings: Settings) -> None:
    assert settings.CACHES["default"]["OPTIONS"]["MAX_ENTRIES"] >= 50_000
    assert caches["default"]._max_entries >= 50_000  # type: ignore[attr-defined]


def test_every_kind_of_try_has_a_rate() -> None:
    with pytest.raises(KeyError):
        throttle.allowed(RequestFactory().get("/"), "anything")
    assert set(throttle.RATES) >= {"invitation", "passkey", "set-up"}


def test_a_try_is_forgotten_when_its_time_is_over() -> None:
    request = RequestFactory().get("/set-up")
    assert [throttle.allowed(request, "set-up") for _ in range(11)] == [True] * 10 + [False]
    with time_machine.travel(datetime.now().astimezone() + timedelta(minutes=1, seconds=1)):
        assert throttle.allowed(request, "set-up")


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_two_processes_at_once_let_no_more_through_than_one(repository: Path) -> None:
    command = [sys.executable, "-m", "tests.web.accounts.guessing", str(connection.settings_dict["NAME"]), "8"]
    environment = os.environ | {"PHONEPAY_LOG_LEVEL": "CRITICAL"}
    processes = [
        subprocess.Popen(
            command, cwd=repository, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    for each in processes:
        assert each.stdout and each.stdout.readline() == "ready\n"
    told = [each.communicate("go\n", timeout=60)[0] for each in processes]
    assert sum(map(int, told)) == 5
    assert signed_in(person()).get("/payments").status_code == 200
