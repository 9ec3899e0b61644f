"""Mounts the doors."""

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path

from phonepay.web.stripe import views as stripe


def healthz(request: HttpRequest) -> HttpResponse:
    """Answers while the process can answer; it touches neither the database nor anyone else."""
    return HttpResponse("ok\n", content_type="text/plain")


urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz, name="healthz"),
    path("twilio/", include("phonepay.web.voice.urls")),
    path("stripe/webhook", stripe.webhook),
    path("", include("phonepay.web.accounts.urls")),
    path("", include("phonepay.web.panel.urls")),
]

handler400 = "phonepay.web.panel.failures.bad_request"
handler403 = "phonepay.web.panel.failures.not_allowed"
handler404 = "phonepay.web.panel.failures.not_found"
handler500 = "phonepay.web.panel.failures.broken"
