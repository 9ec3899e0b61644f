"""The doctor: each thing that can go wrong between a caller and the money, what it means, how to mend it."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, NamedTuple

import pytest
from django.utils import timezone

from phonepay.alerts.operations import alert
from phonepay.configuration import arrivals
from phonepay.configuration.keys import new_encryption_key
from phonepay.events import types
from phonepay.events.actors import SYSTEM
from phonepay.events.models import record
from phonepay.merchant.credentials import current, keep
from phonepay.merchant.models import Credential, Line
from phonepay.payments.gateway import get_gateway
from phonepay.payments.models import EventPoll
from phonepay.setup import steps
from phonepay.setup.changing import change_stripe_key
from phonepay.setup.connector import CONNECTOR
from phonepay.setup.findings import Finding
from phonepay.setup.health import arriving, machine, stripe, twilio
from phonepay.setup.live import go_live
from phonepay.setup.models import SetUp
from phonepay.setup.refusals import StepRefused
from phonepay.standins.stripe import StripeStandIn
from tests.setup.conftest import OLIVIA, live_of
from tests.web.cast import person

pytestmark = pytest.mark.django_db(transaction=True)


class Usage(NamedTuple):
    """As shutil has it."""

    total: int
    used: int
    free: int


@pytest.fixture(autouse=True)
def nobody_came() -> None:
    arrivals.forget()


def told(found: Iterator[Finding]) -> str:
    """The findings as they are printed. A problem says what it means for callers and how to mend it."""
    listed = list(found)
    for each in listed:
        assert each.what and (each.mend or each.state == "in order"), each
        assert each.callers or not each.is_problem, each
    return "\n".join(str(each) for each in listed)


@pytest.mark.parametrize(
    ("megabytes", "sign", "words"),
    [(5000, "✓", "has room: 5,000 MB"), (500, "·", "has 500 MB left"), (50, "✗", "is full: 50 MB are left")],
)
def test_a_disk_that_fills_is_told_in_time(
    monkeypatch: pytest.MonkeyPatch, megabytes: int, sign: str, words: str
) -> None:
    monkeypatch.setattr(shutil, "disk_usage", lambda _: Usage(0, 0, megabytes * machine.MEGABYTE))
    found = told(machine.disk())
    assert found.startswith(sign) and words in found


@pytest.fixture
def far_end(settings: Any) -> Iterator[Callable[[int], None]]:
    """Somebody who answers with the time of a clock that is so many seconds ahead of ours."""
    ahead = [0]

    class Answer(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.send_response_only(401)
            self.send_header("Date", format_datetime(timezone.now() + timedelta(seconds=ahead[0]), usegmt=True))
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Answer)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    settings.PHONEPAY_STRIPE_API_BASE = f"http://127.0.0.1:{server.server_address[1]}"

    def set_ahead(seconds: int) -> None:
        ahead[0] = seconds

    yield set_ahead
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    ("ahead", "sign", "words"),
    [
        (0, "✓", "agrees with Stripe's"),
        (100, "·", "seconds behind Stripe's"),
        (-100, "·", "seconds ahead of Stripe's"),
        (900, "✗", "seconds behind Stripe's"),
    ],
)
def test_a_clock_that_is_wrong_is_told_by_the_vendors_answers(
    far_end: Callable[[int], None], ahead: int, sign: str, words: str
) -> None:
    far_end(ahead)
    found = told(machine.clock(timezone.now()))
    assert found.startswith(sign) and words in found


def test_where_nobody_answers_the_clock_is_left_out(settings: Any) -> None:
    settings.PHONEPAY_STRIPE_API_BASE = settings.PHONEPAY_TWILIO_API_BASE = "http://127.0.0.1:1"
    assert told(machine.clock(timezone.now())) == ""


def test_kept_keys_that_cannot_be_read_are_a_problem_with_their_names() -> None:
    keep({"twilio_auth_token": "1" * 32}, by=SYSTEM, now=timezone.now())
    assert "can be read" in told(machine.kept())
    Credential.objects.update(value="of a lost key")
    assert "Kept keys cannot be read: PHONEPAY_TWILIO_AUTH_TOKEN" in told(machine.kept())


def test_an_older_encryption_key_is_told(settings: Any) -> None:
    settings.PHONEPAY_ENCRYPTION_KEYS = (new_encryption_key(), *settings.PHONEPAY_ENCRYPTION_KEYS)
    assert "An older encryption key is still there." in told(machine.kept())


@pytest.mark.parametrize(
    ("days", "words"), [(None, "No backup was taken yet."), (1, "A backup was taken on"), (30, "The last backup is of")]
)
def test_backups_are_told_of(days: int | None, words: str) -> None:
    now = timezone.now()
    if days is not None:
        record(types.BACKUP_TAKEN, subject=("backup", "1"), by=SYSTEM, now=now - timedelta(days=days))
    assert words in told(machine.backups(now))
    (found,) = machine.backups(now)
    assert found.certain is (days is not None and days > 7)  # told by the rounds too


def test_what_came_in_is_noted_by_the_door_and_written_later() -> None:
    now = timezone.now()
    arrivals.note(arrivals.TWILIO, now)
    assert arrivals.last(arrivals.TWILIO) is None
    arrivals.write()
    arrivals.note(arrivals.TWILIO, now - timedelta(hours=1))
    arrivals.write()
    assert arrivals.last(arrivals.TWILIO) == now


def test_that_twilio_never_came_is_told_once_there_is_a_line(line: Line) -> None:
    assert "No request of Twilio's has come through yet." in told(arriving.of_twilio())
    arrivals.note(arrivals.TWILIO, timezone.now())
    arrivals.write()
    assert "Twilio came through last on" in told(arriving.of_twilio())


def test_an_address_that_leads_nowhere_is_a_problem_unless_twilio_got_through(settings: Any) -> None:
    settings.PHONEPAY_PUBLIC_URL = "https://nowhere.invalid"
    now = timezone.now()
    assert "✗ The name nowhere.invalid leads nowhere." in told(arriving.public_address(now))
    arrivals.note(arrivals.TWILIO, now)
    arrivals.write()
    assert "· The name nowhere.invalid leads nowhere." in told(arriving.public_address(now))


def test_looking_does_not_open_the_set_up_again(settings: Any) -> None:
    settings.PHONEPAY_PUBLIC_URL = "https://nowhere.invalid"
    SetUp.objects.all().delete()
    person()
    told(arriving.public_address(timezone.now()))
    assert not steps.is_open()


@pytest.mark.parametrize(
    ("kind", "look", "words"),
    [
        ("twilio_signature", arriving.of_twilio, "Requests that name your Twilio account were refused"),
        ("stripe_signature", lambda: arriving.of_stripe(timezone.now()), "Webhooks were refused"),
    ],
)
def test_signatures_that_fail_are_one_finding_with_their_count(kind: str, look: Any, words: str) -> None:
    assert words not in told(look())
    alert(kind=kind, times=41, now=timezone.now())
    found = told(look())
    assert words in found and "41 times" in found


def test_errors_of_pay_are_known_by_name_with_their_mend() -> None:
    alert(kind="pay_error", key="64004", facts={"code": "64004"}, times=3, now=timezone.now())
    found = told(arriving.pay_errors())
    assert "there is no pay connector of that name (error 64004, 3 times" in found
    assert "Compare its name in Twilio's console" in found


def test_events_that_no_webhook_brings_are_told() -> None:
    now = timezone.now()
    EventPoll.objects.create(livemode=False, missed_at=now)
    assert "do not come by the webhook" in told(arriving.of_stripe(now))
    arrivals.note(arrivals.STRIPE, now)
    arrivals.write()
    assert "Stripe came through last on" in told(arriving.of_stripe(now))


def test_a_key_that_may_do_all_is_in_order(with_stripe: str) -> None:
    found = told(stripe.key())
    assert "✓ Stripe takes the key (test: no real money)" in found and "✗" not in found
    assert "Stripe's webhook tells https://pay.example/stripe/webhook of all that is needed." in found


def test_what_a_restricted_key_may_not_look_at_is_named(with_stripe: str, stripe_standin: StripeStandIn) -> None:
    stripe_standin.faults.fail("GET", "/v1/disputes", status=403)
    assert "The restricted key may not look at: disputes." in told(stripe.key())


def test_a_webhook_that_is_gone_or_tells_too_little_is_told(with_stripe: str) -> None:
    setup = get_gateway().setup
    (endpoint,) = setup.endpoints()
    setup.change_endpoint(endpoint.id, events=["charge.refunded"])
    assert "Stripe's webhook does not tell of: charge.dispute" in told(stripe.key())
    setup.remove_endpoint(endpoint.id)
    assert "Stripe has no webhook with the address https://pay.example/stripe/webhook." in told(stripe.key())


def test_a_connector_of_another_account_or_mode_is_a_problem(with_stripe: str, with_twilio: Any, line: Line) -> None:
    steps.step_done(CONNECTOR, {"name": "Default", "account": "acct_other12345", "live": False}, now=timezone.now())
    assert "The connector is of acct_other12345, the key of acct_" in told(stripe.key())
    steps.step_done(CONNECTOR, {"name": "Default", "account": "", "live": True}, now=timezone.now())
    assert "The connector is live, and Stripe's key is a test key." in told(
        twilio.account_and_numbers([line], steps.facts_of(CONNECTOR))
    )


def test_a_connector_that_was_not_compared_is_told(with_twilio: Any, line: Line) -> None:
    facts = {"name": "Default", "account": "acct_other12345", "live": False}
    assert "was not compared" not in " ".join(told(twilio.account_and_numbers([line], facts)))
    line.connector = "Stripe_Two"
    assert "The connector Stripe_Two was not compared with Stripe's key." in told(
        twilio.account_and_numbers([line], facts)
    )


def test_another_key_of_another_account_than_the_connector_is_told_at_once(with_stripe: str, line: Line) -> None:
    account = steps.facts_of(steps.STRIPE)["account"]
    steps.step_done(CONNECTOR, {"name": "Default", "account": account, "live": False}, now=timezone.now())
    found = change_stripe_key(key="sk_test_ofanotheraccount0", by=OLIVIA, now=timezone.now())
    assert any(each.is_problem and "The connector is of acct_" in each.what for each in found)


def test_a_live_key_of_another_account_than_the_connector_is_not_kept(with_stripe: str, line: Line) -> None:
    account, live = steps.facts_of(steps.STRIPE)["account"], live_of(with_stripe)
    go_live(key=live, name="Stripe_Live", account=account, by=OLIVIA, now=timezone.now())
    with pytest.raises(StepRefused, match="The connector is of acct_"):
        change_stripe_key(key="sk_live_ofanotheraccount1", by=OLIVIA, now=timezone.now())
    assert current().stripe_secret_key == live


def test_a_live_key_where_the_connector_tests_is_a_problem(with_twilio: Any, line: Line, key: str) -> None:
    keep({"stripe_secret_key": live_of(key)}, by=SYSTEM, now=timezone.now())
    steps.step_done(CONNECTOR, {"name": "Default", "account": "", "live": False}, now=timezone.now())
    assert "The connector is in test mode, and Stripe's key is live." in told(
        twilio.account_and_numbers([line], steps.facts_of(CONNECTOR))
    )


def test_a_key_that_was_taken_back_is_told_by_a_process_that_has_used_it(
    with_stripe: str, stripe_standin: StripeStandIn
) -> None:
    assert get_gateway().account()
    stripe_standin.faults.fail("GET", "/v1/account", status=401)
    assert "✗ Stripe does not take the key" in told(stripe.key())


def test_a_key_without_events_does_not_keep_callers_from_paying(
    with_stripe: str, stripe_standin: StripeStandIn
) -> None:
    stripe_standin.faults.fail("GET", "/v1/events", status=403)
    found = told(stripe.key())
    assert "may not look at: events." in found and "They pay as before." in found


def test_charges_that_stripe_refuses_are_told_also_where_the_key_is_taken() -> None:
    assert told(arriving.refused_charges()) == ""
    alert(kind="stripe_refuses", facts={"why": "403: no permission"}, times=2, now=timezone.now())
    found = told(arriving.refused_charges())
    assert "none has gone through since: 403: no permission (2 times" in found and "they were not charged" in found
