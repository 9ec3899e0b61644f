"""Mounts the doors."""

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path


def healthz(request: HttpRequest) -> HttpResponse:
    """Answers while the process can answer; it touches neither the database nor anyone else."""
    return HttpResponse("ok\n", content_type="text/plain")


urlpatterns: list[URLPattern] = [path("healthz", healthz)]
