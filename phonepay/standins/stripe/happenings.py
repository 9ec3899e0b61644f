"""What happens at Stripe without a request of the key's owner: the bank's words, the dashboard, others' payments.

Everything is done under the lock, written at once, and told by the events that Stripe would send.
"""

import copy
from collections.abc import Callable
from typing import Any

from phonepay.standins.stripe import attempts, balance, disputes, intents, methods, payouts, refunds, warnings
from phonepay.standins.stripe.call import Call
from phonepay.standins.stripe.cards import DECLINES
from phonepay.standins.stripe.desk import Desk
from phonepay.standins.stripe.errors import Json
from phonepay.standins.stripe.store import Record, Scope


class Happenings:
    """`of` is the id of a charge or of a payment intent. Amounts are in minor units. Objects come back as copies."""

    def __init__(self, desk: Desk, scope: Scope) -> None:
        self._desk, self._scope, self._lock = desk, scope, desk.store.lock

    def _do(self, work: Callable[[Call], Json]) -> Json:
        with self._lock:
            try:
                return copy.deepcopy(work(self._desk.call(self._scope)))
            finally:
                self._desk.store.commit()

    def dispute(self, of: str, **facts: Any) -> Json:
        """The card's bank disputes a payment. `reason`, `status` (needs_response, or warning_needs_response for an
        inquiry), `amount`, `fee`, `due_by` as in disputes.open_one."""

        def work(call: Call) -> Json:
            charge = _charge(call, of)
            body = disputes.open_one(call, charge, **facts)
            refunds.fail_disputed(call, charge.body["id"])
            return body

        return self._do(work)

    def move_dispute(self, dispute: str, status: str, fee_back: int = 0) -> Json:
        """under_review, won, lost, warning_closed …; an inquiry becomes a dispute with needs_response."""

        def work(call: Call) -> Json:
            body = disputes.move(call, dispute, status, fee_back=fee_back)
            refunds.fail_disputed(call, body["charge"])
            return body

        return self._do(work)

    def warn_of_fraud(self, of: str, fraud_type: str = "made_with_stolen_card") -> Json:
        return self._do(lambda call: warnings.warn(call, _charge(call, of), fraud_type))

    def refund_by_hand(self, of: str, amount: int | None = None, reason: str | None = None) -> Json:
        """A refund that somebody made in the dashboard: it carries no metadata."""
        given = {"charge": None, "amount": amount, "reason": reason}

        def work(call: Call) -> Json:
            call.params = {name: value for name, value in given.items() if value is not None}
            call.params["charge"] = _charge(call, of).body["id"]
            return refunds.create(call)

        return self._do(work)

    def settle_refund(self, refund_id: str, status: str, failure_reason: str | None = None) -> Json:
        """The bank's later word on a refund: succeeded, failed or canceled; writes the events of it."""
        if status not in ("succeeded", "failed", "canceled"):
            raise ValueError(f"no refund ends {status}")

        def work(call: Call) -> Json:
            record = call.scope.get("refund", refund_id)
            if record is None:
                raise LookupError(f"no refund {refund_id}")
            refunds.settle(call, record, status, failure_reason)
            return record.body

        return self._do(work)

    def pay_elsewhere(self, amount: int, currency: str = "usd", metadata: dict[str, str] | None = None) -> Json:
        """A payment that another program made on the same account; its payment intent."""

        def work(call: Call) -> Json:
            method = methods.anybodys(call)
            call.params = {
                "amount": amount, "currency": currency, "confirm": True, "payment_method": method.body["id"],
                "allowed_payment_method_types": ["card"], "metadata": metadata or {},
            }  # fmt: skip
            return intents.create(call)

        return self._do(work)

    def next_intent_processes(self) -> None:
        """The next confirm that would succeed ends in `processing`, until `settle_intent`."""
        self._set("next_intent_processes", True)

    def settle_intent(self, intent: str, decline: str | None = None) -> Json:
        """The end of an intent that was processing: it succeeded or, with a decline of cards.DECLINES, it did not."""

        def work(call: Call) -> Json:
            record = call.find("payment_intent", intent)
            attempts.settle(call, record, DECLINES[decline] if decline else None)
            return record.body

        return self._do(work)

    def pay_out(self, currency: str = "usd") -> Json:
        """Stripe pays what is available to the bank."""
        return self._do(lambda call: payouts.pay_out(call, currency))

    def settle_payout(self, payout: str, status: str) -> Json:
        return self._do(lambda call: payouts.settle(call, payout, status))

    def book(self, movement: str, amount: int, currency: str = "usd", about: str | None = None) -> Json:
        """Stripe's own entry on the balance, about no payment: a `fee` or an `adjustment`; negative takes money."""
        if movement not in ("fee", "adjustment"):
            raise ValueError(f"no {movement} comes by itself")
        return self._do(lambda call: balance.book(call, movement, amount, currency=currency, source=None, about=about))

    def settle_in(self, currency: str, **rates: float) -> None:
        """What comes in the named currencies is kept in this one: `settle_in("usd", eur=1.25)`."""
        self._set("settlement", {"currency": currency, "rates": rates})

    @property
    def rate_limit(self) -> int | None:
        """Requests that this account may make within a second of the stand-in's clock; None: as many as it likes."""
        with self._lock:
            limit = self._scope.setting("rate_limit")
            return None if limit is None else int(limit)

    @rate_limit.setter
    def rate_limit(self, requests: int | None) -> None:
        self._set("rate_limit", requests)

    def _set(self, name: str, value: object) -> None:
        with self._lock:
            self._scope.set_setting(name, value)
            self._desk.store.commit()


def _charge(call: Call, of: str) -> Record:
    """Raises LookupError for what is no charge, and for an intent without one."""
    intent = call.scope.get("payment_intent", of)
    record = call.scope.get("charge", intent.body["latest_charge"] if intent else of)
    if record is None:
        raise LookupError(f"no charge of {of}")
    return record
