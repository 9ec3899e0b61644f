"""`phonepay order number | attach | ask`: an order that a caller made, and an order beside another."""

import argparse
from uuid import uuid4

from phonepay.cli.parsing import Commands, verb

_FITS = ("rest", "enough", "twice")


def add_to(verbs: Commands) -> None:
    numbering = verb(
        verbs,
        "number",
        _number,
        does="Give an order that a caller made its right number.",
        examples=["phonepay order number 1243 1234"],
    )
    numbering.add_argument("order", help="the number that the caller keyed")
    numbering.add_argument("number", help="the right one, which no other order has")
    attaching = verb(
        verbs,
        "attach",
        _attach,
        does="Attach an order that a caller made to the one that was meant: the money becomes that order's.",
        examples=["phonepay order attach 1243 1234", "phonepay order attach 1243 1234 --fit rest"],
        notes="Where the amounts differ it is refused until --fit says: rest leaves the rest to pay, enough takes it "
        "for all that is owed, twice books it beside a payment that the order has already.",
    )
    attaching.add_argument("order", help="the number that the caller keyed")
    attaching.add_argument("to", help="the order that was meant")
    attaching.add_argument("--fit", choices=_FITS, default="", help="what to do where the amounts differ")
    asking = verb(
        verbs,
        "ask",
        _ask,
        does="Ask for more than an order by phone: an order beside it, for the same customer.",
        examples=["phonepay order ask 1234 18.00 --for 'Broken cup'"],
    )
    asking.add_argument("order", help="the order's number")
    asking.add_argument("amount", help="in the currency's units: 18.00")
    asking.add_argument("--for", dest="what_for", required=True, metavar="TEXT", help="what it is for")


def _number(args: argparse.Namespace) -> None:
    from django.utils import timezone

    from phonepay.cli.finding import find_order, whoever_typed
    from phonepay.orders.numbers import give_right_number

    found = find_order(args.order)
    was = found.number
    order = give_right_number(order=found, number=args.number, by=whoever_typed(), now=timezone.now())
    print(f"Order {was} is {order.number} now.")


def _attach(args: argparse.Namespace) -> None:
    from django.utils import timezone

    from phonepay.cli.finding import find_order, whoever_typed
    from phonepay.cli.order_shown import print_order
    from phonepay.payments.attaching import attach_order

    order, to = find_order(args.order), find_order(args.to)
    was, now = order.number, timezone.now()
    meant = attach_order(order=order, to=to, fit=args.fit, by=whoever_typed(), now=now)
    print(f"What was paid under {was} is order {meant.number}'s now.\n")
    print_order(meant, now)


def _ask(args: argparse.Namespace) -> None:
    from django.utils import timezone

    from phonepay.cli.finding import find_order, whoever_typed
    from phonepay.cli.output import money
    from phonepay.lib.money import parse_amount
    from phonepay.orders.numbers import ask_besides

    order = find_order(args.order)
    asked = ask_besides(
        order=order,
        amount=parse_amount(args.amount, order.currency),
        what_for=args.what_for,
        key=f"command-{uuid4().hex}",
        by=whoever_typed(),
        now=timezone.now(),
    )
    keys = " ".join(asked.keyed or "")
    print(f"Added order {asked.number}: {money(asked.amount, asked.currency)} to pay. Callers key {keys}.")
