"""`phonepay protection`: what is held back against card testing, and letting somebody pay again."""

import argparse

from phonepay.cli.parsing import Commands, noun, verb
from phonepay.cli.refusal import CommandRefused


def add_to(commands: Commands) -> None:
    verbs = noun(commands, "protection", about="What is held back against people who try out stolen cards.")
    verb(
        verbs,
        "show",
        _show,
        does="List what is held against callers, cards and lines, why, and until when.",
        examples=["phonepay protection show"],
        notes="Callers are shown by the call in which the limit was met: see phonepay call show.",
    )
    lifting = verb(
        verbs,
        "lift",
        _lift,
        does="Hold nothing against it any more: it was a real customer, or the line is to resume.",
        examples=["phonepay protection lift 12"],
        notes="The number is the one that phonepay protection show gives. A caller or a card is trusted for 90 days; "
        "callers who hide their number are not.",
    )
    lifting.add_argument("number", type=int, metavar="NUMBER", help="as phonepay protection show lists it")


def _show(args: argparse.Namespace) -> None:
    from django.utils import timezone

    from phonepay.protection.models import Measure
    from phonepay.protection.words import told, why

    del args
    held = Measure.objects.filter(step__gt=0, until__gt=timezone.now()).select_related("line").order_by("-step", "pk")
    rows = list(held[:200])
    if not rows:
        print("Nothing is held back: everybody who calls can pay.")
    for row in rows:
        call = f" (call {row.call_sid})" if row.call_sid else ""
        print(f"{row.pk}: {told(row)}")
        print(f"    {why(row)}{call}")
        print(f"    until {row.until:%Y-%m-%d %H:%M} UTC, unless it goes on")


def _lift(args: argparse.Namespace) -> None:
    from django.utils import timezone

    from phonepay.cli.finding import whoever_typed
    from phonepay.protection.measures import NothingToLift, lift
    from phonepay.protection.models import Measure
    from phonepay.protection.words import lifted

    row = Measure.objects.filter(pk=args.number).first()
    if row is None:
        raise CommandRefused(f"There is nothing with the number {args.number}. See phonepay protection show.")
    try:
        row = lift(measure=row, by=whoever_typed(), now=timezone.now())
    except NothingToLift as nothing:
        raise CommandRefused(str(nothing)) from nothing
    print(f"Done: {lifted(row)}.")
