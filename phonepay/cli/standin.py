"""`phonepay standin`: Stripe and Twilio on this machine, without money and without a telephone network."""

import argparse
import json
import os
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx

from phonepay.cli.parsing import Commands, noun, verb
from phonepay.cli.refusal import CommandRefused, WrittenWrong

_HAPPENINGS = """\
what can happen:
  dispute of= [reason= status= amount= fee= due_by=]     status=warning_needs_response is an inquiry
  move_dispute dispute= status= [fee_back=]              under_review, won, lost, needs_response, warning_closed …
  warn_of_fraud of= [fraud_type=]
  refund_by_hand of= [amount= reason=]                   somebody refunds in Stripe's dashboard
  settle_refund refund_id= status= [failure_reason=]     succeeded, failed, canceled
  pay_elsewhere amount= [currency=]                      another program takes a payment on the same account
  settle_intent intent= [decline=]                       the end of one that was processing
  pay_out [currency=] · settle_payout payout= status=    paid, failed
  book movement= amount=                                 Stripe's own fee or adjustment on the balance
  account next_intent_processes=true rate_limit=25 …     how the account behaves from now on
`of` is a payment intent or a charge."""
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
            "phonepay standin happen dispute of=pi_… reason=fraudulent --at http://127.0.0.1:9002 --key sk_test_…",
            "PHONEPAY_STRIPE_API_BASE=http://127.0.0.1:9002 PHONEPAY_STRIPE_SECRET_KEY=sk_test_… phonepay serve",
        ],
        needs="nothing",
    )
    stripe.add_argument("--start", type=_moment, metavar="TIME", help="sets its clock at first (2026-11-01T09:00)")
    stripe.add_argument("--state", type=Path, metavar="FILE", help="keeps everything over a restart")
    happen = verb(
        verbs,
        "happen",
        _happen,
        does="Let something happen at the stand-in for Stripe that nobody asked it for: a dispute, say.",
        examples=[
            "phonepay standin happen dispute of=pi_… --at http://127.0.0.1:9002 --key sk_test_…",
            "phonepay standin happen move_dispute dispute=dp_… status=won --at … --key …",
            "phonepay standin happen refund_by_hand of=pi_… amount=1000 --at … --key …",
            "phonepay standin happen account rate_limit=25 next_intent_processes=true --at … --key …",
        ],
        needs="nothing",
        notes=_HAPPENINGS,
    )
    happen.add_argument("what", metavar="WHAT")
    happen.add_argument("facts", nargs="*", metavar="NAME=VALUE", help="amounts in minor units; values may be JSON")
    happen.add_argument("--at", required=True, metavar="URL", help="the address that the stand-in printed")
    happen.add_argument("--key", required=True, help="the secret key whose account it happens to")
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
        serve(args.port, args.state, args.start)
    except (OSError, OverflowError) as error:
        raise CommandRefused(_cannot(args.port, error)) from error


def _moment(text: str) -> int:
    """Unix seconds of an ISO time, of this machine's zone where it names none."""
    return int(datetime.fromisoformat(text).timestamp())


def _happen(args: argparse.Namespace) -> None:
    facts = {"key": args.key}
    for fact in args.facts:
        name, sign, value = fact.partition("=")
        if not sign:
            raise WrittenWrong(f"{fact} is not NAME=VALUE.")
        facts[name] = _value(value)
    handle = "account" if args.what == "account" else "happen"
    order = facts if handle == "account" else {**facts, "what": args.what}
    try:
        answer = httpx.post(f"{args.at.rstrip('/')}/_standin/{handle}", json=order, timeout=30)
        told = answer.json()
    except (httpx.HTTPError, httpx.InvalidURL, ValueError) as error:
        raise CommandRefused(f"There is no stand-in at {args.at} ({type(error).__name__}).") from error
    if answer.is_error:
        raise CommandRefused(f"It did not happen. {told.get('error', '')}")
    print(json.dumps(told, indent=2))


def _value(text: str) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text


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
