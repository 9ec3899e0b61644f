"""The doctor's rounds: what no caller tells of before it is too late is looked at twice an hour, and told as an alert.

A certificate that ends, a disk that fills, a number that somebody sent elsewhere, a key that was taken back, backups
that are not made any more: callers who cannot come in leave no trace here. What is seen twice is told, and over when it
is not seen any more.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q
from django.utils import translation

from phonepay.alerts.models import Alert
from phonepay.alerts.operations import alert, over
from phonepay.merchant.credentials import current
from phonepay.merchant.models import Line
from phonepay.notifications.staff_letters import language_of
from phonepay.setup.codes import has_owner
from phonepay.setup.doctor import lasting
from phonepay.setup.findings import Finding, worst_first
from phonepay.setup.models import SetUp
from phonepay.setup.steps import facts_of, step_done

EVERY = timedelta(minutes=30)
KIND = "unwell"
_WRONG = "rounds"  # beside the steps: which parts were wrong at the last look


def run_due(now: datetime) -> int:
    """Look, where nobody has within the half hour; 1 where it was looked. It waits for the network."""
    if not _takes_calls() or not _mine(now):
        return 0
    wrong: dict[str, list[Finding]] = {}
    with translation.override(language_of(None)):
        for part, found in lasting(now):
            if found.is_problem or found.certain:
                wrong.setdefault(part, []).append(found)
    before = facts_of(_WRONG).get("parts", [])
    for part in before:
        if part in wrong:
            alert(kind=KIND, key=part, facts=_facts(wrong[part]), now=now)
    for key in Alert.objects.filter(kind=KIND, closed_at=None).exclude(key__in=wrong).values_list("key", flat=True):
        over(kind=KIND, key=key, now=now)
    if sorted(wrong) != before:
        step_done(_WRONG, {"parts": sorted(wrong)}, now=now, after_it_closed=True)
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
    first = worst_first(found)[0]
    return {"what": " ".join(each.what for each in found[:3]), "callers": first.callers, "mend": first.mend}
