"""Alerts in the panel: what is wrong on Home and on its page, and that somebody knows."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from phonepay.alerts.kinds import KINDS
from phonepay.alerts.models import Alert
from phonepay.alerts.operations import alert, over
from phonepay.merchant.models import Merchant
from tests.web.cast import person, signed_in

pytestmark = pytest.mark.django_db

PAGE = "/settings/alerts"


@pytest.fixture(autouse=True)
def shop(db: None) -> Merchant:
    return Merchant.objects.create(name="Corner Books")


def page(address: str = PAGE, role: str = "owner") -> str:
    return signed_in(person(role)).get(address).content.decode()


def raised(kind: str = "voice_failed", times: int = 1) -> Alert:
    alert(kind=kind, facts={"where": "input"}, times=times, now=timezone.now() - timedelta(minutes=5))
    return Alert.objects.latest("pk")


def test_home_says_what_is_wrong_and_leads_to_what_to_do() -> None:
    row = raised()
    home = page("/")
    assert "A caller&#x27;s request failed inside Phone Pay (input)." in home
    assert f'href="{PAGE}#alert-{row.pk}"' in home


def test_what_nobody_has_seen_and_is_red_comes_before_the_rest() -> None:
    now = timezone.now()
    known = raised("voice_failed")
    Alert.objects.filter(pk=known.pk).update(seen_at=now)
    for minutes, kind in enumerate(("stripe_refuses", "callers_refused")):
        alert(kind=kind, facts={}, now=now + timedelta(minutes=minutes))
    told = page()
    urgent, mild = (
        told.index(f'id="alert-{Alert.objects.get(kind=kind).pk}"') for kind in ("stripe_refuses", "callers_refused")
    )
    assert urgent < mild < told.index(f'id="alert-{known.pk}"')


def test_receipts_that_do_not_go_out_lead_straight_to_e_mail() -> None:
    alert(kind="mail_stuck", facts={"why": "The mail server hung up."}, now=timezone.now())
    home = page("/")
    assert "Receipts are not going out: The mail server hung up." in home
    assert 'href="/settings/connections#e-mail"' in home and "Fix e-mail" in home


def test_what_strangers_can_cause_needs_nobody_before_it_is_told() -> None:
    raised("twilio_signature", times=2)
    assert "signature" not in page("/")
    raised("twilio_signature")
    assert "signature" in page("/", "operator")


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS.values() if not kind.on_home])
def test_home_does_not_say_twice_what_has_a_row_of_its_own(kind: str) -> None:
    raised(kind)
    assert "What to do" not in page("/")


def test_the_page_says_what_it_means_and_what_to_do() -> None:
    raised(times=12)
    shown = page()
    assert "heard an apology" in shown and "server&#x27;s log" in shown and "12 times" in shown


def test_where_nothing_is_wrong_it_says_so() -> None:
    assert "Nothing is wrong." in page()


def test_what_is_over_is_told_below() -> None:
    raised("hold")
    over(kind="hold", now=timezone.now())
    shown = page()
    assert "Nothing is wrong." in shown and "Money is held back" in shown


def settle(role: str, row: Alert) -> int:
    return Client.post(signed_in(person(role)), f"{PAGE}/{row.pk}/seen").status_code


def test_who_knows_of_it_is_not_asked_again() -> None:
    row = raised()
    assert settle("operator", row) == 302
    assert "inside Phone Pay" not in page("/")
    assert "Oscar Operator" in page(role="auditor")


def test_an_auditor_looks_and_settles_nothing() -> None:
    row = raised()
    assert settle("auditor", row) == 403
    row.refresh_from_db()
    assert row.seen_at is None


def test_the_page_says_who_is_told_by_e_mail(settings: Settings) -> None:
    assert "No e-mail is set up" in page()
    settings.PHONEPAY_EMAIL_URL, settings.PHONEPAY_EMAIL_FROM = "smtp://127.0.0.1:1", "pay@shop.example"
    assert "Olivia Owner" in page(role="operator")


def test_activity_tells_of_it_by_its_name() -> None:
    row = raised()
    settle("operator", row)
    shown = page("/settings/activity")
    assert "Raised an alert: A caller&#x27;s request failed" in shown
    assert "Knows of the alert: A caller&#x27;s request failed" in shown
