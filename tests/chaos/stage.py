"""The stage of one run: database, Stripe, the shop, and the product's processes with the roads to them."""

from __future__ import annotations

import base64
import contextlib
import os
import random
import secrets
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from phonepay.standins.stripe import StripeStandIn
from phonepay.standins.twilio import Connector, Telephone
from phonepay.standins.twilio.bins import Bins
from tests.chaos.programs import Program
from tests.chaos.roads import BALANCER, Balancer, WebhookRoad
from tests.databases.servers import Server, running_server

PUBLIC = "https://pay.example"
BIN = "https://handler.twilio.com/twiml/EH0123456789abcdef0123456789abcdef"
LINES = {"+15550101": "fixed-with-order", "+15550102": "caller-with-order", "+15550103": "fixed", "+15550104": "caller"}
SKEWS = (0.0, 3.0, 0.0, -3.0)  # seconds that the clocks of web 1, web 2, worker 1 and worker 2 are wrong by
_never = threading.Event()


@dataclass
class Stage:
    """Everything that a run plays on. `database` is None on SQLite."""

    folder: Path
    database: Server | None
    stripe: StripeStandIn
    key: str
    webs: list[Program]
    workers: list[Program]
    balancer: Balancer
    webhooks: WebhookRoad

    @property
    def programs(self) -> list[Program]:
        return [*self.webs, *(one for one in self.workers if one not in self.webs)]

    def end(self) -> None:
        for program in self.programs:
            program.kill()

    def telephones(self, share: float) -> list[Telephone]:
        """One for each line. `share` of a call's seconds really pass."""
        from phonepay.telephony.addresses import Addresses
        from phonepay.telephony.fallback import hosted

        addresses = Addresses(PUBLIC)
        text = hosted(addresses=addresses, locale="en-US", shop="Harbor Garage", bin_address=BIN)
        return [
            Telephone(
                voice_url=addresses.voice(),
                status_url=addresses.status(),
                fallback_url=BIN,
                local_base=BALANCER,
                account_sid=os.environ["PHONEPAY_TWILIO_ACCOUNT_SID"],
                auth_token=os.environ["PHONEPAY_TWILIO_AUTH_TOKEN"],
                number=number,
                connectors={"Default": Connector(stripe_url=self.stripe.url, secret_key=self.key)},
                transport=Bins({BIN: text}, self.balancer),
                on_time=lambda seconds: _really(seconds * share),
            )
            for number in LINES
        ]


def _really(seconds: float) -> None:
    _never.wait(seconds)


@contextlib.contextmanager
def laid(kind: str, folder: Path, rng: random.Random) -> Iterator[Stage]:
    """The stage, with the shop laid and every process up."""
    with contextlib.ExitStack() as stack:
        database = None if kind == "sqlite" else stack.enter_context(running_server(kind, durable=True))
        if database is not None:
            _create_database(database)
        stripe = stack.enter_context(StripeStandIn())
        key = f"sk_test_{secrets.token_hex(12)}"
        balancer = Balancer([], rng)
        webhooks = WebhookRoad(balancer, PUBLIC.removeprefix("https://"), rng)
        stack.callback(webhooks.stop)
        _configure(folder, database, stripe.url, key, _endpoint(stripe.url, key, webhooks.url))
        _lay_shop()
        webs, workers = _programs(kind, folder)
        balancer.webs = webs
        stage = Stage(folder, database, stripe, key, webs, workers, balancer, webhooks)
        stack.callback(stage.end)
        for program in stage.programs:
            program.start()
        for program in stage.programs:
            program.wait_until_up()
        yield stage


def _create_database(server: Server) -> None:
    import psycopg

    with psycopg.connect(server.url.replace("@/phonepay?", "@/postgres?"), autocommit=True) as connection:
        connection.execute("CREATE DATABASE phonepay")


def _programs(kind: str, folder: Path) -> tuple[list[Program], list[Program]]:
    if kind == "sqlite":
        # One machine, one command, as most shops run it.
        whole = Program("serve", ["--port", "0"], folder)
        return [whole], [whole]
    webs = [
        Program(f"web-{n}", ["--web", "--port", "0", "--web-processes", "1"], folder, skew=SKEWS[n]) for n in (0, 1)
    ]
    return webs, [Program(f"worker-{n}", ["--worker"], folder, skew=SKEWS[2 + n]) for n in (0, 1)]


def _configure(folder: Path, database: Server | None, stripe: str, key: str, webhook_secret: str) -> None:
    """This process and those that it starts are one installation."""
    for name in [name for name in os.environ if name.startswith("PHONEPAY_")]:
        del os.environ[name]
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "phonepay.settings",
        "PHONEPAY_DATA_DIR": str(folder),
        "PHONEPAY_PUBLIC_URL": PUBLIC,
        "PHONEPAY_TWILIO_ACCOUNT_SID": "AC" + secrets.token_hex(16),
        "PHONEPAY_TWILIO_AUTH_TOKEN": secrets.token_hex(16),
        "PHONEPAY_STRIPE_SECRET_KEY": key,
        "PHONEPAY_STRIPE_API_BASE": stripe,
        "PHONEPAY_STRIPE_WEBHOOK_SECRET": webhook_secret,
        "PHONEPAY_LOG_LEVEL": "WARNING",
        "PHONEPAY_SECRET_KEY": secrets.token_hex(32),
        "PHONEPAY_ENCRYPTION_KEY": base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
    }
    if database is not None:
        os.environ["PHONEPAY_DATABASE_URL"] = database.url
    import django

    django.setup()


def _endpoint(stripe: str, key: str, url: str) -> str:
    """Have every event sent down the webhook road; the endpoint's signing secret."""
    import httpx

    made = httpx.post(
        f"{stripe}/v1/webhook_endpoints", auth=(key, ""), data={"url": url, "enabled_events[]": "*"}, timeout=10
    )
    return str(made.raise_for_status().json()["secret"])


def _lay_shop() -> None:
    from django.core.management import call_command

    from phonepay.merchant.models import Line, Merchant

    call_command("migrate", verbosity=0)
    shop = Merchant.objects.create(name="Harbor Garage")
    for number, behavior in LINES.items():
        fixed = 4250 if behavior.startswith("fixed") else None
        Line.objects.create(
            merchant=shop, phone_number=number, behavior=behavior, fixed_amount=fixed, floor=50, ceiling=50_000,
            overage="condition", overage_cap=5000, overage_days=30, asks_postal_code=True,
        )  # fmt: skip
