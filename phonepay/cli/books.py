"""`phonepay books`: do the books agree with Stripe, up to when, and what does not."""

import argparse
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from phonepay.cli.parsing import Commands, verb
from phonepay.cli.refusal import CommandRefused, Exit, WrittenWrong

if TYPE_CHECKING:
    from phonepay.merchant.models import Merchant
    from phonepay.payments.book_models import Discrepancy, ReconciliationRun

# The worker compares each hour: what is older was missed.
_TOO_OLD = timedelta(hours=3)
_DAYS = "d"
_MOST_DIGITS = 4


def add_to(commands: Commands) -> None:
    parser = verb(
        commands,
        "books",
        _books,
        does="Say up to when the books agree with Stripe, or what does not agree.",
        examples=["phonepay books", "phonepay books --now", "phonepay books --now --since 30d"],
        notes="The worker compares them each hour, and thoroughly each night.\n"
        "Exit codes, for monitoring: 0 they agree, 1 something does not, 3 not compared lately.",
    )
    parser.add_argument("--now", action="store_true", help="compare now, and wait for it")
    parser.add_argument("--since", metavar="TIME", help="with --now: from then on (30d, or 2026-11-01)")
    parser.add_argument("--json", action="store_true", help="for programs")


def _books(args: argparse.Namespace) -> int:
    from django.utils import timezone

    from phonepay.cli.finding import the_shop
    from phonepay.payments.gateway import key_is_live

    shop, live = the_shop(), key_is_live()
    if args.since and not args.now:
        raise WrittenWrong("--since says from when to compare: write --now with it.")
    if args.now:
        _compare(shop, _moment(args.since, timezone.now(), shop.time_zone), quiet=args.json)
    return _tell(shop, live=live, as_json=args.json)


def _compare(shop: "Merchant", since: datetime | None, *, quiet: bool) -> None:
    from django.utils import timezone

    from phonepay.cli.finding import whoever_typed
    from phonepay.payments.gateway import NotConfigured
    from phonepay.payments.reconciliation import runs

    try:
        run = runs.ask(merchant=shop, by=whoever_typed(), now=timezone.now(), since=since)
    except NotConfigured as error:
        raise CommandRefused("There is no Stripe key, so nothing can be compared. Set it first.") from error
    progress = _Progress(quiet=quiet)
    runs.finish_now(run, clock=timezone.now, tell=progress.tell)
    if progress.last is not None and progress.last.error:
        raise CommandRefused(
            f"Stripe could not be asked: {progress.last.error}. Nothing changed; the worker goes on by itself."
        )


class _Progress:
    """Tells of each page: where the run is, how much it looked at, what it mended."""

    _WORDS = {
        "movements": "Stripe's balance",
        "intents": "payments that were begun",
        "refunds": "refunds, which may still fail",
        "disputes": "disputes",
        "ours": "our own entries",
        "again": "what was left over",
        "payouts": "payouts",
    }

    def __init__(self, *, quiet: bool) -> None:
        self._quiet = quiet
        self._said = ""
        self.last: ReconciliationRun | None = None

    def tell(self, run: "ReconciliationRun") -> None:
        import threading

        if self.last is not None and (run.stage, run.cursor, run.error) == (
            self.last.stage,
            self.last.cursor,
            self.last.error,
        ):
            threading.Event().wait(0.5)  # a worker has this page: its end is seen in a moment
        self.last = run
        words = self._WORDS.get(run.stage, "")
        line = f"Looking at {words}: {run.looked_at} so far, {run.healed} mended." if words else ""
        if line and line != self._said and not self._quiet:
            print(line, flush=True)
        self._said = line


def _tell(shop: "Merchant", *, live: bool, as_json: bool) -> int:
    from django.utils import timezone

    from phonepay.payments import books

    now = timezone.now()
    rows = list(books.open_discrepancies(shop, livemode=live))
    until = books.compared_until(shop, livemode=live)
    code = Exit.REFUSED if rows else Exit.DONE
    if until is None or now - until > _TOO_OLD:
        code = code or Exit.NOT_KNOWN_YET
    if as_json:
        _print_json(rows, until, agree=code == Exit.DONE)
        return code
    _print(shop, rows, until, now)
    return code


def _print(shop: "Merchant", rows: "list[Discrepancy]", until: datetime | None, now: datetime) -> None:
    from phonepay.cli.output import moment, money
    from phonepay.payments.reconciliation.sentences import advice, sentence

    if until is None:
        print("The books have not been compared with Stripe yet: phonepay books --now, or let the worker run.")
        return
    at = moment(until, shop.time_zone, now)
    for row in rows:
        print(f"✗ {sentence(row, money)} ({row.stripe_object}, {moment(row.happened_at, shop.time_zone, now)})")
        print(f"    {advice(row)}")
    if rows:
        count = "One thing does" if len(rows) == 1 else f"{len(rows)} things do"
        print(f"\n{count} not agree with Stripe, compared up to {at}.")
        return
    print(f"The books agree with Stripe up to {at}.")
    if now - until > _TOO_OLD:
        print("They were not compared since: is the worker running? See phonepay check.")


def _print_json(rows: "list[Discrepancy]", until: datetime | None, *, agree: bool) -> None:
    from phonepay.cli.output import print_json

    names = ("kind", "stripe_object", "payment_id", "ours", "theirs", "currency", "detail", "happened_at", "since")
    differing = [{name: getattr(row, name) for name in names} for row in rows]
    print_json({"agree": agree, "compared_until": until, "differing": differing})


def _moment(written: str | None, now: datetime, zone: str) -> datetime | None:
    """`30d`, or a day of the shop's."""
    from zoneinfo import ZoneInfo

    if written is None:
        return None
    count = written.removesuffix(_DAYS)
    if written.endswith(_DAYS) and count.isdecimal() and len(count) <= _MOST_DIGITS:
        return now - timedelta(days=int(count))
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise WrittenWrong(f"“{written}” is no time: write 30d, or 2026-11-01.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=ZoneInfo(zone))
