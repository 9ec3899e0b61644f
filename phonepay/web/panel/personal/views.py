"""What is kept of a customer, found by a phone number or an order: told as a file, or erased. For owners."""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from phonepay.calls import erasure
from phonepay.calls.models import Erasure
from phonepay.calls.personal import Kept, kept_of, look, readable
from phonepay.lib.phone import normalize
from phonepay.merchant.models import Merchant
from phonepay.notifications.personal import erase as erase_all
from phonepay.notifications.personal import export
from phonepay.orders.models import Order
from phonepay.people.permissions import acting
from phonepay.web.panel.shop import shop_or_404

_NUMBER = re.compile("[0-9]{1,12}")


def find(shop: Merchant, who: str) -> Kept:
    """By an order's number, else by a phone number in any usual spelling."""
    order = Order.objects.filter(merchant=shop, number__iexact=who).first()
    if order is not None:
        return kept_of(merchant=shop, order=order)
    return kept_of(merchant=shop, phone=normalize(who, shop.region) or "")


def _who(request: HttpRequest) -> str:
    return (request.POST.get("who") or request.GET.get("who", "")).strip()[:64]


@require_safe
def personal(request: HttpRequest) -> HttpResponse:
    shop, who = shop_or_404(request), _who(request)
    by = acting(request.user, "personal_data")
    kept = look(kept=find(shop, who), by=by, now=timezone.now()) if who else None
    facts = {"who": who, "kept": kept, "asked": request.GET.get("erase") == "1"}
    return _shown(request, shop, facts)


@require_safe
def told(request: HttpRequest) -> HttpResponse:
    """The file: for programs, or to be read."""
    shop, by = shop_or_404(request), acting(request.user, "personal_data")
    whole = export(kept=find(shop, _who(request)), by=by, now=timezone.now())
    if request.GET.get("format") == "text":
        response = HttpResponse(readable(whole), content_type="text/plain; charset=utf-8")
        name = "personal-data.txt"
    else:
        response = JsonResponse(whole, json_dumps_params={"indent": 2, "ensure_ascii": False})
        name = "personal-data.json"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "no-store"
    return response


@require_POST
def erase(request: HttpRequest) -> HttpResponse:
    shop, who, by = shop_or_404(request), _who(request), acting(request.user, "personal_data")
    kept = find(shop, who)
    try:
        made = erase_all(merchant=shop, kept=kept, by=by, now=timezone.now())
    except erasure.ErasureRefused as refused:
        words = {
            "nothing": _("Nothing is kept of this person."),
            "under_way": _(
                "A call or a payment of this person is under way. Nothing was erased: try again when it has ended."
            ),
        }
        return _shown(request, shop, {"who": who, "kept": kept, "refusal": words[refused.reason]})
    return HttpResponseRedirect(f"{reverse('personal-data')}?{urlencode({'done': made.pk})}")


def _shown(request: HttpRequest, shop: Merchant, facts: Mapping[str, object]) -> HttpResponse:
    done = request.GET.get("done", "")
    made = Erasure.objects.filter(merchant=shop, pk=int(done)).first() if _NUMBER.fullmatch(done) else None
    return render(request, "panel/personal/page.html", {"made": made, **facts})
