"""Forgot the password: what is typed is written down, whoever it is; who has an account is found out elsewhere, later.

So that a stranger learns nothing: the same page, and the same one statement, with an account and without.
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from allauth.account.forms import ResetPasswordForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import get_language

from phonepay.lib.cards import looks_like_card_number
from phonepay.merchant.mail_account import current
from phonepay.notifications.models import Delivery
from phonepay.notifications.outbox import queue


class ForgottenForm(ResetPasswordForm):  # type: ignore[misc]  # allauth's wheel announces no types
    def clean_email(self) -> str:
        """An address, no more: whose it is nobody asks here."""
        return str(self.cleaned_data["email"]).strip().lower()

    def save(self, request: HttpRequest, **_more: Any) -> str:
        """Owe a letter to the address; the worker drops it where nobody signs in with it."""
        email = str(self.cleaned_data["email"])
        # Nobody can have an account by such an address, and what is typed here is kept until the worker has looked.
        if current() is not None and not looks_like_card_number(email):
            queue(
                kind=Delivery.Kind.PASSWORD,
                subject="",
                once=f"password:{uuid4()}",
                to=email,
                language=get_language() or "en",
                now=timezone.now(),
            )
        return email
