"""`phonepay import-ancestor`: bring over what the first Phone Pay (PHP, MySQL) kept."""

import argparse
import contextlib
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

from phonepay.cli.parsing import Commands, verb
from phonepay.cli.refusal import CommandRefused, Exit
from phonepay.configuration.addresses import DatabaseAddress, parse_database_url

if TYPE_CHECKING:
    from phonepay.imports.ancestor.report import Report
    from phonepay.imports.ancestor.run import Run, Wanted
    from phonepay.payments.gateway import Gateway
    from phonepay.people.models import Invitation

_MODES = ("live", "test")
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,19}")


def add_to(commands: Commands) -> None:
    parser = verb(
        commands,
        "import-ancestor",
        _import,
        does="Bring over what the first Phone Pay (PHP, MySQL) kept: behavior, prompts, orders, payments, people.",
        examples=[
            "phonepay import-ancestor mysql://reader@db.example/phonepay --report what-happens.csv",
            "phonepay import-ancestor mysql://reader@db.example/phonepay --prompts ivr_message.ini --write",
        ],
        notes="Without --write nothing is kept: it only says what would be. Run again, it carries what is new.\n"
        "The old database is only read: its user needs SELECT alone; a password that is not in the\n"
        "address is taken from MYSQL_PWD. Charges are read at Stripe, with the key that is set. See docs/ancestor.md.",
    )
    parser.add_argument("address", metavar="mysql://…", help="the old database: mysql://user:password@host/name")
    parser.add_argument("--write", action="store_true", help="do it; else it is a dry run")
    parser.add_argument("--report", metavar="FILE", help="write each row that was not carried as it was, with why: CSV")
    parser.add_argument("--prompts", metavar="FILE", help="its application/ivr_message.ini")
    parser.add_argument("--currency", help="of the old whole amounts (default: the line's, else usd)")
    parser.add_argument("--mode", choices=_MODES, help="of its charges; with a Stripe key it must be the key's")
    parser.add_argument("--line", metavar="NUMBER", help="the line that gets the behavior (default: the only one)")
    parser.add_argument("--locale", help="the language of the prompts (default: the line's)")
    parser.add_argument(
        "--settings", choices=("once", "again", "never"), default="once",
        help="when to carry behavior and prompts (default: once, so that later changes stay)",
    )  # fmt: skip
    parser.add_argument("--name", default="first", help="of the old installation, where there are several")


def _import(args: argparse.Namespace) -> int:
    from phonepay.imports.ancestor.source import SourceFailed, opened
    from phonepay.payments.gateway import GatewayError
    from phonepay.people.permissions import NotAllowed

    address = _address(args.address)
    if not _NAME.fullmatch(args.name):
        raise CommandRefused("Write --name in small letters, digits and dashes, at most 20.")
    with _sheet(args.report) as sheet:
        try:
            with opened(address) as old:
                old.check()
                run = _run(args, old, sheet)
                total = old.count()
                run.tell = lambda looked_at: _progress(looked_at, total)
                people = run.go()
        except (SourceFailed, NotAllowed) as failed:
            raise CommandRefused(str(failed)) from failed
        except GatewayError as error:
            raise CommandRefused(
                f"Stripe did not tell of a charge ({error}). What was written stays: run it again, and it goes on."
            ) from error
    _tell(run.report, run.wanted, args)
    _links(people)
    return Exit.DONE


def _run(args: argparse.Namespace, old: object, sheet: TextIO | None) -> "Run":
    from django.utils import timezone

    from phonepay.cli.finding import line_to_set, whoever_typed
    from phonepay.imports.ancestor import prompts
    from phonepay.imports.ancestor.report import Report
    from phonepay.imports.ancestor.run import Run, Wanted
    from phonepay.imports.ancestor.source import OldDatabase
    from phonepay.lib.money import currency
    from phonepay.merchant.models import Line

    assert isinstance(old, OldDatabase)  # noqa: S101 - typed so only because Django is not ready when this file is read
    report = Report(sheet)
    gateway, livemode = _stripe(args.mode)
    number = line_to_set(args.line)[0] if args.line or not Line.objects.all()[1:].exists() else _several()
    line = Line.objects.filter(phone_number=number).first()
    wanted = Wanted(
        name=args.name,
        currency=currency(args.currency or (line.currency if line else "usd")).code,
        livemode=livemode,
        gateway=gateway,
        number=number,
        words=prompts.read(prompts.decoded(_bytes(args.prompts)), report) if args.prompts else {},
        locale=_locale(args.locale) or (line.locales[0] if line else "en-US"),
        settings=args.settings,
        keep=args.write,
    )
    return Run(old, wanted, report, whoever_typed(), timezone.now())


