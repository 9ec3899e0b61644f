"""Mounts the doors."""

from django.urls import URLPattern, URLResolver, include, path

from phonepay.web.health import views as health
from phonepay.web.stripe import views as stripe

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", health.alive, name="healthz"),
    path("readyz", health.ready, name="readyz"),
    path("metrics", health.metrics, name="metrics"),
    path("twilio/", include("phonepay.web.voice.urls")),
    path("stripe/webhook", stripe.webhook),
    path("", include("phonepay.web.installer.urls")),
    path("", include("phonepay.web.accounts.urls")),
    path("", include("phonepay.web.telephone.urls")),
    path("", include("phonepay.web.panel.urls")),
]

handler400 = "phonepay.web.panel.failures.bad_request"
handler403 = "phonepay.web.panel.failures.not_allowed"
handler404 = "phonepay.web.panel.failures.not_found"
handler429 = "phonepay.web.panel.failures.too_many"  # allauth and web/throttle.py ask for it by this name
handler500 = "phonepay.web.panel.failures.broken"
