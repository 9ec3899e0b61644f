"""{% load settings %}: the way through Settings."""

from __future__ import annotations

from typing import Any

from django import template
from django.template import Context
from django.utils import timezone

from phonepay.merchant.models import Line
from phonepay.notifications import postbox
from phonepay.people.permissions import may
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


@register.inclusion_tag("panel/settings/mail_status.html", takes_context=True)
def mail_status(context: Context) -> dict[str, Any]:
    """Whether e-mail goes out, and the way to try it."""
    user = context.get("user")
    return {
        "mail": postbox.status(timezone.now()),
        "may_test": may(user, "change_settings"),
        "csrf_token": context.get("csrf_token"),
        "user": user,
    }
