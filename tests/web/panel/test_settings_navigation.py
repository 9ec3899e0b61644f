"""The way through Settings: what is there, what is open, and no word of lines where there is one."""

from __future__ import annotations

import pytest

from phonepay.people.models import Role
from tests.shop import make_line, make_shop
from tests.web.cast import person, signed_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("role", Role.values)
def test_everybody_finds_the_places_of_settings(role: str) -> None:
    page = signed_in(person(role)).get("/settings").content.decode()
    assert 'href="/settings/people"' in page and "Who works here" in page


def test_a_page_of_settings_leads_to_the_others() -> None:
    page = signed_in(person()).get("/settings/people").content.decode()
    assert 'href="/settings/people" aria-current="page"' in page and 'href="/settings"' in page


def test_the_rail_leads_to_settings_and_knows_that_one_is_there() -> None:
    make_line(make_shop())
    page = signed_in(person()).get("/settings/people").content.decode()
    assert 'href="/settings" data-place="settings" aria-current="page"' in page
