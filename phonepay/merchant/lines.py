"""The shop's verbs on a line: make it, change it, pause it; and which line a call is for."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import IntegrityError, models, transaction

from phonepay.events import types
from phonepay.events.actors import Actor
from phonepay.events.models import record
from phonepay.lib import money
from phonepay.merchant.facts import LINE_FACTS, MERCHANT_FACTS, read_facts
from phonepay.merchant.hours import is_open
from phonepay.merchant.limits import check_whole, fill_in, start_afresh
from phonepay.merchant.models import Line, Merchant
from phonepay.merchant.refusals import FactRefused, LineRefused
from phonepay.people.permissions import require

DEFAULT_NAME = "our shop"
DEFAULT_CURRENCY = "usd"


def set_line(
    *, merchant: Merchant | None, phone_number: str, changes: Mapping[str, Any], by: Actor, now: datetime
) -> Line:
    """Change the line of this number; make it, and its merchant, where there is none. Returns the line as it is now.

    `phone_number` in any usual spelling; "" is the line that answers whatever number was called. `changes` by the names
    of Line's and Merchant's columns (`facts.LINE_FACTS`, `facts.MERCHANT_FACTS`), as people write them: amounts as
    "42.50" (integers are minor units), hours as "mon-fri 09:00-17:00", cards and locales by commas. `voices` and
    `words` are merged into what there is. The order prefix has its own verb: orders.prefix.set_order_prefix.

    Raises LineRefused, with a sentence for each fact that cannot be used; then nothing was changed. Raises NotAllowed.
    """
    require(by, "change_settings")
    try:
        with transaction.atomic():
            merchant = _merchant(merchant)
            number = _number(phone_number, merchant)
            line = Line.objects.select_for_update().filter(phone_number=number).first()
            if line is None:
                line = Line(merchant=merchant, phone_number=number, currency="", **_of_the_last_line(merchant))
            else:
                line.merchant = merchant = Merchant.objects.select_for_update().get(pk=line.merchant_id)
            return _apply(line, merchant, changes, by, now)
    except IntegrityError as error:
        taken = "Somebody else made or changed this line just now, or its number is another line's. Look again."
        raise LineRefused({"phone_number": FactRefused("taken", taken)}) from error


def add_line(
    *, merchant: Merchant | None, phone_number: str, facts: Mapping[str, Any], by: Actor, now: datetime
) -> Line:
    """Make a line, and its merchant where there is none, with callers' own amounts until somebody says otherwise.

    Raises LineRefused, also where there is a line of this number already, and NotAllowed.
    """
    require(by, "change_settings")
    with transaction.atomic():
        number = _number(phone_number, merchant or Merchant())
        if Line.objects.filter(phone_number=number).exists():
            raise LineRefused({"phone_number": FactRefused("taken", "There is a line of this number already.")})
        changes = {"behavior": Line.Behavior.CALLER} | dict(facts)
        return set_line(merchant=merchant, phone_number=number, changes=changes, by=by, now=now)


def pause_line(*, line: Line, by: Actor, now: datetime) -> Line:
    """Callers hear that no payments are taken now; calls under way end as they began."""
    return set_line(merchant=line.merchant, phone_number=line.phone_number, changes={"paused": True}, by=by, now=now)


def resume_line(*, line: Line, by: Actor, now: datetime) -> Line:
    """Take payments again."""
    return set_line(merchant=line.merchant, phone_number=line.phone_number, changes={"paused": False}, by=by, now=now)


def person_is_open(line: Line, now: datetime) -> bool:
    """Whether a person can be rung at `now`: the line has a number for it, and the shop's clock is within its hours."""
    return bool(line.person_number) and is_open(line.person_hours, now.astimezone(ZoneInfo(line.merchant.time_zone)))


def _merchant(merchant: Merchant | None) -> Merchant:
    """The one given, else the only one there is, else a new one, not yet saved."""
    if merchant is not None:
        return Merchant.objects.select_for_update().get(pk=merchant.pk)
    there = list(Merchant.objects.select_for_update()[:2])
    if len(there) > 1:
        sentence = "There are several shops here: say whose line this is."
        raise LineRefused({"merchant": FactRefused("several_shops", sentence)})
    return there[0] if there else Merchant(name=DEFAULT_NAME)


def _of_the_last_line(merchant: Merchant) -> dict[str, str]:
    """The connector of a new line: of another one than the shop's lines have, the one key could charge no card."""
    last = Line.objects.filter(merchant=merchant).order_by("-pk").first() if merchant.pk else None
    return {"connector": last.connector} if last else {}


def _number(phone_number: str, merchant: Merchant) -> str:
    number: str = read_facts({"phone_number": phone_number}, currency="", region=merchant.region)["phone_number"]
    return number


def _apply(line: Line, merchant: Merchant, changes: Mapping[str, Any], by: Actor, now: datetime) -> Line:
    new = line.pk is None
    before = _facts(line, merchant)
    region = read_facts({"region": changes.get("region", merchant.region)}, currency="", region="")["region"]
    code = _currency(changes, line)
    values = read_facts(changes, currency=code, region=region)
    if code != line.currency:
        start_afresh(line, code)
    for name, value in values.items():
        owner: models.Model = merchant if name in MERCHANT_FACTS else line
        setattr(owner, name, _merged(getattr(owner, name), value) if name in {"words", "voices"} else value)
    fill_in(line)
    check_whole(line)
    after = _facts(line, merchant)
    if not new and after == before:
        return line
    if new or before["behavior"] != after["behavior"]:
        line.behavior_since, line.behavior_by = now, str(by)[:200]
    merchant.save()
    line.merchant = merchant
    line.save()
    changed = [name for name in after if new or after[name] != before[name]]
    facts = {"after": {name: after[name] for name in changed}}
    if not new:
        facts["before"] = {name: before[name] for name in changed}
    record(types.LINE_MADE if new else types.LINE_CHANGED, subject=("line", line.pk), by=by, now=now, **facts)
    return line


def _currency(changes: Mapping[str, Any], line: Line) -> str:
    given = changes.get("currency") or line.currency or DEFAULT_CURRENCY
    try:
        return money.currency(str(given).strip()).code
    except money.MoneyError as error:
        raise LineRefused({"currency": FactRefused.of_money(error)}) from error


def _facts(line: Line, merchant: Merchant) -> dict[str, Any]:
    """What the event tells of: JSON-safe, as every column of them is."""
    facts = {name: getattr(line, name) for name in LINE_FACTS}
    return facts | {name: getattr(merchant, name) for name in MERCHANT_FACTS}


def _merged(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """`new` laid over `old`, one level at a time; what is empty goes back to the product's own."""
    merged = dict(old)
    for name, value in new.items():
        merged[name] = _merged(merged.get(name, {}), value) if isinstance(value, Mapping) else value
    return {name: value for name, value in merged.items() if value}
