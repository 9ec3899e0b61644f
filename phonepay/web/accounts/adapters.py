"""What allauth asks of us: nobody signs up, secrets are encrypted at rest, names are ours."""

from __future__ import annotations

from ipaddress import IPv6Address, ip_address
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from phonepay.alerts.notes import note
from phonepay.configuration.encryption import decrypt, encrypt
from phonepay.people.models import User
from phonepay.web.accounts.devices import known_browser
from phonepay.web.addresses import address_of


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth's wheel announces no types
    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    error_messages = DefaultAccountAdapter.error_messages | {
        "too_many_login_attempts": _(
            "Too many tries. Wait five minutes, or come in by a passkey, or from a browser that you used before."
        ),
    }

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        try:
            super().pre_authenticate(request, **credentials)
        except ValidationError:
            # Told alike whether there is such an account, and by somebody else: it must cost nobody any time.
            note(kind="sign_in_tried", facts={"address": address_of(request)})
            raise

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """By what failed sign-ins are counted: the account, and apart from it a browser that its person knows.

        A stranger who fails on purpose locks the account for strangers alone.
        """
        email = str(credentials.get("email") or "").strip().lower()
        return known_browser(request, email) or email

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """allauth sends nothing itself: letters are owed by rows and sent by the worker (phonepay.notifications)."""

    def set_password(self, user: User, password: str) -> None:
        """Only over the password that was there when the link or form was looked at: of two at once, one counts."""
        before = user.password
        user.set_password(password)
        if not User.objects.filter(pk=user.pk, password=before).update(password=user.password):
            raise ImmediateHttpResponse(redirect("account_reset_password"))

    def get_client_ip(self, request: HttpRequest) -> str:
        """An IPv4 address as itself, also where a proxy listens to both kinds and writes `::ffff:203.0.113.9`: those of
        the whole world are one network of IPv6, and one stranger would use up everybody's tries."""
        known = str(super().get_client_ip(request))
        address = ip_address(known)
        mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
        return str(mapped) if mapped else known

    def is_safe_url(self, url: str) -> bool:
        """Of this very host: among those that are answered are this machine's own, and names that were given up."""
        request = self.request
        return url_has_allowed_host_and_scheme(url, {request.get_host()}, require_https=request.is_secure())

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
