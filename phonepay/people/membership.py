"""What an owner does about people: roles, leaving, coming back, the second step. There is always an owner left."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction

from phonepay.events import types
from phonepay.events.actors import Actor
from phonepay.events.models import record
from phonepay.lib.cards import looks_like_card_number
from phonepay.people.invitations import still_open, withdraw
from phonepay.people.models import Role, SignInPolicy, User
from phonepay.people.permissions import require


class MembershipRefused(ValueError):
    """Nothing was changed. `reason`: email, card, exists, last_owner or role."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def add_person(*, email: str, name: str, role: str, by: Actor, now: datetime) -> User:
    """Make an account without a password: its person sets one by a link. Raises MembershipRefused, NotAllowed."""
    require(by, "change_people")
    try:
        validate_email(email.strip())
    except ValidationError as error:
        raise MembershipRefused("email") from error
    if role not in Role.values:
        raise MembershipRefused("role")
    if looks_like_card_number(f"{email}\n{name}"):
        raise MembershipRefused("card")
    try:
        with transaction.atomic():
            user = User.objects.create_user(email, name=name.strip()[:120], role=role)
            record(types.PERSON_JOINED, subject=("person", user.pk), by=by, now=now, email=user.email, role=role)
    except IntegrityError as error:
        raise MembershipRefused("exists") from error
    return user


def change_person(*, user: User, by: Actor, now: datetime, role: str | None = None, active: bool | None = None) -> User:
    """Give somebody another role, take them out, or let them in again. Raises MembershipRefused, NotAllowed.

    All their sessions end: what an open page still offers is no longer theirs to do. So do the invitations of somebody
    who is no owner any more.
    """
    require(by, "change_people")
    if role is not None and role not in Role.values:
        raise MembershipRefused("role")
    with transaction.atomic():
        # All owners, locked in one order: two of them who leave at the same moment must not both be let go.
        owners = list(User.objects.select_for_update().filter(role=Role.OWNER, is_active=True).order_by("pk"))
        row = User.objects.select_for_update().get(pk=user.pk)
        before = {"role": row.role, "active": row.is_active}
        row.role = row.role if role is None else role
        row.is_active = row.is_active if active is None else active
        after = {"role": row.role, "active": row.is_active}
        if before == after:
            return row
        if owners == [row] and after != {"role": Role.OWNER, "active": True}:
            raise MembershipRefused("last_owner")
        row.sessions_ended += 1
        row.save(update_fields=["role", "is_active", "sessions_ended"])
        changed = {name for name in after if after[name] != before[name]}
        record(
            types.PERSON_CHANGED,
            subject=("person", row.pk),
            by=by,
            now=now,
            before={name: before[name] for name in changed},
            after={name: after[name] for name in changed},
        )
        if after != {"role": Role.OWNER, "active": True}:
            # Who may invite nobody any more might have invited themselves, under another address.
            for invitation in still_open(now).filter(invited_by=row):
                withdraw(invitation=invitation, by=by, now=now)
    return row


def require_two_factor(*, required: bool, by: Actor, now: datetime) -> None:
    """Ask everybody for a second step at sign-in, or no longer."""
    require(by, "change_people")
    with transaction.atomic():
        policy, _ = SignInPolicy.objects.get_or_create(pk=1)
        if policy.two_factor_required == required:
            return
        policy.two_factor_required = required
        policy.save(update_fields=["two_factor_required"])
        record(types.TWO_FACTOR_REQUIRED, subject=("policy", policy.pk), by=by, now=now, after={"required": required})


def two_factor_is_required() -> bool:
    return SignInPolicy.objects.filter(two_factor_required=True).exists()
