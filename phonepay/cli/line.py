"""`phonepay line`: the shop's telephone lines."""

import argparse
from collections.abc import Iterator, Mapping
from typing import Any

from phonepay.cli.parsing import Commands, Parser, noun, verb
from phonepay.cli.refusal import CommandRefused, WrittenWrong

# Option → the fact it sets, what it takes, what it means. What is written is read by the room of merchants.
_OPTIONS = (
    ("--behavior", "behavior", "WORD", "fixed-with-order, fixed, caller-with-order or caller"),
    ("--amount", "fixed_amount", "42.50", "the fixed amount, in the line's currency"),
    ("--currency", "currency", "usd", "what callers pay in (usd at first)"),
    ("--overage", "overage", "WORD", "extra charges later: off, ask, or condition of paying"),
    ("--overage-cap", "overage_cap", "50.00", "the most that extra charges come to (50 at first)"),
    ("--overage-days", "overage_days", "30", "for how many days they are allowed"),
    ("--floor", "floor", "1.00", "the least that a caller can pay (Stripe's minimum at first)"),
    ("--ceiling", "ceiling", "500.00", "the most that a caller can pay (500 at first)"),
    ("--usual", "usual_amount", "40.00", "what is usually paid: far from it, a sum is read back"),
    ("--keyed", "amounts_keyed", "WORD", "star (42*50# is 42.50) or minor (4250# is)"),
    ("--unknown-orders", "accepts_unknown_orders", "yes|no", "whether a number that is not on the list can be paid"),
    ("--noun", "order_noun", "WORD", "order, invoice, booking, bill or account"),
    ("--name", "name", "TEXT", "the shop's name, as callers hear it"),
    ("--languages", "locales", "LIST", "one or two, as en-US,es-US: the first is the line's own"),
    ("--cards", "cards", "LIST", "as visa,mastercard,amex,discover"),
    ("--postal-code", "asks_postal_code", "yes|no", "whether the card's postal code is asked for"),
    ("--person", "person_number", "NUMBER", "who is rung when a caller presses 0"),
    ("--person-hours", "person_hours", "HOURS", "as 'mon-fri 09:00-17:00, sat 10:00-13:00', or always"),
    ("--shop-phone", "shop_phone", "NUMBER", "said to callers who need help"),
    ("--time-zone", "time_zone", "ZONE", "the shop's clock, as America/New_York"),
    ("--country", "region", "US", "whose phone numbers need no +"),
    ("--connector", "connector", "NAME", "the <Pay> connector's name at Twilio"),
    ("--moto", "moto", "yes|no", "mark charges as telephone orders, if Stripe allows it to you"),
    ("--statement", "says_statement", "yes|no", "say what the card statement will show"),
    ("--statement-prefix", "statement_prefix", "TEXT", "the statement prefix of the Stripe account"),
    ("--entry-seconds", "entry_seconds", "8", "how long a number or an amount is waited for"),
    ("--choice-seconds", "choice_seconds", "8", "how long a choice is waited for"),
    ("--field-seconds", "field_seconds", "10", "how long each part of the card is waited for"),
    ("--tries", "tries", "3", "tries at one question"),
    ("--tries-per-call", "tries_per_call", "6", "tries in a whole call"),
    ("--unknown-tries", "unknown_tries", "3", "unknown numbers in a call, where they are refused"),
    ("--second-fact", "second_fact", "WORD", "asked before an order is told of: off, postal, or phone (its last four)"),
    ("--without-fact", "second_fact_passes", "yes|no", "whether an order that has no such fact is told of"),
    ("--protection", "protection", "WORD", "against card testing: strict, standard or relaxed limits"),
    ("--may-pause", "protection_may_pause", "yes|no", "whether the line may pause itself against card testing"),
    ("--new-number", "phone_number", "NUMBER", "another number for this line"),
)


def add_to(commands: Commands) -> None:
    verbs = noun(commands, "line", about="The telephone lines: what each asks, says and takes.")
    setting = verb(
        verbs,
        "set",
        _set,
        does="Change a line, or make it where there is none; the next call hears it.",
        examples=[
            "phonepay line set --behavior fixed-with-order --amount 42.50 --currency usd --overage ask",
            "phonepay line set --number +14155550142 --name 'Harbor Garage' --behavior caller --ceiling 300",
            "phonepay line set --languages en-US,es-US --say 'en-US:welcome=Hello, this is {shop}.'",
        ],
        notes="Without --number it is the only line; a first line made without one answers whatever number is called.",
    )
    setting.add_argument("--number", metavar="NUMBER", help="the line's phone number")
    for option, fact, metavar, meaning in _OPTIONS:
        setting.add_argument(option, dest=fact, metavar=metavar, help=meaning)
    setting.add_argument(
        "--order-prefix", metavar="TEXT", help="the start of order numbers, which callers need not key"
    )
    setting.add_argument(
        "--voice", action="append", default=[], metavar="LOCALE=VOICE", help="a Twilio voice; empty for Twilio's own"
    )
    setting.add_argument(
        "--say", action="append", default=[], metavar="LOCALE:PROMPT=WORDS", help="own words; empty for the product's"
    )
    listing = verb(
        verbs, "list", _list, does="List the lines.", examples=["phonepay line list", "phonepay line list --json"]
    )
    listing.add_argument("--json", action="store_true", help="for programs")
    showing = verb(
        verbs, "show", _show, does="Show all of a line.", examples=["phonepay line show", "phonepay line show --json"]
    )
    showing.add_argument("--json", action="store_true", help="for programs")
    pausing = verb(
        verbs,
        "pause",
        _pause,
        does="Take no payments: callers hear it, calls under way go on.",
        examples=["phonepay line pause"],
    )
    resuming = verb(verbs, "resume", _resume, does="Take payments again.", examples=["phonepay line resume"])
    giving = verb(
        verbs,
        "put-back",
        _put_back,
        does="Give a number what it did at Twilio before the set-up sent its calls here.",
        examples=["phonepay line put-back +14155550142"],
    )
    giving.add_argument("--anyway", action="store_true", help="although somebody changed it at Twilio since")
    for parser in (showing, pausing, resuming, giving):
        _named(parser)


