"""The way out of the sandbox: what becomes of what was tried, then the accounts."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from phonepay.calls.models import Call
from phonepay.payments.models import Payment
from phonepay.people.permissions import acting
from phonepay.setup import steps
from phonepay.setup.sandbox import SandboxRefused, leave_sandbox, stay


@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest) -> HttpResponse:
    """Ask what becomes of it, and do it."""
    by = acting(request.user, "change_keys")
    going_on = stay()
    if going_on is None:
        return redirect("home")
    refused = ""
    if request.method == "POST":
        clear = request.POST.get("tried") != "keep"
        try:
            leave_sandbox(clear=clear, by=by, now=timezone.now())
        except SandboxRefused:
            refused = _("A payment or a refund is still being checked. Wait a moment, then leave.")
        else:
            messages.success(request, _("The sandbox is left. Nothing of it was real."))
            return redirect(_next())
    since = going_on.started_at
    tried = {
        "calls": Call.objects.filter(livemode=False, started_at__gte=since).count(),
        "payments": Payment.objects.filter(livemode=False, agreed_at__gte=since).count(),
    }
    return render(request, "panel/sandbox/leave.html", tried | {"since": since, "refused": refused})


def _next() -> str:
    """Where accounts are connected: in the set-up, until that was finished once."""
    if steps.is_open():
        return reverse(f"setup-{steps.next_step() or steps.OWNER}")
    return reverse("settings-connections")
