"""Links that open an account's door: sent by e-mail, to copy, and what `phonepay user reset` prints.

They are made when they are needed and kept nowhere: an invitation's of its name and a signature, a password's of what
the person's row is now.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.urls import reverse

from phonepay.events import types
from phonepay.events.actors import Actor
from phonepay.events.models import record
from phonepay.people.invitations import token_of
from phonepay.people.models import Invitation, User
from phonepay.people.permissions import require


def invitation_link(invitation: Invitation, *, base: str) -> str:
    return f"{base}{reverse('invitation', args=[token_of(invitation)])}"


def new_password_link(user: User, *, base: str) -> str:
    """Works once, and only until the password is changed or the person signs in."""
    # Importing them makes forms of models: Django must be ready.
    from allauth.account.forms import default_token_generator
    from allauth.account.utils import user_pk_to_url_str

    key = default_token_generator.make_token(user)
    return f"{base}{reverse('account_reset_password_from_key', args=[user_pk_to_url_str(user), key])}"


def hand_over_password_link(user: User, *, by: Actor, base: str, now: datetime) -> str:
    """The same from an owner's hand. Whoever has it becomes its person: it is written down, and told to them."""
    require(by, "change_people")
    record(types.PERSON_PASSWORD_LINK, subject=("person", user.pk), by=by, now=now)
    return new_password_link(user, base=base)


def public_base(fallback: str) -> str:
    """Where the world reaches this installation, else where this request reached it."""
    return str(settings.PHONEPAY_PUBLIC_URL or fallback)
