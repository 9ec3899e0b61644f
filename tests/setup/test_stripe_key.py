"""Stripe's key is looked at before it is kept, and the webhook is made with just the events needed."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from pytest_django import Settings

from phonepay.events import types
from phonepay.events.models import Event
from phonepay.merchant import credentials
from phonepay.merchant.models import Line
from phonepay.payments.gateway import gateway_with
from phonepay.payments.stripe_events import SUBSCRIBED
from phonepay.people.permissions import NotAllowed
from phonepay.setup.refusals import StepRefused
from phonepay.setup.steps import STRIPE, facts_of
from phonepay.setup.stripe_key import connect_stripe
from phonepay.standins.stripe import StripeStandIn
from tests.setup.conftest import NOW, OLIVIA, OSCAR, kept_key, live_of


def endpoints(standin: StripeStandIn, key: str) -> list[dict[str, Any]]:
    return list(standin.account(key)._all("webhook_endpoint"))


def test_a_good_key_is_kept_with_what_was_found(key: str, line: Line) -> None:
    found = connect_stripe(key=f" {key} ", by=OLIVIA, now=NOW)
    assert kept_key() == key and facts_of(STRIPE)["account"].startswith("acct_")
    assert not any(each.is_problem for each in found)


def test_the_webhook_is_made_with_just_the_events_needed(key: str, line: Line, stripe_standin: StripeStandIn) -> None:
    connect_stripe(key=key, by=OLIVIA, now=NOW)
    (made,) = endpoints(stripe_standin, key)
    assert made["url"] == "https://pay.example/stripe/webhook" and set(made["enabled_events"]) == set(SUBSCRIBED)
    assert made["metadata"] == {"installation": str(line.merchant.installation)}


def test_the_secret_of_the_webhook_is_kept_and_told_to_nobody(key: str, line: Line) -> None:
    connect_stripe(key=key, by=OLIVIA, now=NOW)
    (secret,) = credentials.current().stripe_webhook_secrets
    told = str(list(Event.objects.values())) + str(facts_of(STRIPE))
    assert secret.startswith("whsec_") and secret not in told and key not in told


def test_a_webhook_of_ours_is_used_again(key: str, line: Line, stripe_standin: StripeStandIn) -> None:
    connect_stripe(key=key, by=OLIVIA, now=NOW)
    before = endpoints(stripe_standin, key)
    connect_stripe(key=key, by=OLIVIA, now=NOW)
    assert endpoints(stripe_standin, key) == before


def test_a_webhook_of_ours_that_tells_too_little_is_mended(key: str, line: Line, stripe_standin: StripeStandIn) -> None:
    connect_stripe(key=key, by=OLIVIA, now=NOW)
    gateway_with(key).setup.change_endpoint(facts_of(STRIPE)["endpoint"], events=["charge.succeeded"])
    connect_stripe(key=key, by=OLIVIA, now=NOW)
    (made,) = endpoints(stripe_standin, key)
    assert set(made["enabled_events"]) == set(SUBSCRIBED)


def test_an_earlier_webhook_whose_secret_is_lost_is_replaced(
    key: str, line: Line, stripe_standin: StripeStandIn
) -> None:
    address = "https://pay.example/stripe/webhook"
    facts = {"events": ["charge.succeeded"], "version": "2026-10-28.endive", "description": "", "metadata": {}}
    lost = gateway_with(key).setup.make_endpoint(url=address, **facts)  # type: ignore[arg-type]
    strange = gateway_with(key).setup.make_endpoint(url="https://other.example/hook", **facts)  # type: ignore[arg-type]
    connect_stripe(key=key, by=OLIVIA, now=NOW)
    there = {each["id"] for each in endpoints(stripe_standin, key)}
    assert lost.id not in there and {strange.id, facts_of(STRIPE)["endpoint"]} == there


def test_without_a_public_address_the_webhook_comes_later(
    key: str, line: Line, settings: Settings, stripe_standin: StripeStandIn
) -> None:
    settings.PHONEPAY_PUBLIC_URL = None
    connect_stripe(key=key, by=OLIVIA, now=NOW)
    assert not endpoints(stripe_standin, key) and kept_key() == key


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("pk_test_0123456789abcdef", "publishable"),
        ("whsec_0123456789abcdef", "webhook"),
        ("", "Give the secret key"),
        ("sk_test_1", "not a whole key"),
        ("acct_0123456789", "no secret key"),
    ],
)
def test_what_is_no_secret_key_is_refused_with_what_it_is(key: str, written: str, told: str) -> None:
    with pytest.raises(StepRefused) as refused:
        connect_stripe(key=written, by=OLIVIA, now=NOW)
    assert told in refused.value.problems["key"] and kept_key() is None


def test_a_live_key_is_for_going_live(key: str) -> None:
    with pytest.raises(StepRefused, match="money is real"):
        connect_stripe(key=live_of(key), by=OLIVIA, now=NOW)


def test_a_test_key_does_not_go_live(key: str) -> None:
    with pytest.raises(StepRefused, match="test key"):
        connect_stripe(key=key, live=True, by=OLIVIA, now=NOW)


def test_where_stripe_is_away_nothing_is_kept(key: str, settings: Settings) -> None:
    settings.PHONEPAY_STRIPE_API_BASE = "http://127.0.0.1:1"
    with pytest.raises(StepRefused) as refused:
        connect_stripe(key=key, by=OLIVIA, now=NOW)
    assert "does not answer" in refused.value.findings[0].what and kept_key() is None


def test_a_restricted_key_that_may_not_look_at_charges_is_refused(
    key: str, line: Line, stripe_standin: StripeStandIn
) -> None:
    restricted = key.replace("sk_", "rk_")
    stripe_standin.account(restricted).refuse("GET /v1/charges*")
    with pytest.raises(StepRefused) as refused:
        connect_stripe(key=restricted, by=OLIVIA, now=NOW)
    assert "charges" in refused.value.findings[-1].what


def test_a_restricted_key_that_may_not_read_its_account_will_do(
    key: str, line: Line, stripe_standin: StripeStandIn
) -> None:
    restricted = key.replace("sk_", "rk_")
    stripe_standin.account(restricted).refuse("GET /v1/account")
    connect_stripe(key=restricted, by=OLIVIA, now=NOW)
    assert kept_key() == restricted and facts_of(STRIPE)["account"] == ""


def test_a_restricted_key_that_may_make_no_webhook_will_do(key: str, line: Line, stripe_standin: StripeStandIn) -> None:
    restricted = key.replace("sk_", "rk_")
    stripe_standin.account(restricted).refuse("* /v1/webhook_endpoints*")
    found = connect_stripe(key=restricted, by=OLIVIA, now=NOW)
    assert kept_key() == restricted and any("webhook" in each.what for each in found if each.state == "note")


def test_the_environment_s_key_is_looked_at_as_it_is(
    key: str, line: Line, settings: Settings, stripe_standin: StripeStandIn
) -> None:
    settings.PHONEPAY_STRIPE_SECRET_KEY = key
    connect_stripe(key="", by=OLIVIA, now=NOW)
    assert credentials.current().sources["stripe_secret_key"] == "environment"
    assert len(endpoints(stripe_standin, key)) == 1 and credentials.current().stripe_webhook_secrets


def test_an_operator_connects_nothing(key: str) -> None:
    with pytest.raises(NotAllowed):
        connect_stripe(key=key, by=OSCAR, now=NOW)


def test_that_the_webhook_was_made_is_in_activity(key: str, line: Line) -> None:
    connect_stripe(key=key, by=OLIVIA, now=NOW)
    assert Event.objects.filter(type=types.WEBHOOK_MADE).count() == 1


def of_an_original(key: str, line: Line, url: str = "https://original.example/stripe/webhook") -> str:
    """The webhook of the installation that this one was copied from, by a backup."""
    facts = {"events": ["charge.succeeded"], "version": "2026-10-28.endive", "description": "Phone Pay"}
    metadata = {"installation": str(line.merchant.installation)}
    return str(gateway_with(key).setup.make_endpoint(url=url, metadata=metadata, **facts).id)  # type: ignore[arg-type]


def test_a_restored_copy_leaves_the_original_its_webhook_and_says_that_it_is_there(
    key: str, line: Line, stripe_standin: StripeStandIn
) -> None:
    original = of_an_original(key, line)
    found = connect_stripe(key=key, by=OLIVIA, now=NOW)
    assert original in {each["id"] for each in endpoints(stripe_standin, key)}
    assert any("https://original.example" in each.what and "copy" in each.mend for each in found)


def test_the_webhook_of_an_address_that_was_given_up_is_taken_away(
    key: str, line: Line, settings: Settings, stripe_standin: StripeStandIn
) -> None:
    settings.PHONEPAY_PUBLIC_URLS_BEFORE = (("https://original.example", 0.0),)
    before = of_an_original(key, line)
    connect_stripe(key=key, by=OLIVIA, now=NOW)
    assert before not in {each["id"] for each in endpoints(stripe_standin, key)}


def test_what_another_installation_has_at_our_address_is_told_and_left(
    key: str, line: Line, stripe_standin: StripeStandIn
) -> None:
    facts = {"events": ["charge.succeeded"], "version": "2026-10-28.endive", "description": "Phone Pay"}
    url, metadata = "https://pay.example/stripe/webhook", {"installation": str(uuid4())}
    other = gateway_with(key).setup.make_endpoint(url=url, metadata=metadata, **facts)  # type: ignore[arg-type]
    found = connect_stripe(key=key, by=OLIVIA, now=NOW)
    assert other.id in {each["id"] for each in endpoints(stripe_standin, key)}
    assert any("Another webhook" in each.what for each in found)


def test_which_webhook_the_environment_s_secret_is_of_is_not_guessed(
    key: str, line: Line, settings: Settings, stripe_standin: StripeStandIn
) -> None:
    facts = {"events": ["charge.succeeded"], "version": "2026-10-28.endive", "description": "", "metadata": {}}
    url = "https://pay.example/stripe/webhook"
    by_hand = {gateway_with(key).setup.make_endpoint(url=url, **facts).id for _ in range(2)}  # type: ignore[arg-type]
    settings.PHONEPAY_STRIPE_WEBHOOK_SECRETS = ("whsec_ofoneofthetwo0000",)
    connect_stripe(key=key, by=OLIVIA, now=NOW)
    assert {each["id"] for each in endpoints(stripe_standin, key)} == by_hand
