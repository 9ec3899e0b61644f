"""The places within Settings: one list for the landing page and for the way from one to another."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from phonepay.web.panel.access import may_open


@dataclass(frozen=True, slots=True)
class Tab:
    """`route` names the page, `holds` begins the names of the routes that belong to it."""

    route: str
    word: str | Promise
    about: str | Promise
    holds: tuple[str, ...]
    of_a_line: bool = False


TABS = (
    Tab(
        "settings-hear",
        _("What callers hear"),
        _("The behavior, every word, voice and language"),
        ("settings-hear", "settings-behavior", "settings-word", "settings-voice"),
        of_a_line=True,
    ),
    Tab(
        "settings-amounts",
        _("Amounts and cards"),
        _("What callers can pay, with which cards, how patiently, and who helps"),
        ("settings-amounts",),
        of_a_line=True,
    ),
    Tab(
        "settings-protection",
        _("Protection"),
        _("What keeps callers, cards and accounts safe"),
        ("settings-protection",),
        of_a_line=True,
    ),
    Tab("people", _("People"), _("Who works here and what they may do"), ("people",)),
    Tab(
        "settings-connections",
        _("Connections"),
        _("Phone number, Stripe, e-mail, health"),
        ("settings-connections", "settings-check", "settings-number", "settings-key", "books", "worker", "alert"),
    ),
    Tab(
        "personal-data",
        _("A customer's data"),
        _("Tell somebody what is kept of them, or erase it"),
        ("personal-data",),
    ),
    Tab("activity", _("Activity"), _("Who did what, and when"), ("activity",)),
)


@dataclass(frozen=True, slots=True)
class Way:
    tab: Tab
    url: str
    here: bool


def ways(request: HttpRequest) -> list[Way]:
    """The tabs that are open to this person; the chosen line stays chosen on the way."""
    match = request.resolver_match
    route = (match.url_name or "") if match else ""
    line = request.GET.get("line", "")
    found = []
    for tab in TABS:
        if not may_open(tab.route, request.user):
            continue
        kept = f"?line={line}" if tab.of_a_line and line.isdigit() else ""
        found.append(Way(tab, reverse(tab.route) + kept, route.startswith(tab.holds)))
    return found
