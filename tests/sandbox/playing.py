"""The sandbox as it really is: the product behind its own server, and the stand-ins as `phonepay serve` runs them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils import timezone
from pytest_django import Settings

from phonepay.cli import sandbox_child
from phonepay.merchant.credentials import current
from phonepay.merchant.models import SandboxStay
from phonepay.payments import pool
from phonepay.setup.sandbox import start_sandbox
from phonepay.standins.stripe import StripeStandIn
from phonepay.standins.twilio import TwilioStandIn
from phonepay.standins.twilio.call import Call
from tests.journeys.bank import Bank
from tests.journeys.judge import judge
from tests.journeys.phone import Caller
from tests.shop import OLIVIA

ENVIRONMENT: dict[str, Any] = {
    "PHONEPAY_PUBLIC_URL": None,
    "PHONEPAY_TWILIO_ACCOUNT_SID": None,
    "PHONEPAY_TWILIO_AUTH_TOKENS": (),
    "PHONEPAY_TWILIO_API_BASE": None,
    "PHONEPAY_STRIPE_SECRET_KEY": None,
    "PHONEPAY_STRIPE_WEBHOOK_SECRETS": (),
    "PHONEPAY_STRIPE_API_BASE": None,
}


def without_keys(settings: Settings, folder: Path) -> None:
    """An installation on its first day: no key, no public address, an empty data folder."""
    for name, value in ENVIRONMENT.items():
        setattr(settings, name, value)
    settings.PHONEPAY_DATA_DIR = folder


@dataclass
class Sandbox:
    """Both stand-ins, running with the keys of a stay."""

    stay: SandboxStay
    stripe: StripeStandIn
    twilio: TwilioStandIn

    @property
    def bank(self) -> Bank:
        return Bank(self.stripe, current().stripe_secret_key or "")

    def call(self, sid: str) -> Call:
        """A call as the stand-in of Twilio has it."""
        assert self.twilio.switchboard is not None
        return self.twilio.switchboard._handsets[sid].call

    def judge(self) -> None:
        """Hold what every caller was told against the money."""
        assert self.twilio.switchboard is not None
        pool.wait_until_idle()
        for handset in self.twilio.switchboard._handsets.values():
            handset.wait(10)  # who hangs up before the end is said has not heard it
            handset.hang_up()
            handset.wait(10)
            judge(Caller(handset.call), self.bank)


@contextlib.contextmanager
def playing(product: str, stay: SandboxStay | None = None) -> Iterator[Sandbox]:
    """Start the sandbox, or go on in it; `product` is where the product listens."""
    stay = stay or start_sandbox(by=OLIVIA, now=timezone.now())
    with contextlib.ExitStack() as running:
        stripe, twilio = sandbox_child._start(running, current(), stay)
        sandbox_child.wire(stripe, twilio, product)
        yield Sandbox(stay, stripe, twilio)
