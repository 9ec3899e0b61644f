"""The page behind an invitation's link: a name, a password, and one is in."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import login
from django.contrib.auth.password_validation import validate_password
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from phonepay.events.actors import from_panel
from phonepay.people.invitations import InvitationRefused, find_by_token
from phonepay.people.invitations import accept as accept_invitation
from phonepay.people.models import Invitation, User
from phonepay.web.accounts.names import no_card_number
from phonepay.web.accounts.words import invitation_refusal
from phonepay.web.addresses import address_of
from phonepay.web.throttle import allowed, refused_for_now


class JoinForm(forms.Form):
    name = forms.CharField(
        label=_("Your name"),
        max_length=120,
        validators=[no_card_number],
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    password = forms.CharField(
        label=_("A password, ten characters or more"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, invitation: Invitation, **kwargs: Any) -> None:
        kwargs["initial"] = {"name": invitation.name}
        super().__init__(*args, **kwargs)
        self._invitation = invitation

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        validate_password(password, User(email=self._invitation.email, name=self.cleaned_data.get("name", "")))
        return password


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def accept(request: HttpRequest, token: str) -> HttpResponse:
    """Make the account and sign in; a link that opens nothing says why."""
    if not allowed(request, "invitation"):
        return refused_for_now(request)
    try:
        invitation = find_by_token(token, now=timezone.now())
        form = JoinForm(request.POST or None, invitation=invitation)
        if request.method == "POST" and form.is_valid():
            facts = form.cleaned_data
            user = accept_invitation(
                invitation=invitation,
                name=facts["name"],
                password=facts["password"],
                now=timezone.now(),
                source=from_panel(address_of(request)),
            )
            login(request, user)
            return redirect("home")
    except InvitationRefused as refused:
        return render(request, "accounts/invitation.html", {"refusal": invitation_refusal(refused.reason)}, status=404)
    return render(request, "accounts/invitation.html", {"form": form, "invitation": invitation})
