"""One authenticated request on its way through the work: what a route's function is given."""

import copy
from collections.abc import Callable
from dataclasses import dataclass, field

from phonepay.standins.stripe import ids, shapes
from phonepay.standins.stripe.errors import Json, no_such
from phonepay.standins.stripe.store import Record, Scope

NOUNS = {
    "customer": "customer",
    "payment_method": "PaymentMethod",
    "payment_intent": "payment_intent",
    "charge": "charge",
    "refund": "refund",
    "event": "event",
    "webhook_endpoint": "webhook endpoint",
    "balance_transaction": "balance transaction",
    "dispute": "dispute",
    "payout": "payout",
    "radar.early_fraud_warning": "early fraud warning",
}
PREFIX = {
    "customer": "cus",
    "payment_method": "pm",
    "payment_intent": "pi",
    "charge": "ch",
    "refund": "re",
    "event": "evt",
    "webhook_endpoint": "we",
    "balance_transaction": "txn",
    "dispute": "dp",
    "payout": "po",
    "radar.early_fraud_warning": "issfr",
}


@dataclass
class Call:
    """The account and mode, the parameters as parsed, the ids of the path, the second by the stand-in's clock.

    `announce` is told of each event once it is stored; it must not block.
    """

    scope: Scope
    now: int
    announce: Callable[[Scope, Json], None]
    params: Json = field(default_factory=dict)
    path_ids: tuple[str, ...] = ()
    request_id: str | None = None
    idempotency_key: str | None = None
    restricted: bool = False

    def new_id(self, kind: str) -> str:
        return ids.new(PREFIX[kind])

    def find(self, kind: str, identity: str, param: str | None = None) -> Record:
        """The record of an id in the path (404 where there is none) or, with `param`, of an id in a parameter (400)."""
        record = self.scope.get(kind, identity)
        if record is None:
            raise no_such(NOUNS[kind], identity, param or "id", 400 if param else 404)
        return record

    def in_path(self, kind: str) -> Record:
        return self.find(kind, self.path_ids[0])

    def customer(self, identity: str, param: str | None = None) -> Record:
        """A customer that is not deleted; a deleted one is missing to every call but its own retrieval."""
        record = self.find("customer", identity, param)
        if record.body.get("deleted"):
            raise no_such("customer", identity, param or "id", 400 if param else 404)
        return record

    def emit(self, kind: str, body: Json) -> None:
        """Write the event of a change, with the object as it is now."""
        request = {"id": self.request_id, "idempotency_key": self.idempotency_key}
        snapshot = copy.deepcopy(body)
        event = shapes.event(
            self.new_id("event"), self.now, kind, livemode=self.scope.livemode, snapshot=snapshot, request=request
        )
        self.scope.add("event", event)
        self.announce(self.scope, event)
