"""Home of some days in a browser: charts with their tables, days chosen, a figure's list."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.conftest import THEMES, WIDTHS, Visitor
from tests.shop import Till
from tests.web.cast import a_day, person


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_home_of_thirty_days_is_fine(till: Till, visit: Callable[..., Visitor], width: str, theme: str) -> None:
    a_day(till)
    visitor = visit(person(), width=width, theme=theme)
    page = visitor.open("/")
    page.get_by_role("link", name="30 days").click()
    page.get_by_role("heading", name="Money per day").wait_for()
    page.get_by_text("The same as a table").click()
    visitor.is_fine(f"home-30-{width}-{theme}")


def test_a_figure_opens_the_list_that_adds_up_to_it(till: Till, visit: Callable[..., Visitor]) -> None:
    a_day(till)
    visitor = visit(person())
    page = visitor.open("/?period=7")
    page.get_by_role("link", name="$270.50").click()
    page.get_by_role("heading", name="Payments").wait_for()
    assert "$270.50" in page.locator("h1").inner_text()
