"""Keys while the stand-ins of a sandbox are kept: no account of the world is looked for at them."""

from __future__ import annotations

from typing import Any

import pytest

from phonepay.merchant.credentials import KeyRefused, current
from tests.merchant.test_credentials import NEW, OLD, STRIPE_KEY, kept

pytestmark = [pytest.mark.django_db, pytest.mark.database, pytest.mark.usefixtures("no_keys_given")]


def stand_ins() -> dict[str, str]:
    return {"twilio_api_base": "http://127.0.0.1:9001", "stripe_api_base": "http://127.0.0.1:9002"}


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("PHONEPAY_STRIPE_SECRET_KEY", STRIPE_KEY),
        ("PHONEPAY_TWILIO_ACCOUNT_SID", "AC" + OLD),
        ("PHONEPAY_TWILIO_AUTH_TOKENS", (OLD,)),
    ],
)
def test_an_account_of_the_environment_is_never_looked_for_at_the_stand_ins_of_a_sandbox(
    settings: Any, setting: str, value: Any
) -> None:
    kept(stripe_secret_key="sk_test_" + OLD, twilio_account_sid="AC" + NEW, **stand_ins())
    setattr(settings, setting, value)
    keys = current()
    assert not keys.stays_here and (keys.sources["stripe_api_base"], keys.sources["twilio_api_base"]) == ("", "")
    assert keys.stripe_api_base == "https://api.stripe.com" and keys.twilio_api_base == "https://api.twilio.com"


@pytest.mark.parametrize("name", ["stripe_secret_key", "twilio_account_sid", "twilio_auth_token"])
def test_no_account_is_kept_beside_the_stand_ins_of_a_sandbox(name: str) -> None:
    kept(stripe_secret_key="sk_test_" + OLD, twilio_account_sid="AC" + NEW, **stand_ins())
    value = {"stripe_secret_key": STRIPE_KEY, "twilio_account_sid": "AC" + OLD, "twilio_auth_token": OLD}[name]
    with pytest.raises(KeyRefused, match="leave the sandbox first") as refused:
        kept(**{name: value})
    assert refused.value.reason == "sandbox" and current().stripe_secret_key == "sk_test_" + OLD
