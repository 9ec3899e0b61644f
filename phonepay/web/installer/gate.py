"""Who may be at which page of the set-up, and what each page has in common."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from phonepay.people.models import Role, User
from phonepay.setup import codes, steps
from phonepay.setup.codes import PLACEHOLDER
from phonepay.setup.findings import Finding
from phonepay.setup.refusals import StepRefused

MARK = "phonepay_setup"  # in the session that the code opened

View = Callable[..., HttpResponse]


def setup_page(view: View) -> View:
    """A page of the set-up: gone for good once that is closed, kept by no cache, its fields in no report."""

    @sensitive_post_parameters()
    @never_cache
    @require_http_methods(["GET", "HEAD", "POST"])
    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not steps.is_open():
            raise Http404
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
    }
    return render(request, f"installer/{template}.html", around | context, status=status)


def refused(refusal: StepRefused, form: Any) -> list[Finding]:
    """Put each sentence at its field, or over the form where it has none; return what was found out."""
    for name, sentence in refusal.problems.items():
        form.add_error(name if name in form.fields else None, sentence)
    return refusal.findings


def onward(step: str) -> HttpResponse:
    """To the step after this one."""
    following = steps.NAMES.index(step) + 1
    return redirect(f"setup-{steps.NAMES[following]}" if following < len(steps.NAMES) else "setup-consoles")
