"""Who comes in: by the code, once, and only while nobody owns it; encrypted all the way; and never again once done."""

from __future__ import annotations

from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from phonepay.merchant import credentials
from phonepay.people.models import Role, User
from phonepay.setup import codes, reach
from phonepay.setup.models import SetUp
from phonepay.web.installer.urls import urlpatterns
from tests.web.cast import person, signed_in
from tests.web.installer.conftest import browser
from tests.web.installer.test_walk import OWNER, SHOP, by_code, owner

BROWSER = {"Sec-Fetch-Site": "same-origin"}
PATHS = [f"/{each.pattern}" for each in urlpatterns if str(each.pattern).startswith("setup")]


# --- the code ---


def test_without_the_code_it_is_asked_for_and_opens_nothing(db: None) -> None:
    codes.new_code(now=timezone.now())
    client = browser()
    assert "The code that phonepay serve printed" in client.get("/setup").content.decode()
    assert client.get("/setup/owner").headers["Location"] == "/setup"
    assert client.post("/setup/owner", OWNER).headers["Location"] == "/setup" and not User.objects.exists()


def test_a_second_visitor_is_sent_to_the_sign_in(db: None) -> None:
    by_code()
    answer = browser().get("/setup")
    assert answer.status_code == 302 and answer.headers["Location"].startswith("/sign-in")


def test_the_sign_in_of_an_empty_installation_says_where_to_begin(db: None) -> None:
    codes.new_code(now=timezone.now())
    told = browser().get("/sign-in").content.decode()
    assert "Nobody has an account here yet" in told and 'href="/setup"' in told


def test_it_says_how_to_get_another_code_where_the_last_was_used(db: None) -> None:
    by_code()
    told = browser().get("/sign-in").content.decode()
    assert "start phonepay serve again" in told and 'href="/setup"' not in told


def test_an_installation_with_an_owner_says_nothing_of_it_at_the_sign_in(db: None) -> None:
    person()
    assert "Nobody has an account" not in browser().get("/sign-in").content.decode()


def test_a_wrong_code_opens_nothing(db: None) -> None:
    codes.new_code(now=timezone.now())
    answer = browser().post("/setup", {"code": "00000-00000-00000-00000"})
    assert answer.status_code == 403 and "opens nothing" in answer.content.decode()


def test_codes_cannot_be_tried_at_will(db: None) -> None:
    codes.new_code(now=timezone.now())
    client = browser()
    answers = [client.post("/setup", {"code": uuid4().hex}).status_code for _ in range(12)]
    assert answers[0] == 403 and answers[-1] == 429


def test_looking_at_the_address_does_not_use_the_code_up(db: None) -> None:
    made = codes.new_code(now=timezone.now())
    browser().get(f"/setup?code={made}")
    assert browser().post("/setup", {"code": made}).status_code == 302


def test_the_session_is_another_one_once_the_code_was_used(db: None) -> None:
    made, client = codes.new_code(now=timezone.now()), browser()
    client.get("/setup")
    client.post("/setup", {"code": made})
    first = client.cookies["phonepay_session"].value
    client.post("/setup/owner", OWNER)
    assert client.cookies["phonepay_session"].value != first


def test_a_session_of_the_code_opens_no_page_of_an_owner(db: None) -> None:
    client = by_code()
    for path in ("/setup/shop", "/setup/stripe", "/setup/twilio", "/go-live", "/payments"):
        assert client.get(path).headers["Location"].startswith("/sign-in"), path


def test_the_first_owner_is_made_by_code_once(db: None) -> None:
    client = by_code()
    client.post("/setup/owner", OWNER)
    assert client.post("/setup/owner", OWNER | {"email": "mallory@example.com"}).status_code == 200
    assert User.objects.count() == 1


def test_where_an_owner_was_made_meanwhile_the_code_makes_none(db: None) -> None:
    client = by_code()
    person(Role.OWNER)
    assert client.post("/setup/owner", OWNER).status_code == 302 and User.objects.count() == 1


def test_an_owner_goes_on_without_a_code(db: None) -> None:
    codes.new_code(now=timezone.now())
    page = signed_in(person(Role.OWNER)).get("/setup", headers=BROWSER)
    assert "How far you are" in page.content.decode()


def test_an_operator_sets_nothing_up(db: None) -> None:
    codes.new_code(now=timezone.now())
    client = signed_in(person(Role.OPERATOR))
    assert {client.get(path, headers=BROWSER).status_code for path in PATHS} == {403}


# --- closed for good ---


def closed() -> Client:
    client = owner()
    client.post("/setup/finish")
    assert SetUp.objects.get().done_at
    return client


@pytest.mark.parametrize("path", PATHS)
def test_once_it_is_done_every_page_of_it_is_gone(db: None, path: str) -> None:
    client = closed()
    assert client.get(path).status_code in (404, 405) and client.post(path).status_code == 404


def test_once_it_is_done_no_code_opens_it(db: None) -> None:
    made = codes.new_code(now=timezone.now())
    row = SetUp.objects.get()
    closed_with = (row.code_hash, row.code_until)
    closed()
    SetUp.objects.update(code_hash=closed_with[0], code_until=closed_with[1])
    assert codes.new_code(now=timezone.now()) is None
    assert browser().post("/setup", {"code": made}).status_code == 404


