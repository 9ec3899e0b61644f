"""The first owner: made with the code of the set-up, once, and only while there is none."""

from __future__ import annotations

from datetime import datetime

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from phonepay.events import types
from phonepay.events.actors import Actor
from phonepay.events.models import record
from phonepay.people.models import Role, User
from phonepay.people.permissions import actor
from phonepay.setup.codes import PLACEHOLDER, has_owner
from phonepay.setup.models import SetUp
from phonepay.setup.steps import OWNER, step_done

_TAKEN = "taken"  # no hash: no session carries its like


class OwnerRefused(ValueError):
    """Nothing was made. `reason`: email, exists or owned (somebody owns the installation already)."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def make_first_owner(
    *, email: str, name: str, password: str | None, now: datetime, source: str = "", by: Actor | None = None
) -> User:
    """Make the account that everything is set up with. The password was held to the rules by whoever asked for it; None
    where its person sets one by a link.

    `source` says from where, as events have it; `by` who did it, where it was not the owner. Raises OwnerRefused.
    """
    email = email.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise OwnerRefused("email") from error
    try:
        with transaction.atomic():
            row = SetUp.objects.select_for_update().filter(pk=1, done_at=None).first()
            # The mark is taken off by compare-and-set: where rows cannot be locked, one of two still comes second.
            if row is None or has_owner() or not _take(row):
                raise OwnerRefused("owned")
            user = User.objects.filter(email=PLACEHOLDER).first() or User()
            user.email, user.name, user.role = email, name.strip()[:120], Role.OWNER
            user.set_password(password)
            user.save()
            user.asked_from = source
            facts = {"email": user.email, "role": user.role}
            record(types.PERSON_JOINED, subject=("person", user.pk), by=by or actor(user), now=now, **facts)
            step_done(OWNER, {"email": user.email}, now=now)
    except IntegrityError as error:
        raise OwnerRefused("exists") from error
    return user


def let_in_to_try(*, now: datetime, source: str = "") -> User:
    """Somebody with the code who wants to try it without accounts: an owner for the sandbox, who cannot sign in again.

    The account becomes the first owner's when there is one. Raises OwnerRefused (owned).
    """
    with transaction.atomic():
        if has_owner() or not SetUp.objects.select_for_update().filter(pk=1, done_at=None).exists():
            raise OwnerRefused("owned")
        user = User.objects.filter(email=PLACEHOLDER).first()
        if user is None:
            user = User.objects.create_user(PLACEHOLDER, None, name=_("You"), role=Role.OWNER)
            user.asked_from = source
            facts = {"email": user.email, "role": user.role}
            record(types.PERSON_JOINED, subject=("person", user.pk), by=actor(user), now=now, **facts)
    user.asked_from = source
    return user


def _take(row: SetUp) -> bool:
    rows = SetUp.objects.filter(pk=1, session_hash=row.session_hash).exclude(session_hash=_TAKEN)
    return bool(rows.update(session_hash=_TAKEN, code_hash=""))
