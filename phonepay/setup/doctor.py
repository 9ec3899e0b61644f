"""What a call needs, looked at from this machine outward: settings, database, lines, worker, Stripe, Twilio.

`phonepay check` prints it, Connections shows it; the sentences are translated for whoever reads them there.
"""

import sqlite3
from collections.abc import Generator, Iterator
from datetime import datetime

from django.core.checks import run_checks
from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone
from django.utils.translation import gettext as _

from phonepay.configuration.migrations_pending import pending_migrations
from phonepay.configuration.models import Process
from phonepay.configuration.presence import WEB, WORKER, at_work, last_seen
from phonepay.merchant.models import Line
from phonepay.notifications import postbox
from phonepay.setup.activity import activity_findings
from phonepay.setup.connector import CONNECTOR
from phonepay.setup.findings import Finding, in_order, note, problem
from phonepay.setup.health import arriving, machine, stripe, twilio
from phonepay.setup.reach import make_nonce
from phonepay.setup.steps import REACH, facts_of


def examine(*, whole: bool = False) -> Iterator[Finding]:
    """Each finding as it is made; what cannot be looked at without the database is left out where it is away.

    `whole` verifies every entry of Activity, which takes long where there are many; else the worker's last word counts.
    """
    try:
        yield from _examine(timezone.now(), whole=whole)
    except (DatabaseError, InterfaceError) as error:
        yield _away(error)  # it went away in the middle of it


def lasting(now: datetime) -> Iterator[tuple[str, Finding]]:
    """What no caller and no worker would tell of before it is too late, each with the part that it is about."""
    lines = list(Line.objects.select_related("merchant"))
    looks = {
        "disk": machine.disk(),
        "kept": machine.kept(),
        "backups": machine.backups(now),
        "address": arriving.public_address(now),
        "twilio": twilio.account_and_numbers(lines, facts_of(CONNECTOR)),
        "stripe": stripe.key(),
        "clock": machine.clock(now),
    }
    # From within some networks the own address cannot be asked: whoever kept it so knows.
    unproven = bool(facts_of(REACH).get("unproven"))
    for part, found in looks.items():
        for each in found:
            if each.certain or part != "address" or not unproven:
                yield part, each


def _examine(now: datetime, *, whole: bool) -> Iterator[Finding]:
    yield from _system_checks()
    yield from machine.disk()
    there = yield from _database()
    lines = list(Line.objects.select_related("merchant")) if there else []
    if there:
        yield from _lines(lines)
        yield from _processes(now)
        yield from machine.version(now)
        yield from machine.kept()
        yield from activity_findings(whole=whole)
        yield from machine.backups(now)
        if (yield from _written(now)):
            yield from arriving.public_address(now)
        yield from arriving.of_twilio()
    yield from twilio.account_and_numbers(lines, facts_of(CONNECTOR) if there else {})
    if there:
        yield from arriving.pay_errors()
    yield from stripe.key(with_database=there)
    if there:
        yield from arriving.refused_charges()
    yield from stripe.webhook_secret()
    if there:
        yield from arriving.of_stripe(now)
        yield from _mail(now)
    yield from machine.clock(now)


def _system_checks() -> Iterator[Finding]:
    for message in run_checks():
        hint = message.hint or ""
        if message.is_serious():
            yield problem(message.msg, callers=_("Calls may not be answered."), mend=hint)
        else:
            yield note(message.msg, mend=hint)


def _database() -> Generator[Finding, None, bool]:
    try:
        pending = pending_migrations()
    except (DatabaseError, InterfaceError) as error:
        yield _away(error)
        return False
    # Settings put the bundled SQLite under this name, where there is one.
    version = f" {sqlite3.sqlite_version}" if connection.vendor == "sqlite" else ""
    yield in_order(_("The database answers: %(name)s.") % {"name": f"{connection.display_name}{version}"})
    if pending:
        yield problem(
            _("The database is not up to date: %(count)d migrations are to be made.") % {"count": len(pending)},
            callers=_("Nothing starts, so no call is answered."),
            mend=_("phonepay migrate (an embedded database is migrated by phonepay serve)."),
        )
        return False
    return True


def _away(error: Exception) -> Finding:
    return problem(
        (_("The database does not answer: %(error)s") % {"error": error}).strip(),
        callers=_("Callers hear an apology, and no card is asked for."),
        mend=_("Start it, or correct PHONEPAY_DATABASE_URL."),
    )


def _written(now: datetime) -> Generator[Finding, None, bool]:
    """A full or read-only disk, and a program that holds the database, let it be read."""
    try:
        make_nonce(now=now)  # any row would do
    except (DatabaseError, InterfaceError) as error:
        yield problem(
            _("The database can be read, but not written: %(error)s") % {"error": error},
            callers=_("Callers hear an apology, and no card is asked for."),
            mend=_("See whether its disk is full or read-only, and whether another program keeps it locked."),
        )
        return False
    return True


def _lines(lines: list[Line]) -> Iterator[Finding]:
    if not lines:
        yield problem(
            _("There is no line yet."),
            callers=_("Callers hear an apology."),
            mend="phonepay line set --behavior fixed-with-order --amount 42.50",
        )
    for line in lines:
        name = {"number": line.phone_number or _("any number")}
        if line.paused:
            sentence = _("Payments on %(number)s are paused.") % name
            yield note(sentence, callers=_("They hear so."), mend="phonepay line resume")
        else:
            yield in_order(_("Payments are taken on %(number)s.") % name)


def _processes(now: datetime) -> Iterator[Finding]:
    """On whichever host they are: each says in the database that it is there."""
    web, workers = at_work(WEB, now), at_work(WORKER, now)
    if web:
        yield in_order(_("Calls and pages are answered on %(hosts)s.") % {"hosts": _hosts(web)})
    if workers:
        yield in_order(_("A worker runs on %(hosts)s.") % {"hosts": _hosts(workers)})
        return
    last = last_seen(WORKER)
    yield problem(
        _("No worker runs.")
        if last is None
        else _("No worker runs: one was last seen at %(when)s UTC, on %(host)s.")
        % {"when": f"{last.seen_at:%Y-%m-%d %H:%M}", "host": last.host},
        callers=_("Payments whose answer got lost stay “being checked”."),
        mend=_("phonepay serve runs one, phonepay serve --worker only that."),
    )


def _hosts(processes: list[Process]) -> str:
    return ", ".join(sorted({each.host for each in processes}))


def _mail(now: datetime) -> Iterator[Finding]:
    mail = postbox.status(now)
    if mail.account is None:
        yield note(
            _("E-mail is not set up."),
            callers=_("They get no receipt, and you hear of trouble in the panel alone."),
            mend=_("Set the mail server under Connections, or PHONEPAY_EMAIL_URL and PHONEPAY_EMAIL_FROM."),
        )
    elif mail.trouble:
        said = _("It said: %(answer)s") % {"answer": mail.answer} if mail.answer else ""
        yield problem(
            _("E-mail does not go out since %(when)s UTC: %(why)s")
            % {"when": f"{mail.failing_since:%Y-%m-%d %H:%M}", "why": f"{mail.trouble} {said}".strip()},
            callers=_("Receipts wait: %(count)d letters go out once the server takes them.") % {"count": mail.waiting},
            mend=_("Correct the mail server under Connections."),
        )
    else:
        yield in_order(_("E-mail goes out by %(host)s.") % {"host": mail.account.host})