def _locale(text: str | None) -> str | None:
    from phonepay.ivr.prompts import LOCALES

    if text is not None and text not in LOCALES:
        raise CommandRefused(f"“{text}” is not spoken here. Choose one of: {', '.join(LOCALES)}.")
    return text


def _several() -> str:
    raise CommandRefused("There are several lines: say by --line which of them gets the behavior and the payments.")


def _stripe(mode: str | None) -> "tuple[Gateway | None, bool]":
    """Stripe, and whether the charges are live. The key says it; without one, --mode."""
    from phonepay.payments.gateway import NotConfigured, get_gateway

    try:
        gateway = get_gateway()
    except NotConfigured:
        if mode is None:
            raise CommandRefused(
                "No Stripe key is set, so nobody can say what became of the charges. Set it (phonepay help "
                "environment), or say --mode live or --mode test: then they are carried as the old rows tell them."
            ) from None
        return None, mode == "live"
    if mode is not None and (mode == "live") != gateway.livemode:
        key = "live" if gateway.livemode else "test"
        raise CommandRefused(
            f"The Stripe key is of {key} mode, and --mode says {mode}. Set the other key, or leave it."
        )
    return gateway, gateway.livemode


def _address(text: str) -> DatabaseAddress:
    try:
        address = parse_database_url(text)
    except ValueError as error:
        raise CommandRefused(f"The address of the old database {error}.") from error
    if address.engine != "mysql":
        raise CommandRefused("The first Phone Pay kept its rows in MySQL or MariaDB: write mysql://user@host/name.")
    return address if address.password else replace(address, password=os.environ.get("MYSQL_PWD", ""))


def _bytes(path: str) -> bytes:
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise CommandRefused(f"{path} cannot be read: {error.strerror}.") from error


@contextlib.contextmanager
def _sheet(path: str | None) -> Iterator[TextIO | None]:
    if path is None:
        yield None
        return
    try:
        # Only for whoever runs it: it may hold people's names and numbers.
        sheet = os.fdopen(
            os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8", newline=""
        )
    except OSError as error:
        raise CommandRefused(f"{path} cannot be written: {error.strerror}.") from error
    with sheet:
        yield sheet


def _progress(looked_at: int, total: int) -> None:
    if sys.stderr.isatty():
        print(f"{looked_at:,} of {total:,} orders", end="\r", file=sys.stderr)


def _tell(report: "Report", wanted: "Wanted", args: argparse.Namespace) -> None:
    from phonepay.imports.ancestor.report import REASONS

    print("Carried over:" if args.write else "A dry run. This would be carried over:")
    for what, count in report.counts.items():
        if count:
            print(f"  {count:,} {what}")
    if not any(report.counts.values()):
        print("  nothing")
    for (what, reason), count in sorted(report.reasons.items()):
        print(f"  {count:,} {what}: {REASONS[reason]}")
    print(f"Its amounts were taken as whole units of {wanted.currency.upper()} (--currency).")
    mode = "live" if wanted.livemode else "test"
    if wanted.gateway is None:
        print(f"Charges are told by the old rows alone, as {mode} ones: Stripe was not asked.")
    else:
        print(f"Charges are as Stripe has them, in {mode} mode.")
    if args.report:
        print(f"Each row, with why: {args.report}")
    if not args.write:
        print("Nothing was written. Do it with --write.")


def _links(people: "list[Invitation]") -> None:
    from phonepay.people.links import invitation_link, public_base

    if not people:
        return
    print("\nPeople set a password of their own by these links, within three days (Settings > People shows them too):")
    base = public_base("http://localhost:8000")
    for each in people:
        print(f"  {each.email}, {each.role}: {invitation_link(each, base=base)}")
