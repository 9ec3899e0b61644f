"""Activity in a real browser: a full list, and one that holds the worst."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone

from phonepay.events import types
from phonepay.events.actors import Actor
from phonepay.events.models import record
from phonepay.merchant.lines import set_line
from phonepay.people.permissions import actor
from tests.browser.conftest import THEMES, WIDTHS, Visitor
from tests.shop import Till
from tests.web.cast import a_day, person


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_what_was_done_is_fine(till: Till, visit: Callable[..., Visitor], width: str, theme: str) -> None:
    a_day(till)
    olivia, now = person(), timezone.now()
    by = actor(olivia)
    words = {"en-US": {"goodbye": "So long, and thank you for calling us."}}
    changes = {"fixed_amount": "50", "ceiling": "2000", "words": words, "moto": "yes", "tries": 5}
    set_line(merchant=till.shop, phone_number=till.line.phone_number, changes=changes, by=by, now=now)
    name = "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewiss"
    stranger = Actor("stranger", "", f"{name}@example.com".lower(), "panel:2001:db8:85a3:8d3:1319:8a2e:370:7348")
    record(types.SESSION_SIGN_IN_FAILED, subject=("session", ""), by=stranger, now=now)
    facts = {"before": {"customer_name": "Ana"}, "after": {"customer_name": name}}
    record(types.ORDER_EDITED, subject=("order", 999), by=by, now=now, **facts)
    visitor = visit(olivia, width=width, theme=theme)
    for name, path in {
        "activity": "/settings/activity",
        "activity-filtered": "/settings/activity?kind=settings&period=7",
        "activity-nothing": "/settings/activity?kind=exports",
    }.items():
        visitor.open(path)
        visitor.is_fine(f"{name}-{width}-{theme}")
