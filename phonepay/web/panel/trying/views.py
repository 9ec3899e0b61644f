"""Try the line: hear it and press its keys. The trial travels in the session; nothing else is written."""

from __future__ import annotations

from typing import Any, cast, get_args

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from phonepay.calls import trial as trials
from phonepay.calls.trial import OutOfPlace, Trial
from phonepay.merchant.models import Line
from phonepay.people.permissions import acting, may
from phonepay.web.panel.calls_told import ended_word
from phonepay.web.panel.settings.chosen import Chosen, chosen_line

_KEPT, _ALOUD = "trial", "trial_aloud"

CARDS = {
    "accepted": gettext_lazy("The card is accepted"),
    "declined": gettext_lazy("The bank says no"),
    "no_funds": gettext_lazy("Not enough money"),
    "wrong_code": gettext_lazy("The security code is wrong"),
    "no_answer": gettext_lazy("The bank does not answer"),
    "unread": gettext_lazy("The card cannot be read"),
    "stopped": gettext_lazy("The caller presses star"),
}
# Stripe's own, for calls to a line with test keys (docs.stripe.com/testing).
TEST_CARDS = (
    ("4242 4242 4242 4242", gettext_lazy("goes through")),
    ("4000 0000 0000 0002", gettext_lazy("is declined")),
    ("4000 0000 0000 9995", gettext_lazy("has not enough money")),
)


@require_http_methods(["GET", "HEAD", "POST"])
def try_the_line(request: HttpRequest) -> HttpResponse:
    """The conversation as far as it went. Each POST is one thing done in it."""
    acting(request.user, "try_the_line")
    chosen = chosen_line(request)
    line = chosen.line
    if line is None:
        return render(request, "panel/settings/no_line.html", {"may_change": may(request.user, "change_settings")})
    before = _kept(request, line)
    trial = before
    if request.method == "POST":
        trial = _done(request, line, before)
        request.session[_KEPT] = trial.to_dict() if trial else None
        if not request.htmx:  # type: ignore[attr-defined]  # by its middleware
            return redirect(chosen.url("try-the-line") + "#now")
    return _page(request, line, chosen, trial, new_from=len(before.said) if before and before.turn else 0)


def _done(request: HttpRequest, line: Line, trial: Trial | None) -> Trial | None:
    """The trial after what was pressed; as it was, where that belongs to a page that is older than the trial."""
    act, now = request.POST.get("act", ""), timezone.now()
    if act == "aloud":
        request.session[_ALOUD] = request.POST.get("value") == "yes"
        return trial
    if act == "call":
        return trials.begin(line, now=now)
    if trial is None or request.POST.get("turn") != str(trial.turn):
        return trial
    value = request.POST.get("value", "")
    try:
        if act == "press":
            return trials.press(trial, request.POST.get("keys", ""), line=line, now=now)
        if act == "card" and value in get_args(trials.Card):
            return trials.card(trial, cast(trials.Card, value), line=line, now=now)
        if act == "person":
            return trials.person(trial, answered=value == "yes", line=line, now=now)
    except OutOfPlace:
        return trial
    return trials.hang_up(trial) if act == "hang_up" else trial


def _kept(request: HttpRequest, line: Line) -> Trial | None:
    """This person's trial of this line; none where an older version kept it in another shape."""
    stored = request.session.get(_KEPT)
    try:
        trial = Trial.from_dict(stored) if stored else None
    except (KeyError, TypeError, ValueError):
        return None
    return trial if trial and trial.line == line.pk else None


def _page(request: HttpRequest, line: Line, chosen: Chosen, trial: Trial | None, *, new_from: int = 0) -> HttpResponse:
    aloud = bool(request.session.get(_ALOUD))
    context: dict[str, Any] = {
        "line": line,
        "chosen": chosen,
        "trial": trial,
        "said": [(each, place >= new_from) for place, each in enumerate(trial.said)] if trial else [],
        "aloud": aloud,
        "cards": CARDS,
        "test_cards": TEST_CARDS,
        "ended": _ended(trial) if trial and trial.kind == "over" else "",
        "keypad": "123456789*0#",
    }
    name = "panel/trying/trial.html" if request.htmx else "panel/trying/page.html"  # type: ignore[attr-defined]  # by its middleware
    return render(request, name, context)


def _ended(trial: Trial) -> str:
    return _("Hung up") if trial.ended == "hung_up" else ended_word(trial.ended)
