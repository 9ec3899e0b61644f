"""Nobody learns who has an account: the same words, status and work for an address with one and without."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from phonepay.people.models import Role
from tests.hashing import QuickArgon2
from tests.web.cast import PASSWORD, person

pytestmark = pytest.mark.django_db


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was hashed by Argon2, as each costs what can be measured from afar."""
    done: list[str] = []
    encode, verify = QuickArgon2.encode, QuickArgon2.verify

    def encoding(self: Any, password: str, salt: str) -> str:
        done.append("encode")
        return encode(self, password, salt)

    def verifying(self: Any, password: str, encoded: str) -> bool:
        done.append("verify")
        return verify(self, password, encoded)

    monkeypatch.setattr(QuickArgon2, "encode", encoding)
    monkeypatch.setattr(QuickArgon2, "verify", verifying)
    return done


def seen(response: Any) -> tuple[int, str, str]:
    """What a stranger sees, less the token of the form and what they typed themselves."""
    page = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"|value="[^"@]*@example.com"', "", response.content.decode())
    return response.status_code, response.headers.get("Location", ""), page


def tries(path: str, **form: str) -> dict[str, tuple[int, str, str]]:
    person()
    person(Role.OPERATOR, "left@example.com", is_active=False)
    return {
        email: seen(Client().post(path, {name: value or f"{email}@example.com" for name, value in form.items()}))
        for email in ("owner", "left", "nobody")
    }


def test_signing_in_looks_the_same(hashed: list[str]) -> None:
    answers = tries("/sign-in", login="", password="not the password")
    assert len(set(answers.values())) == 1


@pytest.mark.parametrize("email", ["owner@example.com", "nobody@example.com", "left@example.com", "unset@example.com"])
def test_signing_in_costs_the_same(email: str, hashed: list[str]) -> None:
    person()
    person(Role.OPERATOR, "left@example.com", is_active=False)
    unset = person(Role.OPERATOR, "unset@example.com")
    unset.set_unusable_password()
    unset.save()
    hashed.clear()
    Client().post("/sign-in", {"login": email, "password": "not the password"})
    assert len(hashed) == 1


def test_asking_for_a_new_password_looks_the_same() -> None:
    answers = tries("/password/forgotten", email="")
    assert len(set(answers.values())) == 1 and answers["nobody"][:2] == (302, "/password/forgotten/sent")


def test_asking_for_a_new_password_costs_the_same(hashed: list[str]) -> None:
    tries("/password/forgotten", email="")
    assert hashed.count("verify") == 0


def test_a_link_for_a_new_password_that_was_made_up_says_nothing_of_who_there_is() -> None:
    user = person()
    from allauth.account.utils import user_pk_to_url_str

    there, not_there = (
        seen(Client().get(f"/password/new/{who}-made-up", follow=True)) for who in (user_pk_to_url_str(user), "zzz")
    )
    assert there[:2] == not_there[:2] and "owner@example.com" not in there[2]


def test_a_password_that_is_right_for_somebody_else_says_nothing() -> None:
    person()
    assert "owner@example.com" not in Client().post(
        "/sign-in", {"login": "nobody@example.com", "password": PASSWORD}
    ).content.decode().replace('value="nobody@example.com"', "")
