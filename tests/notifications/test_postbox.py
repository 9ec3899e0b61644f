"""How e-mail is doing, and one letter to try it: for the page, the terminal, and whoever forgot the password."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from phonepay.cli.main import main
from phonepay.events import types
from phonepay.events.models import Event, record
from phonepay.merchant.models import Merchant
from phonepay.notifications.models import Delivery, Postbox
from phonepay.notifications.postbox import TestRefused, send_test, status
from phonepay.people.models import User
from phonepay.people.permissions import NotAllowed, actor
from tests.notifications.cast import listen, owed, text, work
from tests.notifications.mail_server import MailServer
from tests.shop import AISHA, OLIVIA, make_line
from tests.web.cast import PASSWORD, person, signed_in

pytestmark = pytest.mark.django_db

CONNECTIONS, TEST = "/settings/connections", "/settings/connections/e-mail/test"


@pytest.fixture(autouse=True)
def shop(db: None) -> Merchant:
    shop = Merchant.objects.create(name="Corner Books")
    make_line(shop)
    listen()
    return shop


def try_it(to: str = "olivia@shop.example") -> None:
    send_test(to=to, language="en", by=OLIVIA, now=timezone.now())


def test_a_test_goes_out_at_once(server: MailServer) -> None:
    try_it()
    (letter,) = server.letters
    assert letter["To"] == "olivia@shop.example" and letter["Subject"] == "E-mail from Corner Books works"
    assert status(timezone.now()).last_sent_at is not None
    assert Event.objects.get(type=types.EMAIL_TESTED).data == {"went_out": True}


@pytest.mark.parametrize(
    ("answer", "said"),
    [("535 5.7.8 wrong", "user and the password"), ("553 5.7.1 not yours", "pay@shop.example")],
)
def test_what_the_server_says_is_told_in_peoples_words(answer: str, said: str, server: MailServer) -> None:
    server.answers["MAIL"] = answer
    with pytest.raises(TestRefused) as refused:
        try_it()
    assert said in str(refused.value) and refused.value.facts["answer"] == answer
    assert status(timezone.now()).trouble


def test_one_bad_address_is_not_the_servers_fault(server: MailServer) -> None:
    server.answers["RCPT"] = "550 5.1.1 nobody"
    with pytest.raises(TestRefused):
        try_it()
    assert not status(timezone.now()).trouble


def test_where_the_test_goes_out_what_waits_goes_on(server: MailServer) -> None:
    Postbox.objects.create(pk=1, resting_until=timezone.now() + timedelta(hours=1), failing_since=timezone.now())
    try_it()
    assert Postbox.objects.get().resting_until is None and not status(timezone.now()).trouble


def test_without_e_mail_there_is_no_test() -> None:
    with pytest.raises(TestRefused) as refused:
        try_it()
    assert refused.value.reason == "not_set_up"


def test_only_an_owner_tries_it(server: MailServer) -> None:
    with pytest.raises(NotAllowed):
        send_test(to="a@shop.example", language="en", by=AISHA, now=timezone.now())
    assert signed_in(person("operator")).post(TEST).status_code == 403


def test_the_page_says_that_nothing_is_set_up() -> None:
    page = signed_in(person()).get(CONNECTIONS).content.decode()
    assert "links for you to copy and send" in page and TEST not in page


def test_the_page_says_whether_it_goes_out_and_sends_a_test(server: MailServer) -> None:
    owner = signed_in(person())
    assert "Not tried yet" in owner.get(CONNECTIONS).content.decode()
    page = owner.post(TEST, follow=True).content.decode()
    assert "Sent to owner@example.com." in page and "Goes out" in page
    assert len(server.letters) == 1


def test_the_page_says_why_it_does_not_go_out(server: MailServer) -> None:
    server.answers["MAIL"] = "553 5.7.1 not yours"
    owner = signed_in(person())
    page = owner.post(TEST, follow=True).content.decode()
    assert "Does not go out" in page and "It said:" in page and "553 5.7.1 not yours" in page


def test_letters_that_came_to_nobody_are_shown_to_an_owner(server: MailServer) -> None:
    owed(state="failed", due_at=None, error="recipient 550 nobody", to="ana@customer.example")
    assert "ana@customer.example" in signed_in(person()).get(CONNECTIONS).content.decode()
    assert "ana@customer.example" not in signed_in(person("auditor")).get(CONNECTIONS).content.decode()


def test_the_terminal_tries_it(server: MailServer, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["email", "test", "me@shop.example"]) == 0
    assert "Sent to me@shop.example." in capsys.readouterr().out and len(server.letters) == 1
    server.answers["MAIL"] = "553 5.7.1 not yours"
    assert main(["email", "test", "me@shop.example"]) == 1
    assert "553 5.7.1 not yours" in capsys.readouterr().err
    assert main(["email", "show"]) == 1


def test_the_terminal_says_that_nothing_is_set_up(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["email", "show"]) == 1
    assert "PHONEPAY_EMAIL_URL" in capsys.readouterr().out


def forget(email: str) -> int:
    return Client().post("/password/forgotten", {"email": email}).status_code


def test_who_forgot_the_password_gets_a_link_that_works(server: MailServer) -> None:
    person()
    assert forget("Owner@Example.com") == 302
    work()
    (letter,) = server.letters
    assert letter["To"] == "owner@example.com"
    (link,) = [line for line in text(letter).splitlines() if "/password/new/" in line]
    client = Client()
    form = client.get(link.removeprefix("https://pay.example"), follow=True)
    new = "an even longer password"
    client.post(form.request["PATH_INFO"], {"password1": new, "password2": new})
    assert User.objects.get().check_password(new) and not User.objects.get().check_password(PASSWORD)


def test_an_address_that_nobody_has_gets_nothing_and_is_not_kept(server: MailServer) -> None:
    assert forget("stranger@example.com") == 302
    assert Delivery.objects.get().to == "stranger@example.com"
    work()
    assert not server.letters and Delivery.objects.get().to == ""


def test_who_was_taken_out_gets_nothing(server: MailServer) -> None:
    person(is_active=False)
    forget("owner@example.com")
    work()
    assert not server.letters


def test_with_an_account_and_without_it_costs_the_same_statements(server: MailServer) -> None:
    person()
    forget("warm@example.com")
    asked = []
    for email in ("owner@example.com", "stranger@example.com"):
        with CaptureQueriesContext(connection) as statements:
            forget(email)
        asked.append([re.split(r"WHERE|VALUES| SET |[`\"]s\d+_", str(each["sql"]))[0] for each in statements])
    assert asked[0] == asked[1] and not any("people_user" in statement for statement in asked[0])


def test_the_page_asks_for_the_address_only_where_e_mail_is_on(settings: Settings) -> None:
    assert "Ask an owner for a link" in Client().get("/password/forgotten").content.decode()
    settings.PHONEPAY_EMAIL_URL, settings.PHONEPAY_EMAIL_FROM = "smtp://127.0.0.1:1", "pay@shop.example"
    assert "Send me the link" in Client().get("/password/forgotten").content.decode()


def test_a_changed_sign_in_address_is_told_to_the_old_one(server: MailServer) -> None:
    user = person(email="new@shop.example")
    facts = {"before": {"email": "old@shop.example"}, "after": {"email": "new@shop.example"}}
    record(types.PERSON_ACCOUNT_CHANGED, subject=("person", user.pk), by=actor(user), now=timezone.now(), **facts)
    work()
    (letter,) = server.letters
    assert letter["To"] == "old@shop.example" and "new@shop.example" in text(letter)


def test_a_changed_language_is_no_letter(server: MailServer) -> None:
    user = person()
    facts = {"before": {"language": "en"}, "after": {"language": "es"}}
    record(types.PERSON_ACCOUNT_CHANGED, subject=("person", user.pk), by=actor(user), now=timezone.now(), **facts)
    work()
    assert not server.letters


@pytest.mark.parametrize(
    "happened",
    [
        types.PERSON_PASSWORD_CHANGED, types.PERSON_PASSWORD_RESET, types.PERSON_STEP_ADDED, types.PERSON_STEP_REMOVED,
    ],
)  # fmt: skip
def test_what_opens_an_account_is_told_when_it_changes(happened: str, server: MailServer) -> None:
    user = person()
    record(happened, subject=("person", user.pk), by=actor(user), now=timezone.now())
    work()
    assert [letter["To"] for letter in server.letters] == [user.email]
