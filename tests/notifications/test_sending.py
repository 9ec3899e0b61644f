"""A letter goes out once, is tried again while the server fails, and is given up where it never will be taken."""

from __future__ import annotations

import datetime as dt
from datetime import timedelta
from unittest import mock
from uuid import UUID

import pytest
from django.utils import timezone
from pytest_django import Settings

from phonepay.merchant.mail_account import read
from phonepay.notifications import outbox, smtp
from phonepay.notifications.letters import Letter
from phonepay.notifications.models import Delivery, Postbox
from phonepay.notifications.smtp import sentence
from tests.notifications.cast import owed
from tests.notifications.mail_server import MailServer
from tests.shop import together

pytestmark = pytest.mark.django_db

LETTER = Letter(shop="Corner Books", subject="A letter", heading="Hello", paragraphs=("A word.",))


@pytest.fixture(autouse=True)
def any_letter(monkeypatch: pytest.MonkeyPatch) -> None:
    """What it says is tested elsewhere."""
    monkeypatch.setattr(outbox, "write", lambda row, now: LETTER)


def send(after: timedelta = timedelta(0)) -> None:
    outbox.run_due(timezone.now() + after)


def state() -> tuple[str, int]:
    return Delivery.objects.values_list("state", "tries").get()


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_several_workers_send_each_letter_once(server: MailServer) -> None:
    for _ in range(6):
        owed()
    together(*[send] * 4)
    assert len(server.letters) == 6
    assert len({letter["Message-ID"] for letter in server.letters}) == 6
    assert set(Delivery.objects.values_list("state", flat=True)) == {"sent"}


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_the_same_letter_is_owed_once_however_many_ask_for_it() -> None:
    ask = {
        "kind": "alert",
        "subject": 7,
        "once": "alert:7",
        "to": "a@b.example",
        "language": "en",
        "now": timezone.now(),
    }
    assert sorted(together(*[lambda: outbox.queue(**ask)] * 4)) == [False, False, False, True]
    assert Delivery.objects.count() == 1


def test_a_letter_is_what_mail_programs_want(server: MailServer) -> None:
    row = owed()
    send()
    (letter,) = server.letters
    assert letter["Message-ID"] == f"<{row.pk}@shop.example>"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter["From"] == "Corner Books <pay@shop.example>" and letter["To"] == row.to
    assert dt.datetime.strptime(letter["Date"], "%a, %d %b %Y %H:%M:%S %z")
    assert letter.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in letter.iter_parts()] == ["text/plain", "text/html"]


