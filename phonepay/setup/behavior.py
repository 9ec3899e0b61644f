"""Step 7: what callers are asked, and whether they are asked for later charges."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from phonepay.events.actors import Actor
from phonepay.merchant.lines import set_line
from phonepay.merchant.models import Line
from phonepay.merchant.refusals import LineRefused
from phonepay.people.permissions import require
from phonepay.setup.fact_words import sentences
from phonepay.setup.refusals import StepRefused
from phonepay.setup.shop import the_line
from phonepay.setup.steps import BEHAVIOR, step_done

FIXED = (Line.Behavior.FIXED_WITH_ORDER, Line.Behavior.FIXED)


def choose_behavior(
    *,
    behavior: str,
    fixed_amount: str = "",
    overage: str = "off",
    overage_cap: str = "",
    overage_days: str = "",
    by: Actor,
    now: datetime,
) -> Line:
    """Let callers of the line hear this, from the next call on. Amounts as people write them, "42.50".

    `overage` is off, ask or condition. Raises StepRefused with a sentence for each fact, NotAllowed.
    """
    require(by, "change_settings")
    line = the_line()
    if line is None:
        raise StepRefused({"behavior": _("Say first what your shop is called.")})
    changes: dict[str, Any] = {"behavior": behavior, "overage": overage}
    if behavior in FIXED:
        changes["fixed_amount"] = fixed_amount
    if overage != Line.Overage.OFF:
        changes |= {"overage_cap": overage_cap, "overage_days": overage_days or "30"}
    try:
        line = set_line(merchant=line.merchant, phone_number=line.phone_number, changes=changes, by=by, now=now)
    except LineRefused as refused:
        raise StepRefused(sentences(refused)) from refused
    facts = {"behavior": line.behavior, "amount": line.fixed_amount, "currency": line.currency, "overage": line.overage}
    step_done(BEHAVIOR, facts, now=now)
    return line
