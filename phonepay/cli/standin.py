"""`phonepay standin`: Stripe and Twilio on this machine, without money and without a telephone network."""

import argparse
import os
from pathlib import Path

from phonepay.cli.parsing import Commands, noun, verb
from phonepay.cli.refusal import CommandRefused, WrittenWrong

_NAME_OF_SID = "PHONEPAY_TWILIO_ACCOUNT_SID"
_NAME_OF_TOKEN = "PHONEPAY_TWILIO_AUTH_TOKEN"  # noqa: S105 - the name of a variable


def add_to(commands: Commands) -> None:
    verbs = noun(commands, "standin", about="Stripe and Twilio on this machine: no money, no telephone network.")
    stripe = verb(
        verbs,
        "stripe",
        _stripe,
        does="Stand in for Stripe's API over HTTP, until Ctrl-C.",
        examples=[
            "phonepay standin stripe --port 9002 --state stripe.json",
            "PHONEPAY_STRIPE_API_BASE=http://127.0.0.1:9002 PHONEPAY_STRIPE_SECRET_KEY=sk_test_… phonepay serve",
        ],
        needs="nothing",
    )
    stripe.add_argument("--state", type=Path, metavar="FILE", help="keeps everything over a restart")
    twilio = verb(
        verbs,
        "twilio",
        _twilio,
        does="Stand in for Twilio's REST calls over HTTP, until Ctrl-C. The telephone itself is phonepay call.",
        examples=["phonepay standin twilio --port 9001"],
        needs="nothing",
        notes=f"The account and its token are those of {_NAME_OF_SID} and {_NAME_OF_TOKEN}.",
    )
    twilio.add_argument("--number", action="append", metavar="NUMBER", help="a number that the account has (+15550100)")
    for parser in (stripe, twilio):
        parser.add_argument("--port", type=int, default=0, help="the port on 127.0.0.1; without it a free one")


def _stripe(args: argparse.Namespace) -> None:
    from phonepay.standins.stripe import serve

    if args.state is not None and not args.state.absolute().parent.is_dir():
        raise CommandRefused(f"There is no folder {args.state.absolute().parent} to keep {args.state.name} in.")
    try:
        serve(args.port, args.state)
    except (OSError, OverflowError) as error:
        raise CommandRefused(_cannot(args.port, error)) from error


def _twilio(args: argparse.Namespace) -> None:
    from phonepay.standins.twilio.rest import serve

    account, tokens = os.environ.get(_NAME_OF_SID, ""), os.environ.get(_NAME_OF_TOKEN, "")
    if not account or not tokens:
        raise WrittenWrong(f"Set {_NAME_OF_SID} and {_NAME_OF_TOKEN}, to what the product is given too.")
    token = tokens.split(",")[0].strip()
    try:
        serve(args.port, account_sid=account, auth_token=token, numbers=args.number or ["+15550100"])
    except (OSError, OverflowError) as error:
        raise CommandRefused(_cannot(args.port, error)) from error


def _cannot(port: int, error: Exception) -> str:
    return f"Cannot listen on 127.0.0.1:{port} ({error}). Choose another port; 0 takes a free one."
