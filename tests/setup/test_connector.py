"""The connector that only the console makes, against the key; and going live, where both are compared once more."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from pytest_django import Settings

from phonepay.alerts.models import Alert
from phonepay.events import types
from phonepay.events.models import Event
from phonepay.merchant.models import Line
from phonepay.orders.operations import add_order
from phonepay.payments.gateway import gateway_with, key_is_live
from phonepay.protection.measures import take_line_step
from phonepay.protection.models import Measure
from phonepay.protection.steps import Step
from phonepay.setup.connector import CONNECTOR, compare_connector
from phonepay.setup.live import go_live, order_for_first_payment, smallest
from phonepay.setup.refusals import StepRefused
from phonepay.setup.steps import STRIPE, facts_of
from phonepay.setup.stripe_key import keep_key, look_at_key
from phonepay.standins.stripe import StripeStandIn
from phonepay.standins.twilio.rest import TwilioStandIn
from tests.setup.conftest import NOW, OLIVIA, kept_key, live_of


def compare(name: str = "Default", account: str = "", live: bool = False) -> list[str]:
    account = account or facts_of(STRIPE)["account"]
    return [each.what for each in compare_connector(name=name, account=account, live=live, by=OLIVIA, now=NOW)]


def test_the_same_account_and_mode_are_in_order(with_stripe: str, with_twilio: TwilioStandIn) -> None:
    told = " ".join(compare("Stripe_Test"))
    assert "of the same account" in told and Line.objects.get().connector == "Stripe_Test"


def test_another_account_is_refused_with_both(with_stripe: str) -> None:
    with pytest.raises(StepRefused) as refused:
        compare(account="acct_1OtherAccount0")
    assert "acct_1OtherAccount0" in str(refused.value) and facts_of(STRIPE)["account"] in str(refused.value)
    assert Line.objects.get().connector == "Default" and not Event.objects.filter(type=types.CONNECTOR_COMPARED)


def test_another_mode_is_refused(with_stripe: str) -> None:
    with pytest.raises(StepRefused, match="The connector is live"):
        compare(live=True)


@pytest.mark.parametrize("written", ["", "sk_test_0123456789", "acct_", "acct 1234567890"])
def test_what_is_no_account_is_refused_at_its_field(with_stripe: str, written: str) -> None:
    with pytest.raises(StepRefused) as refused:
        compare_connector(name="Default", account=written, live=False, by=OLIVIA, now=NOW)
    assert "acct_" in refused.value.problems["account"]


def test_a_connector_that_twilio_lists_is_told(with_stripe: str, with_twilio: TwilioStandIn) -> None:
    with_twilio.store.connectors = ["Stripe_Test"]
    assert any("has a connector" in each for each in compare("Stripe_Test"))
    assert any("could not be seen" in each for each in compare("Default"))


def test_a_key_that_may_not_say_its_account_is_no_reason_to_stop(
    key: str, line: Line, stripe_standin: StripeStandIn
) -> None:
    from phonepay.setup.stripe_key import connect_stripe

    restricted = key.replace("sk_", "rk_")
    stripe_standin.account(restricted).refuse("GET /v1/account")
    connect_stripe(key=restricted, by=OLIVIA, now=NOW)
    assert any("could not be compared" in each for each in compare(account="acct_1Something00"))


def test_a_name_that_twilio_would_not_take_is_refused(with_stripe: str) -> None:
    with pytest.raises(StepRefused) as refused:
        compare("my connector!")
    assert "name" in refused.value.problems


# --- going live ---


def live(key: str, account: str = "") -> None:
    account = account or facts_of(STRIPE)["account"]
    go_live(key=live_of(key), name="Stripe_Live", account=account, by=OLIVIA, now=NOW)


def test_live_key_and_live_connector_count_together(with_stripe: str, stripe_standin: StripeStandIn) -> None:
    live(with_stripe)
    assert key_is_live() and Line.objects.get().connector == "Stripe_Live"
    (made,) = stripe_standin.account(live_of(with_stripe))._all("webhook_endpoint")
    assert made["livemode"] and Event.objects.filter(type=types.WENT_LIVE).count() == 1


def test_what_was_tried_with_test_cards_is_held_against_nobody_who_pays_for_real(with_stripe: str) -> None:
    line = Line.objects.select_related("merchant").get()

    def refused_until_tomorrow() -> None:
        facts = {"merchant": line.merchant, "line": line, "kind": "caller", "key": "k", "step": Step.REFUSED}
        Measure.objects.create(**facts, since=NOW, until=NOW + timedelta(days=1))

    refused_until_tomorrow()
    live(with_stripe)
    assert not Measure.objects.exists()
    refused_until_tomorrow()
    live(with_stripe)  # once more, as for another account: these were real callers
    assert Measure.objects.exists()


def test_a_line_that_protected_itself_from_test_cards_does_so_no_more_and_its_alert_is_over(with_stripe: str) -> None:
    line = Line.objects.select_related("merchant").get()
    take_line_step(line=line, step=Step.ORDER, why="line_declines", count=9, call_sid="", now=NOW)
    assert Alert.objects.filter(kind="line_guarded", closed_at=None).exists()
    live(with_stripe)
    assert not Alert.objects.filter(closed_at=None).exists()


def test_a_connector_of_another_account_changes_nothing(with_stripe: str, stripe_standin: StripeStandIn) -> None:
    with pytest.raises(StepRefused, match="acct_1Another0000"):
        live(with_stripe, "acct_1Another0000")
    assert kept_key() == with_stripe and Line.objects.get().connector == "Default"
    assert not stripe_standin.account(live_of(with_stripe))._all("webhook_endpoint")


def test_another_account_comes_with_its_connector(with_stripe: str, stripe_standin: StripeStandIn) -> None:
    live(with_stripe)
    other = f"sk_live_{uuid4().hex}"
    with pytest.raises(StepRefused, match="The connector is of"):
        live(other)
    assert (kept_key(), Line.objects.get().connector) == (live_of(with_stripe), "Stripe_Live")
    account = gateway_with(other).account()
    go_live(key=other, name="Stripe_Two", account=account, by=OLIVIA, now=NOW)
    assert (kept_key(), Line.objects.get().connector) == (other, "Stripe_Two")
    assert facts_of(STRIPE)["account"] == facts_of(CONNECTOR)["account"] == account
    assert len(stripe_standin.account(other)._all("webhook_endpoint")) == 1


def test_no_key_is_kept_without_its_connector(with_stripe: str) -> None:
    def breaks() -> None:
        raise RuntimeError("as where the database goes away between the two")

    gateway, account, found = look_at_key(live_of(with_stripe), live=True)
    with pytest.raises(RuntimeError):
        keep_key(live_of(with_stripe), gateway, account, found, by=OLIVIA, now=NOW, also=breaks)
    assert kept_key() == with_stripe


def test_a_connector_is_named_for_a_live_key_of_the_environment(with_stripe: str, settings: Settings) -> None:
    settings.PHONEPAY_STRIPE_SECRET_KEY = live_of(with_stripe)
    go_live(key="", name="Stripe_Live", account=facts_of(STRIPE)["account"], by=OLIVIA, now=NOW)
    assert Line.objects.get().connector == "Stripe_Live" and facts_of(CONNECTOR)["live"]


def test_a_name_that_no_line_takes_leaves_the_test_key(with_stripe: str, stripe_standin: StripeStandIn) -> None:
    account = facts_of(STRIPE)["account"]
    with pytest.raises(StepRefused) as refused:
        go_live(key=live_of(with_stripe), name="my connector!", account=account, by=OLIVIA, now=NOW)
    assert "name" in refused.value.problems and kept_key() == with_stripe and not key_is_live()


def test_a_line_that_asks_for_a_number_gets_an_order_of_the_least_amount(with_stripe: str) -> None:
    live(with_stripe)
    line = Line.objects.get()
    line.behavior, line.fixed_amount = Line.Behavior.FIXED_WITH_ORDER, 4250
    line.save()
    order = order_for_first_payment(line=line, by=OLIVIA, now=NOW)
    assert order is not None and order.amount == 50 == smallest(line)
    again = order_for_first_payment(line=line, by=OLIVIA, now=NOW)
    assert again is not None and again.pk == order.pk


def test_its_number_is_keyed_as_no_other_of_the_shop(with_stripe: str) -> None:
    live(with_stripe)
    line = Line.objects.get()
    line.behavior, line.merchant.order_prefix = Line.Behavior.CALLER_WITH_ORDER, "INV-"
    line.save(), line.merchant.save()
    facts = {"merchant": line.merchant, "currency": line.currency, "by": OLIVIA, "now": NOW}
    assert add_order(number="INV-9001", amount=4250, **facts).keyed == "9001"
    order = order_for_first_payment(line=line, by=OLIVIA, now=NOW)
    assert order is not None and order.number == "9002"


def test_a_line_that_asks_for_none_gets_none(with_stripe: str, line: Line) -> None:
    assert order_for_first_payment(line=line, by=OLIVIA, now=NOW) is None
