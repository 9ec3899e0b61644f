"""Settings, What callers hear: the four behaviors, switched in place; pausing; the ways to words and voice."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from phonepay.calls.hearing import calls_under_way
from phonepay.merchant.lines import pause_line, resume_line, set_line
from phonepay.merchant.models import Line
from phonepay.merchant.refusals import LineRefused
from phonepay.people.permissions import acting, may
from phonepay.setup.fact_words import sentences
from phonepay.web.panel.settings.behaviors import cards, plain_amount
from phonepay.web.panel.settings.chosen import Chosen, chosen_line, line_or_404
from phonepay.web.panel.settings.languages import language_name
from phonepay.web.panel.settings.moments import WHEN


@require_safe
def hear(request: HttpRequest) -> HttpResponse:
    """What callers hear now, and what they could hear."""
    chosen = chosen_line(request)
    if chosen.line is None:
        return render(request, "panel/settings/no_line.html", {"may_change": may(request.user, "change_settings")})
    return _page(request, chosen.line, chosen)


@require_http_methods(["GET", "HEAD", "POST"])
def behavior(request: HttpRequest, behavior: str) -> HttpResponse:
    """GET opens a card; POST makes callers hear it from the next call on."""
    by = acting(request.user, "change_settings")
    line, chosen = line_or_404(request)
    if behavior not in Line.Behavior.values:
        raise Http404
    if request.method != "POST":
        return _page(request, line, chosen, opened=behavior)
    before = (line.behavior, plain_amount(line.fixed_amount, line))
    changes: dict[str, Any] = {"behavior": behavior}
    if behavior.startswith("fixed"):
        changes["fixed_amount"] = request.POST.get("amount", "")
    try:
        changed = set_line(
            merchant=line.merchant, phone_number=line.phone_number, changes=changes, by=by, now=timezone.now()
        )
    except LineRefused as refused:
        why = " ".join(sentences(refused).values())
        return _page(request, line, chosen, opened=behavior, typed=request.POST.get("amount", ""), refusal=why)
    return _page(request, changed, chosen, switched=before if _differs(changed, before) else None)


@require_POST
def pause(request: HttpRequest) -> HttpResponse:
    """Take no payments, or take them again."""
    by = acting(request.user, "change_settings")
    line, chosen = line_or_404(request)
    if request.POST.get("paused") == "yes":
        pause_line(line=line, by=by, now=timezone.now())
        messages.success(request, _("Paused. From the next call on, callers hear that no cards are taken right now."))
    else:
        resume_line(line=line, by=by, now=timezone.now())
        messages.success(request, _("Payments are taken again, from the next call on."))
    return redirect(chosen.url("settings-hear"))


def _differs(line: Line, before: tuple[str, str]) -> bool:
    return (line.behavior, plain_amount(line.fixed_amount, line)) != before


def _page(
    request: HttpRequest, line: Line, chosen: Chosen, *, switched: tuple[str, str] | None = None, **card: Any
) -> HttpResponse:
    context = {
        "line": line,
        "chosen": chosen,
        "cards": list(cards(line, now=timezone.now(), **card)),
        "may_change": may(request.user, "change_settings"),
        "switched": switched,
        "under_way": calls_under_way(line) if switched else 0,
        "locales": [language_name(locale) for locale in line.locales],
        "own_words": sum(len(line.words.get(locale, {})) for locale in line.locales),
        "try_url": reverse("try-the-line") if may(request.user, "try_the_line") else "",
        "all_words": len(WHEN) * len(line.locales),
    }
    name = "panel/settings/behaviors.html" if request.htmx else "panel/settings/hear.html"  # type: ignore[attr-defined]  # by its middleware
    return render(request, name, context)
