"""The doctor's rounds: what no caller tells of before it is too late is looked at twice an hour, and told as an alert.

A certificate that ends, a disk that fills, a number that somebody sent elsewhere, a key that was taken back: callers
who cannot come in leave no trace here. What is seen twice is told, and over when it is not seen any more.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import translation

from phonepay.alerts.operations import alert, over
from phonepay.merchant.credentials import current
from phonepay.merchant.models import Line
from phonepay.notifications.staff_letters import language_of
from phonepay.setup.codes import has_owner
from phonepay.setup.doctor import lasting
from phonepay.setup.findings import Finding, worst_first
from phonepay.setup.models import SetUp

EVERY = timedelta(minutes=30)
KIND = "unwell"


def run_due(now: datetime) -> int:
    """Look, where nobody has within the half hour; 1 where it was looked. It waits for the network."""
    if not _takes_calls() or not _mine(now):
        return 0
    with translation.override(language_of(None)):
        found = worst_first(each for each in lasting(now) if each.is_problem or each.certain)
    if found:
        alert(kind=KIND, facts=_facts(found), now=now)
    else:
        over(kind=KIND, now=now)
    return 1


def _takes_calls() -> bool:
    """Whether it is set up, and no sandbox: before that everything is missing, and there nothing can be."""
    keys = current()
    set_up = bool(keys.stripe_secret_key and keys.twilio_auth_tokens) and not keys.stays_here
    return set_up and Line.objects.exclude(phone_number="").exists()


def _mine(now: datetime) -> bool:
    """Of several workers one looks."""
    # Not closed by this where nobody owns it yet.
    SetUp.objects.get_or_create(pk=1, defaults={"begun_at": now, "done_at": now if has_owner() else None})
    mine = SetUp.objects.filter(Q(looked_at=None) | Q(looked_at__lte=now - EVERY), pk=1)
    return mine.exists() and mine.update(looked_at=now) == 1


def _facts(found: list[Finding]) -> dict[str, str]:
    """Of the first; what else is wrong is named beside it."""
    first = found[0]
    return {"what": " ".join(each.what for each in found[:3]), "callers": first.callers, "mend": first.mend}
