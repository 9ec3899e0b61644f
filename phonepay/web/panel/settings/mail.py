"""Settings, Connections, e-mail: a test that an owner sends themselves."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from phonepay.notifications.postbox import TestRefused, send_test
from phonepay.people.models import User
from phonepay.people.permissions import acting


@require_POST
def test(request: HttpRequest) -> HttpResponse:
    """Send it now, and say what came of it in the page's own place."""
    by = acting(request.user, "change_settings")
    assert isinstance(request.user, User)  # noqa: S101 - only a person of the shop is acting
    try:
        send_test(to=request.user.email, language=get_language() or "en", by=by, now=timezone.now())
    except TestRefused as refused:
        said = refused.facts.get("answer")
        answer = " " + _("It said: %(answer)s") % {"answer": said} if said else ""
        messages.error(request, f"{refused}{answer}")
    else:
        messages.success(request, _("Sent to %(email)s. Look whether it arrives.") % {"email": request.user.email})
    return redirect(f"{reverse('settings-connections')}#e-mail")
