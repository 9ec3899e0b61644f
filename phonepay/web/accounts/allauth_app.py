"""allauth's app of accounts, told where its middleware is."""

from __future__ import annotations

from allauth.account.apps import AccountConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured

_MIDDLEWARE = "allauth.account.middleware.AccountMiddleware"


class AccountApp(AccountConfig):  # type: ignore[misc]  # allauth has no types
    """allauth looks for its middleware in MIDDLEWARE, where it would stand around every turn of a call too."""

    def ready(self) -> None:
        from allauth.account import checks  # noqa: F401 - importing it registers its system checks

        if _MIDDLEWARE not in settings.PHONEPAY_PEOPLE_MIDDLEWARE:
            raise ImproperlyConfigured(f"{_MIDDLEWARE} must be in PHONEPAY_PEOPLE_MIDDLEWARE")
