"""The page of the books, and its two actions: have them checked now, and explain what does not agree."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from phonepay.payments.book_models import Discrepancy
from phonepay.payments.gateway import NotConfigured, key_is_live
from phonepay.payments.reconciliation import runs
from phonepay.payments.reconciliation.discrepancies import ResolveRefused, resolve
from phonepay.people.permissions import acting, may
from phonepay.web.panel.books.told import page_of
from phonepay.web.panel.shop import shop_or_404, the_shop


@require_safe
def books(request: HttpRequest) -> HttpResponse:
    """Up to when the books agree with Stripe, and what does not."""
    return _shown(request)


@require_POST
def check(request: HttpRequest) -> HttpResponse:
    """Have them checked now; a second press finds the run of the first."""
    by = acting(request.user, "check_books")
    try:
        runs.ask(merchant=shop_or_404(request), by=by, now=timezone.now())
    except NotConfigured:
        return _shown(request, refusal=_("There is no Stripe key, so nothing can be compared. Set it first."))
    return _shown(request) if request.htmx else redirect("books")  # type: ignore[attr-defined]  # by its middleware


@require_POST
def explain(request: HttpRequest, identity: int) -> HttpResponse:
    """Somebody says what explains it: it is not counted any more."""
    by = acting(request.user, "resolve_books")
    row = Discrepancy.objects.filter(merchant=shop_or_404(request), pk=identity).first()
    if row is None:
        raise Http404
    note = request.POST.get("note", "")
    try:
        resolve(discrepancy=row, note=note, by=by, now=timezone.now())
    except ResolveRefused as refused:
        return _shown(request, refusal=str(refused), refused=row.pk, typed=note)
    return _shown(request) if request.htmx else redirect("books")  # type: ignore[attr-defined]  # by its middleware


def _shown(request: HttpRequest, *, refusal: str = "", refused: int = 0, typed: str = "") -> HttpResponse:
    shop = the_shop(request)
    context = {
        "may_check": may(request.user, "check_books"),
        "may_explain": may(request.user, "resolve_books"),
        "refusal": refusal,
        "refused": refused,
        "typed": typed,
    }
    if shop is not None:
        context |= page_of(shop, timezone.now(), live=key_is_live())
    name = "panel/books/part.html" if request.htmx else "panel/books/books.html"  # type: ignore[attr-defined]  # by its middleware
    return render(request, name, context)
