"""The page with the dial pad. The call lives in the switchboard; the session knows only which one is this person's."""

from __future__ import annotations

import re
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from phonepay.calls.hearing import note_heard
from phonepay.merchant.models import Line
from phonepay.orders.models import Order
from phonepay.people.permissions import Person, acting
from phonepay.web.telephone.network import CARDS, Away, Gone, Network, network
from phonepay.web.telephone.talk import Talk, talk_of

_KEPT, _ALOUD = "telephone_call", "trial_aloud"
_SHOWN = 3  # orders that a caller could key

WORDS = {
    "accepted": gettext_lazy("The card is accepted"),
    "no_funds": gettext_lazy("Not enough money"),
    "wrong_code": gettext_lazy("The security code is wrong"),
    "expired": gettext_lazy("The card has expired"),
    "no_answer": gettext_lazy("The bank does not answer"),
}


@require_http_methods(["GET", "HEAD", "POST"])
def telephone(request: HttpRequest) -> HttpResponse:
    """The call as far as it went. Each POST is one thing done at the telephone."""
    by = acting(request.user, "try_the_line")
    net = network()
    if net is None:
        return redirect("try-the-line")
    lines = tuple(Line.objects.select_related("merchant").order_by("phone_number", "pk"))
    line = _chosen(request, lines)
    try:
        talk = _done(request, net, line, by) if request.method == "POST" and line else _now(request, net)
    except Away:
        return _page(request, lines, line, None, away=True)
    if request.method == "POST" and not request.htmx:  # type: ignore[attr-defined]  # by its middleware
        return redirect(request.get_full_path() + "#now")
    return _page(request, lines, line, talk)


@require_http_methods(["GET", "HEAD"])
def now(request: HttpRequest) -> HttpResponse:
    """What is new since `mark`: the part of the page that changes, or 204 where it is the same."""
    acting(request.user, "try_the_line")
    net = network()
    if net is None:
        return HttpResponse(status=204)
    try:
        talk = _now(request, net)
    except Away:
        return HttpResponse(status=204)
    if talk is not None and talk.mark == request.GET.get("mark"):
        return HttpResponse(status=204)
    lines = tuple(Line.objects.select_related("merchant").order_by("phone_number", "pk"))
    return _page(request, lines, _chosen(request, lines), talk)


def _chosen(request: HttpRequest, lines: tuple[Line, ...]) -> Line | None:
    asked = request.GET.get("line", "")
    if not asked:
        return lines[0] if lines else None
    for line in lines:
        if str(line.pk) == asked:
            return line
    raise Http404


def _now(request: HttpRequest, net: Network) -> Talk | None:
    """This person's call; none where there was none, or the stand-ins were started again since."""
    sid = request.session.get(_KEPT)
    if not sid:
        net.check()
        return None
    try:
        return talk_of(net.look(sid))
    except Gone:
        return None


def _done(request: HttpRequest, net: Network, line: Line, by: Person) -> Talk | None:
    """The call after what was done; as it was, where that cannot be done in it."""
    act, value, sid = request.POST.get("act", ""), request.POST.get("value", ""), request.session.get(_KEPT)
    if act == "aloud":
        request.session[_ALOUD] = value == "yes"
        return _now(request, net)
    if act == "call":
        told = net.dial(line)
        request.session[_KEPT] = told["sid"]
        note_heard(by=by, now=timezone.now())
        return talk_of(told)
    try:
        return talk_of(_deed(net, sid, act, value, request.POST.get("keys", ""))) if sid else None
    except Gone:
        return _now(request, net)


def _deed(net: Network, sid: str, act: str, value: str, keys: str) -> dict[str, Any]:
    if act == "press" and re.fullmatch("[0-9*#]{1,20}", keys):
        return net.press(sid, keys)
    if act == "card" and value in CARDS:
        return net.key_card(sid, value)
    if act == "person":
        return net.person(sid, answers=value == "yes")
    if act == "silence":
        return net.keep_silent(sid)
    return net.hang_up(sid) if act == "hang_up" else net.look(sid)


def _page(
    request: HttpRequest, lines: tuple[Line, ...], line: Line | None, talk: Talk | None, *, away: bool = False
) -> HttpResponse:
    several = len(lines) > 1 and line is not None
    context = {
        "line": line,
        "lines": lines if several else (),
        "here": reverse("try-telephone") + (f"?line={line.pk}" if several and line else ""),
        "talk": talk,
        "away": away,
        "orders": _orders(line),
        "aloud": bool(request.session.get(_ALOUD)),
        "cards": WORDS,
        "keypad": "123456789*0#",
    }
    name = "telephone/call.html" if request.htmx else "telephone/page.html"  # type: ignore[attr-defined]  # by its middleware
    return render(request, name, context)


def _orders(line: Line | None) -> list[Order]:
    """Some that a caller could key now."""
    if line is None or not line.asks_order_number:
        return []
    owed = Order.objects.payable(livemode=False).filter(merchant=line.merchant_id, claimed_by=None)
    return list(owed.exclude(keyed=None).order_by("pk")[:_SHOWN])