def test_who_dies_before_he_can_say_so_sends_the_same_letter_again(server: MailServer) -> None:
    row = owed()
    with mock.patch.object(outbox, "_end", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        send()
    send(timedelta(minutes=1))
    assert len(server.letters) == 1, "its lease is not over"
    send(outbox.LEASE + timedelta(seconds=1))
    assert [letter["Message-ID"] for letter in server.letters] == [f"<{row.pk}@shop.example>"] * 2
    assert state()[0] == "sent"


def test_an_address_that_the_server_will_never_take_is_given_up(server: MailServer) -> None:
    server.answers["RCPT"] = "550 5.1.1 no such person"
    owed()
    send()
    assert state() == ("failed", 1)
    assert "550 5.1.1 no such person" in Delivery.objects.get().error


@pytest.mark.parametrize("to", ["no address", "a@b.example\nBcc: c@d.example", "añé@b.example", "@", "a@", "a" * 200])
def test_what_is_no_address_is_given_up_and_keeps_no_other_letter(to: str, server: MailServer) -> None:
    owed(to=to)
    owed(to="eve@customer.example")
    send()
    assert "eve@customer.example" in [letter["To"] for letter in server.letters]
    assert not Delivery.objects.filter(state="due").exists()
    assert all(letter["Bcc"] is None for letter in server.letters)


def test_one_bad_address_keeps_no_other_letter(server: MailServer) -> None:
    server.answers["RCPT"], server.only = "450 4.2.1 come later", {"ben@"}
    owed(to="ben@customer.example")
    owed(to="eve@customer.example")
    send()
    assert [letter["To"] for letter in server.letters] == ["eve@customer.example"]
    assert Delivery.objects.get(state="due").tries == 1


def test_what_could_not_be_sent_is_sent_later(server: MailServer) -> None:
    server.answers["."] = "451 4.3.0 out of disk"
    owed()
    send()
    assert state() == ("due", 1) and not server.letters
    server.answers.clear()
    send(timedelta(seconds=20))
    assert not server.letters, "not before its pause is over"
    send(timedelta(minutes=1))
    assert state() == ("sent", 2) and len(server.letters) == 1


def test_while_the_server_fails_it_is_asked_ever_more_seldom(server: MailServer) -> None:
    server.answers["MAIL"] = "421 4.3.2 not today"
    rests = []
    now = timezone.now()
    for _ in range(7):
        owed(now)
        outbox.run_due(now)
        until = Postbox.objects.get().resting_until
        assert until is not None
        rests.append(round((until - now).total_seconds()))
        now = until
    assert rests == sorted(rests) and rests[-1] == 15 * 60
    assert server.heard["MAIL"] == 7, "one try a round, whatever waits"


def test_a_dead_server_costs_the_worker_one_try_a_rest(settings: Settings) -> None:
    settings.PHONEPAY_EMAIL_URL, settings.PHONEPAY_EMAIL_FROM = "smtp://127.0.0.1:1", "pay@shop.example"
    for _ in range(3):
        owed()
    with mock.patch.object(smtp.EmailBackend, "open", autospec=True, side_effect=ConnectionRefusedError) as opened:
        send()
        send()
    assert opened.call_count == 1
    assert (Postbox.objects.get().error, Delivery.objects.filter(lease_until=None).count()) == ("nobody_listens", 3)


def test_it_is_given_up_after_three_days(server: MailServer) -> None:
    server.answers["RCPT"] = "450 4.2.1 come later"
    owed()
    send(outbox.TRIED_FOR + timedelta(hours=1))
    assert state()[0] == "failed"


def test_nothing_is_sent_and_nothing_lost_while_e_mail_is_off() -> None:
    owed()
    send()
    assert state() == ("due", 0)


def test_a_letter_that_is_not_needed_any_more_is_dropped(server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(outbox, "write", lambda row, now: None)
    owed()
    send()
    assert state()[0] == "dropped" and not server.letters


def test_a_letter_of_ours_that_breaks_keeps_no_other(server: MailServer, monkeypatch: pytest.MonkeyPatch) -> None:
    def write(row: Delivery, now: dt.datetime) -> Letter:
        if row.subject == "broken":
            raise ValueError("a fault of ours")
        return LETTER

    monkeypatch.setattr(outbox, "write", write)
    owed(subject="broken")
    owed()
    send()
    assert len(server.letters) == 1
    assert Delivery.objects.get(subject="broken").error == "ValueError"


@pytest.mark.parametrize(
    ("verb", "answer", "failure"),
    [
        ("MAIL", "553 5.7.1 not yours", "sender"),
        ("MAIL", "421 4.3.2 not today", "later"),
        ("MAIL", "530 5.7.0 sign in first", "password"),
        ("RCPT", "550 5.1.1 nobody", "recipient"),
        ("DATA", "554 5.7.1 spam", "content"),
        (".", "554 5.7.1 spam", "content"),
        ("MAIL", "hang up", "hung_up"),
    ],
)
def test_a_refusal_is_told_by_what_it_means(verb: str, answer: str, failure: str, server: MailServer) -> None:
    server.answers[verb] = answer
    owed()
    send()
    told = Delivery.objects.get().error
    assert told.startswith(failure)


@pytest.mark.parametrize("failure", [*smtp.FAILURES, "of another version"])
def test_every_failure_has_a_sentence(failure: str) -> None:
    account = read("smtps://me:secret@mail.example", "a@b.example", "")
    assert account is not None
    said = sentence(failure, account)
    assert said.endswith(".") and "%(" not in said and "secret" not in said


def test_what_a_server_says_is_kept_without_what_looks_like_a_card(server: MailServer) -> None:
    server.answers["RCPT"] = "550 no 4242424242424242 here"
    owed()
    send()
    assert "4242424242424242" not in Delivery.objects.get().error


def test_the_identity_of_a_letter_is_no_row_number() -> None:
    assert isinstance(owed().pk, UUID)
