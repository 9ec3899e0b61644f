"""Invitations: an owner names an address and a role; the link makes the account, once, within three days."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta

from django.core import signing
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from phonepay.events import types
from phonepay.events.actors import Actor
from phonepay.events.models import record
from phonepay.lib.cards import looks_like_card_number
from phonepay.people.models import Invitation, Role, User
from phonepay.people.permissions import actor, require

HOLDS = timedelta(days=3)
_SALT = "phonepay.people.invitation"


class InvitationRefused(ValueError):
    """Nothing was changed. `reason`: email, role, card, exists, used, withdrawn, expired or unreadable."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def invite(*, email: str, role: str, name: str = "", by: Actor, now: datetime, invited_by: User | None) -> Invitation:
    """Make a place for `email`; an earlier invitation of the same address that is still open ends.

    Raises InvitationRefused (email, role, card, exists) and permissions.NotAllowed.
    """
    require(by, "change_people")
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise InvitationRefused("email") from error
    if role not in Role.values:
        raise InvitationRefused("role")
    if looks_like_card_number(f"{email}\n{name}"):
        raise InvitationRefused("card")
    if User.objects.filter(email=email).exists():
        raise InvitationRefused("exists")
    with transaction.atomic():
        still_open(now).filter(email=email).update(withdrawn_at=now)
        made = Invitation.objects.create(
            email=email,
            name=name.strip()[:120],
            role=role,
            invited_by=invited_by,
            invited_at=now,
            expires_at=now + HOLDS,
        )
        record(types.PERSON_INVITED, subject=("invitation", made.pk), by=by, now=now, email=email, role=role)
    return made


def still_open(now: datetime) -> QuerySet[Invitation]:
    """Invitations that somebody could accept now."""
    return Invitation.objects.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=now)


def withdraw(*, invitation: Invitation, by: Actor, now: datetime) -> bool:
    """The link opens nothing any more. False where it was accepted or withdrawn before."""
    require(by, "change_people")
    with transaction.atomic():
        rows = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None)
        if not rows.update(withdrawn_at=now):
            return False
        record(
            types.INVITATION_WITHDRAWN, subject=("invitation", invitation.pk), by=by, now=now, email=invitation.email
        )
    return True


def token_of(invitation: Invitation) -> str:
    """What the link carries: the invitation's name, signed, so that nobody can make one up."""
    return signing.dumps(str(invitation.pk), salt=_SALT, compress=False)


def find_by_token(token: str, *, now: datetime) -> Invitation:
    """The invitation that a link opens. Raises InvitationRefused (unreadable, used, withdrawn, expired)."""
    try:
        identity = uuid.UUID(signing.loads(token, salt=_SALT))
    except (signing.BadSignature, ValueError) as error:
        raise InvitationRefused("unreadable") from error
    found = Invitation.objects.filter(pk=identity).first()
    if found is None:
        raise InvitationRefused("unreadable")
    if found.accepted_at is not None:
        raise InvitationRefused("used")
    if found.withdrawn_at is not None:
        raise InvitationRefused("withdrawn")
    if found.expires_at <= now:
        raise InvitationRefused("expired")
    return found


def accept(*, invitation: Invitation, name: str, password: str, now: datetime, source: str = "") -> User:
    """Make the account. A second click, or a second person with the link, is refused (used, exists).

    `source` says from where, as events have it.
    """
    if looks_like_card_number(name):
        raise InvitationRefused("card")
    try:
        with transaction.atomic():
            rows = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None, expires_at__gt=now)
            if not rows.update(accepted_at=now):
                raise InvitationRefused("used")
            user = User.objects.create_user(invitation.email, password, name=name.strip()[:120], role=invitation.role)
            user.asked_from = source
            facts = {"email": user.email, "role": user.role}
            record(types.PERSON_JOINED, subject=("person", user.pk), by=actor(user), now=now, **facts)
    except IntegrityError as error:
        raise InvitationRefused("exists") from error
    return user
