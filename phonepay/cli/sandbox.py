"""`phonepay sandbox`: this installation without accounts, with stand-ins of Twilio and Stripe on its own machine."""

import argparse
import sys

from phonepay.cli.parsing import Commands, noun, verb
from phonepay.cli.refusal import CommandRefused

_KEEP, _CLEAR = "keep", "clear"


def add_to(commands: Commands) -> None:
    verbs = noun(commands, "sandbox", about="Try it without accounts: no money, no telephone network.")
    verb(
        verbs,
        "start",
        _start,
        does="Try it without accounts: a shop, a line, a few orders, and stand-ins of Twilio and Stripe.",
        examples=["phonepay sandbox start", "phonepay serve       then open Try the line, and call"],
        notes="Refused where keys of Twilio or Stripe are set already: callers may be paying for real there.",
    )
    leave = verb(
        verbs,
        "leave",
        _leave,
        does="Leave the sandbox, so that real accounts can be connected.",
        examples=["phonepay sandbox leave --clear", "phonepay sandbox leave --keep"],
        notes="The shop, its line, its words and its people stay in either case.",
    )
    what = leave.add_mutually_exclusive_group()
    what.add_argument(
        "--clear", dest="tried", action="store_const", const=_CLEAR,
        help="delete the calls, payments and orders that were tried",
    )  # fmt: skip
    what.add_argument(
        "--keep", dest="tried", action="store_const", const=_KEEP,
        help="keep them, as test payments that can no longer be refunded",
    )  # fmt: skip
    verb(
        verbs,
        "state",
        _state,
        does="Say whether this installation is in the sandbox.",
        examples=["phonepay sandbox state"],
    )


def _start(args: argparse.Namespace) -> None:
    from django.utils import timezone

    from phonepay.cli.finding import whoever_typed
    from phonepay.setup.sandbox import SandboxRefused, start_sandbox

    try:
        start_sandbox(by=whoever_typed(), now=timezone.now())
    except SandboxRefused as refused:
        raise CommandRefused(str(refused)) from refused
    print("This installation is in the sandbox: nothing leaves this machine.")
    print("phonepay serve runs the stand-ins beside it; where it runs already, they are there in a moment.")


def _leave(args: argparse.Namespace) -> None:
    from django.utils import timezone

    from phonepay.cli.finding import whoever_typed
    from phonepay.setup.sandbox import SandboxRefused, leave_sandbox

    clear = _tried(args) == _CLEAR
    try:
        leave_sandbox(clear=clear, by=whoever_typed(), now=timezone.now())
    except SandboxRefused as refused:
        raise CommandRefused(str(refused)) from refused
    print(
        "The sandbox is left. " + ("What was tried is gone." if clear else "What was tried is kept, as test payments.")
    )


def _tried(args: argparse.Namespace) -> str:
    if args.tried:
        return str(args.tried)
    if not sys.stdin.isatty():
        raise CommandRefused("Say what becomes of what was tried: --clear or --keep.")
    typed = input("Clear the calls, payments and orders that were tried? yes or no: ").strip().casefold()
    return _CLEAR if typed in ("y", "yes") else _KEEP


def _state(args: argparse.Namespace) -> None:
    from phonepay.merchant.credentials import current
    from phonepay.setup.sandbox import stay

    going_on = stay()
    if going_on is not None:
        print(f"In the sandbox since {going_on.started_at:%Y-%m-%d %H:%M} UTC, started by {going_on.started_by}.")
    elif current().stays_here:
        print("The environment names stand-ins on this machine: nothing leaves it.")
    else:
        print("Not in the sandbox.")
