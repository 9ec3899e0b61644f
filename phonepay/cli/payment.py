"""`phonepay payment`: what was paid by phone, money back, and extra charges."""

import argparse
import uuid

from phonepay.cli.parsing import Commands, Parser, noun, verb
from phonepay.cli.refusal import CommandRefused

_NAMED = "an order number, a confirmation number, or a payment's id"


def add_to(commands: Commands) -> None:
    verbs = noun(commands, "payment", about="Payments by phone: look at them, refund them, charge extra.")
    listing = verb(
        verbs, "list", _list, does="List payments, newest first.", examples=["phonepay payment list --limit 20"]
    )
    listing.add_argument("--limit", type=int, default=50, metavar="N", help="at most so many (50)")
    showing = verb(
        verbs,
        "show",
        _show,
        does="Show a payment, with its refunds and all that happened.",
        examples=["phonepay payment show 407219", "phonepay payment show order:1042 --json"],
    )
    for parser in (listing, showing):
        parser.add_argument("--json", action="store_true", help="for programs")
    refunding = verb(
        verbs,
        "refund",
        _refund,
        does="Give money back to the card.",
        examples=[
            "phonepay payment refund 1042",
            "phonepay payment refund 407219 --amount 12.50 --reason wrong_amount --yes",
        ],
        notes="Of an order, all its charges are refunded, the newest first. Nothing is sent before you say yes.",
    )
    refunding.add_argument("--amount", help="part of it: 12.50 (else all that is left)")
    refunding.add_argument(
        "--reason",
        default="requested_by_customer",
        help="requested_by_customer, duplicate, wrong_amount or fraudulent",
    )
    refunding.add_argument("--note", default="", help="for the shop's people")
    charging = verb(
        verbs,
        "overage",
        _overage,
        does="Charge extra to the card, as the caller allowed on the call.",
        examples=["phonepay payment overage 1042 --amount 18.00 --for 'Two extra hours'"],
        notes="Charges the card now, without the customer on the phone. Nothing is sent before you say yes.",
    )
    charging.add_argument("--amount", required=True, help="18.00")
    charging.add_argument(
        "--for", dest="what_for", required=True, metavar="TEXT", help="what for: the customer reads it"
    )
    for parser in (refunding, charging):
        _once(parser)
    for parser in (showing, refunding, charging):
        parser.add_argument("what", help=_NAMED)


def _once(parser: Parser) -> None:
    parser.add_argument("--key", help="names this request: with the same key again nothing new is sent")
    parser.add_argument("--yes", action="store_true", help="do not ask")


def _list(args: argparse.Namespace) -> None:
    from django.utils import timezone

    from phonepay.cli.finding import the_shop
    from phonepay.cli.output import print_json, print_table
    from phonepay.cli.payment_shown import payment_json, payment_row
    from phonepay.payments.models import Payment

    shop = the_shop()
    payments = Payment.objects.filter(merchant=shop).select_related("order", "merchant").order_by("-agreed_at")
    shown = list(payments[: max(args.limit, 1)])
    if args.json:
        print_json([payment_json(payment) for payment in shown])
    elif shown:
        now = timezone.now()
        print_table(
            ("Time", "Order", "Customer", "Card", "Kind", "Status", "Confirmation", ">Amount"),
            [payment_row(payment, shop.time_zone, now) for payment in shown],
        )
    else:
        print("No payments yet. Call your line and pay with a test card: it takes a minute.")


def _show(args: argparse.Namespace) -> None:
    from django.utils import timezone

    from phonepay.cli.finding import find_paid
    from phonepay.cli.output import print_json
    from phonepay.cli.payment_shown import payment_json, print_payment
    from phonepay.orders.models import Order

    found = find_paid(args.what)
    payments = list(found.payments.order_by("agreed_at")) if isinstance(found, Order) else [found]
    if not payments:
        raise CommandRefused(f"Nothing was paid by phone for {found}.")
    if args.json:
        print_json([payment_json(payment, whole=True) for payment in payments])
        return
    for number, payment in enumerate(payments):
        print("\n" if number else "", end="")
        print_payment(payment, timezone.now())


def _refund(args: argparse.Namespace) -> int:
    from django.utils import timezone

    from phonepay.cli.finding import find_paid, whoever_typed
    from phonepay.cli.money_moved import refund_result, refund_wish
    from phonepay.payments.refunds import refund

    found = find_paid(args.what)
    amount, sentence, button = refund_wish(found, args.amount, key=args.key)
    _agree(args, sentence, button)
    refunds = refund(
        of=found,
        amount=amount,
        reason=args.reason.replace("-", "_"),
        key=_key(args),
        by=whoever_typed(),
        now=timezone.now(),
        note=args.note,
    )
    return refund_result(refunds)


def _overage(args: argparse.Namespace) -> int:
    from django.utils import timezone

    from phonepay.cli.finding import find_paid_order, whoever_typed
    from phonepay.cli.money_moved import overage_result, overage_wish
    from phonepay.payments.overage import charge_overage

    order = find_paid_order(args.what)
    now = timezone.now()
    amount, sentence, button = overage_wish(order, args.amount, key=args.key, now=now)
    _agree(args, sentence, button)
    by = whoever_typed()
    extra = charge_overage(order=order, amount=amount, what_for=args.what_for, key=_key(args), by=by, now=now)
    return overage_result(extra)


def _key(args: argparse.Namespace) -> str:
    return args.key or f"command:{uuid.uuid4()}"


def _agree(args: argparse.Namespace, sentence: str, button: str) -> None:
    """Say what will happen, and go on only after a yes; where nothing can happen, no question is asked."""
    if sentence:
        print(sentence)
    if args.yes or not button:
        return
    try:
        answer = input(f"{button}? [y/N] ")
    except EOFError:
        answer = ""
        print()
    if answer.strip().lower() not in {"y", "yes"}:
        raise CommandRefused("Nothing was done. Answer y, or add --yes.")
