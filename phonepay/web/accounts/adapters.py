"""What allauth asks of us: nobody signs up, secrets are encrypted at rest, names are ours."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.mfa.adapter import DefaultMFAAdapter
from django.http import HttpRequest

from phonepay.configuration.encryption import decrypt, encrypt


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth's wheel announces no types
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def is_reauthentication_required(self, *, app: str, **_more: Any) -> bool:
        """Never by itself: the table of panel/access.py says where, for allauth's pages as for ours."""
        return False


class TwoFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth's wheel announces no types
    def encrypt(self, text: str) -> str:
        return encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return decrypt(encrypted_text.encode()).decode()

    def get_totp_issuer(self) -> str:
        return "Phone Pay"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        entity: dict[str, str] = super().get_public_key_credential_rp_entity()
        return entity | {"name": "Phone Pay"}
