"""A refund that failed: how it was paid back another way."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from phonepay.payments.models import Refund
from phonepay.payments.refunds import RefundRefused
from phonepay.payments.set_aside import paid_back_another_way
from phonepay.people.permissions import acting
from phonepay.web.panel.money.reasons import refund_failure
from phonepay.web.panel.shop import shop_or_404


@require_http_methods(["GET", "HEAD", "POST"])
def paid_back(request: HttpRequest, identity: UUID, refund: UUID) -> HttpResponse:
    """Ask how, and keep it: the refund then asks nobody any more."""
    by = acting(request.user, "refund")
    rows = Refund.objects.filter(merchant=shop_or_404(request), payment=identity, status=Refund.Status.FAILED)
    found = rows.select_related("payment__merchant").filter(pk=refund).first()
    if found is None:
        raise Http404
    context = {"refund": found, "payment": found.payment, "why": refund_failure(found.failure)}
    if request.method == "POST":
        how = request.POST.get("how", "")
        try:
            paid_back_another_way(refund=found, how=how, by=by, now=timezone.now())
        except RefundRefused as refused:
            return render(request, "panel/payments/paid_back.html", context | {"how": how, "refusal": _why(refused)})
        messages.success(request, _("Kept. It is in the history, and Home asks about it no more."))
        return redirect("payment", identity)
    return render(request, "panel/payments/paid_back.html", context)


def _why(refused: RefundRefused) -> str:
    return {
        "how": _("Say how it was paid back: in cash, by transfer."),
        "too_long": _("This is too long: at most 500 characters."),
        "card_number": _("This looks like a card number, so nothing was kept. Write it without."),
    }[refused.reason]
