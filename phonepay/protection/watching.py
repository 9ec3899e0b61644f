"""Looking: what a caller, a card and a line have come to, and the measures that follow. Any process may look, as often
as it likes: what is held already is not held twice."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone

from phonepay.merchant.models import Line
from phonepay.payments.models import Payment
from phonepay.payments.turned_away import CardQuestion
from phonepay.protection import histories
from phonepay.protection.callers import HIDDEN, key_of
from phonepay.protection.judging import History, goes_on, judge_caller, judge_card, judge_line
from phonepay.protection.limits import DAY, ORDER_DECLINES_DAY, USUAL, WEEK, limits_of, line_scale
from phonepay.protection.measures import ease, extend, kept_of, kept_of_line, take, take_line_step
from phonepay.protection.models import Measure, Watch
from phonepay.protection.standing import is_trusted
from phonepay.protection.steps import Step, Why


def look_at_caller(
    *,
    line: Line,
    phone: str,
    call_sid: str,
    now: datetime,
    numbers: Sequence[datetime] = (),
    at_once: int = 1,
) -> Measure | None:
    """What is held against this caller now. `numbers` and `at_once` as judging.History has them."""
    key = key_of(phone)
    row = kept_of(line, Measure.Kind.CALLER, key).first()
    if is_trusted(row, now):
        return row
    since = row.counted_from if row else None
    history = History(
        tried=histories.tried_by(line.merchant_id, phone, now, since),
        captures=histories.captures_of(line.merchant_id, phone, now, since),
        numbers=[at for at in numbers if since is None or at > since],
        at_once=at_once,
    )
    verdict = judge_caller(history, limits_of(line.protection, hidden=key == HIDDEN), now)
    if verdict.why == Why.AT_ONCE:
        # The caller's other calls are on the line: this one is not let in, and nothing is held against the next.
        return Measure(
            merchant_id=line.merchant_id, line=line, kind=Measure.Kind.CALLER, key=key, step=verdict.step,
            why=verdict.why, count=verdict.count, since=now, until=datetime.max.replace(tzinfo=now.tzinfo),
        )  # fmt: skip
    taken = take(line=line, kind=Measure.Kind.CALLER, key=key, verdict=verdict, call_sid=call_sid, now=now)
    return taken or row


def look_at_card(*, line: Line, fingerprint: str, call_sid: str, now: datetime) -> Measure | None:
    """Whether the bank is still asked about this card."""
    if not fingerprint:
        return None
    row = kept_of(line, Measure.Kind.CARD, fingerprint).first()
    if is_trusted(row, now):
        return row
    tried = histories.tried_with(line.merchant_id, fingerprint, now, row.counted_from if row else None)
    verdict = judge_card(tried, now)
    taken = take(line=line, kind=Measure.Kind.CARD, key=fingerprint, verdict=verdict, call_sid=call_sid, now=now)
    return taken or row


def look_at_line(*, line: Line, call_sid: str, now: datetime) -> Measure | None:
    """Whether the line takes a further step: by the windows where none is on, else by what came since."""
    row = kept_of_line(line).first()
    if row is not None and row.step and row.until <= now:
        row = end_step(line=line, now=now) or row  # the worker has not come to it yet
    usual = usual_of(line)
    scale = line_scale(line.protection)
    if row is not None and row.step and row.until > now:
        if row.step == last_step(line):
            return row
        since = histories.counted_on(line, now, row.since)[DAY]
        # Whom the line lets in at its fourth step the shop knows: it takes as much as at first to turn them away too.
        count = goes_on(since, usual, again=row.step < Step.PERSON, scale=scale)
        step, why = Step(row.step + 1), Why.STILL
    else:
        # Whoever was here this week comes back: less is needed now.
        again = row is not None and row.taken > 0 and now - row.until < WEEK
        windows = histories.counted_on(line, now, row.counted_from if row else None)
        count = judge_line(windows, usual, again=again, scale=scale)
        step, why = Step.GENERIC, Why.LINE_DECLINES
    if not count:
        return row
    return take_line_step(line=line, step=step, why=why, count=count, call_sid=call_sid, now=now)


def end_step(*, line: Line, now: datetime) -> Measure | None:
    """A line's step has had its time: one step down; but where cards are still declined, and the whole day is not what
    it usually is, the line requires an order, or goes on to. No further: a day's window is slow to let go, and what
    comes after would be felt by customers. None where nothing was due."""
    row = kept_of_line(line).first()
    if row is None or row.step == Step.NONE or row.until > now:
        return None
    since = histories.counted_on(line, now, row.since)[DAY].declined
    windows = histories.counted_on(line, now, row.counted_from)
    over = judge_line(windows, usual_of(line), again=True, scale=line_scale(line.protection))
    if since and over and row.step <= Step.ORDER:
        return extend(row=row, step=Step.ORDER, count=since, now=now)
    return ease(line=line, now=now)


def order_is_tired(order_id: int, now: datetime) -> bool:
    """Whether so many cards were declined for one order that it looks like somebody's tool for trying them."""
    return histories.declined_for(order_id, now) >= ORDER_DECLINES_DAY


def last_step(line: Line) -> Step:
    """How far a line goes: not every owner wants it to pause itself."""
    return Step.PAUSED if line.protection_may_pause else Step.PERSON


def usual_of(line: Line) -> float:
    """The line's usual share of declines."""
    known = Watch.objects.filter(line=line).values_list("usual", flat=True).first()
    return USUAL if known is None else known


def after_decline(*, line: Line, phone: str, fingerprint: str, call_sid: str, now: datetime) -> Measure | None:
    """A bank said no: look at all three. Returns what is held against the caller."""
    look_at_card(line=line, fingerprint=fingerprint, call_sid=call_sid, now=now)
    caller = look_at_caller(line=line, phone=phone, call_sid=call_sid, now=now)
    look_at_line(line=line, call_sid=call_sid, now=now)
    return caller


def cards_are_turned_away(line: Line, now: datetime) -> bool:
    """Whether any card is: then each is looked at before its bank is asked."""
    return _turned_away(line, now).exists()


def card_is_turned_away(line: Line, fingerprint: str, now: datetime) -> bool:
    """Whether this card is."""
    return bool(fingerprint) and _turned_away(line, now).filter(key=fingerprint).exists()


def _turned_away(line: Line, now: datetime) -> QuerySet[Measure]:
    cards = Measure.objects.filter(merchant=line.merchant_id, kind=Measure.Kind.CARD)
    return cards.filter(step__gte=Step.REFUSED, until__gt=now)


def card_question(payment: Payment) -> CardQuestion | None:
    """What is asked about the card of a charge that a worker sends; None where no card of the shop is turned away, and
    for an extra charge, which people make."""
    line = payment.line
    if payment.kind != Payment.Kind.INITIAL or not cards_are_turned_away(line, timezone.now()):
        return None
    return lambda fingerprint: card_is_turned_away(line, fingerprint, timezone.now())
