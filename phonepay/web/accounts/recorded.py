"""What allauth tells of sign-ins, passwords and second steps becomes events.

A sign-in that failed is told alike whether there is such an account or not: with the address that was typed, where it
is one, and from where.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

from allauth.account import signals as account
from allauth.mfa import signals as two_factor
from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth.signals import user_logged_in, user_login_failed
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone

from phonepay.events import types
from phonepay.events.actors import Actor, from_panel
from phonepay.events.models import record
from phonepay.lib.cards import looks_like_card_number
from phonepay.people.models import User
from phonepay.people.permissions import actor
from phonepay.web.accounts.devices import remember_browser
from phonepay.web.accounts.proof import note_proof
from phonepay.web.accounts.sessions import begin
from phonepay.web.addresses import address_of

STRANGER = "stranger"
View = Callable[..., HttpResponseBase]


def listen() -> None:
    """Called once, when the apps are ready."""
    # Whoever signs in, by whatever road, has just said who they are.
    user_logged_in.connect(_began, dispatch_uid="phonepay.began")
    account.password_reset.connect(_knows_browser, dispatch_uid="phonepay.knows_browser")
    account.user_logged_in.connect(_signed_in, dispatch_uid="phonepay.signed_in")
    user_login_failed.connect(_sign_in_failed, dispatch_uid="phonepay.sign_in_failed")
    two_factor.authentication_failed.connect(_second_step_failed, dispatch_uid="phonepay.second_step_failed")
    account.password_changed.connect(_password_changed, dispatch_uid="phonepay.password_changed")
    account.password_set.connect(_password_changed, dispatch_uid="phonepay.password_set")
    account.password_reset.connect(_password_reset, dispatch_uid="phonepay.password_reset")
    two_factor.authenticator_added.connect(_step_added, dispatch_uid="phonepay.step_added")
    two_factor.authenticator_removed.connect(_step_removed, dispatch_uid="phonepay.step_removed")
    two_factor.authenticator_reset.connect(_codes_made, dispatch_uid="phonepay.codes_made")


def told(happened: str, request: HttpRequest | None, user: User, **facts: Any) -> None:
    """An event about somebody, done by themselves."""
    user.asked_from = _source(request)
    record(happened, subject=("person", user.pk), by=actor(user), now=timezone.now(), **facts)


def leaves(view: View, happened: str, *, method: str = "POST") -> View:
    """A view of allauth's that has no signal of its own: what it did (a redirect), or showed, becomes an event."""
    went_well = HTTPStatus.FOUND if method == "POST" else HTTPStatus.OK

    @wraps(view)
    def recorded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        who = User.objects.filter(pk=request.user.pk or 0).first() if request.method == method else None
        answer = view(request, *args, **kwargs)
        if who is not None and answer.status_code == went_well:
            told(happened, request, who)
        return answer

    return recorded


def _source(request: HttpRequest | None) -> str:
    return from_panel(address_of(request) if request is not None else "")


def _began(request: HttpRequest, user: User, **_more: Any) -> None:
    note_proof(request, user)
    begin(request)
    remember_browser(request, user)
    # allauth lists what came in by its own form: one that came by an invitation, or by the set-up, can be ended too.
    if address_of(request):
        UserSession.objects.create_from_request(request)


def _knows_browser(request: HttpRequest, user: User, **_more: Any) -> None:
    remember_browser(request, user)


def _signed_in(request: HttpRequest, user: User, **_more: Any) -> None:
    told(types.SESSION_SIGNED_IN, request, user)


def _sign_in_failed(credentials: dict[str, Any], request: HttpRequest | None = None, **_more: Any) -> None:
    typed = str(credentials.get("email") or credentials.get("username") or "").strip().lower()
    try:
        # A password that was typed in the wrong place is no address, and is not kept.
        validate_email(typed)
    except ValidationError:
        typed = ""
    name = "" if looks_like_card_number(typed) else typed[:200]
    by = Actor(STRANGER, "", name, _source(request))
    record(types.SESSION_SIGN_IN_FAILED, subject=("session", ""), by=by, now=timezone.now())


def _second_step_failed(request: HttpRequest, user: User, **_more: Any) -> None:
    by = Actor(STRANGER, "", user.email, _source(request))
    record(types.SESSION_SECOND_STEP_FAILED, subject=("person", user.pk), by=by, now=timezone.now())


def _password_changed(request: HttpRequest, user: User, **_more: Any) -> None:
    told(types.PERSON_PASSWORD_CHANGED, request, user)


def _password_reset(request: HttpRequest, user: User, **_more: Any) -> None:
    told(types.PERSON_PASSWORD_RESET, request, user)


def _step_added(request: HttpRequest, user: User, authenticator: Authenticator, **_more: Any) -> None:
    if authenticator.type == Authenticator.Type.RECOVERY_CODES:
        told(types.PERSON_CODES_MADE, request, user)
    else:
        told(types.PERSON_STEP_ADDED, request, user, kind=_kind(authenticator))


def _step_removed(request: HttpRequest, user: User, authenticator: Authenticator, **_more: Any) -> None:
    if authenticator.type != Authenticator.Type.RECOVERY_CODES:
        told(types.PERSON_STEP_REMOVED, request, user, kind=_kind(authenticator))


def _codes_made(request: HttpRequest, user: User, authenticator: Authenticator, **_more: Any) -> None:
    told(types.PERSON_CODES_MADE, request, user)


def _kind(authenticator: Authenticator) -> str:
    return "passkey" if authenticator.type == Authenticator.Type.WEBAUTHN else "app"
