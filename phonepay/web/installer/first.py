"""The first page: the code, the two doors, and from then on the way through the steps."""

from __future__ import annotations

from typing import Any

from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from phonepay.events.actors import from_panel
from phonepay.lib.refusal import Refusal
from phonepay.people.permissions import acting
from phonepay.setup import codes, sandbox, steps
from phonepay.setup.owner import OwnerRefused, let_in_to_try
from phonepay.web.addresses import address_of
from phonepay.web.installer.forms import CodeForm
from phonepay.web.installer.gate import MARK, came_by_code, owns, page, setup_page
from phonepay.web.throttle import allowed, refused_for_now


@sensitive_post_parameters("code")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def setup(request: HttpRequest) -> HttpResponse:
    """Closed for good, or the code is asked for, or the two doors, or how far it has come."""
    now = timezone.now()
    if not steps.is_open():
        raise Http404
    if owns(request.user):
        return page(request, "overview", done=not steps.next_step())
    if came_by_code(request):
        return page(request, "doors", trying=sandbox.stay())
    if not codes.outstanding(now=now):
        return redirect(f"{reverse('account_login')}?next={reverse('setup')}")
    if request.method != "POST":
        return page(request, "code", form=CodeForm(initial={"code": request.GET.get("code", "")}))
    return _open(request, now)


def _open(request: HttpRequest, now: Any) -> HttpResponse:
    form = CodeForm(request.POST)
    if not allowed(request, "set-up"):
        return refused_for_now(request)
    mark = codes.open_with(request.POST.get("code", ""), now=now)
    if mark is None:
        form.add_error("code", _("This code opens nothing. phonepay serve prints a new one each time it starts; each "
                                 "opens once, within an hour."))  # fmt: skip
        return page(request, "code", form=form, status=403)
    request.session.cycle_key()
    request.session[MARK] = mark
    return redirect("setup")


@require_POST
@setup_page
def try_it(request: HttpRequest) -> HttpResponse:
    """The first door: the sandbox, with an owner who exists for it alone."""
    now = timezone.now()
    if not came_by_code(request):
        return redirect("setup")
    try:
        user = let_in_to_try(now=now, source=from_panel(address_of(request)))
    except OwnerRefused:
        return redirect("setup")
    login(request, user)
    try:
        sandbox.start_sandbox(by=acting(user, "change_settings"), now=now)
    except Refusal as refusal:
        return page(request, "doors", problem=_(str(refusal)), status=409)
    return redirect("try-telephone")


@require_POST
@setup_page
def connect(request: HttpRequest) -> HttpResponse:
    """The second door: the steps begin. Who is in the sandbox says first what becomes of what was tried."""
    if not came_by_code(request) and not owns(request.user):
        return redirect("setup")
    if sandbox.stay() is None:
        return redirect(f"setup-{steps.next_step() or steps.OWNER}")
    if not request.user.is_authenticated:  # they were out, and came back with a new code
        try:
            login(request, let_in_to_try(now=timezone.now(), source=from_panel(address_of(request))))
        except OwnerRefused:
            return redirect("setup")
    return redirect("sandbox-leave")
