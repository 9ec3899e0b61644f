"""`phonepay hold`: nothing that moves money is sent while it is on. A restore puts it by itself."""

import argparse
from datetime import datetime

from phonepay.cli.parsing import Commands, noun, verb
from phonepay.cli.refusal import CommandRefused, WrittenWrong


def add_to(commands: Commands) -> None:
    verbs = noun(commands, "hold", about="After a restore: send nothing that moves money until the books agree.")
    verb(verbs, "show", _show, does="Say whether the hold is on, and since when.", examples=["phonepay hold show"])
    putting = verb(
        verbs,
        "on",
        _on,
        does="Send no charge, refund or extra charge until the books agree.",
        examples=["phonepay hold on --since 2026-11-20T03:00+00:00"],
        notes="For a database that was restored by other means than phonepay restore: run it before phonepay serve.\n"
        "Callers hear that no card payments are taken now. Reconciliation takes it off by itself.",
    )
    putting.add_argument("--since", required=True, metavar="TIME", help="when the backup was made, with its zone")
    lifting = verb(
        verbs,
        "off",
        _off,
        does="Take the hold off by hand, without a comparison.",
        examples=["phonepay hold off --yes"],
        notes="What Stripe did since the backup may then be charged or refunded a second time. Reconcile instead.",
    )
    lifting.add_argument("--yes", action="store_true", help="do not ask")


def _show(args: argparse.Namespace) -> None:
    from phonepay.payments import hold

    held = hold.current()
    if held is None:
        print("There is no hold: charges and refunds are sent.")
        return
    print(f"On since {held.put_at:%Y-%m-%d %H:%M} UTC ({held.get_why_display()}).")
    print(f"What Stripe did since {held.missing_since:%Y-%m-%d %H:%M} UTC may be missing here and is being compared.")
    print("Nothing that moves money is sent, and callers hear that no card payments are taken now.")


def _on(args: argparse.Namespace) -> None:
    from django.utils import timezone

    from phonepay.cli.finding import whoever_typed
    from phonepay.payments import hold

    now = timezone.now()
    since = _moment(args.since)
    if since > now:
        raise WrittenWrong("The time of the backup lies in the future.")
    hold.put(why=hold.Hold.Why.BY_HAND, missing_since=since, by=whoever_typed(), now=now)
    _show(args)


def _off(args: argparse.Namespace) -> None:
    from django.utils import timezone

    from phonepay.cli.finding import whoever_typed
    from phonepay.payments import hold

    if hold.current() is None:
        print("There is no hold.")
        return
    _show(args)
    if not args.yes and not _agreed():
        raise CommandRefused("Nothing was done. Answer y, or add --yes.")
    hold.lift_by_hand(by=whoever_typed(), now=timezone.now())
    print("The hold is off: charges and refunds are sent again.")


def _agreed() -> bool:
    print("What Stripe did since then may be charged or refunded a second time.")
    try:
        return input("Take it off all the same? [y/N] ").strip().lower() in {"y", "yes"}
    except EOFError:
        return False


def _moment(written: str) -> datetime:
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise WrittenWrong(f"“{written}” is no time with its zone: write it as 2026-11-20T03:00+00:00.")
    return moment
