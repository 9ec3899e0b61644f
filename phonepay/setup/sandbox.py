"""The sandbox: this installation without accounts, talking to stand-ins of Twilio and Stripe on its own machine.

Whether it is in the sandbox is told by what it talks to (`Connections.stays_here`), and by nothing else. What there is
besides: the keys that are kept for the time, a SandboxStay, and a file in the data folder by which `phonepay serve`
knows that the stand-ins are to run (cli.sandbox_child runs them).
"""

from __future__ import annotations

import secrets
import socket
import threading
import time
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_noop

from phonepay.alerts import clearing as alerts
from phonepay.calls import clearing as calls
from phonepay.configuration.presence import WEB, at_work
from phonepay.events import types
from phonepay.events.actors import Actor
from phonepay.events.models import record
from phonepay.lib.refusal import Refusal
from phonepay.merchant import credentials
from phonepay.merchant.models import Line, Merchant, SandboxStay
from phonepay.notifications import clearing as notifications
from phonepay.orders import clearing as orders
from phonepay.orders.models import Order
from phonepay.payments import clearing as payments
from phonepay.people.permissions import require
from phonepay.protection import clearing as protection
from phonepay.setup import sample_shop

#: Where a line without a number of its own is called; it belongs to nobody.
NUMBER = "+12025550100"
KEYS = (
    "twilio_account_sid",
    "twilio_auth_token",
    "twilio_api_base",
    "stripe_secret_key",
    "stripe_webhook_secret",
    "stripe_api_base",
)
_HOST = "127.0.0.1"
GONE_WITHIN = 5.0  # seconds that leaving waits for the stand-ins to end


class SandboxRefused(Refusal):
    """Nothing was changed. Reasons: environment, kept, stand_ins, hosts, folder, not_on, checking."""


def is_on() -> bool:
    """Whether all that is charged and called stays on this machine."""
    return credentials.current().stays_here


def stay() -> SandboxStay | None:
    """The stay in the sandbox that goes on; None outside of it, and where the environment names the stand-ins."""
    going_on = SandboxStay.objects.filter(left_at=None).order_by("-pk").first()
    return going_on if going_on is not None and is_on() else None


def start_sandbox(*, by: Actor, now: datetime) -> SandboxStay:
    """Put this installation into the sandbox: a shop, a line and orders where there are none, and the stand-ins' keys.

    In the sandbox already, nothing changes. Raises SandboxRefused, and NotAllowed.
    """
    require(by, "change_keys")
    if (going_on := stay()) is not None:
        signal(going_on)
        return going_on
    _check_keys()
    _check_place(now)
    with transaction.atomic():
        SandboxStay.objects.filter(left_at=None).update(left_at=now, cleared=False)  # whose keys are gone
        line = Line.objects.select_related("merchant").order_by("pk").first()
        line = line or sample_shop.make_line(merchant=Merchant.objects.order_by("pk").first(), by=by, now=now)
        made = _orders(line, by, now)
        begun = SandboxStay.objects.create(started_at=now, started_by=str(by)[:200], orders=[each.pk for each in made])
        credentials.keep(_keys(), by=by, now=now)
        record(types.SANDBOX_STARTED, subject=("sandbox", begun.pk), by=by, now=now)
    signal(begun)
    return begun


def leave_sandbox(*, clear: bool, by: Actor, now: datetime) -> SandboxStay:
    """Forget the stand-ins; real accounts can be connected now.

    `clear`: the calls, the payments and the orders that were tried go too; else they stay, as test payments of an
    account that is gone. The shop, its line, its words and its people stay in either case, and so does the activity.
    Raises SandboxRefused (also while it is not known how a charge ended), and NotAllowed.
    """
    require(by, "change_keys")
    going_on = stay()
    if going_on is None:
        raise SandboxRefused("not_on", "This installation is not in the sandbox: there is nothing to leave.")
    since = going_on.started_at
    calls.end_tried(since=since, now=now)
    if payments.still_checked(since=since):
        sentence = "A payment or a refund is still being checked. Wait until it is known how it ended, then leave."
        raise SandboxRefused("checking", sentence)
    signal(None)
    _wait_until_gone(credentials.current().stripe_api_base)
    with transaction.atomic():
        payments.stop_asking(since=since)
        protection.forget_tried(now=now, since=since)
        alerts.close_tried(since=since, now=now)
        if clear:
            notifications.clear_tried(since=since)
            calls.clear_tried(since=since)
            payments.clear_tried(since=since)
            orders.clear_tried(made=going_on.orders, since=since, now=now)
        credentials.forget(KEYS, by=by, now=now)
        going_on.left_at, going_on.cleared = now, clear
        going_on.save(update_fields=["left_at", "cleared"])
        how = types.SANDBOX_CLEARED if clear else types.SANDBOX_LEFT
        record(how, subject=("sandbox", going_on.pk), by=by, now=now)
    for file in folder().glob(f"{state_file(going_on).name}*"):
        file.unlink(missing_ok=True)
    return going_on


