"""The state of one secret key, to look at and to order things in: copies only, taken under the lock."""

import copy
from collections.abc import Sequence

from phonepay.standins.stripe import shapes
from phonepay.standins.stripe.call import Call
from phonepay.standins.stripe.charges import DEFAULT_PREFIX
from phonepay.standins.stripe.errors import Json
from phonepay.standins.stripe.happenings import Happenings

KINDS = (
    "customer", "payment_method", "payment_intent", "charge", "refund", "balance_transaction", "event",
    "webhook_endpoint", "dispute", "payout", "radar.early_fraud_warning",
)  # fmt: skip
REFUND_STATUSES = ("succeeded", "pending", "requires_action", "failed", "canceled")


class Account(Happenings):
    """Every list holds plain dicts, newest last."""

    @property
    def id(self) -> str:
        return self._scope.account_id

    @property
    def livemode(self) -> bool:
        return self._scope.livemode

    def _all(self, kind: str) -> list[Json]:
        with self._lock:
            return [copy.deepcopy(record.body) for record in self._scope.all(kind)]

    @property
    def customers(self) -> list[Json]:
        return self._all("customer")

    @property
    def payment_methods(self) -> list[Json]:
        return self._all("payment_method")

    @property
    def payment_intents(self) -> list[Json]:
        return self._all("payment_intent")

    @property
    def charges(self) -> list[Json]:
        return self._all("charge")

    @property
    def refunds(self) -> list[Json]:
        return self._all("refund")

    @property
    def balance_transactions(self) -> list[Json]:
        return self._all("balance_transaction")

    @property
    def disputes(self) -> list[Json]:
        return self._all("dispute")

    @property
    def early_fraud_warnings(self) -> list[Json]:
        return self._all("radar.early_fraud_warning")

    @property
    def payouts(self) -> list[Json]:
        return self._all("payout")

    @property
    def events(self) -> list[Json]:
        return self._all("event")

    @property
    def webhook_endpoints(self) -> list[Json]:
        return self._all("webhook_endpoint")

    def state(self) -> Json:
        """Everything, by the plural of its kind."""
        return {"id": self.id, "livemode": self.livemode, **{f"{kind}s": self._all(kind) for kind in KINDS}}

    @property
    def moto(self) -> bool:
        """Whether Stripe's support has enabled `payment_method_options[card][moto]` for this account."""
        with self._lock:
            return bool(self._scope.setting("moto", False))

    @moto.setter
    def moto(self, enabled: bool) -> None:
        self._set("moto", enabled)

    @property
    def statement_descriptor_prefix(self) -> str:
        with self._lock:
            return str(self._scope.setting("statement_descriptor_prefix", DEFAULT_PREFIX))

    @statement_descriptor_prefix.setter
    def statement_descriptor_prefix(self, prefix: str) -> None:
        self._set("statement_descriptor_prefix", prefix)

    def refuse(self, *calls: str) -> None:
        """What the account's restricted keys (rk_) may not do, such as `GET /v1/account`; `*` stands for any text."""
        self._set("refused", list(calls))

    def next_refund(
        self, status: str = "pending", pending_reason: str | None = None, failure_reason: str | None = None
    ) -> None:
        """How the next refund begins, whatever its card: for instance pending with insufficient_funds."""
        if status not in REFUND_STATUSES:
            raise ValueError(f"no refund is {status}")
        reason = pending_reason or ("processing" if status == "pending" else None)
        self._set("next_refund", {"status": status, "pending_reason": reason, "failure_reason": failure_reason})

    def deliver_to(self, url: str, events: Sequence[str], secret: str) -> Json:
        """Send these events there from now on, signed with this secret, and nowhere else."""

        def work(call: Call) -> Json:
            for endpoint in call.scope.all("webhook_endpoint"):
                call.scope.remove("webhook_endpoint", endpoint.body["id"])
            identity, live = call.new_id("webhook_endpoint"), call.scope.livemode
            body = shapes.webhook_endpoint(identity, call.now, live, url, list(events))
            call.scope.add("webhook_endpoint", body, {"secret": secret})
            return body

        return self._do(work)
