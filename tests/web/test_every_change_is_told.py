"""Nothing is changed, and nothing sensitive looked at, without an event: route by route, by a table.

A new route that takes a POST fails here until it has a row in tests/web/deed_table.py.
"""

from __future__ import annotations

import pytest
from django.core.cache import cache
from pytest_django.fixtures import Settings

from phonepay.events.models import Event
from phonepay.people.models import Role
from phonepay.web.panel.access import ROWS, is_machine
from tests.shop import Till
from tests.web.cast import person, signed_in
from tests.web.deed_table import CHANGES, LOOKS
from tests.web.deeds import Deed, World
from tests.web.panel.test_access import ROUTES, address


@pytest.fixture
def world(till: Till, settings: Settings) -> World:
    settings.PHONEPAY_STRIPE_WEBHOOK_SECRETS = ()  # what the environment sets is not changed in a page
    assert till.line
    cache.clear()  # what earlier tests have tried at the sign-in
    owner = person(Role.OWNER)
    return World(till, owner, signed_in(owner))


@pytest.mark.django_db
def test_every_route_that_takes_a_post_has_a_row() -> None:
    owner = signed_in(person(Role.OWNER))
    posted = {
        route: owner.post(address(route)).status_code
        for route in ROUTES
        if not is_machine(address(route)) and ROWS[route].owner not in ("look", "signed")
    }
    missing = [route for route, status in posted.items() if status != 405 and route not in CHANGES | LOOKS]
    assert missing == [], "they take a POST: add them to tests/web/deed_table.py"


def test_every_row_has_a_route() -> None:
    assert set(CHANGES) <= set(ROUTES)
    assert set(LOOKS) - {"failed sign-in"} <= set(ROUTES)


def test_what_leaves_nothing_says_why() -> None:
    assert [route for route, deed in CHANGES.items() if not deed.leaves and not deed.reason] == []


@pytest.mark.parametrize(
    "deed",
    [pytest.param(deed, id=route) for route, deed in (CHANGES | LOOKS).items() if deed.leaves],
)
def test_a_deed_leaves_its_event(world: World, deed: Deed) -> None:
    before = Event.objects.filter(type=deed.leaves).count()
    deed.do(world)
    told = Event.objects.filter(type=deed.leaves).order_by("-pk")
    assert told.count() > before, f"there are only {[each.type for each in Event.objects.order_by('pk')]}"
