"""Owners are told of alerts by e-mail, operators who want it too: once, then ever more seldom, and of the end."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from phonepay.alerts import notes
from phonepay.alerts.kinds import KINDS
from phonepay.alerts.models import Alert
from phonepay.alerts.operations import alert, over, seen
from phonepay.configuration.models import Process
from phonepay.configuration.presence import WEB, WORKER, Presence
from phonepay.merchant.models import Merchant
from phonepay.notifications import due, telling
from phonepay.notifications.models import Delivery
from phonepay.notifications.watchman import Watchman
from phonepay.people.models import User
from tests.notifications.cast import html, text
from tests.notifications.mail_server import MailServer
from tests.shop import OLIVIA, together
from tests.web.cast import person

pytestmark = pytest.mark.django_db

NOW = timezone.now()


@pytest.fixture(autouse=True)
def owner(db: None) -> User:
    Merchant.objects.create(name="Corner Books")
    return person()


def work(**later: float) -> None:
    due.run_due(NOW + timedelta(**later))


def raised(**more: Any) -> Alert:
    alert(**({"kind": "voice_failed", "facts": {"where": "input"}, "now": NOW} | more))
    return Alert.objects.order_by("-pk")[0]


def subjects(server: MailServer) -> list[str]:
    return [str(letter["Subject"]) for letter in server.letters]


def test_an_owner_is_told_what_it_means_and_what_to_do(server: MailServer) -> None:
    raised()
    work()
    (letter,) = server.letters
    told = " ".join(text(letter).split())
    assert "A caller's request failed inside Phone Pay (input)." in told
    assert "heard an apology" in told and "server's log" in told and "https://pay.example/calls" in told
    assert letter["Subject"] == "Corner Books: A caller's request failed"
    assert "<img" not in html(letter) and "http://" not in html(letter)


@pytest.mark.parametrize(
    ("role", "choice", "told"),
    [("owner", None, True), ("owner", False, False), ("owner", True, True), ("operator", None, False),
     ("operator", True, True), ("operator", False, False), ("auditor", True, False), ("auditor", None, False)],
)  # fmt: skip
def test_who_gets_alerts(role: str, choice: bool | None, told: bool) -> None:
    somebody = person(role, email="somebody@shop.example", wants_alerts=choice)
    assert (somebody in telling.readers()) is told


def test_who_left_is_told_nothing(owner: User) -> None:
    User.objects.update(is_active=False)
    assert not telling.readers().exists()


def test_each_is_told_in_their_language(server: MailServer, owner: User) -> None:
    User.objects.filter(pk=owner.pk).update(language="es")
    raised()
    work()
    assert server.letters[0]["Content-Language"] == "es"


def test_a_hundred_failures_are_a_few_letters_with_their_number(server: MailServer) -> None:
    for minute in range(100):
        raised(now=NOW + timedelta(minutes=minute))
        work(minutes=minute)
    assert len(server.letters) == 2
    assert "Happened: 61 times" in text(server.letters[1]) and "still" in subjects(server)[1]


def test_what_lasts_is_told_again_after_growing_pauses(server: MailServer) -> None:
    for hour in range(50):
        raised(kind="twilio_signature", times=3, now=NOW + timedelta(hours=hour))
        work(hours=hour)
    assert 4 <= len(server.letters) <= 6


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_several_workers_tell_it_once(server: MailServer) -> None:
    Merchant.objects.create(name="Corner Books")
    raised()
    together(*[work] * 3)
    assert len(server.letters) <= User.objects.count() == Delivery.objects.count()


def test_the_end_is_told_when_it_has_held_for_some_minutes(server: MailServer) -> None:
    raised(kind="twilio_signature", times=3)
    work()
    over(kind="twilio_signature", now=NOW + timedelta(minutes=5))
    work(minutes=6)
    assert len(server.letters) == 1
    work(minutes=16)
    assert subjects(server)[1] == "Corner Books, over: Signatures of Twilio do not fit"


def test_what_comes_back_at_once_is_not_told_as_over(server: MailServer) -> None:
    raised(kind="twilio_signature", times=3)
    work()
    over(kind="twilio_signature", now=NOW + timedelta(minutes=5))
    raised(kind="twilio_signature", times=3, now=NOW + timedelta(minutes=7))
    work(minutes=20)
    assert len(server.letters) == 1


def test_what_a_person_has_seen_is_told_no_more(server: MailServer) -> None:
    row = raised()
    work()
    seen(row=row, by=OLIVIA, now=NOW)
    work(hours=30)
    assert len(server.letters) == 1


def test_alerts_wait_while_e_mail_is_off_and_are_told_when_it_is_on(settings: Settings) -> None:
    raised()
    work()
    assert not Delivery.objects.exists()
    with MailServer() as server:
        settings.PHONEPAY_EMAIL_URL, settings.PHONEPAY_EMAIL_FROM = server.url, "pay@shop.example"
        work(minutes=1)
        assert len(server.letters) == 1


def test_that_e_mail_fails_is_told_in_the_panel_and_not_by_e_mail(server: MailServer) -> None:
    server.answers["MAIL"] = "421 4.3.2 not today"
    raised()
    for minute in (0, 4, 8, 12, 16):
        work(minutes=minute)
    stuck = Alert.objects.get(kind="mail_stuck")
    assert stuck.closed_at is None and "refused" not in stuck.facts["why"]
    assert not KINDS["mail_stuck"].mailed
    server.answers.clear()
    work(minutes=40)
    work(minutes=42)
    assert Alert.objects.get(kind="mail_stuck").closed_at is not None


def worker(ago: float) -> None:
    at = timezone.now() - timedelta(minutes=ago)
    Presence(WORKER, at).beat(at)


def test_the_web_process_tells_of_a_worker_that_is_away(server: MailServer) -> None:
    worker(ago=20)
    due.run_without_worker(timezone.now())
    assert Alert.objects.get().kind == "worker_away"
    assert subjects(server) == ["Corner Books: No worker runs"]


def test_a_deploy_is_no_alert(server: MailServer) -> None:
    worker(ago=2)
    due.run_without_worker(timezone.now())
    assert not Alert.objects.exists()


def test_a_worker_that_never_came_is_missed_as_well(server: MailServer) -> None:
    at = timezone.now() - timedelta(minutes=10)
    Presence(WEB, at).beat(at)
    due.run_without_worker(timezone.now())
    assert Alert.objects.get().kind == "worker_away"


def test_while_a_worker_is_there_the_web_process_sends_nothing(server: MailServer) -> None:
    worker(ago=0)
    raised(now=timezone.now())
    due.run_without_worker(timezone.now())
    assert not server.letters and not Alert.objects.filter(kind="worker_away").exists()


def test_a_worker_that_comes_back_ends_the_alert(server: MailServer) -> None:
    worker(ago=20)
    due.run_without_worker(timezone.now())
    due.run_due(timezone.now())
    due.run_due(timezone.now() + timedelta(minutes=2))
    assert Alert.objects.get().closed_at is not None
    assert Process.objects.count() == 1


@pytest.fixture
def watchman(transactional_db: None) -> Iterator[Watchman]:
    watchman = Watchman()
    watchman.start()
    yield watchman
    watchman.end()


def test_the_watchman_writes_what_was_noted_before_he_goes(watchman: Watchman) -> None:
    notes.note(kind="voice_failed", facts={"where": "input"})
    watchman.end()
    assert Alert.objects.get().count == 1


def test_the_watchman_says_that_the_process_is_there_and_goodbye(watchman: Watchman) -> None:
    watchman.end()
    assert Process.objects.get(kind=WEB).stopped_at is not None
