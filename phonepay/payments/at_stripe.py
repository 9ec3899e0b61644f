"""Objects at Stripe, as far as we need them: amounts in minor units, times in Unix seconds, Stripe's own words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Intent:
    """A PaymentIntent, as far as we need it. `status` is Stripe's word; amounts in minor units."""

    id: str
    status: str
    amount: int
    amount_received: int
    currency: str
    livemode: bool
    charge_id: str = ""
    payment_method: str = ""
    customer_id: str = ""
    error_code: str = ""  # decline code of the last attempt …
    error_payment_method: str = ""  # … and the card that it was about
    fingerprint: str = ""  # of the card that was tried last: the same number has the same one within an account
    metadata: Mapping[str, str] = field(default_factory=dict)

    @property
    def succeeded(self) -> bool:
        return self.status == "succeeded"

    @property
    def can_still_succeed(self) -> bool:
        return self.status == "processing"


@dataclass(frozen=True, slots=True)
class RefundState:
    """A refund at Stripe. `status`: pending, requires_action, succeeded, failed or canceled."""

    id: str
    status: str
    amount: int
    currency: str
    intent_id: str = ""
    charge_id: str = ""
    pending_reason: str = ""
    failure_reason: str = ""
    created: int = 0  # Unix seconds
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ChargeState:
    """A charge at Stripe: what an attempt of a PaymentIntent left behind. `status`: succeeded, pending or failed."""

    id: str
    status: str
    amount: int
    amount_refunded: int
    currency: str
    livemode: bool
    disputed: bool = False
    intent_id: str = ""
    created: int = 0  # Unix seconds
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Movement:
    """A balance transaction: what one movement did to the balance at Stripe.

    `amount` is signed from the shop's side and, with `fee`, in the minor units of `currency`, which is the one that the
    account settles in. `type` and `category` (reporting category) are Stripe's words.
    """

    id: str
    type: str
    category: str
    amount: int
    fee: int
    currency: str
    source_id: str = ""
    created: int = 0  # Unix seconds
    available_on: int = 0
    exchange_rate: float | None = None
    description: str = ""


@dataclass(frozen=True, slots=True)
class DisputeState:
    """A dispute at Stripe. `amount` is what the bank's customer wants back, in the charge's currency.

    `refundable`: the charge can be refunded still, as Stripe says. `due_by`: an answer is taken until then, 0 for none.
    """

    id: str
    status: str
    reason: str
    amount: int
    currency: str
    livemode: bool
    charge_id: str
    intent_id: str
    refundable: bool
    due_by: int
    created: int  # Unix seconds
    movements: Sequence[Movement] = ()


@dataclass(frozen=True, slots=True)
class FraudWarning:
    """An early fraud warning. `actionable`: a refund would still come before the dispute."""

    id: str
    fraud_type: str
    actionable: bool
    charge_id: str
    intent_id: str
    created: int  # Unix seconds


@dataclass(frozen=True, slots=True)
class EventFacts:
    """A verified webhook event, or one that was listed: only what we keep."""

    id: str
    type: str
    created: int  # Unix seconds
    livemode: bool
    object_id: str
    metadata: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class EventPage:
    """The newest first; `more`: there are older ones that were asked for."""

    events: Sequence[EventFacts]
    more: bool


@dataclass(frozen=True, slots=True)
class Wanted:
    """A PaymentIntent to be made. `keep_card` asks Stripe to keep the card on `customer_id` for later charges."""

    amount: int
    currency: str
    metadata: Mapping[str, str]
    description: str
    descriptor_suffix: str = ""
    customer_id: str = ""
    keep_card: bool = False
