"""Step 2: the shop's name, its currency, its clock and the language that callers hear."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from phonepay.events.actors import Actor
from phonepay.merchant.lines import set_line
from phonepay.merchant.models import Line
from phonepay.merchant.refusals import LineRefused
from phonepay.people.permissions import require
from phonepay.setup.fact_words import sentences
from phonepay.setup.refusals import StepRefused
from phonepay.setup.steps import SHOP, step_done


def the_line() -> Line | None:
    """The line that the set-up is about: the one whose number is still to come, else the first that was made."""
    lines = Line.objects.select_related("merchant")
    return lines.filter(phone_number="").first() or lines.order_by("pk").first()


def shop_now() -> dict[str, str]:
    """The shop's facts by the names of `set_shop`; before there is one, what most choose."""
    line = the_line()
    if line is None:
        return {"name": "", "currency": "usd", "time_zone": "America/New_York", "locale": "en-US"}
    shop = line.merchant
    return {"name": shop.name, "currency": line.currency, "time_zone": shop.time_zone, "locale": line.locales[0]}


def set_shop(
    *, name: str, currency: str, time_zone: str, locale: str, region: str = "", by: Actor, now: datetime
) -> Line:
    """Make the shop with its first line, which has no number yet, or change them. Raises StepRefused, NotAllowed.

    `locale` as ivr.prompts has it; it is the line's first language, and one that callers could choose stays.
    """
    require(by, "change_settings")
    line = the_line()
    others = [each for each in (line.locales[1:] if line else []) if each != locale]
    changes: dict[str, Any] = {
        "name": name,
        "time_zone": time_zone,
        "locales": ",".join([locale, *others]),
    }
    if region or "-" in locale:  # a locale without a country is none of ours, and is said to be so itself
        changes["region"] = region or locale.rpartition("-")[2]
    if line is None or currency != line.currency:
        changes["currency"] = currency
    if line is None:
        changes["behavior"] = Line.Behavior.CALLER
    try:
        line = set_line(
            merchant=line.merchant if line else None,
            phone_number=line.phone_number if line else "",
            changes=changes,
            by=by,
            now=now,
        )
    except LineRefused as refused:
        raise StepRefused(sentences(refused)) from refused
    step_done(
        SHOP, {"name": line.merchant.name, "currency": line.currency, "time_zone": line.merchant.time_zone}, now=now
    )
    return line
