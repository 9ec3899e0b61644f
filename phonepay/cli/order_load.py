"""`phonepay order load`: a file of orders, by the same verbs as in the panel."""

import argparse
import sys
import threading
from pathlib import Path
from typing import TYPE_CHECKING

from phonepay.cli.parsing import Commands, verb
from phonepay.cli.refusal import CommandRefused, WrittenWrong

if TYPE_CHECKING:  # models can be imported only when Django is ready
    from phonepay.orders.loading.models import Load

_FIELDS = ("number", "amount", "customer_name", "customer_phone", "customer_email", "customer_postal", "note")
_MOST_SHOWN = 20


def add_to(verbs: Commands) -> None:
    parser = verb(
        verbs,
        "load",
        _load,
        does="Load a file of orders, CSV or XLSX: all of it or nothing.",
        examples=[
            "phonepay order load november.csv --dry-run",
            "phonepay order load november.xlsx --column number='Invoice no' --column amount=Total --update",
        ],
        notes=f"Columns are found by their headings, or named: {', '.join(_FIELDS)}.",
    )
    parser.add_argument("file", type=Path, help="the file")
    parser.add_argument(
        "--column", action="append", default=[], metavar="FIELD=HEADING", help="which column is what, by heading"
    )
    parser.add_argument("--currency", help="the line's own, if it is not said")
    parser.add_argument("--decimal-mark", choices=(".", ","), default="", help="how amounts are written")
    parser.add_argument("--update", action="store_true", help="also change unpaid orders that differ")
    parser.add_argument("--skip-errors", action="store_true", help="load the good rows, leave out those in error")
    parser.add_argument("--dry-run", action="store_true", help="say what would happen, and change nothing")


def _load(args: argparse.Namespace) -> None:
    from django.utils import timezone

    from phonepay.cli.finding import the_shop, whoever_typed
    from phonepay.cli.order import usual_currency
    from phonepay.orders.loading.operations import confirm_load, discard_load, match_load, start_load
    from phonepay.orders.loading.reasons import LoadRefused

    by = whoever_typed()
    load = None
    try:
        load = start_load(
            merchant=the_shop(),
            file_name=args.file.name,
            data=_bytes(args.file),
            currency=args.currency or usual_currency(),
            by=by,
            now=timezone.now(),
        )
        mark = args.decimal_mark or load.decimal_mark
        currency = args.currency or load.currency
        columns = load.columns | _columns(args.column, load.sample[0] if load.headed else [])
        match_load(load=load, columns=columns, currency=currency, mark=mark, by=by, now=timezone.now())
        _finish(load)
        _tell(load)
        if args.dry_run:
            print("Nothing was changed: this was a dry run.")
            return
        confirm_load(load=load, updates=args.update, leaves_out=args.skip_errors, by=by, now=timezone.now())
        _finish(load)
        if load.status != load.Status.LOADED:
            raise LoadRefused("moved")
        print(f"Loaded {load.new} orders" + (f" and changed {load.changing}." if load.updates else "."))
    except LoadRefused as refused:
        raise CommandRefused(_of_the_terminal(refused.reason, str(refused))) from refused
    finally:
        if load is not None and load.status in (load.Status.MATCHING, load.Status.READING, load.Status.READY):
            discard_load(load=load, by=by, now=timezone.now())


def _of_the_terminal(reason: str, sentence: str) -> str:
    said = {
        "has_errors": "Some rows have errors, so nothing was loaded. Mend the file, or say --skip-errors.",
        "columns_missing": "Which columns are the number and the amount? Say --column number=… --column amount=….",
        "nothing": "Nothing to load: no row is new. Say --update to change unpaid orders that differ.",
    }
    return said.get(reason, sentence)


def _bytes(path: Path) -> bytes:
    from phonepay.orders.loading.reasons import LoadRefused
    from phonepay.orders.loading.table import MOST_BYTES

    try:
        if path.stat().st_size > MOST_BYTES:
            raise LoadRefused("too_big")
        return path.read_bytes()
    except OSError as error:
        raise CommandRefused(f"{path} cannot be read: {error.strerror}.") from error


def _columns(given: list[str], header: list[str]) -> dict[str, int]:
    found = {}
    for each in given:
        field, _, heading = each.partition("=")
        if field not in _FIELDS:
            raise WrittenWrong(f"There is no field {field}. There are: {', '.join(_FIELDS)}.")
        if heading not in header:
            raise WrittenWrong(f"No column is headed “{heading}”. There are: {', '.join(header) or 'none'}.")
        found[field] = header.index(heading)
    return found


def _finish(load: "Load") -> None:
    """Work until nothing is owed; a worker that runs may do some of it."""
    from django.utils import timezone

    from phonepay.orders.loading.work import work

    while load.at_work:
        if not work(load, timezone.now(), seconds=5):
            threading.Event().wait(0.5)  # a worker has it
            load.refresh_from_db()
        elif sys.stderr.isatty():
            print(f"{load.rows_read:,} rows read", end="\r", file=sys.stderr)


def _tell(load: "Load") -> None:
    from phonepay.orders.loading.models import LoadRow
    from phonepay.orders.loading.reasons import LoadRefused, sentence

    if load.status != load.Status.READY:
        raise LoadRefused(load.failure)
    print(
        f"{load.rows_read} rows: {load.new} new, {load.changing} that differ from an unpaid order, "
        f"{load.same} the same, {load.refused} that cannot be changed, {load.wrong} in error."
    )
    rows = LoadRow.objects.filter(load=load, outcome__in=("wrong", "refused"))
    for row in rows.order_by("-outcome", "line")[:_MOST_SHOWN]:  # those in error first
        print(f"  line {row.line}, {row.field or 'row'} {row.value!r}: {sentence(row.reason, row.facts)}")
    if load.wrong + load.refused > _MOST_SHOWN:
        print(f"  and {load.wrong + load.refused - _MOST_SHOWN} more")
