"""The one small door to Stripe: what we ask of it, what can come back, and which errors mean what for the money.

    GatewayError
    ├─ Declined        the bank said no (402): not charged, another card may do
    ├─ Refused         Stripe will not do it (400, 401, 403, 404, 429 after retries): nothing moved, our fault
    ├─ StillRunning    the same request is under way (409): wait and ask again with the same key
    ├─ Unanswered      no answer, or a 5xx: nobody knows whether the money moved
    ├─ NotConfigured   there is no key: nothing was sent
    ├─ Held            after a restore, until the books agree: nothing was sent (see payments.hold)
    └─ OtherAccount    the key is of another account or mode than what is asked about: nothing was sent

Every call is refused inside a database transaction: a lock would be held while the network is waited for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol

from phonepay.lib.cards import mask_card_numbers
from phonepay.merchant.credentials import current, reread
from phonepay.payments.at_stripe import (
    ChargeState,
    DisputeState,
    EventFacts,
    EventPage,
    FraudWarning,
    Intent,
    Movement,
    RefundState,
    Wanted,
)

# What the gateway speaks of belongs to its protocol, and is imported from here too.
__all__ = [
    "ChargeState",
    "DisputeState",
    "EventFacts",
    "EventPage",
    "FraudWarning",
    "Intent",
    "Movement",
    "RefundState",
    "Wanted",
]

if TYPE_CHECKING:
    from phonepay.payments.stripe_lists import StripeLists
    from phonepay.payments.stripe_setup import StripeSetup


class GatewayError(Exception):
    """Something other than success came back; see the tree above."""


class Declined(GatewayError):
    """`code` is Stripe's decline code, or its error code where the bank gave none; `charge_id` the failed charge.

    `fingerprint` is the card's, "" where Stripe did not say.
    """

    def __init__(self, code: str, *, payment_method: str = "", charge_id: str = "", fingerprint: str = "") -> None:
        super().__init__(f"declined: {code}")
        self.code = code
        self.payment_method = payment_method
        self.charge_id = charge_id
        self.fingerprint = fingerprint


class Refused(GatewayError):
    """`status` is the HTTP status, `code` Stripe's error code, and the message Stripe's own words for the owner, which
    are kept with the payment: without a card number, whatever they say.

    `retry_after`: seconds for which a full house (429) asked to be left alone; 0 where it did not say.
    """

    def __init__(self, message: str, *, status: int, code: str = "", retry_after: float = 0.0) -> None:
        super().__init__(mask_card_numbers(message))
        self.status = status
        self.code = code
        self.retry_after = retry_after


class StillRunning(GatewayError):
    """Another request with this idempotency key has not ended yet."""


class Unanswered(GatewayError):
    """Time-out, dropped connection or a 5xx: the request may have done its work.

    `status` is the 5xx, which Stripe gives again for the same idempotency key; 0 where nothing came back.
    """

    def __init__(self, message: str, *, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


class BadSignature(ValueError):
    """A webhook that Stripe did not sign with our secret, or too long ago."""


class NotConfigured(GatewayError):
    """There is no Stripe key: nothing can be charged, and nothing was sent."""


class Held(GatewayError):
    """A backup was restored and Stripe is being compared with it: nothing that moves money is sent. Nothing was."""


class OtherAccount(GatewayError):
    """The configured key cannot see this object, so that its "no such object" would prove nothing. Nothing was sent."""


class Gateway(Protocol):
    """Each money-moving call takes the idempotency key that was committed before it."""

    livemode: bool

    def account(self) -> str: ...
    def create_customer(self, *, key: str, phone: str, metadata: Mapping[str, str]) -> str: ...
    def delete_customer(self, customer_id: str) -> None: ...
    def detach_card(self, payment_method: str) -> None: ...
    def create_intent(self, wanted: Wanted, *, key: str) -> Intent: ...
    def confirm_intent(
        self, intent_id: str, *, payment_method: str, moto: bool, off_session: bool, key: str, cleared: bool = False
    ) -> Intent: ...
    def retrieve_intent(self, intent_id: str) -> Intent: ...
    def cancel_intent(self, intent_id: str) -> Intent: ...
    def create_refund(
        self, *, charge_id: str, amount: int, reason: str, metadata: Mapping[str, str], key: str
    ) -> RefundState: ...
    def retrieve_refund(self, refund_id: str) -> RefundState: ...
    def refunds_of(self, *, charge_id: str) -> list[RefundState]: ...
    def retrieve_charge(self, charge_id: str) -> ChargeState: ...
    def retrieve_dispute(self, dispute_id: str) -> DisputeState: ...
    def retrieve_warning(self, warning_id: str) -> FraudWarning: ...
    def fingerprint(self, payment_method: str) -> str: ...
    def keeps_card(self, payment_method: str, customer_id: str) -> bool: ...
    def events_since(self, since: int, *, types: Sequence[str], after: str = "") -> EventPage: ...
    @property
    def lists(self) -> StripeLists: ...
    @property
    def setup(self) -> StripeSetup: ...


@lru_cache(maxsize=1)
def _gateway(key: str, base: str) -> Gateway:
    from phonepay.payments.stripe_gateway import StripeGateway  # the package takes 0.4 s: only who needs it pays

    return StripeGateway(key, base)


def get_gateway() -> Gateway:
    """Stripe, with the configured key. Raises NotConfigured without one."""
    keys = current()
    if not keys.stripe_secret_key:
        raise NotConfigured("no Stripe key is set")
    return _gateway(keys.stripe_secret_key, keys.stripe_api_base)


def gateway_with(key: str) -> Gateway:
    """Stripe, with a key that nothing is charged with yet: to look at it before it is kept."""
    from phonepay.payments.stripe_gateway import StripeGateway  # see _gateway

    return StripeGateway(key, current().stripe_api_base)


def is_live(key: str) -> bool:
    """Whether a key moves real money, by its own words."""
    return key.startswith(("sk_live_", "rk_live_"))


def get_gateway_for(*, livemode: bool, account: str) -> Gateway:
    """The gateway, where its key is of this mode and account ("" is any). Raises OtherAccount, NotConfigured.

    Money of one mode is never looked for with the key of the other: what Stripe does not find there may exist here.
    """
    gateway = get_gateway()
    if gateway.livemode != livemode:
        raise OtherAccount(f"this was made with the {'live' if livemode else 'test'} key of Stripe, which is not set")
    if account and gateway.account() not in ("", account):
        raise OtherAccount(f"this belongs to {account}, and the key to another account")
    return gateway


def key_is_live() -> bool:
    """Whether the configured key moves real money. Without a key nothing can be charged; say test."""
    return is_live(current().stripe_secret_key or "")


def read_event(payload: bytes, signature: str) -> EventFacts:
    """Verify and read a webhook. Raises BadSignature, also where no secret is set: the door fails closed."""
    from phonepay.payments.stripe_gateway import read_signed_event  # see _gateway

    secrets = current().stripe_webhook_secrets
    try:
        return read_signed_event(payload, signature, secrets)
    except BadSignature:
        if not reread("stripe_webhook_secret", secrets):
            raise
        return read_signed_event(payload, signature, current().stripe_webhook_secrets)
