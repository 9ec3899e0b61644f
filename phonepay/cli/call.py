"""`phonepay call`: a telephone in the terminal, against this product or any address that answers TwiML."""

import argparse
import os
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from phonepay.cli.pace import Pace
from phonepay.cli.parsing import Commands, verb
from phonepay.cli.refusal import CommandRefused, WrittenWrong
from phonepay.cli.startup import is_installed, load_settings, prepare_database

_OWN_ADDRESS = "http://127.0.0.1:8000"


def add_to(commands: Commands) -> None:
    from phonepay.standins.twilio.script import HELP

    parser = verb(
        commands,
        "call",
        _call,
        does="Call a line from this terminal, as Twilio would pass the call on; cards are test cards.",
        examples=[
            "phonepay call",
            "phonepay call --script '1042# 1 card:4242424242424242/0330/123/94110'",
            "phonepay call --url http://127.0.0.1:5000/voice --script demo.call",
        ],
        needs="nothing",
        notes=f"{HELP}\n\nThe product must run (phonepay serve), its Stripe a stand-in (phonepay standin stripe).",
    )
    parser.add_argument("number", nargs="?", help="the line to call; needed where there are several")
    parser.add_argument("--script", metavar="STEPS", help="what the caller does, or a file with it; else you are asked")
    parser.add_argument("--from", dest="caller", default="+15550123", metavar="NUMBER", help="who calls (+15550123)")
    parser.add_argument("--hidden", action="store_true", help="the caller hides the number")
    parser.add_argument(
        "--local", default=_OWN_ADDRESS, metavar="URL", help=f"where the product listens ({_OWN_ADDRESS})"
    )
    parser.add_argument("--url", metavar="URL", help="call this TwiML address instead of the product")
    parser.add_argument("--real-time", action="store_true", help="let the seconds really pass")


def _call(args: argparse.Namespace) -> None:
    from phonepay.standins.twilio.script import ScriptError
    from phonepay.standins.twilio.telephone import Telephone
    from phonepay.standins.twilio.terminal import run

    where = _any_address(args) if args.url else _own_line(args)
    pace = Pace()
    phone = Telephone(real_time=args.real_time, on_time=None if args.real_time else pace.advance, **where)
    script: str | Path | None = args.script
    try:
        run(phone, script, from_=args.caller, hidden=args.hidden, before_keys=pace.listen)
    except ScriptError as problem:
        raise CommandRefused(str(problem)) from problem


def _any_address(args: argparse.Namespace) -> dict[str, Any]:
    """Signed with the token that counts here, if there is one; cards through the stand-in that is named here."""
    if urlsplit(args.url).scheme not in {"http", "https"}:
        raise WrittenWrong(f"“{args.url}” is no web address: write it as http://127.0.0.1:5000/voice.")
    account, token, key, base = _keys_here()
    where = {"voice_url": args.url, "auth_token": token, "connectors": _connectors("Default", key, base)}
    where |= {"account_sid": account} if account else {}
    return where | ({"number": args.number} if args.number else {})


def _keys_here() -> tuple[str, str, str, str]:
    """The environment's; where it has no token, what this installation has kept. None is made for the asking."""
    names = ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN", "STRIPE_SECRET_KEY", "STRIPE_API_BASE")
    account, token, key, base = (os.environ.get(f"PHONEPAY_{name}", "").strip() for name in names)
    if token or not is_installed():
        return account, token.split(",")[0].strip(), key, base
    load_settings()
    from phonepay.merchant.credentials import current

    keys = current()
    token = next(iter(keys.twilio_auth_tokens), "")
    return keys.twilio_account_sid or "", token, keys.stripe_secret_key or "", keys.stripe_api_base


def _own_line(args: argparse.Namespace) -> dict[str, Any]:
    """The product's own line, as it is configured here."""
    load_settings()
    prepare_database()
    from phonepay.cli.finding import find_line
    from phonepay.merchant.credentials import current
    from phonepay.telephony.addresses import Addresses, public_base

    line = find_line(args.number)
    keys = current()
    if not public_base() or not keys.twilio_auth_tokens:
        raise CommandRefused(
            "The product lets no call in: set PHONEPAY_PUBLIC_URL and PHONEPAY_TWILIO_AUTH_TOKEN, for it and for me."
        )
    addresses = Addresses(public_base())
    connectors = _connectors(line.connector, keys.stripe_secret_key or "", keys.stripe_api_base)
    where = {
        "voice_url": addresses.voice(),
        "status_url": addresses.status(),
        "fallback_url": addresses.fallback(line.locales[0]),
        "local_base": args.local,
        "account_sid": keys.twilio_account_sid or "",
        "auth_token": keys.twilio_auth_tokens[0],
        "connectors": connectors,
    }
    return where | ({"number": line.phone_number} if line.phone_number else {})


def _connectors(name: str, key: str, base: str) -> dict[str, Any]:
    """Only to a stand-in on this machine: a card number never goes to anybody else."""
    from phonepay.standins.twilio.connector import Connector

    if not key or urlsplit(base).hostname not in {"127.0.0.1", "::1", "localhost"}:
        return {}
    return {name: Connector(base, key)}
