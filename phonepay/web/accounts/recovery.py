"""The way back in for who is locked out."""

from __future__ import annotations

from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db import transaction

from phonepay.events import types
from phonepay.events.actors import Actor
from phonepay.events.models import record
from phonepay.people.models import User
from phonepay.people.permissions import require


def reset(*, user: User, by: Actor, now: datetime) -> None:
    """Let somebody start afresh: the password opens nothing any more, nor does a second step, nor a session.

    They are let in again if they had been taken out. A link for a new password is made by links.new_password_link.
    """
    require(by, "change_people")
    with transaction.atomic():
        Authenticator.objects.filter(user=user).delete()
        user.set_unusable_password()
        user.is_active = True
        user.save(update_fields=["password", "is_active"])
        record(types.PERSON_RESET, subject=("person", user.pk), by=by, now=now, email=user.email)
    for session in UserSession.objects.filter(user=user):
        session.end()
