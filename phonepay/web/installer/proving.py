"""The one address that our own server asks itself from outside: it answers a nonce of ours, and nobody else's."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from phonepay.setup.reach import answer


def prove(request: HttpRequest, nonce: str) -> HttpResponse:
    told = answer(nonce, now=timezone.now()) if request.method == "GET" else None
    return HttpResponse(told or "", content_type="text/plain", status=200 if told else 404)
