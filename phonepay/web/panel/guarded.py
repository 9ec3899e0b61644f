"""What protection does, in plain words: for its page, for Home, for a call's page and for Activity."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from phonepay.calls.models import Call
from phonepay.ivr.endings import Ending
from phonepay.lib import phone
from phonepay.merchant.models import Line
from phonepay.protection.callers import HIDDEN
from phonepay.protection.limits import DAY
from phonepay.protection.models import Measure
from phonepay.protection.steps import Step, Why
from phonepay.web.panel import formats


@dataclass(frozen=True, slots=True)
class Held:
    """One measure that is on: what callers meet (`what`), why, until when; `call` is the one in which it was taken."""

    measure: Measure
    what: str
    why: str
    until: datetime
    call: Call | None
    button: str


def held_now(line_id: int, merchant_id: int, now: datetime, region: str) -> list[Held]:
    """What is on for this line, and for callers and cards of the shop, the furthest first."""
    rows = Measure.objects.filter(merchant=merchant_id, step__gt=Step.NONE, until__gt=now).order_by("-step", "-since")
    mine = [row for row in rows[:200] if row.kind != Measure.Kind.LINE or row.line_id == line_id]
    shown = [row for row in mine if row.kind == Measure.Kind.LINE or row.step >= Step.REFUSED]
    calls = {call.sid: call for call in Call.objects.filter(sid__in=[row.call_sid for row in shown if row.call_sid])}
    return [held(row, calls.get(row.call_sid), region) for row in shown]


def turned_away_today(line: Line, now: datetime) -> str:
    """How many callers were turned away in the last day and have not paid, as a sentence; "" for none."""
    today = Call.objects.filter(line=line, started_at__gt=now - DAY)
    paid = today.filter(ended=Ending.PAID).exclude(phone="").values("phone")
    callers = today.filter(ended=Ending.CALLER_REFUSED).exclude(phone__in=paid).values("phone").distinct().count()
    if not callers:
        return ""
    words = ngettext(
        "%(count)s caller was turned away in the last 24 hours, and has not paid.",
        "%(count)s callers were turned away in the last 24 hours, and have not paid.",
        callers,
    )
    return words % {"count": formats.number(callers)}


def held(row: Measure, call: Call | None, region: str) -> Held:
    return Held(
        row,
        what_is_met(row, call.phone if call else "", region),
        why_of(row.why, row.count),
        row.until,
        call,
        lifting_word(row),
    )


def what_is_met(row: Measure, caller: str, region: str) -> str:
    """What callers meet while it is on; `caller` is the number of the one it is held against, "" where not known."""
    if row.kind == Measure.Kind.LINE:
        return line_step(row.step, orders=row.line.asks_order_number)
    if row.kind == Measure.Kind.CARD:
        return _("One card is turned away without asking its bank.")
    if row.key == HIDDEN:
        return _("Callers who hide their number get a person instead of the card, or are turned away.")
    if caller:
        return _("%(caller)s is turned away.") % {"caller": phone.format_number(caller, region)}
    return _("One caller is turned away.")


def line_step(step: int, *, orders: bool) -> str:
    """A line's step: what it does beside those before it. `orders`: whether the line asks for an order number."""
    return {
        Step.GENERIC: _("Declines are told without their reason. Everybody can still pay."),
        Step.ORDER: _("Callers whom you do not know need an order of your list, and have one card a call.")
        if orders
        else _("Callers whom you do not know are asked to call again in five minutes, and have one card a call."),
        Step.REFUSED: _("Whoever had a card declined today is turned away. All others can pay."),
        Step.PERSON: _("Callers whom you do not know get a person, or are turned away. Your customers can pay."),
        Step.PAUSED: _("No cards are taken."),
    }.get(Step(step), "")


def why_of(why: str, count: int) -> str:
    """The limit that was reached."""
    words = {
        Why.DECLINES: ngettext("%(count)s card was declined.", "%(count)s cards were declined.", count),
        Why.CARDS: ngettext(
            "%(count)s different card was declined in a day.",
            "%(count)s different cards were declined in a day.",
            count,
        ),
        Why.CAPTURES: _("%(count)s times a card was asked for in an hour, and none paid."),
        Why.NUMBERS: _("%(count)s order numbers were keyed, and none was paid."),
        Why.SMALL_SUMS: _("%(count)s different cards were used for small sums in an hour."),
        Why.AT_ONCE: _("%(count)s calls from this number at the same time."),
        Why.CARD_DECLINES: _("It was declined %(count)s times in a day."),
        Why.CARD_CALLERS: _("%(count)s callers tried it in a day."),
        Why.LINE_DECLINES: _("%(count)s cards were declined of late, far more than is usual here."),
        Why.STILL: _("It went on: %(count)s more cards were declined."),
        Why.EASED: _("The step before has ended; this one looks whether it is over."),
    }
    return words.get(why, "") % {"count": formats.number(count)}


def lifting_word(row: Measure) -> str:
    if row.kind == Measure.Kind.LINE:
        return _("Resume")
    if row.key == HIDDEN:
        return _("Let them in again")
    return _("That was a real customer")


def said_of_lift(row: Measure) -> str:
    """What the one click has done."""
    if row.kind == Measure.Kind.LINE:
        return _("Done. The line takes cards as usual. What happened before counts no more.")
    if row.key == HIDDEN:
        return _("Done. Callers who hide their number can pay again. What happened before counts no more.")
    if row.kind == Measure.Kind.CARD:
        return _("Done. The bank is asked about this card again, and for 90 days it is not turned away.")
    return _("Done. This caller can pay from the next call on, and for 90 days is not turned away.")


def said_of_step(data: Mapping[str, Any]) -> str:
    """An event's facts as a sentence: of a step that was taken or eased."""
    kind, step = data.get("kind"), int(data.get("step") or 0)
    why = why_of(str(data.get("why") or ""), int(data.get("count") or 0))
    if kind == Measure.Kind.LINE:
        met = line_step(step, orders=data.get("orders", True))
        return f"{met} {why}" if step else _("The line protects itself no more: it is over.")
    if kind == Measure.Kind.CARD:
        return f"{_('One card is turned away without asking its bank.')} {why}"
    if data.get("hidden"):
        return f"{_('Callers who hide their number get a person, or are turned away.')} {why}"
    return f"{_('One caller is turned away.')} {why}"


def said_of_lifting(data: Mapping[str, Any]) -> str:
    """Of one that a person lifted."""
    if data.get("kind") == Measure.Kind.LINE:
        return _("Resumed the line: nothing is held back")
    if data.get("hidden"):
        return _("Let callers in again who hide their number")
    if data.get("kind") == Measure.Kind.CARD:
        return _("Said that a card which was turned away is a real customer's")
    return _("Said that a caller who was turned away is a real customer")


def said_of_call(script: Mapping[str, Any]) -> str:
    """What protection did in a call; "" where it did nothing."""
    guard = script.get("guard")
    if not guard:
        return ""
    refusal = guard.get("refusal")
    if refusal == "paused":
        return _("The line was protecting itself: no cards were taken.")
    if refusal == "again":
        return _("The line was protecting itself: this caller was asked to call again in five minutes.")
    if refusal == "person":
        return _("The line was protecting itself: this caller got a person instead of the card.")
    if refusal:
        return _("This caller was turned away, to protect the line.")
    step = int(guard.get("step") or 0)
    if step >= Step.REFUSED:
        return _("After this card no other was taken from this caller, to protect the line.")
    if step >= Step.ORDER:
        return _("The line was careful: declines without a reason, one card, an order of your list.")
    return _("The line was careful: declines were told without their reason.")
