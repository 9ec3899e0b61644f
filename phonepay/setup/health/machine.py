"""This machine and this installation: disk, clock, version, what is kept encrypted, backups."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

import httpx
from django.conf import settings
from django.utils.translation import gettext as _

import phonepay
from phonepay.configuration import encryption
from phonepay.configuration.presence import WEB, WORKER, at_work
from phonepay.events import types
from phonepay.events.models import Event
from phonepay.merchant.credential_names import NAMES
from phonepay.merchant.credentials import current
from phonepay.merchant.credentials_shown import unreadable
from phonepay.setup import addresses
from phonepay.setup.findings import Finding, in_order, note, problem

MEGABYTE = 1024 * 1024
ROOM_NOTED, ROOM_NEEDED = 1024 * MEGABYTE, 200 * MEGABYTE
CLOCK_NOTED, CLOCK_WRONG = 30, 240  # seconds; Stripe's signatures hold for 300
ASKED_SECONDS = 5.0
BACKUP_OLD = timedelta(days=7)


def disk() -> Iterator[Finding]:
    """The data folder's: the embedded database is in it, and without room nothing is written."""
    folder = settings.PHONEPAY_DATA_DIR
    try:
        free = shutil.disk_usage(folder).free
    except OSError:
        return  # the keys come from the environment, and nothing is kept on this machine
    about = {"folder": folder, "free": f"{free // MEGABYTE:,} MB"}
    if free < ROOM_NEEDED:
        yield problem(
            _("The disk of %(folder)s is full: %(free)s are left.") % about,
            callers=_("Soon nothing can be written: callers hear an apology, and no card is asked for."),
            mend=_("Make room, or give the data folder a larger disk (PHONEPAY_DATA_DIR)."),
        )
    elif free < ROOM_NOTED:
        yield note(_("The disk of %(folder)s has %(free)s left.") % about, mend=_("Make room before it is full."))
    else:
        yield in_order(_("The disk of %(folder)s has room: %(free)s.") % about)


def clock(now: datetime) -> Iterator[Finding]:
    """Against the Date of Stripe's and Twilio's answers (RFC 9110, 6.6.1), whatever they answer."""
    keys = current()
    for name, base in (("Stripe", keys.stripe_api_base), ("Twilio", keys.twilio_api_base)):
        try:
            answer = httpx.head(base, timeout=ASKED_SECONDS)
            theirs = parsedate_to_datetime(answer.headers["date"]).astimezone(UTC)
        except (httpx.HTTPError, KeyError, ValueError):
            continue  # whether they answer is looked at elsewhere
        late = round((theirs - now).total_seconds())
        about = {"name": name, "seconds": abs(late)}
        if abs(late) > CLOCK_NOTED:
            what = (
                _("This machine's clock is %(seconds)d seconds behind %(name)s's.")
                if late > 0
                else _("This machine's clock is %(seconds)d seconds ahead of %(name)s's.")
            ) % about
            mend = _("Let the machine keep its time by itself: timedatectl set-ntp true, or chrony.")
            if abs(late) > CLOCK_WRONG:
                callers = _("What Stripe tells is not believed, and codes of people who sign in are refused.")
                yield problem(what, callers=callers, mend=mend)
            else:
                yield note(what, mend=mend)
        else:
            yield in_order(_("This machine's clock agrees with %(name)s's.") % about)
        return


def version(now: datetime) -> Iterator[Finding]:
    running = sorted({each.version for kind in (WEB, WORKER) for each in at_work(kind, now)})
    others = [each for each in running if each != phonepay.__version__[:32]]
    if others:
        yield note(
            _("This is version %(version)s, but %(others)s runs too.")
            % {"version": phonepay.__version__, "others": ", ".join(others)},
            mend=_("Start what still runs the other version anew: phonepay upgrade does it in order."),
        )
    else:
        yield in_order(_("This is version %(version)s.") % {"version": phonepay.__version__})


def kept() -> Iterator[Finding]:
    """What is kept encrypted, and the addresses of the data folder."""
    lost = unreadable()
    if lost:
        yield problem(
            _("Kept keys cannot be read: %(names)s. They were encrypted with a key that is not there.")
            % {"names": ", ".join(NAMES[name].variable if name in NAMES else name for name in lost)},
            callers=_("These keys count as not set: no call is let in, or no card is charged."),
            mend=_("Put the encryption key back (PHONEPAY_ENCRYPTION_KEY), or set these keys anew under Connections."),
        )
    older = len(encryption.keys_now()) - 1
    if older:
        yield note(
            _("An older encryption key is still there."),
            mend=_("phonepay keys rotate-encryption encrypts everything anew and says when it can go."),
        )
    elif not lost:
        yield in_order(_("What is kept encrypted can be read."))
    if failed := addresses.failure():
        yield note(
            _("The last change of an address was taken back: %(why)s") % {"why": failed},
            mend=_("Correct it under Connections."),
        )


def backups(now: datetime) -> Iterator[Finding]:
    taken = Event.objects.filter(type=types.BACKUP_TAKEN).order_by("-at").values_list("at", flat=True).first()
    if taken is None:
        yield note(_("No backup was taken yet."), mend=_("phonepay backup FOLDER, each night; keep the keys apart."))
    elif now - taken > BACKUP_OLD:
        old = note(
            _("The last backup is of %(date)s.") % {"date": f"{taken:%Y-%m-%d}"},
            callers=_("They notice nothing. If the disk is lost, what is not at Stripe is lost since then."),
            mend=_("See why phonepay backup is not run any more."),
        )
        yield replace(old, certain=True)
    else:
        yield in_order(_("A backup was taken on %(date)s.") % {"date": f"{taken:%Y-%m-%d}"})