# What `phonepay serve` and the stand-ins know of it


def folder() -> Path:
    """Where the sandbox keeps its files."""
    return Path(settings.PHONEPAY_DATA_DIR) / "sandbox"


def state_file(of: SandboxStay) -> Path:
    """What the stand-in of Stripe holds, over its restarts."""
    return folder() / f"stripe-{of.pk}.sqlite3"


def signal(of: SandboxStay | None) -> None:
    """Tell `phonepay serve` which stay the stand-ins are to run for; None: for none."""
    place = folder() / "on"
    if of is None:
        place.unlink(missing_ok=True)
        return
    folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    new = place.with_name("on.new")
    new.write_text(str(of.pk), encoding="ascii")
    new.replace(place)


def signaled() -> str:
    """The stay that the stand-ins are to run for, as a word; "" for none."""
    try:
        return (folder() / "on").read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _wait_until_gone(stripe: str) -> None:
    """What the worker could still read there it would rebuild: payments that we lost, as it seems to it."""
    where = urlsplit(stripe)
    until, pause = time.monotonic() + GONE_WITHIN, threading.Event()
    while time.monotonic() < until:
        try:
            socket.create_connection((where.hostname or _HOST, where.port or 0), timeout=0.2).close()
        except OSError:
            return
        pause.wait(0.05)


def _check_keys() -> None:
    connections = credentials.current()
    sources = {name: connections.sources[name] for name in KEYS}
    if credentials.ENVIRONMENT in sources.values():
        if connections.stays_here:
            raise SandboxRefused(
                "stand_ins", gettext_noop("The environment names stand-ins already: it is all a sandbox here.")
            )
        raise SandboxRefused(
            "environment",
            gettext_noop(
                "The environment of the server sets keys of Twilio or Stripe, so callers may be paying for real here. "
                "The sandbox is for an installation without keys: start another one, with a data folder of its own."
            ),
        )
    if credentials.KEPT in sources.values():
        raise SandboxRefused(
            "kept",
            gettext_noop(
                "Accounts are connected already. The sandbox is for an installation without keys: start another one, "
                "with a data folder of its own."
            ),
        )


def _check_place(now: datetime) -> None:
    """The stand-ins listen on one machine's loopback, and keep what they hold in its data folder."""
    hosts = {each.host for each in at_work(WEB, now)}
    if len(hosts) > 1:
        raise SandboxRefused(
            "hosts",
            "Several servers answer for this installation, and the sandbox lives on one. Stop the others first.",
        )
    try:
        folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SandboxRefused("folder", f"The sandbox cannot keep its files in {folder()}: {error.strerror}.") from error


def _orders(line: Line, by: Actor, now: datetime) -> list[Order]:
    """Some to call about, where the line asks for a number and nothing is to be paid."""
    if not line.asks_order_number or Order.objects.payable(livemode=False).filter(merchant=line.merchant).exists():
        return []
    return sample_shop.add_orders(merchant=line.merchant, currency=line.currency, by=by, now=now)


def _keys() -> dict[str, str]:
    """An account of each stand-in that nobody else has, and two ports that are free now."""
    twilio, stripe = _free_ports()
    return {
        "twilio_account_sid": "AC" + secrets.token_hex(16),
        "twilio_auth_token": secrets.token_hex(16),
        "twilio_api_base": f"http://{_HOST}:{twilio}",
        "stripe_secret_key": "sk_test_" + secrets.token_hex(16),
        "stripe_webhook_secret": "whsec_" + secrets.token_hex(16),
        "stripe_api_base": f"http://{_HOST}:{stripe}",
    }


def _free_ports() -> tuple[int, int]:
    with socket.socket() as one, socket.socket() as other:
        for each in (one, other):
            each.bind((_HOST, 0))
        return one.getsockname()[1], other.getsockname()[1]


def move(*, twilio: str, stripe: str, by: Actor, now: datetime) -> None:
    """The stand-ins listen elsewhere from now on: a port of theirs was taken by somebody else."""
    credentials.keep({"twilio_api_base": twilio, "stripe_api_base": stripe}, by=by, now=now)
