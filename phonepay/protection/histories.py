"""What happened, read from the payments' own rows: nothing is counted twice, and nothing is written to be counted."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet

from phonepay.lib.money import currency
from phonepay.merchant.models import Line
from phonepay.payments.gateway import key_is_live
from phonepay.payments.models import CardAttempt, Payment
from phonepay.payments.turned_away import NOT_LOOKED_AT
from phonepay.protection.callers import key_of
from phonepay.protection.judging import WINDOWS, Counted, Tried
from phonepay.protection.limits import A_CALLERS_SHARE, DAY, HOUR, SMALL_SUM_UNITS, WEEK

MOST_ROWS = 5000

# Declines that say nothing of who calls: the bank is down, asks for more than a telephone can, or the keys are of the
# wrong mode. A bank's bad hour must turn nobody away.
NOT_THE_CALLERS = (
    NOT_LOOKED_AT, "issuer_not_available", "try_again_later", "reenter_transaction", "authentication_required",
    "test_mode_live_card", "live_mode_test_card", "testmode_decline",
)  # fmt: skip

LONGEST_CALL = timedelta(hours=4)
_CARD = ("fingerprint", "card_brand", "card_last4")
_TERMS = ("amount", "currency", "behavior", "number", "keys")


def declined() -> QuerySet[CardAttempt]:
    """The declines that count."""
    rows = CardAttempt.objects.filter(
        result=CardAttempt.Result.DECLINED,
        payment__kind=Payment.Kind.INITIAL,
        payment__livemode=key_is_live(),
    )
    return rows.exclude(decline_code__in=NOT_THE_CALLERS)


def faults(attempts: str = "") -> Q:
    """Of card attempts: those that the card service, the bank or we ourselves could not deal with."""
    ours = (CardAttempt.Result.UNREACHABLE, CardAttempt.Result.REFUSED, CardAttempt.Result.FAILED)
    return Q(**{f"{attempts}decline_code__in": NOT_THE_CALLERS}) | Q(**{f"{attempts}result__in": ours})


def declined_of(merchant_id: Any, phone: str, since: datetime) -> QuerySet[CardAttempt]:
    """Of one caller; `merchant_id` may be another query's."""
    mine = declined().filter(payment__merchant=merchant_id, payment__phone=phone, ended_at__gt=since)
    return mine.filter(payment__agreed_at__gt=since - LONGEST_CALL)  # for the index


def tried_by(merchant_id: int, phone: str, now: datetime, since: datetime | None = None) -> list[Tried]:
    """The cards of one caller in the last week, or since a person said that the caller is a real customer."""
    since = max(now - WEEK, since or now - WEEK)
    terms = [f"payment__{name}" for name in _TERMS]
    rows = declined_of(merchant_id, phone, since).order_by("-ended_at").values_list("ended_at", *_CARD, *terms)
    paid = Payment.objects.filter(
        merchant=merchant_id,
        phone=phone,
        agreed_at__gt=since,
        kind=Payment.Kind.INITIAL,
        livemode=key_is_live(),
        status=Payment.Status.SUCCEEDED,
    )
    return [_tried(row, paid=False) for row in rows[:MOST_ROWS]] + [
        _tried(row, paid=True) for row in paid.values_list("agreed_at", *_CARD, *_TERMS)[:MOST_ROWS]
    ]


def captures_of(merchant_id: int, phone: str, now: datetime, since: datetime | None = None) -> list[datetime]:
    """When each card was asked for in the last hour, but those of which the end was nobody's doing who called."""
    since = max(now - HOUR, since or now - HOUR)
    rows = Payment.objects.filter(
        merchant=merchant_id, phone=phone, agreed_at__gt=since, kind=Payment.Kind.INITIAL, livemode=key_is_live()
    )
    rows = rows.annotate(faulty=Count("attempts", filter=faults("attempts__")))
    counted = rows.values_list("agreed_at", "attempt_number", "faulty")[:MOST_ROWS]
    return [at for at, times, faulty in counted for _ in range(times - faulty)]


def tried_with(merchant_id: int, fingerprint: str, now: datetime, since: datetime | None = None) -> list[Tried]:
    """Who tried one card in the last day, on any line of the shop."""
    since = max(now - DAY, since or now - DAY)
    rows = declined().filter(fingerprint=fingerprint, ended_at__gt=since, payment__merchant=merchant_id)
    found = rows.order_by("-ended_at").values_list("ended_at", "payment__phone")[:MOST_ROWS]
    last_paid = (
        Payment.objects.filter(
            merchant=merchant_id,
            livemode=key_is_live(),
            status=Payment.Status.SUCCEEDED,
            agreed_at__gt=since,
            fingerprint=fingerprint,
        )
        .order_by("-settled_at")
        .values_list("settled_at", flat=True)
        .first()
    )
    tried = [Tried(at, fingerprint, paid=False, caller=key_of(phone)) for at, phone in found]
    return [*tried, Tried(last_paid, fingerprint, paid=True)] if last_paid else tried


def counted_on(line: Line, now: datetime, since: datetime | None = None) -> dict[timedelta, Counted]:
    """A line's cards within each window, or since the later of its beginning and `since`."""
    rows = declined().filter(payment__line=line, ended_at__gt=max(now - DAY, since or now - DAY))
    ended = list(rows.order_by("-ended_at").values_list("ended_at", "payment__phone")[:MOST_ROWS])
    begins = {window: max(now - window, since or now - window) for window in WINDOWS}
    paid = _paid_on(line).filter(agreed_at__gt=begins[DAY])
    wanted = {
        f"within_{round(window.total_seconds())}": Count("pk", filter=Q(agreed_at__gt=at))
        for window, at in begins.items()
    }
    counts = paid.aggregate(**wanted)
    return {
        window: Counted(_shares(ended, at), counts[f"within_{round(window.total_seconds())}"] or 0)
        for window, at in begins.items()
    }


def declined_for(order_id: int, now: datetime) -> int:
    """How many cards were declined for one order in the last day."""
    return declined().filter(payment__order=order_id, ended_at__gt=now - DAY).count()


def counted_between(line: Line, begin: datetime, end: datetime) -> Counted:
    """A line's cards of one stretch of time that is over."""
    rows = declined().filter(payment__line=line, ended_at__gt=begin, ended_at__lte=end)
    return Counted(rows.count(), _paid_on(line).filter(agreed_at__gt=begin, agreed_at__lte=end).count())


def _paid_on(line: Line) -> QuerySet[Payment]:
    return Payment.objects.filter(
        merchant=line.merchant_id,  # for the index
        livemode=key_is_live(),
        status=Payment.Status.SUCCEEDED,
        line=line,
        kind=Payment.Kind.INITIAL,
    )


def _shares(ended: list[tuple[datetime, str]], begin: datetime) -> int:
    """No caller counts for more than a share: the line is only tried by many."""
    by_caller = Counter(phone for at, phone in ended if at > begin)
    return sum(min(A_CALLERS_SHARE, count) for count in by_caller.values())


def _tried(row: tuple[Any, ...], *, paid: bool) -> Tried:
    at, fingerprint, brand, last4, amount, code, behavior, number, keys = row
    chosen = behavior.startswith("caller") and (not number or bool(keys))
    small = chosen and amount <= SMALL_SUM_UNITS * currency(code).unit
    return Tried(at, fingerprint or f"{brand}{last4}", paid, small)
