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
        reporting.report_errors(settings.PHONEPAY_SENTRY_DSN, _secrets(settings))
    if settings.PHONEPAY_OTEL_ENDPOINT:
        reporting.send_traces(settings.PHONEPAY_OTEL_ENDPOINT, _secrets(settings))


def _secrets(settings: Any) -> list[str]:
    """What the environment holds and nobody else may see, whatever form it has."""
    given = [
        settings.SECRET_KEY,
        *settings.PHONEPAY_ENCRYPTION_KEYS,
        *settings.PHONEPAY_TWILIO_AUTH_TOKENS,
        *settings.PHONEPAY_STRIPE_WEBHOOK_SECRETS,
        settings.PHONEPAY_STRIPE_SECRET_KEY,
        settings.PHONEPAY_METRICS_TOKEN,
        settings.DATABASES["default"].get("PASSWORD"),
    ]
    return [each for each in given if each]
