"""The search box: what people have in hand, exactly or by how it begins. One hit opens."""

from __future__ import annotations

import contextlib
import re
import uuid

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from phonepay.lib import phone
from phonepay.lib.money import MoneyError, parse_amount
from phonepay.merchant.models import Merchant
from phonepay.payments.models import Payment, Refund
from phonepay.web.panel.payments.transactions import Transaction, of_payment
from phonepay.web.panel.shop import the_shop

MOST = 50
_NAME_FROM = 3  # letters; fewer would find half the town


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Open the only hit, else show the hits."""
    words = request.GET.get("q", "").strip()[:100]
    shop = the_shop(request)
    found = find_payments(shop, words) if shop and words else []
    if len(found) == 1:
        return redirect("payment", found[0].payment.pk)
    return render(request, "panel/search.html", {"search_words": words, "found": found, "most": len(found) >= MOST})


def find_payments(shop: Merchant, words: str) -> list[Transaction]:
    """Payments by confirmation number, order number, phone, last four digits, amount, name or Stripe's ids."""
    asked = _stripe_ids(words) or _terms(shop, words)
    rows = Payment.objects.filter(asked, merchant=shop).select_related("order", "merchant")
    return [of_payment(each) for each in rows.order_by("-agreed_at")[:MOST]]


def _stripe_ids(words: str) -> Q | None:
    if re.fullmatch(r"(pi|ch|py|cus|pm)_[A-Za-z0-9]+", words):
        return Q(intent_id=words) | Q(charge_id=words) | Q(customer_id=words) | Q(payment_method=words)
    if re.fullmatch(r"(re|pyr)_[A-Za-z0-9]+", words):
        return Q(pk__in=Refund.objects.filter(stripe_id=words).values("payment"))
    if re.fullmatch(r"CA[0-9a-f]{32}", words):
        return Q(call_sid=words)
    try:
        return Q(pk=uuid.UUID(words))
    except ValueError:
        return None


def _terms(shop: Merchant, words: str) -> Q:
    terms = Q(number__iexact=words) | Q(order__number__iexact=words)
    if re.fullmatch(r"[0-9]{6}", words.replace(" ", "")):
        terms |= Q(confirmation=words.replace(" ", ""))
    if re.fullmatch(r"·?[0-9]{4}", words):
        terms |= Q(card_last4=words.removeprefix("·"))
    number = phone.normalize(words, shop.region)
    if number:
        terms |= Q(phone=number) | Q(order__customer_phone=number)
    line = shop.lines.first()
    amount = re.sub(r"[^0-9.]", "", words.replace(",", "." if "." not in words else ""))
    if line and amount and not re.search(r"[A-Za-z]", words):
        with contextlib.suppress(MoneyError):
            terms |= Q(amount=parse_amount(amount, line.currency))
    if len(words) >= _NAME_FROM and not words.isdigit():
        terms |= Q(order__customer_name__istartswith=words)
    return terms