def _named(parser: Parser) -> None:
    parser.add_argument("number", nargs="?", help="the line's phone number; needed where there are several")


def _set(args: argparse.Namespace) -> None:
    from django.db import transaction
    from django.utils import timezone

    from phonepay.cli.finding import line_to_set, whoever_typed
    from phonepay.cli.line_shown import print_line
    from phonepay.merchant.lines import set_line
    from phonepay.merchant.refusals import LineRefused
    from phonepay.orders.prefix import set_order_prefix

    by, now = whoever_typed(), timezone.now()
    number, given = line_to_set(args.number)
    changes: dict[str, Any] = given | _changes(args)
    try:
        # The prefix has a verb of its own, in the room of orders: both or neither.
        with transaction.atomic():
            line = set_line(merchant=None, phone_number=number, changes=changes, by=by, now=now)
            if args.order_prefix is not None:
                line.merchant = set_order_prefix(merchant=line.merchant, prefix=args.order_prefix, by=by, now=now)
    except LineRefused as refused:
        raise CommandRefused("\n".join(_by_option(refused.problems))) from refused
    print_line(line, now)


def _by_option(problems: Mapping[str, str]) -> Iterator[str]:
    """Each sentence behind the option that it is about."""
    options = {fact: option for option, fact, _, _ in _OPTIONS} | {"voices": "--voice", "words": "--say"}
    for fact, sentence in problems.items():
        yield f"{options[fact]}: {sentence}" if fact in options else sentence


def _changes(args: argparse.Namespace) -> dict[str, Any]:
    changes = {fact: getattr(args, fact) for _, fact, _, _ in _OPTIONS if getattr(args, fact) is not None}
    if args.voice:
        changes["voices"] = dict(_halves(each, "=", "--voice LOCALE=VOICE") for each in args.voice)
    for each in args.say:
        where, words = _halves(each, "=", "--say LOCALE:PROMPT=WORDS")
        locale, key = _halves(where, ":", "--say LOCALE:PROMPT=WORDS")
        changes.setdefault("words", {}).setdefault(locale, {})[key] = words
    return changes


def _halves(text: str, sign: str, form: str) -> tuple[str, str]:
    left, found, right = text.partition(sign)
    if not found:
        raise WrittenWrong(f"“{text}” is not of the form {form}.")
    return left.strip(), right.strip()


def _list(args: argparse.Namespace) -> None:
    from phonepay.cli.line_shown import line_json, line_row
    from phonepay.cli.output import print_json, print_table
    from phonepay.merchant.models import Line

    lines = list(Line.objects.select_related("merchant").order_by("phone_number"))
    if args.json:
        print_json([line_json(line) for line in lines])
    elif lines:
        print_table(("Number", "Behavior", ">Amount", "Currency", "Extra charges", "State"), map(line_row, lines))
    else:
        print("No lines yet. Make one: phonepay line set --behavior fixed --amount 42.50")


def _show(args: argparse.Namespace) -> None:
    from django.utils import timezone

    from phonepay.cli.finding import find_line
    from phonepay.cli.line_shown import line_json, print_line
    from phonepay.cli.output import print_json

    line = find_line(args.number)
    if args.json:
        print_json(line_json(line))
    else:
        print_line(line, timezone.now())


def _pause(args: argparse.Namespace) -> None:
    from django.utils import timezone

    from phonepay.cli.finding import find_line, whoever_typed
    from phonepay.merchant.lines import pause_line

    line = pause_line(line=find_line(args.number), by=whoever_typed(), now=timezone.now())
    print(f"Paused {line.phone_number or 'the line'}: callers hear that no payments are taken now.")


def _resume(args: argparse.Namespace) -> None:
    from django.utils import timezone

    from phonepay.cli.finding import find_line, whoever_typed
    from phonepay.merchant.lines import resume_line

    line = resume_line(line=find_line(args.number), by=whoever_typed(), now=timezone.now())
    print(f"{line.phone_number or 'The line'} takes payments again.")


def _put_back(args: argparse.Namespace) -> None:
    from django.utils import timezone

    from phonepay.cli.finding import find_line, whoever_typed
    from phonepay.setup.numbers import put_back
    from phonepay.setup.refusals import StepRefused

    line = find_line(args.number)
    try:
        found = put_back(phone_number=line.phone_number, anyway=args.anyway, by=whoever_typed(), now=timezone.now())
    except StepRefused as refused:
        raise CommandRefused(str(refused)) from refused
    for each in found:
        print(each)
