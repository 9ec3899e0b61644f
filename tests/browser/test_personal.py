"""A customer's data, looked at and erased, at the desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from phonepay.calls.models import Erasure
from tests.browser.conftest import THEMES, WIDTHS, Visitor
from tests.shop import MARY, Till, consent
from tests.web.cast import person


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_page_is_fine_at_every_step(till: Till, visit: Callable[..., Visitor], width: str, theme: str) -> None:
    till.pay(till.order(), consent=consent())
    visitor = visit(width=width, theme=theme)
    visitor.sign_in(person())
    for name, query in {"empty": "", "nobody": "?who=9999", "found": f"?who=%2B{MARY[1:]}"}.items():
        visitor.open(f"/settings/personal-data{query}")
        visitor.is_fine(f"personal-{name}-{width}-{theme}")
    visitor.page.get_by_role("link", name="Erase…").click()
    visitor.is_fine(f"personal-asked-{width}-{theme}")
    visitor.page.get_by_role("button", name="Erase it for good").click()
    visitor.page.get_by_text("Erased: names").wait_for()
    visitor.is_fine(f"personal-erased-{width}-{theme}")
    assert Erasure.objects.count() == 1
