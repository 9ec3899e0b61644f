"""The contact sheet holds every page that somebody can open."""

from __future__ import annotations

from phonepay.web.panel.access import ROWS, is_machine
from tests.browser.sheet.shots import NOT_SHOWN, SHOTS
from tests.web.panel.test_access import ROUTES

PAGES = {name for name in ROWS if not is_machine("/" + ROUTES[name])}


def test_every_route_is_on_the_sheet_or_is_left_out_for_a_reason() -> None:
    assert {shot.route for shot in SHOTS} | set(NOT_SHOWN) == PAGES


def test_no_route_is_both_shown_and_left_out() -> None:
    assert not {shot.route for shot in SHOTS} & set(NOT_SHOWN)


def test_each_picture_has_a_name_of_its_own() -> None:
    names = [shot.name for shot in SHOTS]
    assert len(names) == len(set(names))
