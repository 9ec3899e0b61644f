"""Settings, People: who works here, with which role; invitations; the second step for everybody."""

from __future__ import annotations

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from phonepay.merchant import mail_account
from phonepay.people import invitations, membership
from phonepay.people.links import hand_over_password_link, invitation_link, public_base
from phonepay.people.models import Invitation, Role, User
from phonepay.people.permissions import acting, may
from phonepay.web.accounts.words import ROLES, invitation_refusal, membership_refusal


@require_safe
def people(request: HttpRequest) -> HttpResponse:
    return render(request, "accounts/people.html", _everybody(request))


def _everybody(request: HttpRequest, **more: Any) -> dict[str, Any]:
    now = timezone.now()
    protected = set(
        Authenticator.objects.exclude(type=Authenticator.Type.RECOVERY_CODES).values_list("user_id", flat=True)
    )
    users = list(User.objects.order_by("-is_active", "name", "email"))
    open_invitations = list(invitations.still_open(now).select_related("invited_by").order_by("-invited_at"))
    return {
        "people": [(user, ROLES[Role(user.role)].word, user.pk in protected) for user in users],
        "invitations": [(each, ROLES[Role(each.role)].word, _link(request, each)) for each in open_invitations],
        "roles": ROLES,
        "may_change": may(request.user, "change_people"),
        "two_factor_required": membership.two_factor_is_required(),
        **more,
    }


def _link(request: HttpRequest, invitation: Invitation) -> str:
    # Whoever has the link becomes that person: only those who may invite see it.
    if not may(request.user, "change_people"):
        return ""
    return invitation_link(invitation, base=public_base(f"{request.scheme}://{request.get_host()}"))


@require_POST
def invite(request: HttpRequest) -> HttpResponse:
    """Make an invitation and show its link."""
    by, typed = acting(request.user, "change_people"), request.POST
    try:
        made = invitations.invite(
            email=typed.get("email", ""),
            role=typed.get("role", ""),
            name=typed.get("name", ""),
            by=by,
            now=timezone.now(),
            invited_by=User.objects.get(pk=request.user.pk or 0),
        )
    except invitations.InvitationRefused as refused:
        return render(
            request,
            "accounts/people.html",
            _everybody(request, typed=typed, refusal=invitation_refusal(refused.reason)),
        )
    said = _("Invited: %(email)s. They get the link by e-mail.")
    if mail_account.current() is None:
        said = _("Invited: %(email)s. Send them the link below.")
    messages.success(request, said % {"email": made.email})
    return redirect("people")


@require_POST
def withdraw(request: HttpRequest, identity: Any) -> HttpResponse:
    """End an invitation."""
    by = acting(request.user, "change_people")
    invitation = get_object_or_404(Invitation, pk=identity)
    if invitations.withdraw(invitation=invitation, by=by, now=timezone.now()):
        messages.success(request, _("The link for %(email)s opens nothing any more.") % {"email": invitation.email})
    return redirect("people")


@require_POST
def change(request: HttpRequest, identity: int) -> HttpResponse:
    """Another role, out, or in again."""
    by = acting(request.user, "change_people")
    user = get_object_or_404(User, pk=identity)
    active = {"in": True, "out": False}.get(request.POST.get("active", ""))
    try:
        membership.change_person(user=user, role=request.POST.get("role"), active=active, by=by, now=timezone.now())
    except membership.MembershipRefused as refused:
        messages.error(request, membership_refusal(refused.reason))
    else:
        messages.success(request, _("Saved: %(name)s.") % {"name": user.get_full_name()})
    return redirect("people")


@require_POST
def new_password(request: HttpRequest, identity: int) -> HttpResponse:
    """A link with which somebody sets a new password, to hand over in person: it is shown to the owner once."""
    by = acting(request.user, "change_people")
    user = get_object_or_404(User, pk=identity, is_active=True)
    base = public_base(f"{request.scheme}://{request.get_host()}")
    link = hand_over_password_link(user, by=by, base=base, now=timezone.now())
    return render(request, "accounts/people.html", _everybody(request, new_password=(user, link)))


@require_POST
def two_factor(request: HttpRequest) -> HttpResponse:
    """Require the second step of everybody, or no longer."""
    by = acting(request.user, "change_people")
    required = request.POST.get("required") == "yes"
    membership.require_two_factor(required=required, by=by, now=timezone.now())
    messages.success(
        request,
        _("From the next page on, everybody needs a second step.")
        if required
        else _("A second step is everybody's own choice again."),
    )
    return redirect("people")
