"""What a process of `phonepay serve` does so that it can be watched."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from phonepay import measuring
from phonepay.configuration import reporting, running


def observe(shared: Path | None, settings: Any) -> None:
    """Join the others of this `serve` in the folder `shared`; measure and report, where somebody wants to know."""
    if shared is not None:
        running.join(shared)
        if settings.PHONEPAY_METRICS_TOKEN:
            measuring.switch_on(shared)
    if settings.PHONEPAY_SENTRY_DSN:
        reporting.report_errors(settings.PHONEPAY_SENTRY_DSN, lambda: _secrets(settings))
    if settings.PHONEPAY_OTEL_ENDPOINT:
        reporting.send_traces(settings.PHONEPAY_OTEL_ENDPOINT, lambda: _secrets(settings))


def _secrets(settings: Any) -> list[str]:
    """What the environment holds or was kept and nobody else may see, whatever form it has, as it is now."""
    from phonepay.merchant.credentials import current  # Django is ready in the processes that serve

    keys = current()
    given = [
        settings.SECRET_KEY,
        *settings.PHONEPAY_ENCRYPTION_KEYS,
        *keys.twilio_auth_tokens,
        *keys.stripe_webhook_secrets,
        keys.stripe_secret_key,
        keys.email_url,
        settings.PHONEPAY_METRICS_TOKEN,
        settings.DATABASES["default"].get("PASSWORD"),
    ]
    return [each for each in given if each]
