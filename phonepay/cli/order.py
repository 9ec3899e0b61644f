"""`phonepay order`: what people owe."""

import argparse
from typing import Any

from phonepay.cli import order_load, order_matching
from phonepay.cli.parsing import Commands, Parser, noun, verb
from phonepay.cli.refusal import CommandRefused, WrittenWrong

_FACTS = (
    ("--name", "customer_name"),
    ("--phone", "customer_phone"),
    ("--email", "customer_email"),
    ("--postal", "customer_postal"),
    ("--note", "note"),
)
_STATES = ("unpaid", "paid", "refunded", "cancelled", "paid_another_way", "attached")


def add_to(commands: Commands) -> None:
    verbs = noun(commands, "order", about="Orders: what callers pay for.")
    adding = verb(
        verbs,
        "add",
        _add,
        does="Add an order to be paid.",
        examples=[
            "phonepay order add 1234 42.50",
            "phonepay order add INV-0042 180 --name 'Ana Ruiz' --phone '+14155550142'",
        ],
        notes="Digits, letters and dashes; callers key letters by their keys and leave dashes out.",
    )
    adding.add_argument("number", help="the order's number")
    adding.add_argument("amount", help="in the currency's units: 42.50")
    adding.add_argument("--currency", help="the line's own, if it is not said")
    _customer(adding)
    order_load.add_to(verbs)
    order_matching.add_to(verbs)
    listing = verb(
        verbs,
        "list",
        _list,
        does="List orders, newest first.",
        examples=["phonepay order list --status unpaid --limit 20"],
    )
    listing.add_argument("--status", choices=_STATES, help="only these")
    listing.add_argument("--limit", type=int, default=50, metavar="N", help="at most so many (50)")
    _json(listing)
    showing = verb(
        verbs, "show", _show, does="Show an order and what was paid for it.", examples=["phonepay order show 1234"]
    )
    _json(showing)
    editing = verb(
        verbs,
        "edit",
        _edit,
        does="Change an order that is not paid yet.",
        examples=["phonepay order edit 1234 --amount 45.00"],
    )
    editing.add_argument("--number", dest="new_number", metavar="NUMBER", help="another number")
    editing.add_argument("--amount", help="another amount")
    _customer(editing)
    cancelling = verb(
        verbs,
        "cancel",
        _cancel,
        does="Cancel an order: callers hear that nothing is to pay.",
        examples=["phonepay order cancel 1234"],
    )
    paying = verb(
        verbs,
        "paid",
        _paid,
        does="Note that an order was paid another way.",
        examples=["phonepay order paid 1234 --note cash"],
    )
    paying.add_argument("--note", required=True, help="how it was paid")
    reopening = verb(
        verbs,
        "reopen",
        _reopen,
        does="Make an order payable again: one that was cancelled, refunded in full or paid another way.",
        examples=["phonepay order reopen 1234"],
    )
    restoring = verb(
        verbs,
        "restore",
        _restore,
        does="Make a cancelled order payable again, and no other.",
        examples=["phonepay order restore 1234"],
    )
    for parser in (showing, editing, cancelling, restoring, paying, reopening):
        parser.add_argument("order", help="the order's number, as written or as keyed")


def _customer(parser: Parser) -> None:
    for option, fact in _FACTS:
        parser.add_argument(option, dest=fact, metavar="TEXT", help=f"the {fact.replace('_', ' ')}")


def _json(parser: Parser) -> None:
    parser.add_argument("--json", action="store_true", help="for programs")


def _facts(args: argparse.Namespace) -> dict[str, Any]:
    return {fact: getattr(args, fact) for _, fact in _FACTS if getattr(args, fact) is not None}


def _add(args: argparse.Namespace) -> None:
    from django.utils import timezone

    from phonepay.cli.finding import the_shop, whoever_typed
    from phonepay.cli.output import money
    from phonepay.lib.money import currency, parse_amount
    from phonepay.orders.operations import add_order

    shop = the_shop()
    code = currency(args.currency or usual_currency()).code
    order = add_order(
        merchant=shop,
        number=args.number,
        amount=parse_amount(args.amount, code),
        currency=code,
        by=whoever_typed(),
        now=timezone.now(),
        **_facts(args),
    )
    print(
        f"Added order {order.number}: {money(order.amount, order.currency)} to pay. Callers key {_keys(order.keyed)}."
    )


