"""Who may be at which page of the set-up, and what each page has in common."""

from __future__ import annotations

import functools
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from phonepay.people.models import Role, User
from phonepay.setup import codes, sandbox, steps
from phonepay.setup.codes import PLACEHOLDER
from phonepay.setup.findings import Finding
from phonepay.setup.refusals import StepRefused

MARK = "phonepay_setup"  # in the session that the code opened
_FOUND = "phonepay_setup_found"  # in the session too: what a step found, until the page after it has told it
_GOES_ON_TRYING = ("try_it", "connect")

View = Callable[..., HttpResponse]


def setup_page(view: View) -> View:
    """A page of the set-up: gone for good once that is closed, kept by no cache, its fields in no report.

    In the sandbox there is nothing to connect yet: what is typed would go to its stand-ins.
    """

    @sensitive_post_parameters()
    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not steps.is_open():
            raise Http404
        tries = isinstance(request.user, User) and request.user.role == Role.OWNER and sandbox.stay() is not None
        if tries and view.__name__ not in _GOES_ON_TRYING:
            return redirect("sandbox-leave")
        return view(request, *args, **kwargs)

    return guarded


def owns(user: object) -> bool:
    """Whether somebody is an owner with an account of their own, not the one that tries the sandbox."""
    return isinstance(user, User) and user.is_active and user.role == Role.OWNER and user.email != PLACEHOLDER


def came_by_code(request: HttpRequest) -> bool:
    """Whether the code opened this session, and there is still nobody who owns the installation."""
    tries = isinstance(request.user, User) and request.user.email == PLACEHOLDER and not codes.has_owner()
    return tries or codes.is_marked(request.session.get(MARK))


def page(request: HttpRequest, template: str, step: str = "", *, status: int = 200, **context: Any) -> HttpResponse:
    """A page with the way through the steps around it."""
    standings = steps.standings()
    here = steps.NAMES.index(step) + 1 if step in steps.NAMES else 0
    around = {
        "standings": standings,
        "here": step,
        "place": here,
        "count": len(standings),
        "minutes_left": steps.minutes_left(),
        "next_step": steps.next_step(),
        "before": () if template == "renewing" else told_before(request),
    }
    return render(request, f"installer/{template}.html", around | context, status=status)


def refused(refusal: StepRefused, form: Any) -> list[Finding]:
    """Put each sentence at its field, or over the form where it has none; return what was found out."""
    for name, sentence in refusal.problems.items():
        form.add_error(name if name in form.fields else None, sentence)
    return refusal.findings


def tell_next(request: HttpRequest, found: Sequence[Finding]) -> None:
    """Let the next page say it, also over a restart of the server: a page that a form made cannot be come back to."""
    request.session[_FOUND] = [{name: str(value) for name, value in asdict(each).items()} for each in found]


def told_before(request: HttpRequest) -> list[Finding]:
    """What `tell_next` kept for this page, once."""
    if request.method != "GET":
        return []
    return [Finding(**each) for each in request.session.pop(_FOUND, ())]


def onward(request: HttpRequest, step: str, found: Sequence[Finding] = ()) -> HttpResponse:
    """To the step after this one, which says what was found in it."""
    if found:
        tell_next(request, found)
    following = steps.NAMES.index(step) + 1
    return redirect(f"setup-{steps.NAMES[following]}" if following < len(steps.NAMES) else "setup-consoles")
