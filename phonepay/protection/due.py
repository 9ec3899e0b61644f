"""What protection owes: declines that nobody has looked at, steps whose time is over, what is usual on a line."""

from __future__ import annotations

from datetime import datetime, timedelta
from statistics import median

from phonepay.lib.stopping import STOPPING
from phonepay.merchant.models import Line
from phonepay.payments import due as payments_due
from phonepay.protection import histories
from phonepay.protection.limits import LEAST_USUAL, MOST_USUAL, USUAL
from phonepay.protection.measures import forget
from phonepay.protection.models import Measure, Watch
from phonepay.protection.steps import Step
from phonepay.protection.watching import after_decline, card_question, end_step

BATCH = 100
LEARNED_FROM = 28  # days
ENOUGH = 5  # cards tried on a day, for its share to say something
ANEW_AFTER = timedelta(days=1)
_ONE_DAY = timedelta(days=1)


def run_charges_due(now: datetime) -> int:
    """What payments owe, with the look at cards before their banks are asked: a charge whose process died before it
    was sent meets what it would have met there. Returns how many rows were worked on."""
    return payments_due.run_due(now, card_question)


def run_due(now: datetime) -> int:
    """Returns how many rows were worked on."""
    return _look(now) + _ease(now) + forget(now)


def _look(now: datetime) -> int:
    """Callers who hung up before they were told are looked at here."""
    done = 0
    for line in Line.objects.select_related("merchant", "watch"):
        if STOPPING.is_set():
            break
        watch = getattr(line, "watch", None)
        if watch is None:
            watch, _made = Watch.objects.get_or_create(line=line, defaults={"looked_at": now - _ONE_DAY})
        if watch.usual_at is None or now - watch.usual_at >= ANEW_AFTER:
            Watch.objects.filter(pk=watch.pk).update(usual=learned(line, now), usual_at=now)
            done += 1
        new = histories.declined().filter(ended_at__gt=watch.looked_at, ended_at__lte=now, payment__line=line)
        rows = new.order_by("ended_at").values_list("ended_at", "payment__phone", "fingerprint", "payment__call_sid")[
            :BATCH
        ]
        for at, phone, fingerprint, sid in rows:
            after_decline(line=line, phone=phone, fingerprint=fingerprint or "", call_sid=sid, now=now)
            Watch.objects.filter(pk=watch.pk, looked_at__lt=at).update(looked_at=at)
            done += 1
    return done


def _ease(now: datetime) -> int:
    over = Measure.objects.filter(step__gt=Step.NONE, kind=Measure.Kind.LINE, until__lte=now)
    eased = [end_step(line=row.line, now=now) for row in over.select_related("line")[:BATCH]]
    return sum(each is not None for each in eased)


def learned(line: Line, now: datetime) -> float:
    """The line's usual share of declines: the middle one of its days in the last four weeks, so that no single day, and
    no attack of some days, teaches it that declines are usual."""
    shares = []
    for ago in range(1, LEARNED_FROM + 1):
        counted = histories.counted_between(line, now - _ONE_DAY * (ago + 1), now - _ONE_DAY * ago)
        tried = counted.declined + counted.paid
        if tried >= ENOUGH:
            shares.append(counted.declined / tried)
    # Until a week is known, the first days pull it only so far from what is usual elsewhere.
    shares += [USUAL] * max(0, 7 - len(shares))
    return min(MOST_USUAL, max(LEAST_USUAL, median(shares)))
