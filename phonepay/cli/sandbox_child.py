"""The stand-ins of the sandbox: a child of `phonepay serve` for as long as somebody is in the sandbox."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import threading
from types import TracebackType
from typing import TYPE_CHECKING, Self
from urllib.parse import urlsplit

from phonepay.cli.child import Child, ourselves
from phonepay.cli.supervisor import Supervisor

if TYPE_CHECKING:
    from phonepay.merchant.credentials import Connections
    from phonepay.merchant.models import SandboxStay
    from phonepay.standins.stripe import StripeStandIn
    from phonepay.standins.twilio import TwilioStandIn

# The product takes it that nobody has heard in two seconds what happened to the money (calls.ending), and that no key
# comes sooner than one and a half after a question (ivr.turn).
HEARD_AFTER = 2.1
_LOOK_SECONDS = 0.5


class SandboxWatch:
    """Has the stand-ins run while the sandbox is on: a thread that looks at the file by which the sandbox tells it."""

    def __init__(self, supervisor: Supervisor, product: str) -> None:
        self._supervisor, self._product = supervisor, product
        self._running: tuple[str, Child] | None = None
        self._over = threading.Event()

    def __enter__(self) -> Self:
        self.look()
        threading.Thread(target=self._go_on, name="sandbox watch", daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()

    def look(self) -> None:
        """Start or end the stand-ins, where that is what is wanted now."""
        from phonepay.setup.sandbox import signaled

        wanted, running = signaled(), self._running
        if running is not None and running[0] != wanted:
            self._supervisor.remove(running[1])
            self._running = running = None
        if wanted and running is None:
            child = sandbox_child(self._product)
            self._supervisor.add(child)
            self._running = (wanted, child)

    def _go_on(self) -> None:
        while not self._over.wait(_LOOK_SECONDS):
            self.look()


def sandbox_child(product: str) -> Child:
    """The stand-ins as a child of this process; `product` is where the web process listens on this machine."""
    words = ["--child", "sandbox", "--parent", str(os.getpid()), "--product", product]
    return Child("sandbox", ourselves("serve", *words))


def tell_watch() -> None:
    """At the start of `serve`: the database knows whether somebody is in the sandbox, whatever the file says."""
    from phonepay.setup import sandbox

    sandbox.signal(sandbox.stay())


def in_sandbox() -> bool:
    """Whether the stand-ins are to run here now, as the watch was told."""
    from phonepay.setup.sandbox import signaled

    return bool(signaled())


def be_sandbox(product: str) -> int:
    """Run both stand-ins with the keys that are kept for them, until SIGTERM."""
    from phonepay.merchant.credentials import current
    from phonepay.setup import sandbox

    ended = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: ended.set())
    stay = sandbox.stay()
    if stay is None:
        sandbox.signal(None)  # somebody left it meanwhile
        return 0
    with contextlib.ExitStack() as running:
        stripe, twilio = _start(running, current(), stay)
        wire(stripe, twilio, product)
        from phonepay.cli.startup import leave_database

        leave_database()
        ended.wait()
    return 0


def _start(running: contextlib.ExitStack, keys: Connections, stay: SandboxStay) -> tuple[StripeStandIn, TwilioStandIn]:
    """Both at the ports that the product knows; where somebody else took one, at another, and the product is told."""
    from django.utils import timezone

    from phonepay.events.actors import SYSTEM
    from phonepay.setup import sandbox
    from phonepay.standins.stripe import StripeStandIn
    from phonepay.standins.twilio import TwilioStandIn

    sid, token = keys.twilio_account_sid, keys.twilio_auth_tokens[0]
    stripe = StripeStandIn(port=_port(keys.stripe_api_base), state=sandbox.state_file(stay))
    running.enter_context(stripe)
    twilio = TwilioStandIn(port=_port(keys.twilio_api_base), account_sid=sid, auth_token=token, numbers=_numbers())
    running.enter_context(twilio)
    if (stripe.url, twilio.url) != (keys.stripe_api_base, keys.twilio_api_base):
        sandbox.move(twilio=twilio.url, stripe=stripe.url, by=SYSTEM, now=timezone.now())
    return stripe, twilio


def _port(base: str) -> int:
    """The port of the address, or 0 where somebody else listens there."""
    port = urlsplit(base).port or 0
    with socket.socket() as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind(("127.0.0.1", port))
        except OSError:
            return 0
    return port


def _numbers() -> list[str]:
    from phonepay.merchant.models import Line
    from phonepay.setup.sandbox import NUMBER

    return [*Line.objects.exclude(phone_number="").values_list("phone_number", flat=True), NUMBER]


def wire(stripe: StripeStandIn, twilio: TwilioStandIn, product: str) -> None:
    """What an owner would set up at the consoles of both; `product` is where the web process listens here."""
    from phonepay.merchant.credentials import current
    from phonepay.payments.stripe_events import SUBSCRIBED, WEBHOOK_PATH
    from phonepay.telephony.addresses import Addresses, public_base

    keys, addresses = current(), Addresses(public_base())
    for shape in list(twilio.store.numbers.values()):
        twilio.configure(
            shape["phone_number"],
            voice_url=addresses.voice(),
            status_url=addresses.status(),
            fallback_url=addresses.fallback("en-US"),
        )
    key = keys.stripe_secret_key or ""
    twilio.connect_telephones(local_base=product, stripe_url=stripe.url, secret_key=key, heard_after=HEARD_AFTER)
    stripe.account(key).deliver_to(f"{product}{WEBHOOK_PATH}", SUBSCRIBED, keys.stripe_webhook_secrets[0])
