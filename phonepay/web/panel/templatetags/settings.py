"""{% load settings %}: the way through Settings."""

from __future__ import annotations

from typing import Any

from django import template

from phonepay.merchant.models import Line
from phonepay.web.panel.settings.chosen import name_of
from phonepay.web.panel.settings.tabs import Way, ways

register = template.Library()


@register.simple_tag(takes_context=True)
def settings_ways(context: dict[str, Any]) -> list[Way]:
    """{% settings_ways as tabs %}: the tabs that this person may open."""
    return ways(context["request"])


@register.filter
def item(several: list[Any], place: int) -> Any:
    """{{ days|item:2 }}"""
    return several[place]


@register.filter
def line_name(line: Line) -> str:
    """A line's number as people write it, "" for one that answers any number."""
    return name_of(line)
