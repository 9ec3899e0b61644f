"""`phonepay check`: what is there, what is not, what it means for callers."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from phonepay.configuration.models import Arrival, Process
from phonepay.configuration.presence import Presence
from phonepay.setup import doctor
from phonepay.standins.twilio.rest import TwilioStandIn
from phonepay.telephony.addresses import Addresses
from phonepay.telephony.client import get_client
from tests.cli.conftest import Command
from tests.shop import Till


@pytest.fixture
def twilio(settings: Settings) -> Iterator[TwilioStandIn]:
    standin = TwilioStandIn(
        account_sid=settings.PHONEPAY_TWILIO_ACCOUNT_SID,
        auth_token=settings.PHONEPAY_TWILIO_AUTH_TOKENS[0],
        numbers=["+12025550199"],
    )
    settings.PHONEPAY_TWILIO_API_BASE = standin.url
    with standin:
        yield standin


def at_work(kind: str, ago: timedelta = timedelta(0)) -> None:
    Presence(kind, timezone.now() - ago).beat(timezone.now() - ago)


@pytest.fixture
def all_there(till: Till, twilio: TwilioStandIn) -> Till:
    """A line, a worker, Stripe, Twilio's number sent to us, and Twilio got through a moment ago."""
    at_work("worker")
    Arrival.objects.create(whose="twilio", last_at=timezone.now())
    assert till.line.phone_number == "+12025550199"
    return till


@pytest.fixture
def wired(all_there: Till) -> Till:
    client = get_client()
    assert client is not None
    client.wire(client.numbers()[0], Addresses("https://pay.example"), locale="en-US")
    return all_there


def test_with_all_there_it_is_in_order(phonepay: Command, wired: Till) -> None:
    printed = phonepay("check")
    assert printed.code == 0, printed.out
    assert "Calls to +12025550199 come here" in printed.out and "Stripe takes the key (test" in printed.out


def test_a_number_that_goes_elsewhere_is_told(phonepay: Command, all_there: Till) -> None:
    printed = phonepay("check")
    assert printed.code == 1 and "Calls to +12025550199 go elsewhere" in printed.out
    assert "For callers: They hear something else." in printed.out


def test_wrong_twilio_credentials_are_told(phonepay: Command, wired: Till, settings: Settings) -> None:
    settings.PHONEPAY_TWILIO_AUTH_TOKENS = ("0" * 32,)
    assert "Twilio does not take the account" in phonepay("check").out


def test_a_key_that_stripe_does_not_take_is_told(phonepay: Command, wired: Till, settings: Settings) -> None:
    wired.faults.fail("GET", "/v1/account", status=401)
    printed = phonepay("check")
    assert printed.code == 1 and "No card can be charged" in printed.out


def test_a_stripe_that_does_not_answer_is_told(phonepay: Command, wired: Till) -> None:
    wired.faults.drop("GET", "*", times=2)
    assert "Stripe does not answer" in phonepay("check").out


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("PHONEPAY_PUBLIC_URL", None, "There is no public address."),
        ("PHONEPAY_STRIPE_SECRET_KEY", None, "There is no Stripe key."),
        ("PHONEPAY_TWILIO_AUTH_TOKENS", (), "Twilio's account or its token is not set."),
    ],
)
def test_what_is_not_set_is_told(
    phonepay: Command, wired: Till, settings: Settings, name: str, value: object, sentence: str
) -> None:
    setattr(settings, name, value)
    if name == "PHONEPAY_PUBLIC_URL":
        settings.PHONEPAY_STRIPE_API_BASE = "https://stripe.invalid"  # with both on this machine it is the sandbox
    printed = phonepay("check")
    assert printed.code == 1 and sentence in printed.out


def test_a_worker_that_was_not_seen_for_long_is_told(phonepay: Command, wired: Till) -> None:
    Process.objects.all().delete()
    at_work("worker", timedelta(hours=1))
    printed = phonepay("check")
    assert printed.code == 1 and "No worker runs: one was last seen" in printed.out


def test_a_worker_that_said_goodbye_is_not_at_work(phonepay: Command, wired: Till) -> None:
    Process.objects.update(stopped_at=timezone.now())
    assert phonepay("check").code == 1


def test_workers_and_web_processes_are_told_of_by_their_hosts(phonepay: Command, wired: Till) -> None:
    Process.objects.update(host="east")
    at_work("web", timedelta(minutes=2))
    Process.objects.filter(kind="web").update(host="west")
    printed = phonepay("check").out
    assert "A worker runs on east." in printed and "Calls and pages are answered on west." in printed


def test_migrations_to_be_made_are_told(phonepay: Command, wired: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "pending_migrations", lambda: ["orders.0002_more"])
    printed = phonepay("check")
    assert printed.code == 1 and "1 migrations are to be made" in printed.out


@pytest.mark.django_db
def test_without_a_line_it_says_how_to_make_one(phonepay: Command, settings: Settings) -> None:
    settings.PHONEPAY_STRIPE_SECRET_KEY, settings.PHONEPAY_TWILIO_AUTH_TOKENS = None, ()
    assert "phonepay line set" in phonepay("check").out


def test_for_programs_the_findings_are_json(phonepay: Command, wired: Till) -> None:
    printed = phonepay("check", "--json")
    found = json.loads(printed.out)
    assert printed.code == 0 and {"state", "what", "callers", "mend"} == set(found[0])
    assert all(each["state"] in ("in order", "note") for each in found)


def test_with_the_database_away_all_else_is_looked_at_and_it_is_not_asked(
    phonepay: Command, wired: Till, monkeypatch: pytest.MonkeyPatch
) -> None:
    def away() -> list[str]:
        raise OperationalError("connection refused")

    monkeypatch.setattr(doctor, "pending_migrations", away)
    with CaptureQueriesContext(connection) as asked:
        printed = phonepay("check")
    assert printed.code == 1 and "The database does not answer: connection refused" in printed.out
    assert "Stripe takes the key" in printed.out and "Twilio takes the account" in printed.out
    assert [each["sql"] for each in asked if not each["sql"].startswith("SELECT @@")] == []
