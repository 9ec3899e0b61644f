"""The gateway: Stripe's words turned into ours, where no verb shows it."""

import pytest
import stripe
from pytest_django import Settings

from phonepay.payments import stripe_gateway
from phonepay.payments.gateway import (
    NotConfigured,
    OtherAccount,
    Refused,
    StillRunning,
    Unanswered,
    get_gateway,
    get_gateway_for,
    key_is_live,
)
from phonepay.payments.stripe_gateway import StripeGateway
from tests.shop import Till


def meets(error: stripe.StripeError) -> type[Exception]:
    def request() -> None:
        raise error

    with pytest.raises(Exception) as met:
        stripe_gateway._call(request)
    return met.type


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    ("error", "means"),
    [
        (stripe.RateLimitError("", code="rate_limit"), Refused),
        (stripe.RateLimitError("", code="lock_timeout"), StillRunning),  # another request has the object
        (stripe.APIError("", http_status=409), StillRunning),
        (stripe.APIError("", http_status=500), Unanswered),
        (stripe.APIError("", http_status=503), Unanswered),
        (stripe.APIError(""), Unanswered),
        (stripe.APIConnectionError(""), Unanswered),
        (stripe.AuthenticationError("", http_status=401), Refused),
        (stripe.PermissionError("", http_status=403), Refused),
        (stripe.InvalidRequestError("", None, http_status=404), Refused),
        (stripe.IdempotencyError("", http_status=400), Refused),
    ],
    ids=lambda value: f"{type(value).__name__} {value.http_status}" if isinstance(value, stripe.StripeError) else "",
)
def test_an_error_of_stripe_means(error: stripe.StripeError, means: type, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stripe_gateway, "RATE_LIMIT_WAITS", (0.0, 0.0))
    assert meets(error) is means


@pytest.mark.parametrize(
    ("key", "live"), [("sk_test_1", False), ("rk_test_1", False), ("sk_live_1", True), ("rk_live_1", True)]
)
def test_the_key_tells_the_mode(key: str, live: bool, settings: Settings) -> None:
    settings.PHONEPAY_STRIPE_SECRET_KEY = key
    assert key_is_live() is get_gateway().livemode is live


def test_without_a_key_nothing_can_be_sent(settings: Settings) -> None:
    settings.PHONEPAY_STRIPE_SECRET_KEY = None
    assert not key_is_live()
    with pytest.raises(NotConfigured):
        get_gateway()


@pytest.mark.parametrize(("fault", "account"), [({"status": 403}, ""), ({"status": 429}, ""), ({"status": 500}, "")])
def test_an_account_that_is_not_said_is_none(fault: dict[str, int], account: str, till: Till) -> None:
    till.faults.fail("GET", "/v1/account", **fault, times=3)
    assert StripeGateway(till.key, till.standin.url).account() == account


def test_a_key_that_stripe_does_not_know_is_told(till: Till) -> None:
    till.faults.fail("GET", "/v1/account", status=401)
    with pytest.raises(Refused):
        StripeGateway(till.key, till.standin.url).account()


def test_deleting_a_customer_that_is_gone_is_done(till: Till) -> None:
    gateway = get_gateway()
    customer = gateway.create_customer(key="k", phone="", metadata={})
    for _ in range(2):
        gateway.delete_customer(customer)


def test_any_account_will_do_where_none_was_noted(till: Till) -> None:
    assert get_gateway_for(livemode=False, account="") is get_gateway()
    with pytest.raises(OtherAccount):
        get_gateway_for(livemode=False, account="acct_other")