def usual_currency() -> str:
    from phonepay.merchant.models import Line

    codes = sorted(set(Line.objects.values_list("currency", flat=True)))
    if len(codes) > 1:
        raise CommandRefused(f"The lines take {' and '.join(codes)}: say which with --currency.")
    return codes[0] if codes else "usd"


def _keys(keyed: str | None) -> str:
    return " ".join(keyed or "")


def _list(args: argparse.Namespace) -> None:
    from django.utils import timezone

    from phonepay.cli.finding import the_shop
    from phonepay.cli.order_shown import order_json, order_row
    from phonepay.cli.output import print_json, print_table
    from phonepay.orders.models import Order

    shop = the_shop()
    orders = Order.objects.filter(merchant=shop).order_by("-created_at", "-pk")
    if args.status:
        orders = orders.filter(status=args.status)
    shown = list(orders[: max(args.limit, 1)])
    if args.json:
        print_json([order_json(order) for order in shown])
    elif shown:
        now = timezone.now()
        print_table(
            ("Order", "Customer", "Status", "Last change", ">Amount"),
            [order_row(order, shop.time_zone, now) for order in shown],
        )
    else:
        print("No orders here. Add one: phonepay order add 1234 42.50")


def _show(args: argparse.Namespace) -> None:
    from django.utils import timezone

    from phonepay.cli.finding import find_order
    from phonepay.cli.order_shown import order_json, print_order
    from phonepay.cli.output import print_json

    order = find_order(args.order)
    if args.json:
        print_json(order_json(order))
    else:
        print_order(order, timezone.now())


def _edit(args: argparse.Namespace) -> None:
    from django.utils import timezone

    from phonepay.cli.finding import find_order, whoever_typed
    from phonepay.cli.order_shown import print_order
    from phonepay.lib.money import parse_amount
    from phonepay.orders.operations import edit_order

    facts = _facts(args)
    if not facts and args.amount is None and args.new_number is None:
        raise WrittenWrong("Say what to change: --amount, --number, --name, --phone, --email or --note.")
    order = find_order(args.order)
    amount = None if args.amount is None else parse_amount(args.amount, order.currency)
    now = timezone.now()
    order = edit_order(order=order, by=whoever_typed(), now=now, number=args.new_number, amount=amount, **facts)
    print_order(order, now)


def _cancel(args: argparse.Namespace) -> None:
    from django.utils import timezone

    from phonepay.cli.finding import find_order, whoever_typed
    from phonepay.orders.operations import cancel_order

    order = cancel_order(order=find_order(args.order), by=whoever_typed(), now=timezone.now())
    print(f"Cancelled order {order.number}.")


def _restore(args: argparse.Namespace) -> None:
    from django.utils import timezone

    from phonepay.cli.finding import find_order, whoever_typed
    from phonepay.cli.output import money
    from phonepay.orders.operations import restore_order

    order = restore_order(order=find_order(args.order), by=whoever_typed(), now=timezone.now())
    print(f"Order {order.number} is to pay again: {money(order.amount, order.currency)}.")


def _paid(args: argparse.Namespace) -> None:
    from django.utils import timezone

    from phonepay.cli.finding import find_order, whoever_typed
    from phonepay.orders.operations import mark_paid_another_way

    order = mark_paid_another_way(order=find_order(args.order), note=args.note, by=whoever_typed(), now=timezone.now())
    print(f"Order {order.number} is paid another way: {order.paid_how}.")


def _reopen(args: argparse.Namespace) -> None:
    from django.utils import timezone

    from phonepay.cli.finding import find_order, whoever_typed
    from phonepay.cli.output import money
    from phonepay.orders.operations import reopen_order

    order = reopen_order(order=find_order(args.order), by=whoever_typed(), now=timezone.now())
    print(f"Order {order.number} is to pay again: {money(order.amount, order.currency)}.")
