"""Settings: where each thing is set."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe


@require_safe
def settings(request: HttpRequest) -> HttpResponse:
    return render(request, "panel/settings/landing.html")
