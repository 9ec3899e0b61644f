"""The handles of the stand-in over HTTP, for another process: everything under `/_standin/`, in JSON."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import parse_qs

from phonepay.standins.stripe.errors import ApiError, Json
from phonepay.standins.stripe.faults import Fault

if TYPE_CHECKING:
    from phonepay.standins.stripe.standin import StripeStandIn

PREFIX = "/_standin/"
# What can happen without a request of the key's owner; see happenings.py.
HAPPENINGS = (
    "dispute", "move_dispute", "warn_of_fraud", "refund_by_hand", "settle_refund", "pay_elsewhere", "settle_intent",
    "pay_out", "settle_payout", "book",
)  # fmt: skip


class Control:
    """`GET` clock, faults, webhooks, requests, state?key=; `POST` clock, faults, faults/release, webhooks, account,
    refunds, happen; `DELETE` faults. Each function below says what its JSON holds."""

    def __init__(self, standin: "StripeStandIn") -> None:
        self.standin = standin
        self._handles: dict[tuple[str, str], Callable[[Json], Json]] = {
            ("GET", "clock"): self._clock,
            ("POST", "clock"): self._turn,
            ("GET", "faults"): self._faults,
            ("POST", "faults"): self._add_fault,
            ("DELETE", "faults"): self._clear_faults,
            ("POST", "faults/release"): self._release,
            ("GET", "webhooks"): self._webhooks,
            ("POST", "webhooks"): self._order_webhooks,
            ("GET", "requests"): self._requests,
            ("GET", "state"): self._state,
            ("POST", "account"): self._account,
            ("POST", "refunds"): self._settle,
            ("POST", "happen"): self._happen,
        }

    def answer(self, method: str, path: str, query: str, body: bytes) -> tuple[int, Json]:
        """Status and JSON. A handle that does not exist is 404, arguments that do not fit are 400."""
        handle = self._handles.get((method, path.removeprefix(PREFIX)))
        if handle is None:
            return 404, {"error": "no such handle", "handles": sorted(" ".join(key) for key in self._handles)}
        try:
            return 200, handle(_arguments(query, body))
        except (ApiError, LookupError, TypeError, ValueError) as error:
            return 400, {"error": f"{type(error).__name__}: {error}"}

    def _clock(self, given: Json) -> Json:
        return {"now": self.standin.clock.now(), "runs": self.standin.clock.runs}

    def _turn(self, given: Json) -> Json:
        """`{"advance": seconds}` or `{"set": unix}`."""
        if "set" in given:
            self.standin.clock.set(int(given["set"]))
        else:
            self.standin.clock.advance(int(given["advance"]))
        return self._clock({})

    def _faults(self, given: Json) -> Json:
        return {"faults": [fault.describe() for fault in self.standin.faults.list()]}

    def _add_fault(self, given: Json) -> Json:
        """`{"action": "hold"|"fail"|"drop"|"rate_limit", "method", "pattern", "when", "times", "status"}`."""
        actions: dict[str, Callable[..., Fault]] = {
            "hold": self.standin.faults.hold,
            "fail": self.standin.faults.fail,
            "drop": self.standin.faults.drop,
            "rate_limit": self.standin.faults.rate_limit,
        }
        rest = dict(given)
        return dict(actions[rest.pop("action")](**rest).describe())

    def _release(self, given: Json) -> Json:
        if not self.standin.faults.release(int(given["id"])):
            raise LookupError(f"no fault {given['id']}")
        return self._faults({})

    def _clear_faults(self, given: Json) -> Json:
        self.standin.faults.clear()
        return self._faults({})

    def _webhooks(self, given: Json) -> Json:
        hooks = self.standin.webhooks
        return {"paused": hooks.paused, "pending": [vars(delivery) for delivery in hooks.pending]}

    def _order_webhooks(self, given: Json) -> Json:
        """`{"order": "pause"|"resume"|"reverse"|"shuffle"|"deliver", "event_id", "times", "seed"}`."""
        hooks, order = self.standin.webhooks, given["order"]
        if order == "deliver":
            return {"statuses": hooks.deliver(given["event_id"], int(given.get("times", 1)))}
        if order == "shuffle":
            hooks.shuffle(int(given.get("seed", 0)))
        elif order in ("pause", "resume", "reverse"):
            getattr(hooks, order)()
        else:
            raise ValueError(f"no order {order}")
        return self._webhooks({})

    def _requests(self, given: Json) -> Json:
        return {"requests": [line._asdict() for line in self.standin.requests]}

    def _state(self, given: Json) -> Json:
        return self.standin.account(given["key"]).state()

    def _account(self, given: Json) -> Json:
        """`{"key", "moto", "statement_descriptor_prefix", "refuse": [...], "next_refund": {...}, "same_as": key,
        "next_intent_processes": true, "rate_limit": 25 or null, "settle_in": {"currency": "usd", "eur": 1.25}}`."""
        if "same_as" in given:
            self.standin.same_account(given["same_as"], given["key"])
        account = self.standin.account(given["key"])
        if "moto" in given:
            account.moto = bool(given["moto"])
        if "statement_descriptor_prefix" in given:
            account.statement_descriptor_prefix = str(given["statement_descriptor_prefix"])
        if "refuse" in given:
            account.refuse(*given["refuse"])
        if "next_refund" in given:
            account.next_refund(**given["next_refund"])
        if given.get("next_intent_processes"):
            account.next_intent_processes()
        if "rate_limit" in given:
            account.rate_limit = given["rate_limit"]
        if "settle_in" in given:
            account.settle_in(**given["settle_in"])
        return {"id": account.id, "livemode": account.livemode}

    def _happen(self, given: Json) -> Json:
        """`{"key", "what", …}`: one of HAPPENINGS with its arguments, such as `{"what": "dispute", "of": "pi_…"}`.

        Answers with the object that came of it.
        """
        rest = dict(given)
        account, what = self.standin.account(rest.pop("key")), rest.pop("what")
        if what not in HAPPENINGS:
            raise ValueError(f"no such happening: {what}; there are {', '.join(HAPPENINGS)}")
        told: Json = getattr(account, what)(**rest)
        return told

    def _settle(self, given: Json) -> Json:
        """`{"key", "refund", "status", "failure_reason"}`."""
        account = self.standin.account(given["key"])
        return account.settle_refund(given["refund"], given["status"], given.get("failure_reason"))


def _arguments(query: str, body: bytes) -> Json:
    given = json.loads(body) if body else {name: values[-1] for name, values in parse_qs(query).items()}
    if not isinstance(given, dict):
        raise TypeError("the body is a JSON object")
    return given
