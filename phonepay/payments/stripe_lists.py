"""Stripe's lists, a page at a time, at the quiet pace of bulk reading. Only what we keep or compare is read.

Source: docs.stripe.com/api/balance_transactions/list, docs.stripe.com/api/pagination.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Generic, TypeVar

from phonepay.payments import pacing
from phonepay.payments.at_stripe import DisputeState, Intent, Movement, RefundState
from phonepay.payments.stripe_shapes import dispute_of, id_of, intent_of, movement_of, refund_of

PAGE = 100  # the most that Stripe gives

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Listed(Generic[T]):
    """One page, newest first; `after` is the cursor of the next one, "" where this is the last."""

    rows: Sequence[T]
    after: str


@dataclass(frozen=True, slots=True)
class ChargeFound:
    """A charge, with what a lost row is rebuilt from. `captured` in minor units of `currency`, 0 where it failed."""

    id: str
    intent_id: str
    captured: int
    refunded: int
    currency: str
    livemode: bool
    created: int  # Unix seconds
    card_brand: str = ""
    card_last4: str = ""
    payment_method: str = ""
    customer_id: str = ""
    metadata: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of Stripe's balance with what it is about: a charge, a refund, a dispute, or none of these."""

    movement: Movement
    charge: ChargeFound | None = None
    refund: RefundState | None = None
    dispute: DisputeState | None = None


@dataclass(frozen=True, slots=True)
class IntentFound:
    """A PaymentIntent in a list, and when it was made (Unix seconds)."""

    intent: Intent
    created: int


@dataclass(frozen=True, slots=True)
class PayoutState:
    id: str
    amount: int
    currency: str
    status: str
    failure: str
    created: int  # Unix seconds
    arrives: int  # Unix seconds


class StripeLists:
    """`client` is Stripe's own; `ask` sends a request and says in our words what came back."""

    def __init__(self, client: Any, *, ask: Callable[[Callable[[], Any]], Any]) -> None:
        self._client, self._ask = client, ask

    def balance(self, since: datetime, until: datetime, after: str = "") -> Listed[Entry]:
        """The balance of a time, each entry with what it is about."""
        params = _page(since, until, after) | {"expand": ["data.source"]}
        return self._list(self._client.balance_transactions.list, params, _entry)

    def refunds(self, since: datetime, until: datetime, after: str = "") -> Listed[RefundState]:
        return self._list(self._client.refunds.list, _page(since, until, after), refund_of)

    def intents(self, since: datetime, until: datetime, after: str = "") -> Listed[IntentFound]:
        return self._list(self._client.payment_intents.list, _page(since, until, after), _intent)

    def charge(self, charge_id: str) -> ChargeFound:
        pacing.BULK.take()
        return read_charge(self._ask(lambda: self._client.charges.retrieve(charge_id)).to_dict())

    def disputes(self, since: datetime, until: datetime, after: str = "") -> Listed[DisputeState]:
        return self._list(self._client.disputes.list, _page(since, until, after), dispute_of)

    def payouts(self, since: datetime, until: datetime, after: str = "") -> Listed[PayoutState]:
        return self._list(self._client.payouts.list, _page(since, until, after), _payout)

    def _list(self, method: Callable[[Any], Any], params: Any, read: Callable[[Any], T]) -> Listed[T]:
        pacing.BULK.take()
        page = self._ask(lambda: method(params))
        return Listed([read(row.to_dict()) for row in page.data], page.data[-1].id if page.has_more else "")


def _page(since: datetime, until: datetime, after: str) -> dict[str, Any]:
    created = {"gte": int(since.timestamp()), "lte": int(until.timestamp())}
    return {"created": created, "limit": PAGE} | ({"starting_after": after} if after else {})


def _entry(row: dict[str, Any]) -> Entry:
    source = row.get("source")
    about = source if isinstance(source, dict) else {}
    kind = about.get("object")
    return Entry(
        movement_of(row),
        charge=read_charge(about) if kind == "charge" else None,
        refund=refund_of(about) if kind == "refund" else None,
        dispute=dispute_of(about) if kind == "dispute" else None,
    )


def read_charge(charge: dict[str, Any]) -> ChargeFound:
    card = (charge.get("payment_method_details") or {}).get("card") or {}
    return ChargeFound(
        id=charge["id"],
        intent_id=id_of(charge.get("payment_intent")),
        captured=charge.get("amount_captured") or 0,
        refunded=charge.get("amount_refunded") or 0,
        currency=charge["currency"],
        livemode=charge["livemode"],
        created=charge["created"],
        card_brand=card.get("brand") or "",
        card_last4=card.get("last4") or "",
        payment_method=charge.get("payment_method") or "",
        customer_id=id_of(charge.get("customer")),
        metadata=charge.get("metadata") or {},
    )


def _intent(intent: dict[str, Any]) -> IntentFound:
    return IntentFound(intent_of(intent), intent["created"])


def _payout(payout: dict[str, Any]) -> PayoutState:
    return PayoutState(
        id=payout["id"],
        amount=payout["amount"],
        currency=payout["currency"],
        status=payout["status"],
        failure=payout.get("failure_message") or payout.get("failure_code") or "",
        created=payout["created"],
        arrives=payout["arrival_date"],
    )
