"""Links that open an account's door: to copy while no e-mail is set up, and what `phonepay user reset` prints."""

from __future__ import annotations

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.urls import reverse

from phonepay.people.invitations import token_of
from phonepay.people.models import Invitation, User


def invitation_link(invitation: Invitation, *, base: str) -> str:
    return f"{base}{reverse('invitation', args=[token_of(invitation)])}"


def new_password_link(user: User, *, base: str) -> str:
    """Works once, and only until the password is changed or the person signs in."""
    key = default_token_generator.make_token(user)
    return f"{base}{reverse('account_reset_password_from_key', args=[user_pk_to_url_str(user), key])}"


def public_base(fallback: str) -> str:
    """Where the world reaches this installation, else where this request reached it."""
    return str(settings.PHONEPAY_PUBLIC_URL or fallback)
