"""Stripe's side of a journey: what it holds back, loses or refuses, and the money that it has."""

from __future__ import annotations

from typing import Any

from phonepay.payments import pool
from phonepay.standins.stripe import StripeStandIn
from phonepay.standins.stripe.account import Account
from phonepay.standins.stripe.faults import Fault

TEST_KEY = "sk_test_thetestsownkey00"
LIVE_KEY = "sk_live_thetestsownkey00"

_PATHS = {
    "customer": ("POST", "/v1/customers"),
    "create": ("POST", "/v1/payment_intents"),
    "confirm": ("POST", "/v1/payment_intents/*/confirm"),
    "read": ("GET", "/v1/payment_intents/*"),
    "cancel": ("POST", "/v1/payment_intents/*/cancel"),
}


class Bank:
    """The Stripe stand-in, in the words of a journey. `key` is the secret key of the shop's account."""

    def __init__(self, standin: StripeStandIn, key: str = TEST_KEY) -> None:
        self.standin = standin
        self.key = key
        self.keys = {key}  # all that were used
        self._held: Fault | None = None
        self._waits = 0  # idle wait turns after which what is held is let go

    @property
    def url(self) -> str:
        return self.standin.url

    @property
    def account(self) -> Account:
        return self.standin.account(self.key)

    # What it does wrong

    def hold(self, what: str = "confirm", *, done: bool = False) -> Fault:
        """Keep the next such request waiting, its work done or not, until `let_go`."""
        self._held = self.standin.faults.hold(*_PATHS[what], when="after" if done else "before")
        return self._held

    def hold_for_waits(self, waits: int = 1) -> None:
        """Keep the charge waiting until the caller has been put off so many times."""
        self._waits = waits
        self.hold()

    def fail(self, what: str, status: int = 500, *, done: bool = False, times: int = 1) -> None:
        self.standin.faults.fail(*_PATHS[what], status=status, when="after" if done else "before", times=times)

    def drop(self, what: str, *, done: bool = False, times: int = 1) -> None:
        """Break the connection, with the work done or not."""
        self.standin.faults.drop(*_PATHS[what], when="after" if done else "before", times=times)

    def let_go(self) -> None:
        """Answer what was held, and wait until the product has heard it."""
        self._held = None
        self.standin.faults.clear()
        pool.wait_until_idle()

    def give_up(self) -> None:
        """Break the connection of what was held, and wait until the product has seen it."""
        held, self._held = self._held, None
        if held is not None:
            held.abandon()
        pool.wait_until_idle()

    def settle_down(self, waits: int) -> None:
        """Wait until the product has nothing under way with Stripe, but for what is held on purpose.

        `waits` is how often the caller was put off so far.
        """
        if self._held is not None and self._waits and waits >= self._waits:
            self._waits = 0
            self.let_go()
        held = self._held
        while held is None or not held.arrived.is_set():
            try:
                pool.wait_until_idle(30 if held is None else 0.02)
            except TimeoutError:
                if held is None:
                    raise
                continue
            return

    # What it has

    @property
    def charges(self) -> list[dict[str, Any]]:
        """The charges that took money, oldest first."""
        return [charge for charge in self.account.charges if charge["status"] == "succeeded"]

    @property
    def money(self) -> int:
        """Minor units taken and not given back."""
        return sum(charge["amount_captured"] - charge["amount_refunded"] for charge in self.charges)

    @property
    def intents(self) -> list[dict[str, Any]]:
        return self.account.payment_intents

    def taken_for(self, call_sid: str) -> int:
        """Minor units that were ever taken for a call, in either mode, by the SID on the PaymentIntent."""
        all_intents = [intent for key in self.keys for intent in self.standin.account(key).payment_intents]
        return sum(each["amount_received"] for each in all_intents if _is_of(each, call_sid))

    def asked(self, what: str) -> int:
        """How many such requests came."""
        method, pattern = _PATHS[what]
        tail = pattern.rpartition("*")[2]
        paths = [line.path for line in self.standin.requests if line.method == method]
        if "*" in pattern:
            return sum(path.startswith("/v1/payment_intents/pi_") and path.endswith(tail) for path in paths)
        return paths.count(pattern)


def _is_of(intent: dict[str, Any], call_sid: str) -> bool:
    facts = intent["metadata"]
    return facts.get("call") == call_sid and facts["kind"] == "initial"
