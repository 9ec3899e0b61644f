"""The old behavior and the edited prompts, onto a line; the first time only, so that what is changed here stays."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from phonepay.events.actors import Actor
from phonepay.imports.ancestor import prompts
from phonepay.imports.ancestor.report import Report
from phonepay.imports.ancestor.rows import OldBehavior
from phonepay.lib.money import currency as facts_of
from phonepay.merchant.lines import set_line
from phonepay.merchant.models import Line, Merchant
from phonepay.merchant.refusals import LineRefused

BEHAVIORS = {
    ("fixed", "enabled"): Line.Behavior.FIXED_WITH_ORDER,
    ("fixed", "disabled"): Line.Behavior.FIXED,
    ("user_defined", "enabled"): Line.Behavior.CALLER_WITH_ORDER,
    ("user_defined", "disabled"): Line.Behavior.CALLER,
}


def changes_of(old: OldBehavior | None, *, line: Line | None, currency: str, report: Report) -> dict[str, Any]:
    """The facts of a line as the old behavior has them; without one, those that a new line needs."""
    new = {} if line else {"behavior": Line.Behavior.CALLER, "currency": currency}
    behavior = BEHAVIORS.get((old.type, old.order_id)) if old else None
    if old is None or behavior is None:
        report.left_out("no_behavior", "behavior", 1, f"{old.type}, {old.order_id}" if old else "no row")
        return new
    changes: dict[str, Any] = {"behavior": behavior, "currency": currency}
    if old.type == "fixed":
        amount = old.amount * facts_of(currency).unit
        if amount < 1:
            report.left_out("no_behavior", "behavior", 1, f"{behavior}: {old.amount}")
            return new
        changes["fixed_amount"] = amount
        if line and line.currency == currency:
            changes |= {"ceiling": max(amount, line.ceiling), "floor": min(amount, line.floor)}
        elif old.amount > facts_of(currency).unit:
            changes["ceiling"] = max(amount, facts_of(currency).unit * 500)
    return changes


def carry(
    *,
    merchant: Merchant | None,
    line: Line | None,
    number: str,
    old: OldBehavior | None,
    words: Mapping[str, str],
    locale: str,
    currency: str,
    report: Report,
    by: Actor,
    now: datetime,
) -> Line:
    """Set the line of this number ("" answers any), or make it. Raises LineRefused where not even a new one can be."""
    changes = changes_of(old, line=line, currency=currency, report=report)
    shop = merchant or (line.merchant if line else None)
    try:
        made = set_line(merchant=shop, phone_number=number, changes=changes, by=by, now=now)
        report.carried("behavior", int(_is_known(old, changes)))
    except LineRefused as refused:
        report.left_out("settings_refused", "behavior", 1, str(refused))
        if line is not None:
            made = line
        else:
            new = {"behavior": Line.Behavior.CALLER, "currency": currency}
            made = set_line(merchant=shop, phone_number=number, changes=new, by=by, now=now)
    if words:
        own = prompts.carried(words, locale, report)
        if own:
            made = set_line(
                merchant=made.merchant, phone_number=number, changes={"words": {locale: own}}, by=by, now=now
            )
            report.carried("prompts", len(own))
    return made


def _is_known(old: OldBehavior | None, changes: Mapping[str, Any]) -> bool:
    return old is not None and BEHAVIORS.get((old.type, old.order_id)) == changes.get("behavior")
