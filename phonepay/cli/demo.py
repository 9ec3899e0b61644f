"""`phonepay demo`: the product and both stand-ins, with calls before your eyes."""

import argparse
import os
import secrets
import shutil
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from phonepay.cli.demo_story import Story
from phonepay.cli.parsing import Commands, verb
from phonepay.cli.ports import reserve
from phonepay.cli.refusal import CommandRefused
from phonepay.cli.sandbox_child import wire

if TYPE_CHECKING:
    from phonepay.cli.demo_month import Account
    from phonepay.standins.stripe import StripeStandIn

MARK = "made-by-phonepay-demo"
_HOST = "127.0.0.1"
_PUBLIC = "https://demo.phonepay.example"
_NUMBER = "+15550100"


def add_to(commands: Commands) -> None:
    parser = verb(
        commands,
        "demo",
        _demo,
        does="Show it all on this machine: no account, no key, no money; one call for each behavior, then stay up.",
        examples=["phonepay demo", "phonepay demo --once"],
        needs="nothing",
        notes="Everything it writes is in one folder, which each run begins anew. Ctrl-C ends all of it.",
    )
    parser.add_argument("--once", action="store_true", help="end after the calls")
    parser.add_argument("--days", type=int, default=30, help="so many days of a shop's past are made first (30)")
    parser.add_argument(
        "--folder", type=Path, metavar="DIR", help="where it writes (phonepay-demo beside the data folder)"
    )


def _demo(args: argparse.Namespace) -> int:
    folder = _fresh_folder(args.folder)
    from phonepay.standins.stripe import StripeStandIn
    from phonepay.standins.twilio.rest import TwilioStandIn

    account, token = "AC" + secrets.token_hex(16), secrets.token_hex(16)
    port, held = reserve(_HOST, 0)
    with (
        StripeStandIn(port=0, state=folder / "stripe.json") as stripe,
        TwilioStandIn(port=0, account_sid=account, auth_token=token, numbers=[_NUMBER]) as twilio,
    ):
        key = f"sk_test_{secrets.token_hex(16)}"
        _set_environment(
            PHONEPAY_DATA_DIR=str(folder),
            PHONEPAY_PUBLIC_URL=_PUBLIC,
            PHONEPAY_TWILIO_ACCOUNT_SID=account,
            PHONEPAY_TWILIO_AUTH_TOKEN=token,
            PHONEPAY_TWILIO_API_BASE=twilio.url,
            PHONEPAY_STRIPE_SECRET_KEY=key,
            PHONEPAY_STRIPE_WEBHOOK_SECRET=f"whsec_{secrets.token_hex(16)}",
            PHONEPAY_STRIPE_API_BASE=stripe.url,
            PHONEPAY_LOG_LEVEL="WARNING",
        )
        try:
            accounts = _past(stripe, key, args.days)
            product = f"http://{_HOST}:{port}"
            wire(stripe, twilio, product)
            return _run(folder, product, stripe.url, port, accounts, days=args.days, once=args.once)
        finally:
            if held is not None:
                held.close()


def _past(stripe: "StripeStandIn", key: str, days: int) -> "list[Account]":
    """The shop, its people and the days that are over; nothing serves yet. Whoever watches sees how far it is."""
    from phonepay.cli.demo_month import Month
    from phonepay.cli.startup import leave_database, load_settings, prepare_database

    load_settings()
    prepare_database()
    print(f"Making {days} days of a shop's past: calls, payments, refunds …", flush=True)
    accounts = Month(stripe, key, _NUMBER, days=days).make(lambda far: print(f"  {far}", flush=True))
    leave_database()
    return accounts


def _run(
    folder: Path, product: str, stripe: str, port: int, accounts: "list[Account]", *, days: int, once: bool
) -> int:
    from phonepay.cli.serve import web_child, worker_child
    from phonepay.cli.supervisor import Supervisor

    children = [web_child(_HOST, port), worker_child()]
    for child in children:
        child.log = folder / f"{child.name}.log"
    supervisor = Supervisor(children, say=lambda sentence: print(sentence, flush=True))
    story = Story(product=product, stripe=stripe, folder=folder, number=_NUMBER, accounts=accounts, days=days)

    def tell() -> None:
        try:
            story.tell()
            if not once:
                story.stay()
        finally:
            if once or story.failed:
                supervisor.stop()

    code = supervisor.run(when_ready=lambda: threading.Thread(target=tell, daemon=True).start())
    return 1 if story.failed else code


def _fresh_folder(chosen: Path | None) -> Path:
    """The demo's own folder, emptied; one that a demo did not make is left alone."""
    from phonepay.configuration.environment import default_data_dir

    folder = (chosen or default_data_dir(os.environ).with_name("phonepay-demo")).absolute()
    if folder.exists():
        if any(folder.iterdir()) and not (folder / MARK).is_file():
            raise CommandRefused(f"{folder} is not a folder of the demo's, so it was left as it is. Name another one.")
        shutil.rmtree(folder)
    folder.mkdir(parents=True, mode=0o700)
    (folder / MARK).touch()
    return folder


def _set_environment(**values: str) -> None:
    """The demo's own settings, whatever is set for the real installation on this machine."""
    for name in [name for name in os.environ if name.startswith("PHONEPAY_")]:
        del os.environ[name]
    os.environ.update(values)
