"""`phonepay activity`: is what Activity tells still as it was written? Its chain, verified; its head, to note down."""

import argparse
import re
import sys

from phonepay.cli.parsing import Commands, noun, verb
from phonepay.cli.refusal import CommandRefused, Exit

_EVERY = 50_000


def add_to(commands: Commands) -> None:
    verbs = noun(commands, "activity", about="Whether what Activity tells is still as it was written.")
    verifying = verb(
        verbs,
        "verify",
        _verify,
        does="Verify every entry: what was changed, removed, added or exchanged is named. Exit code 1 if anything was.",
        examples=["phonepay activity verify", "phonepay activity verify --head 412:bcdf-ghjk-lmnp-qrst-bcdf-ghjk"],
        notes="Whoever can write to the database but lacks the encryption key cannot make entries that fit. That the\n"
        "newest entries were cut off is known by a head that was noted outside the database: by this machine itself\n"
        "(activity.head in the data folder), in the log, beside a backup.",
    )
    verifying.add_argument(
        "--head", action="append", type=_noted, default=[], help="a head that was noted before; may be repeated"
    )
    verb(
        verbs,
        "head",
        _head,
        does="Print the head of the chain: note it where whoever could write to the database cannot.",
        examples=["phonepay activity head"],
    )
    accepting = verb(
        verbs,
        "accept",
        _accept,
        does="Say that you found out why entries do not fit. They stay as they are and are no problem any more.",
        examples=["phonepay activity accept --yes"],
        notes="For what an earlier version wrote after a rollback, or a backup that was put back by other means than\n"
        "phonepay restore. That you accepted it is an entry of its own.",
    )
    accepting.add_argument("--yes", action="store_true", help="do not ask")


def _noted(text: str) -> str:
    """A head as it is printed: one that was copied badly is no sign that anything was cut off."""
    if not re.fullmatch(r"[1-9][0-9]*:[b-t]{4}(-[b-t]{4}){5}", text.strip()):
        raise argparse.ArgumentTypeError(f"“{text}” is no head: copy all of it, as phonepay activity head prints it")
    return text.strip()


def progress(events: int) -> None:
    """A line for people who wait; programs that read us get none."""
    if events % _EVERY == 0 and events and sys.stderr.isatty():
        print(f"{events:,} entries of Activity verified …", file=sys.stderr, flush=True)


def _verify(args: argparse.Namespace) -> int:
    from phonepay.setup.activity import told, verify_whole

    report = verify_whole(noted=args.head, progress=progress)
    problems = 0
    for finding in told(report.breaks, report.more):
        problems += finding.is_problem
        print(finding)
    waiting = f", {report.waiting:,} not sealed yet" if report.waiting else ""
    print(f"{report.events:,} entries under {report.seals:,} seals{waiting}. Head: {report.head or 'none yet'}.")
    if problems:
        return Exit.REFUSED
    print("All as it was written.")
    return Exit.DONE


def _head(args: argparse.Namespace) -> None:
    from phonepay.events.verifying import newest_head

    print(newest_head() or "Nothing is sealed yet: a worker does it, within seconds.")


def _accept(args: argparse.Namespace) -> None:
    from django.utils import timezone

    from phonepay.cli.finding import whoever_typed
    from phonepay.setup.activity import accept, told, verify_whole

    report = verify_whole(progress=progress)
    if report.whole:
        print("All as it was written: there is nothing to accept.")
        return
    for finding in told(report.breaks, report.more):
        print(finding)
    if not args.yes and not _agreed():
        raise CommandRefused("Nothing was done. Answer y, or add --yes.")
    accept(report, by=whoever_typed(), now=timezone.now())
    print("Accepted, and written down.")


def _agreed() -> bool:
    try:
        return input("Do you know why, and accept it? [y/N] ").strip().lower() in {"y", "yes"}
    except EOFError:
        return False
