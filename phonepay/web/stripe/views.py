"""The webhook."""

from __future__ import annotations

import logging

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from phonepay import measuring
from phonepay.alerts.notes import note
from phonepay.configuration import arrivals
from phonepay.configuration.context import About, new_request_id
from phonepay.payments.gateway import BadSignature, read_event
from phonepay.payments.stripe_events import store

logger = logging.getLogger(__name__)


@csrf_exempt
@require_POST
def webhook(request: HttpRequest) -> HttpResponse:
    """Keep an event that Stripe signed. 400 for anything else: Stripe then shows the endpoint as failing."""
    try:
        event = read_event(request.body, request.headers.get("Stripe-Signature", ""))
    except BadSignature:
        measuring.signature_refused("stripe")
        if "Stripe-Signature" in request.headers:
            note(kind="stripe_signature")
        logger.warning("a webhook that Stripe did not sign was refused")
        return HttpResponse(status=400)
    arrivals.note(arrivals.STRIPE, timezone.now())
    with About(request=new_request_id()):
        store(event=event, now=timezone.now())
    return HttpResponse(status=200)
