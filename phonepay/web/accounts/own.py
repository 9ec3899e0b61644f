"""My account: name, address, language, clock, look and keys. The language and the look also for strangers."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from phonepay.events import types
from phonepay.people.models import Role, User
from phonepay.web.accounts.names import no_card_number
from phonepay.web.accounts.recorded import told

_COOKIE_AGE = 365 * 24 * 3600
_LANGUAGES = [("", _("As the browser"))]


class AccountForm(forms.ModelForm):  # type: ignore[type-arg]  # generic in its stubs alone
    """What somebody may change about themselves. The role is not among it."""

    class Meta:
        model = User
        fields = ("name", "language", "time_zone", "theme", "shortcuts", "wants_alerts")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zones = [("", _("The shop's"))] + [(zone, zone.replace("_", " ")) for zone in sorted(available_timezones())]
        self.fields["name"].label = _("Name")
        self.fields["name"].validators.append(no_card_number)
        self.fields["language"] = forms.ChoiceField(
            label=_("Language"), choices=[*_LANGUAGES, *settings.LANGUAGES], required=False
        )
        self.fields["time_zone"] = forms.ChoiceField(label=_("Time zone"), choices=zones, required=False)
        self.fields["theme"] = forms.ChoiceField(
            label=_("Look"),
            choices=[("", _("As the device")), ("light", _("Light")), ("dark", _("Dark"))],
            required=False,
        )
        if self.instance.role == Role.AUDITOR:
            del self.fields["wants_alerts"]  # they can do nothing about what is wrong
        else:
            owner = self.instance.role == Role.OWNER
            by_default = _("As owners have it: yes") if owner else _("As operators have it: no")
            self.fields["wants_alerts"] = forms.TypedChoiceField(
                label=_("Alerts by e-mail, when callers fail or something is wrong"),
                choices=[("", by_default), ("True", _("Yes")), ("False", _("No"))],
                coerce=lambda chosen: chosen == "True",
                empty_value=None,
                required=False,
            )
        self.fields["shortcuts"].label = _("Keys on their own do things (press ? for the list)")


class EmailForm(forms.ModelForm):  # type: ignore[type-arg]  # the same
    """The address that somebody signs in with. It has a page of its own, which asks who they are."""

    class Meta:
        model = User
        fields = ("email",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["email"].label = _("E-mail")
        self.fields["email"].widget.attrs["autocomplete"] = "email"
        self.fields["email"].validators.append(no_card_number)

    def clean_email(self) -> str:
        email = str(self.cleaned_data["email"]).strip().lower()
        if User.objects.filter(email=email).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("Somebody else signs in with this address."))
        return email


@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """The form of one's own facts, and the ways to address, password, two-factor and sessions."""
    return _form_of(request, AccountForm, "accounts/account.html")


@require_http_methods(["GET", "HEAD", "POST"])
def email(request: HttpRequest) -> HttpResponse:
    """Another address to sign in with. Links for a new password that went to the old one open nothing any more."""
    return _form_of(request, EmailForm, "accounts/email.html")


def _form_of(request: HttpRequest, kind: type[AccountForm | EmailForm], template: str) -> HttpResponse:
    user = User.objects.get(pk=request.user.pk or 0)
    form = kind(request.POST or None, instance=user)
    if request.method == "POST" and form.is_valid():
        before = {name: form.initial[name] for name in form.changed_data}
        form.save()
        if before:
            after = {name: form.cleaned_data[name] for name in before}
            told(types.PERSON_ACCOUNT_CHANGED, request, user, before=before, after=after)
        with translation.override(user.language or translation.get_language()):
            messages.success(request, translation.gettext("Saved."))
        return redirect("account")
    return render(request, template, {"form": form})


@require_POST
def reader(request: HttpRequest) -> HttpResponse:
    """Change the language or the look from the menu: kept with the person, or in a cookie for who is not signed in."""
    chosen: dict[str, str] = {}
    if request.POST.get("language") in dict(settings.LANGUAGES):
        chosen["language"] = str(request.POST["language"])
    if request.POST.get("theme") in User.Theme.values:
        chosen["theme"] = str(request.POST["theme"])
    back = request.POST.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure()):
        back = "/"
    response = HttpResponseRedirect(back)  # a path, never the name of a view
    if isinstance(request.user, User):
        User.objects.filter(pk=request.user.pk).update(**chosen)
        return response
    cookies = {"language": settings.LANGUAGE_COOKIE_NAME, "theme": "phonepay_theme"}
    for name, value in chosen.items():
        response.set_cookie(
            cookies[name],
            value,
            max_age=_COOKIE_AGE,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response
