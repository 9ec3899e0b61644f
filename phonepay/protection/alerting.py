"""What owners are alerted of: a line that protects itself, and callers who are turned away."""

from __future__ import annotations

from datetime import datetime

from phonepay.alerts.operations import alert, over
from phonepay.protection.models import Measure
from phonepay.protection.steps import Step

LINE, CALLER = "line_guarded", "callers_refused"


def raise_for(row: Measure, *, now: datetime) -> None:
    """A step was taken. The first of a line is felt by nobody, and needs nobody."""
    key = f"line:{row.line_id}"
    if row.kind != Measure.Kind.LINE:
        alert(kind=CALLER, key=key, facts={"why": row.why, "count": row.count}, now=now)
    elif row.step >= Step.ORDER:
        alert(kind=LINE, key=key, facts={"step": int(row.step), "count": row.count}, now=now)


def over_for(row: Measure, *, now: datetime) -> None:
    """It is over."""
    if row.kind == Measure.Kind.LINE:
        over(kind=LINE, key=f"line:{row.line_id}", now=now)
