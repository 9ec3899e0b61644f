"""Ask for it by phone: an order beside one whose card is not charged again, and the words to send."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from phonepay.orders.models import Order
from phonepay.orders.numbers import ask_besides
from phonepay.people.permissions import acting
from phonepay.web.panel import formats
from phonepay.web.panel.money.typed import WrittenWrong
from phonepay.web.panel.orders.found import order_or_404
from phonepay.web.panel.orders.typed import Form, empty_form, form_typed


@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """GET with what was typed for the extra charge, if it was: `?amount=18.00&what_for=Broken cup`."""
    order = order_or_404(request, pk)
    by = acting(request.user, "change_orders")
    form = empty_form(order.merchant)
    form.values |= {"amount": request.GET.get("amount", ""), "note": request.GET.get("what_for", "")}
    if request.method == "POST":
        form = form_typed(request, [order.currency])

        def verb(form: Form) -> Order:
            amount = form.amount()
            if not form.values["note"].strip():
                raise WrittenWrong(_("Say what it is for."))
            return ask_besides(
                order=order, amount=amount, what_for=form.values["note"], key=form.key, by=by, now=timezone.now()
            )

        asked = form.tried(verb, order.merchant)
        if asked is not None:
            amount = formats.money(asked.amount, asked.currency, order.merchant.region)
            said = _("%(amount)s is to pay as order %(number)s. Send the customer the words below.")
            messages.success(request, said % {"amount": amount, "number": asked.number})
            return redirect("order", asked.pk)
    form.currencies = [order.currency]
    return render(request, "panel/orders/ask.html", {"form": form, "order": order})
