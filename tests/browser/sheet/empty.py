"""The first day: a shop with a line that nobody has called, and its owner."""

from __future__ import annotations

from tests.browser.sheet.setting_up import set_up
from tests.browser.sheet.worlds import World, people_of
from tests.shop import Till


def make(till: Till) -> World:
    world = World("empty", {"word": "Ana", "phone": "%2B12025550100"})
    assert till.line.pk
    people_of(world)
    set_up(till, world, done=1)
    return world
