"""The pages of a load: one address for all of its steps, so that going back or pressing twice shows where it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from phonepay.events import types
from phonepay.events.models import record
from phonepay.lib.money import MoneyError
from phonepay.lib.sheets import csv_parts
from phonepay.merchant.models import Merchant
from phonepay.orders.loading.matching import FIELDS
from phonepay.orders.loading.models import Load
from phonepay.orders.loading.operations import confirm_load, discard_load, form_load, match_load, start_load
from phonepay.orders.loading.reasons import LoadRefused
from phonepay.orders.loading.work import work
from phonepay.people.permissions import acting
from phonepay.web.panel.load import told
from phonepay.web.panel.shop import shop_or_404

VERB = "change_orders"
# A small file is answered at once; what is left over is the worker's.
AT_ONCE_SECONDS = 1.5
_CHUNK = 1_000
_TOO_BIG = "too_big"


@require_http_methods(["GET", "HEAD", "POST"])
def load(request: HttpRequest) -> HttpResponse:
    """Upload a file, or go on with one."""
    shop = shop_or_404(request)
    refusal = ""
    if request.method == "POST":
        try:
            return redirect("load-file", _started(request, shop).pk)
        except LoadRefused as refused:
            refusal = _(str(refused))
    begun = Load.objects.filter(merchant=shop, status__in=(Load.Status.MATCHING, Load.Status.READY, *Load.AT_WORK))
    context = {"refusal": refusal, "begun": begun.order_by("-created_at")[:5]}
    return render(request, "panel/load/upload.html", context)


def _started(request: HttpRequest, shop: Merchant) -> Load:
    upload = request.FILES.get("file")
    if upload is None:  # a larger one is not taken in at all (FILE_UPLOAD_HANDLERS)
        length = int(request.META.get("CONTENT_LENGTH") or 0)
        raise LoadRefused(_TOO_BIG if length > 1_000_000 else "empty")  # noqa: PLR2004 - an empty form is a few bytes
    line = shop.lines.order_by("pk").first()
    return start_load(
        merchant=shop,
        file_name=upload.name or "",
        data=upload.read(),
        currency=line.currency if line else "usd",
        by=acting(request.user, VERB),
        now=timezone.now(),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def load_file(request: HttpRequest, identity: UUID) -> HttpResponse:
    """Where a file stands, and the next step of it."""
    found = _load(request, identity)
    if request.method != "POST":
        return _shown(request, found)
    step = _STEPS.get(request.POST.get("step", ""))
    if step is None:
        return redirect("load-file", identity)
    try:
        step(request, found)
    except LoadRefused as refused:
        return _shown(request, _load(request, identity), _(str(refused)))
    except MoneyError:
        return _shown(request, _load(request, identity), _("Choose one of the currencies."))
    return redirect("load-file", identity)


def _form(request: HttpRequest, found: Load) -> None:
    form_load(
        load=found,
        encoding=request.POST.get("encoding", ""),
        delimiter=request.POST.get("delimiter", ""),
        sheet=_whole(request.POST.get("sheet", "0")) or 0,
        headed=request.POST.get("headed") == "yes",
        by=acting(request.user, VERB),
        now=timezone.now(),
    )


def _match(request: HttpRequest, found: Load) -> None:
    now = timezone.now()
    chosen = {name: _whole(request.POST.get(name, "")) for name in FIELDS}
    match_load(
        load=found,
        columns={name: place for name, place in chosen.items() if place is not None},
        currency=request.POST.get("currency", ""),
        mark=request.POST.get("mark", ""),
        by=acting(request.user, VERB),
        now=now,
    )
    work(found, now, seconds=AT_ONCE_SECONDS)


def _confirm(request: HttpRequest, found: Load) -> None:
    now = timezone.now()
    confirm_load(
        load=found,
        updates=request.POST.get("updates") == "yes",
        leaves_out=request.POST.get("leaves_out") == "yes",
        by=acting(request.user, VERB),
        now=now,
    )
    work(found, now, seconds=AT_ONCE_SECONDS)
    if found.status == Load.Status.READING:  # orders moved: compared anew
        work(found, timezone.now(), seconds=AT_ONCE_SECONDS)


def _discard(request: HttpRequest, found: Load) -> None:
    discard_load(load=found, by=acting(request.user, VERB), now=timezone.now())


_STEPS: dict[str, Callable[[HttpRequest, Load], None]] = {
    "form": _form,
    "match": _match,
    "confirm": _confirm,
    "discard": _discard,
}


def _shown(request: HttpRequest, found: Load, refusal: str = "") -> HttpResponse:
    context: dict[str, Any] = {"load": found, "step": found.status, "refusal": refusal or told.failure(found)}
    if found.status == Load.Status.MATCHING or (found.status == Load.Status.READY and "columns" in request.GET):
        context |= {"step": Load.Status.MATCHING} | told.matching(found, found.merchant)
    elif found.at_work:
        context |= told.progress(found)
    elif found.status in (Load.Status.READY, Load.Status.LOADED):
        context |= told.ready(found)
    name = "panel/load/step.html" if request.htmx else "panel/load/page.html"  # type: ignore[attr-defined]  # by its middleware
    return render(request, name, context)


@require_safe
def errors(request: HttpRequest, identity: UUID) -> HttpResponseBase:
    """All rows that were not taken, as a CSV."""
    found = _load(request, identity)
    by, now = acting(request.user, VERB), timezone.now()
    record(types.EXPORTED, subject=("export", "load-errors"), by=by, now=now, format="csv", rows=found.not_taken)
    header = [_("Line"), _("Column"), _("What stands there"), _("Why it was not taken")]
    parts = csv_parts(header, _chunks(found, translation.get_language() or "en"))
    response = StreamingHttpResponse(parts, content_type="text/csv; charset=utf-8")
    name = f"{_('errors')}-{found.file_name.rpartition('.')[0] or found.file_name}.csv"
    response.headers["Content-Disposition"] = content_disposition_header(True, name) or ""
    response.headers["Cache-Control"] = "no-store"
    return response


def _chunks(found: Load, language: str) -> Iterator[list[tuple[int, str, str, str]]]:
    after = 0
    while rows := told.all_faults(found, after, _CHUNK):
        after = rows[-1].line
        with translation.override(language):
            faults = [told.fault(row) for row in rows]
        yield [(each.line, each.column, each.value, each.why) for each in faults]


def _load(request: HttpRequest, identity: UUID) -> Load:
    """The one accessor: of this shop alone."""
    rows = Load.objects.select_related("merchant")
    found = rows.filter(merchant=shop_or_404(request), pk=identity).first()
    if found is None:
        raise Http404
    return found


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else None  # noqa: PLR2004 - no table has a thousand columns
