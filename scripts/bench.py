"""Processor time of the web server for one whole paid call, for each behavior.

The product runs as it is served, one web process over SQLite, with the Stripe stand-in in a process of its own; the
telephone calls over HTTP, signed. What the exchange with Stripe takes (two requests through the stripe package) is
measured apart, here, and taken off. The last column sets a call against the bare requests it is made of: machines
differ and are noisy, ratios in one run are not.

    make bench                      48 calls for each behavior, 8 callers at once
    make bench ARGS="--calls 400"
"""

from __future__ import annotations

import argparse
import os
import secrets
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

ANSWERS_NO_SOONER = 1.6  # seconds: keys that come before anyone can have heard the question are not taken as an answer
SHARE_OF_TIME = 0.08  # of the call's seconds really pass, so that Stripe has time to answer
CARD = ("4242424242424242", "0340", "123", "94110")
SCRIPTS = {
    "fixed-with-order": ("{number}#", "1"),
    "fixed": ("1",),
    "caller-with-order": ("{number}#", "{amount}#", "1"),
    "caller": ("{amount}#", "1"),
}
NUMBERS = {name: f"+155501{place:02d}" for place, name in enumerate(SCRIPTS)}
_pause = threading.Event().wait


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calls", type=int, default=48, help="calls for each behavior")
    parser.add_argument("--callers", type=int, default=8, help="callers at once")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="phonepay-bench-") as folder, _started("stripe", _stripe(folder)) as stripe:
        _configure(folder, stripe)
        exchange = _exchange()
        with _started("web", [sys.executable, "-m", "phonepay", "serve", "--web", "--port", "0"]) as web:
            bare = _bare_request(web)
            print(f"{'behavior':<20} {'turns':>8} {'in all':>9} {'Stripe':>9} {'our part':>9} {'bare requests':>14}")
            for behavior in SCRIPTS:
                calls = [_caller(web, stripe, behavior, place) for place in range(args.calls + args.callers)]
                _make(calls[: args.callers], args.callers)  # warm
                before = _processor_seconds(web.pid)
                requests = _make(calls[args.callers :], args.callers)
                spent = (_processor_seconds(web.pid) - before) / args.calls * 1000
                ours = spent - exchange
                print(
                    f"{behavior:<20} {requests / args.calls:>8.1f} {spent:>6.2f} ms {exchange:>6.2f} ms {ours:>6.2f} ms"
                    f" {ours / bare:>13.1f}x"
                )
            print(
                f"\nOne bare request (GET /healthz): {bare:.2f} ms. "
                "Processor time, user and system, of the server alone."
            )
    return 0


class Process:
    """A child process and the address that it printed."""

    def __init__(self, process: subprocess.Popen[str], address: str) -> None:
        self.pid = process.pid
        self.address = address


@contextmanager
def _started(name: str, command: list[str]) -> Iterator[Process]:
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, cwd=ROOT)
    try:
        assert process.stdout is not None
        for line in process.stdout:
            words = [word.rstrip(".,") for word in line.split() if word.startswith("http://127.0.0.1:")]
            if words:
                yield Process(process, words[0])
                break
        else:
            raise SystemExit(f"{name} did not start: {' '.join(command)}")
    finally:
        process.terminate()
        process.wait(30)


def _stripe(folder: str) -> list[str]:
    state = str(Path(folder) / "stripe.json")
    return [sys.executable, "-m", "phonepay", "standin", "stripe", "--port", "0", "--state", state]


def _configure(folder: str, stripe: Process) -> None:
    """This process is configured like the server, to lay the shop in its database."""
    os.environ |= {
        "PHONEPAY_DATA_DIR": folder,
        "PHONEPAY_PUBLIC_URL": "https://pay.example",
        "PHONEPAY_TWILIO_ACCOUNT_SID": "AC" + secrets.token_hex(16),
        "PHONEPAY_TWILIO_AUTH_TOKEN": secrets.token_hex(16),
        "PHONEPAY_STRIPE_SECRET_KEY": "sk_test_" + secrets.token_hex(12),
        "PHONEPAY_STRIPE_API_BASE": stripe.address,
        "PHONEPAY_LOG_LEVEL": "WARNING",
        "DJANGO_SETTINGS_MODULE": "phonepay.settings",
    }
    import django

    django.setup()
    from django.core.management import call_command

    from phonepay.merchant.models import Line, Merchant

    call_command("migrate", verbosity=0)
    shop = Merchant.objects.create(name="Harbor Garage")
    for behavior, number in NUMBERS.items():
        fixed = 4250 if behavior.startswith("fixed") else None
        Line.objects.create(
            merchant=shop, phone_number=number, behavior=behavior, fixed_amount=fixed, floor=50, ceiling=50_000
        )