def test_an_installation_from_before_these_pages_has_no_set_up(db: None) -> None:
    SetUp.objects.all().delete()
    person(Role.OWNER)
    assert codes.new_code(now=timezone.now()) is None
    assert browser().get("/setup").status_code == 404


# --- encrypted ---


@pytest.mark.parametrize("origin", ["http://pay.example", "http://192.168.1.5:8000", "null", "not an origin"])
def test_nothing_is_taken_over_plain_http(db: None, settings: Settings, origin: str) -> None:
    settings.PHONEPAY_PUBLIC_URL = None
    made = codes.new_code(now=timezone.now())
    answer = browser(origin).post("/setup", {"code": made})
    assert answer.status_code == 400 and "not encrypted" in answer.content.decode()
    assert codes.outstanding(now=timezone.now())


@pytest.mark.parametrize(
    "origin", ["https://pay.example", "http://127.0.0.1:8000", "http://localhost:8000", "http://[::1]:8000"]
)
def test_it_is_taken_encrypted_or_on_this_machine(db: None, origin: str) -> None:
    made = codes.new_code(now=timezone.now())
    assert browser(origin).post("/setup", {"code": made}).status_code == 302


def test_a_form_that_does_not_say_from_where_is_taken_on_this_machine_alone(db: None, settings: Settings) -> None:
    settings.PHONEPAY_PUBLIC_URL, settings.ALLOWED_HOSTS = None, ["*"]
    made = codes.new_code(now=timezone.now())
    assert Client(SERVER_NAME="192.168.1.5").post("/setup", {"code": made}).status_code == 400
    assert Client(SERVER_NAME="127.0.0.1").post("/setup", {"code": made}).status_code == 302


def test_a_key_over_plain_http_is_not_kept(db: None) -> None:
    client = owner()
    client.post("/setup/shop", SHOP)
    key = f"sk_test_{uuid4().hex}"
    answer = client.post("/setup/stripe", {"key": key}, headers={"Origin": "http://pay.example"})
    assert answer.status_code == 400 and key not in answer.content.decode()
    assert credentials.current().stripe_secret_key is None


def test_a_page_over_plain_http_says_so_before_anything_is_typed(db: None, settings: Settings) -> None:
    settings.PHONEPAY_PUBLIC_URL, settings.ALLOWED_HOSTS = None, ["*"]
    codes.new_code(now=timezone.now())
    told = Client(SERVER_NAME="192.168.1.5").get("/setup").content.decode()
    assert "This page is not encrypted" in told and "ssh -L" in told


def test_behind_what_ends_the_encryption_the_page_opens(db: None, settings: Settings) -> None:
    settings.PHONEPAY_PUBLIC_URL = None
    codes.new_code(now=timezone.now())
    answer = Client(SERVER_NAME="pay.example", headers={"X-Forwarded-Proto": "https"}).get("/setup")
    assert answer.status_code == 200 and "code" in answer.content.decode()


# --- forms of strangers ---


def strict(origin: str) -> tuple[Client, dict[str, str]]:
    client = Client(headers={"Origin": origin, "Sec-Fetch-Site": "same-origin"}, SERVER_NAME="pay.example",
                    enforce_csrf_checks=True)  # fmt: skip
    client.get("/setup")
    return client, {"csrfmiddlewaretoken": client.cookies["csrftoken"].value}


def test_before_there_is_an_address_the_same_host_is_let_through_whatever_its_scheme(
    db: None, settings: Settings
) -> None:
    settings.PHONEPAY_PUBLIC_URL, settings.CSRF_TRUSTED_ORIGINS = None, []
    made = codes.new_code(now=timezone.now())
    client, token = strict("https://pay.example")
    assert client.post("/setup", token | {"code": str(made)}).status_code == 302


@pytest.mark.parametrize("public", [None, "https://pay.example"])
def test_another_site_s_form_is_refused(db: None, settings: Settings, public: str | None) -> None:
    settings.PHONEPAY_PUBLIC_URL = public
    made = codes.new_code(now=timezone.now())
    client, token = strict("https://evil.example")
    assert client.post("/setup", token | {"code": str(made)}).status_code == 403
    assert codes.outstanding(now=timezone.now())


# --- what the own address is asked for ---


def test_our_own_nonce_is_answered_for_a_minute(db: None) -> None:
    now = timezone.now()
    nonce = reach.make_nonce(now=now)
    answer = Client(SERVER_NAME="any.name.at.all").get(f"{reach.PATH}{nonce}")
    assert answer.status_code == 200 and len(answer.content) == 64
    assert reach.answer(nonce, now=now + reach._HOLDS) is None


def test_nobody_else_s_nonce_is_answered(db: None) -> None:
    assert Client().get(f"{reach.PATH}{uuid4().hex}").status_code == 404
    reach.make_nonce(now=timezone.now())
    assert Client().get(f"{reach.PATH}{uuid4().hex}").status_code == 404
