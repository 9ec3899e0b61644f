"""allauth's forms that take the code of an authenticator, which opens once and never again (RFC 6238, 5.2)."""

from __future__ import annotations

from allauth.mfa import app_settings
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.internal.auth import TOTP
from django.core.cache import cache


def _spend(step: object, code: str) -> None:
    """allauth remembers a used code for one period; with the tolerance it would open for two more."""
    if isinstance(step, TOTP):
        periods = 1 + 2 * app_settings.TOTP_TOLERANCE
        cache.touch(step._get_used_cache_key(code), timeout=periods * app_settings.TOTP_PERIOD)


class OnceForm(AuthenticateForm):  # type: ignore[misc]  # allauth has no types
    def clean_code(self) -> str:
        code: str = super().clean_code()
        _spend(self.authenticator.wrap(), code)
        return code


class OnceAgainForm(ReauthenticateForm):  # type: ignore[misc]  # the same
    def clean_code(self) -> str:
        code: str = super().clean_code()
        _spend(self.authenticator.wrap(), code)
        return code
