"""The verbs on alerts: raise one or count its repeat, say that it is over, say that a person knows.

How often one is told is decided here, once: at once, and while it goes on after ever longer pauses.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, models, transaction
from django.db.models.functions import Least

from phonepay.alerts.kinds import KINDS
from phonepay.alerts.models import Alert
from phonepay.events import types
from phonepay.events.actors import SYSTEM, Actor
from phonepay.events.models import record
from phonepay.people.permissions import require

MOST_COUNTED = 1_000_000_000
# Between one telling and the next: the last goes on.
PAUSES = (timedelta(hours=1), timedelta(hours=4), timedelta(hours=12), timedelta(days=1))
# Who said "seen" is told again only of what goes on this much later.
SEEN_HOLDS = timedelta(hours=4)
# What is over for less than this and happens again is the same alert; its end is told no sooner than is likely to hold.
FLUTTERS = timedelta(hours=1)
END_HOLDS = timedelta(minutes=10)
KEPT = timedelta(days=400)


def alert(*, kind: str, now: datetime, key: str = "", facts: Mapping[str, Any] | None = None, times: int = 1) -> None:
    """Raise an alert, or count `times` more of the open one, with the newest facts.

    `facts` are JSON-safe and name no customer and no caller. Within or outside a transaction. KeyError for a kind that
    alerts.kinds does not have.
    """
    about, told = KINDS[kind], dict(facts or {})
    key, place = key[:80], _place(kind, key)
    while True:
        counted = Least(models.F("count") + (0 if about.standing else times), MOST_COUNTED)
        open_row = Alert.objects.filter(open_key=place)
        if open_row.update(count=counted, last_at=now, facts=told):
            _tell_of_repeat(open_row, standing=about.standing, least=about.least, now=now)
            return
        if _came_back(kind, key, place, now):
            continue
        try:
            with transaction.atomic():
                made = Alert.objects.create(
                    kind=kind,
                    key=key,
                    open_key=place,
                    facts=told,
                    count=times,
                    since=now,
                    last_at=now,
                    tell_at=now if times >= about.least else None,
                )
                record(types.ALERT_RAISED, subject=("alert", made.pk), by=SYSTEM, now=now, kind=kind, key=key)
        except IntegrityError:
            continue  # another process was first: this is its repeat
        return


def _came_back(kind: str, key: str, place: str, now: datetime) -> bool:
    """What was over for less than an hour is opened again, with its pauses: what comes and goes is told no oftener."""
    was = Alert.objects.filter(kind=kind, key=key, closed_at__gt=now - FLUTTERS).order_by("-closed_at").first()
    if was is None:
        return False
    pause = PAUSES[min(max(was.told_count - 1, 0), len(PAUSES) - 1)]
    changes: dict[str, Any] = {"open_key": place, "closed_at": None, "ended": ""}
    changes["tell_at"] = max(was.told_at + pause, now) if was.told_at else now
    try:
        with transaction.atomic():
            return Alert.objects.filter(pk=was.pk, closed_at=was.closed_at).update(**changes) == 1
    except IntegrityError:
        return True  # another process opened one meanwhile


def _tell_of_repeat(row: models.QuerySet[Alert], *, standing: bool, least: int, now: datetime) -> None:
    """What was told is told again after its pause; what a person has seen, only when it still goes on much later."""
    if standing:
        return
    row.filter(tell_at=None, seen_at=None, count__gte=least).update(tell_at=now)
    row.filter(seen_at__lt=now - SEEN_HOLDS).update(seen_at=None, seen_by="", tell_at=now)


def told(*, row: Alert, now: datetime) -> bool:
    """It is being told now, or its end is: by whoever gets True. The next time is after the pause, if it goes on.

    What has not happened again by then is told when it does: one event is one letter.
    """
    mine = Alert.objects.filter(pk=row.pk, tell_at=row.tell_at, told_count=row.told_count, closed_at=row.closed_at)
    if row.closed_at is not None:
        return mine.update(tell_at=None) == 1
    if row.told_count and row.count <= row.told_of and not KINDS[row.kind].standing:
        mine.update(tell_at=None)
        return False
    pause = PAUSES[min(row.told_count, len(PAUSES) - 1)]
    changes = {"told_at": now, "told_count": models.F("told_count") + 1, "told_of": row.count, "tell_at": now + pause}
    return mine.update(**changes) == 1


def over(*, kind: str, now: datetime, key: str | None = "") -> int:
    """It works again: close the open alert of this kind and key (None: of every key). Returns how many there were."""
    rows = Alert.objects.filter(closed_at=None, kind=kind)
    return _close(rows if key is None else rows.filter(open_key=_place(kind, key)), Alert.End.OVER, now)


def close_quiet(*, now: datetime) -> int:
    """Close what has not happened again for as long as its kind says."""
    done = 0
    for kind in KINDS.values():
        if kind.quiet is not None:
            rows = Alert.objects.filter(closed_at=None, kind=kind.name, last_at__lt=now - kind.quiet)
            done += _close(rows, Alert.End.QUIET, now)
    return done


def _close(rows: models.QuerySet[Alert], how: str, now: datetime) -> int:
    done = 0
    for row in rows:
        with transaction.atomic():
            mine = Alert.objects.filter(pk=row.pk, closed_at=None)
            # Whoever was told of it is told the end too, by the same row.
            holds = models.Value(now + END_HOLDS)
            due = models.Case(models.When(told_count__gt=0, seen_at=None, then=holds), default=None)
            if mine.update(closed_at=now, open_key=None, ended=how, tell_at=due):
                record(types.ALERT_OVER, subject=("alert", row.pk), by=SYSTEM, now=now, kind=row.kind, how=how)
                done += 1
    return done


def seen(*, row: Alert, by: Actor, now: datetime) -> bool:
    """A person knows: it is not told again, unless it still happens much later.

    False where somebody said so before, or it is over. Raises permissions.NotAllowed.
    """
    require(by, "settle_alerts")
    with transaction.atomic():
        rows = Alert.objects.filter(pk=row.pk, closed_at=None, seen_at=None)
        if not rows.update(seen_at=now, seen_by=by.name[:200], tell_at=None):
            return False
        record(types.ALERT_SEEN, subject=("alert", row.pk), by=by, now=now, kind=row.kind)
    return True


def forget_old(*, now: datetime) -> int:
    """Take away what has long been over."""
    return Alert.objects.filter(closed_at__lt=now - KEPT).delete()[0]


def _place(kind: str, key: str) -> str:
    return f"{kind}:{key[:80]}"
