"""`phonepay person`: what is kept of somebody, and erasing it."""

import argparse
from typing import TYPE_CHECKING

from phonepay.cli.parsing import Commands, Parser, noun, verb
from phonepay.cli.refusal import CommandRefused, Exit

if TYPE_CHECKING:
    from phonepay.calls.personal import Kept


def add_to(commands: Commands) -> None:
    verbs = noun(commands, "person", about="A customer's own data: tell it whole, or erase what may be erased.")
    telling = verb(
        verbs,
        "export",
        _export,
        does="Print all that is kept of a person: orders, payments and calls, with what was heard and keyed.",
        examples=["phonepay person export +14155550142", "phonepay person export order:1042 --json > told.json"],
    )
    telling.add_argument("--json", action="store_true", help="for programs")
    erasing = verb(
        verbs,
        "erase",
        _erase,
        does="Erase names, numbers, notes and words of a person, and take their card off at Stripe.",
        examples=["phonepay person erase +14155550142", "phonepay person erase order:1042 --yes"],
        notes="What moved stays: amounts, times, order numbers, a card's last four digits and Stripe's own records.\n"
        "Refunds still work; extra charges do not. Backups made before hold it still.",
    )
    erasing.add_argument("--yes", action="store_true", help="do not ask")
    for parser in (telling, erasing):
        _who(parser)


def _who(parser: Parser) -> None:
    parser.add_argument("who", metavar="PHONE|ORDER", help="a phone number, or order:NUMBER")


def _kept(who: str) -> "Kept":
    from phonepay.calls.personal import kept_of
    from phonepay.cli.finding import find_order, the_shop
    from phonepay.lib.phone import normalize

    shop = the_shop()
    if who.startswith("order:"):
        return kept_of(merchant=shop, order=find_order(who.removeprefix("order:")))
    phone = normalize(who, shop.region)
    if phone is None:
        raise CommandRefused("That is no phone number. Write +14155550142, or order:1042.")
    return kept_of(merchant=shop, phone=phone)


def _export(args: argparse.Namespace) -> None:
    from django.utils import timezone

    from phonepay.calls.personal import readable
    from phonepay.cli.finding import whoever_typed
    from phonepay.cli.output import print_json
    from phonepay.notifications.personal import export

    kept = _kept(args.who)
    if not kept:
        raise CommandRefused("Nothing is kept of this person.")
    told = export(kept=kept, by=whoever_typed(), now=timezone.now())
    if args.json:
        print_json(told)
    else:
        print(readable(told), end="")


def _erase(args: argparse.Namespace) -> int:
    from django.utils import timezone

    from phonepay.calls import erasure
    from phonepay.cli.finding import the_shop, whoever_typed
    from phonepay.notifications.personal import erase

    kept = _kept(args.who)
    print(f"{len(kept.orders)} orders, {len(kept.payments)} payments and {len(kept.calls)} calls are of this person.")
    if kept and not args.yes and not _agreed():
        raise CommandRefused("Nothing was done. Answer y, or add --yes.")
    try:
        made = erase(merchant=the_shop(), kept=kept, by=whoever_typed(), now=timezone.now())
    except erasure.ErasureRefused as refused:
        raise CommandRefused(str(refused)) from refused
    while made.due_at is not None and not made.error:
        erasure.run_due(timezone.now())
        made.refresh_from_db()
    print("Erased: names, phone numbers, e-mail addresses, notes, and the words and keys of the calls.")
    print("Kept: amounts, times, order and confirmation numbers, a card's last four digits; Stripe keeps its records.")
    if made.done_at is None:
        print(f"Stripe still keeps the card ({made.error}); phonepay serve goes on trying.")
        return Exit.NOT_KNOWN_YET
    return Exit.DONE


def _agreed() -> bool:
    print("Their names, numbers, notes and words are erased, and the card is taken off. This cannot be undone.")
    try:
        return input("Erase it? [y/N] ").strip().lower() in {"y", "yes"}
    except EOFError:
        return False
