"""`phonepay setup`: the set-up in the terminal, by the same verbs as its pages; with questions, or with options."""

import argparse
import sys

from phonepay.cli.parsing import Commands, Parser, verb
from phonepay.cli.refusal import CommandRefused
from phonepay.cli.secret_source import HOW

# By the step that needs them: option, what it is.
_OPTIONS = {
    "owner": [("email", "E-MAIL", "with which the first owner signs in"), ("name", "NAME", "the owner's name")],
    "shop": [
        ("shop", "NAME", "the shop's name, as callers hear it"),
        ("currency", "CODE", "usd"),
        ("time-zone", "ZONE", "America/New_York"),
        ("language", "LOCALE", "that callers hear: en-US"),
    ],
    "reach": [("public-url", "URL", "under which Twilio reaches this server: https://pay.example.com")],
    "database": [],
    "stripe": [],
    "twilio": [
        ("twilio-sid", "AC…", "Twilio's account"),
        ("number", "NUMBER", "of that account, for customers to call"),
    ],
    "behavior": [
        ("behavior", "NAME", "fixed-with-order, fixed, caller-with-order or caller"),
        ("amount", "AMOUNT", "that is the same for all, as 42.50"),
        ("overage", "HOW", "may cards be charged more later: off, ask or condition"),
        ("overage-cap", "AMOUNT", "at most so much more"),
        ("overage-days", "DAYS", "within so many days"),
    ],
    "connector": [
        ("connector", "NAME", "the Pay connector's unique name"),
        ("connector-account", "acct_…", "the account beside it in Twilio's console"),
    ],
}
_SECRETS = {
    "owner": [("password-from", "the owner's password")],
    "database": [("database-from", "the address of a PostgreSQL, MySQL or MariaDB database")],
    "stripe": [("stripe-key-from", "Stripe's secret key")],
    "twilio": [("twilio-token-from", "Twilio's auth token")],
}
_SWITCHES = {
    "unproven": "keep the public address although it could not be reached from here",
    "embedded": "leave the data in a file of this server",
    "take-off": "take the number off the application or trunk that would answer in our place",
    "live": "go live: with a live key and a live connector, compared before either counts",
    "finish": "close the set-up for good",
    "status": "only say how far it has come",
    "code": "print a new address with a one-time code, which opens the set-up's pages",
}


def add_to(commands: Commands) -> None:
    parser = verb(
        commands,
        "setup",
        _setup,
        does="Set it up, step by step: asks for what is still to be done, and looks at it before it is kept.",
        examples=[
            "phonepay setup                                   asks, and can be left and taken up again",
            "phonepay setup --status",
            "phonepay setup --email olivia@example.com --password-from - < password.txt",
            "phonepay setup --shop 'Harbor Garage' --currency usd --time-zone America/New_York --language en-US",
            "phonepay setup --public-url https://pay.example.com",
            "phonepay setup --stripe-key-from /run/secrets/stripe",
            "phonepay setup --twilio-sid AC… --twilio-token-from env:TWILIO_TOKEN --number +14155550142",
            "phonepay setup --connector Default --connector-account acct_…",
            "phonepay setup --behavior fixed-with-order --amount 42.50 --overage off --finish",
        ],
        notes=f"A secret is never written in the command. Where it is read from, SOURCE, is {HOW}.\n"
        "The same in a browser: the address that phonepay serve prints on an empty machine.",
    )
    _add_options(parser)


def _add_options(parser: Parser) -> None:
    for options in _OPTIONS.values():
        for name, form, about in options:
            parser.add_argument(f"--{name}", metavar=form, help=about)
    for secrets in _SECRETS.values():
        for name, about in secrets:
            parser.add_argument(f"--{name}", metavar="SOURCE", help=f"where {about} is read")
    for name, about in _SWITCHES.items():
        parser.add_argument(f"--{name}", action="store_true", help=about)


def _setup(args: argparse.Namespace) -> int | None:
    from django.utils import timezone

    from phonepay.cli import setup_steps as told
    from phonepay.setup import steps
    from phonepay.setup.codes import wanted

    now = timezone.now()
    if args.code:
        return told.print_code(now)
    if args.live:
        return told.go_live(args, now)
    if not steps.begin(now=now) and not wanted():
        raise CommandRefused("It is set up, and the set-up is closed. See phonepay check.")
    given = [name for name in (*_OPTIONS, "database") if _is_given(args, name)]
    if args.status or (not given and not args.finish and not sys.stdin.isatty()):
        return told.print_status()
    if not given and not args.finish:
        from phonepay.cli.setup_asking import ask_all

        return ask_all()
    for step in dict.fromkeys(given):
        told.take(step, args)
    if args.finish:
        told.finish(now)
    return told.print_status() if not args.finish else None


def _is_given(args: argparse.Namespace, step: str) -> bool:
    names = [name for name, *_ in (*_OPTIONS.get(step, ()), *_SECRETS.get(step, ()))]
    names += ["embedded"] if step == "database" else []
    return any(getattr(args, name.replace("-", "_")) for name in names)
