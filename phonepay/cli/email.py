"""`phonepay email`: whether letters go out, and a test."""

import argparse

from phonepay.cli.parsing import Commands, noun, verb
from phonepay.cli.refusal import CommandRefused, Exit


def add_to(commands: Commands) -> None:
    verbs = noun(commands, "email", about="E-mail: whether it goes out, and a letter to try it.")
    verb(
        verbs,
        "show",
        _show,
        does="Print whether e-mail is set up, when the last letter went out, and what waits or failed.",
        examples=["phonepay email show"],
    )
    testing = verb(
        verbs,
        "test",
        _test,
        does="Send one letter now, and print what the mail server said.",
        examples=["phonepay email test you@example.com"],
        notes="The mail server is set by PHONEPAY_EMAIL_URL and PHONEPAY_EMAIL_FROM, or kept under Connections.",
    )
    testing.add_argument("to", metavar="ADDRESS", help="who gets it")


def _show(args: argparse.Namespace) -> int:
    from django.utils import timezone

    from phonepay.notifications.postbox import status

    mail = status(timezone.now())
    if mail.account is None:
        print("No e-mail is set up: set PHONEPAY_EMAIL_URL, as smtps://user:password@mail.example.com.")
        return Exit.REFUSED
    print(f"From {mail.account.sender}, by {mail.account.host}:{mail.account.port}.")
    print(f"The last letter went out at {mail.last_sent_at:%Y-%m-%d %H:%M} UTC." if mail.last_sent_at else "None yet.")
    if mail.trouble:
        print(f"It fails since {mail.failing_since:%Y-%m-%d %H:%M} UTC: {mail.trouble} {mail.answer}".rstrip())
    print(f"{mail.waiting} wait, {len(mail.failed)} could not be delivered in the last week.")
    return Exit.REFUSED if mail.trouble else Exit.DONE


def _test(args: argparse.Namespace) -> None:
    from django.utils import timezone

    from phonepay.cli.finding import whoever_typed
    from phonepay.notifications.postbox import TestRefused, send_test

    try:
        send_test(to=args.to, language="en", by=whoever_typed(), now=timezone.now())
    except TestRefused as refused:
        said = refused.facts.get("answer")
        raise CommandRefused(f"{refused} It said: {said}" if said else str(refused)) from refused
    print(f"Sent to {args.to}. Look whether it arrives.")