def _exchange(times: int = 40) -> float:
    """Milliseconds of processor for what Stripe is asked for one charge: a PaymentIntent made, then confirmed."""
    from phonepay.payments.gateway import Wanted, get_gateway

    gateway = get_gateway()
    spent = []
    for _ in range(times):
        key = secrets.token_hex(8)
        began = time.thread_time()
        intent = gateway.create_intent(Wanted(4250, "usd", {"payment": key}, "bench"), key=f"{key}:create")
        confirmed = {"payment_method": "pm_card_visa", "moto": False, "off_session": False}
        gateway.confirm_intent(intent.id, **confirmed, key=f"{key}:confirm")
        spent.append((time.thread_time() - began) * 1000)
    return statistics.median(spent)


def _bare_request(web: Process, times: int = 400) -> float:
    """Milliseconds of the server's processor for one request that does nothing."""
    import http.client

    connection = http.client.HTTPConnection(web.address.removeprefix("http://"))
    before = 0.0
    for place in range(times + 50):
        if place == 50:
            before = _processor_seconds(web.pid)
        connection.request("GET", "/healthz")
        connection.getresponse().read()
    connection.close()
    return (_processor_seconds(web.pid) - before) / times * 1000


def _caller(web: Process, stripe: Process, behavior: str, place: int) -> tuple[object, tuple[str, ...]]:
    from phonepay.standins.twilio import Connector, Telephone

    key = os.environ["PHONEPAY_STRIPE_SECRET_KEY"]
    phone = Telephone(
        voice_url="https://pay.example/twilio/voice",
        local_base=web.address,
        account_sid=os.environ["PHONEPAY_TWILIO_ACCOUNT_SID"],
        auth_token=os.environ["PHONEPAY_TWILIO_AUTH_TOKEN"],
        number=NUMBERS[behavior],
        connectors={"Default": Connector(stripe_url=stripe.address, secret_key=key)},
        # The telephone's clock is its own: without this a caller would ask for the outcome a hundred times a second.
        on_time=lambda seconds: _pause(seconds * SHARE_OF_TIME),
    )
    # Nobody pays the same amount twice within the hour: that would be asked about.
    amount = f"{10 + place // 100}*{place % 100:02d}"
    number = 100_000 * (1 + list(SCRIPTS).index(behavior)) + place  # no order twice: the lines are one shop's
    keys = tuple(step.format(number=number, amount=amount) for step in SCRIPTS[behavior])
    return phone, (f"+1555{place:07d}", *keys)


def _make(calls: list[tuple[object, tuple[str, ...]]], callers: int) -> int:
    """Make the calls, so many at once; returns how many requests the server answered for them."""
    with ThreadPoolExecutor(callers) as together:
        return sum(together.map(_call, calls))


def _call(planned: tuple[object, tuple[str, ...]]) -> int:
    phone, (from_, *steps) = planned
    call = phone.dial(from_)  # type: ignore[attr-defined]  # a Telephone, imported late
    for keys in steps:
        _pause(ANSWERS_NO_SOONER)
        call.press(keys)
    call.key_card(*CARD)
    if "You have paid" not in call.said:
        raise SystemExit(f"A call was not paid:\n{call.transcript()}")
    if call.state != "ended":
        call.hang_up()
    return len(call.turns)


def _processor_seconds(pid: int) -> float:
    """User and system time of a process and all below it, from the kernel's own accounting."""
    tick = os.sysconf("SC_CLK_TCK")
    parents: dict[int, int] = {}
    times: dict[int, int] = {}
    for folder in Path("/proc").iterdir():
        if not folder.name.isdigit():
            continue
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        parents[int(folder.name)] = int(fields[1])
        times[int(folder.name)] = int(fields[11]) + int(fields[12])
    wanted = {pid}
    while more := {child for child, parent in parents.items() if parent in wanted} - wanted:
        wanted |= more
    return sum(times.get(one, 0) for one in wanted) / tick


if __name__ == "__main__":
    raise SystemExit(main())
