"""The doctor's rounds: what no caller tells of is an alert once it was seen twice, and over when it is mended."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import httpx
import pytest
from django.db import OperationalError
from django.utils import timezone
from pytest_django import Settings

from phonepay.alerts.models import Alert
from phonepay.alerts.operations import seen
from phonepay.alerts.words import tell
from phonepay.configuration import arrivals
from phonepay.configuration.models import Arrival
from phonepay.merchant.models import Line
from phonepay.setup import doctor, reach, rounds
from phonepay.setup.findings import Finding, in_order, problem
from phonepay.setup.health import arriving
from phonepay.setup.models import SetUp
from tests.setup.conftest import OLIVIA

pytestmark = pytest.mark.django_db

NOW = timezone.now()
FULL = problem("The disk is full.", callers="They hear an apology.", mend="Make room.")
ENDS = Finding("note", "The certificate ends on 2026-12-01.", "Nobody comes here.", "Renew it.", certain=True)


@pytest.fixture
def found(settings: Settings, line: Line, monkeypatch: pytest.MonkeyPatch) -> list[Finding]:
    """What is wrong, of an installation that takes real calls."""
    settings.PHONEPAY_TWILIO_ACCOUNT_SID, settings.PHONEPAY_TWILIO_AUTH_TOKENS = "AC" + "1" * 32, ("1" * 32,)
    settings.PHONEPAY_STRIPE_SECRET_KEY = "sk_test_rounds0000000000"
    settings.PHONEPAY_STRIPE_API_BASE = settings.PHONEPAY_TWILIO_API_BASE = "https://api.example"
    Line.objects.update(phone_number="+15550100")
    there: list[Finding] = []

    def lasting(now: datetime) -> Iterator[tuple[str, Finding]]:
        yield "clock", in_order("The clock agrees.")
        yield from (("address" if each is ENDS else "disk", each) for each in there)

    monkeypatch.setattr(rounds, "lasting", lasting)
    return there


def look(**later: float) -> int:
    return rounds.run_due(NOW + timedelta(**later))


def test_what_is_seen_twice_is_told_with_what_it_means(found: list[Finding]) -> None:
    found += [FULL]
    look()
    assert not Alert.objects.exists()
    look(minutes=31)
    row = Alert.objects.get()
    assert row.tell_at == NOW + timedelta(minutes=31)
    assert tell(row).what.endswith("found: The disk is full.")
    assert (tell(row).means, tell(row).mend) == (FULL.callers, FULL.mend)


def test_each_part_is_an_alert_of_its_own(found: list[Finding]) -> None:
    found += [FULL, ENDS]
    look()
    look(minutes=31)
    assert {row.facts["what"] for row in Alert.objects.all()} == {FULL.what, ENDS.what}
    found.remove(FULL)
    look(minutes=62)
    assert Alert.objects.get(closed_at=None).key == "address"


def test_what_is_gone_at_the_next_look_is_not_told(found: list[Finding]) -> None:
    found += [FULL]
    look()
    found.clear()
    look(minutes=31)
    found += [FULL]
    look(minutes=62)
    assert not Alert.objects.exists()


def test_what_a_person_knows_is_told_no_more(found: list[Finding]) -> None:
    found += [FULL]
    look()
    look(minutes=31)
    seen(row=Alert.objects.get(), by=OLIVIA, now=NOW)
    look(hours=9)
    assert Alert.objects.get().tell_at is None


def test_it_is_over_when_it_is_mended(found: list[Finding]) -> None:
    found += [FULL]
    look()
    look(minutes=31)
    found.clear()
    look(minutes=62)
    assert Alert.objects.get().ended == Alert.End.OVER


def test_where_all_is_well_nothing_is_told(found: list[Finding]) -> None:
    assert look() == 1 and not Alert.objects.exists()


def test_it_is_looked_twice_an_hour_by_one_worker(found: list[Finding]) -> None:
    assert [look(minutes=minute) for minute in (0, 1, 29, 30, 31)] == [1, 0, 0, 1, 0]


def test_stand_ins_are_not_looked_at(found: list[Finding], settings: Settings) -> None:
    settings.PHONEPAY_STRIPE_API_BASE = settings.PHONEPAY_TWILIO_API_BASE = "http://127.0.0.1:1"
    found += [FULL]
    assert look() == 0


def test_the_first_set_up_is_not_closed_by_it(found: list[Finding]) -> None:
    SetUp.objects.all().delete()
    look()
    assert SetUp.objects.get().done_at is None


def test_a_certificate_that_has_ended_is_told_though_twilio_came_through_today(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def ended(*_: object, **__: object) -> None:
        raise httpx.ConnectError("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed: certificate has expired")

    monkeypatch.setattr(httpx, "stream", ended)
    monkeypatch.setattr(reach, "_look_up", lambda _host: iter(()))
    settings.PHONEPAY_PUBLIC_URL = "https://pay.example"
    Arrival.objects.create(whose=arrivals.TWILIO, last_at=NOW - timedelta(hours=3))
    (_address, found) = arriving.public_address(NOW)
    assert found.is_problem and found.what == "The certificate of https://pay.example has ended."


def test_a_database_that_cannot_be_written_is_told_and_the_rest_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    def read_only(*, now: datetime) -> None:
        raise OperationalError("attempt to write a readonly database")

    monkeypatch.setattr(doctor, "make_nonce", read_only)
    found = [each.what for each in doctor.examine()]
    assert "The database can be read, but not written: attempt to write a readonly database" in found
    assert "There is no Stripe key." in found


def test_a_database_that_goes_away_in_the_middle_is_a_finding(monkeypatch: pytest.MonkeyPatch) -> None:
    def gone(*_: object) -> Iterator[Finding]:
        raise OperationalError("server closed the connection")

    monkeypatch.setattr(doctor, "_processes", gone)
    assert list(doctor.examine())[-1].what == "The database does not answer: server closed the connection"
