"""Settings, Connections: the phone number, Stripe, e-mail, and whether all of it works."""

from __future__ import annotations

import zoneinfo
from typing import Any

import phonenumbers
from babel import Locale
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from phonepay import __version__
from phonepay.configuration.presence import WORKER, last_seen
from phonepay.merchant.credential_names import NAMES
from phonepay.merchant.credentials_shown import shown
from phonepay.merchant.lines import add_line
from phonepay.merchant.models import Line
from phonepay.merchant.refusals import LineRefused
from phonepay.payments.gateway import key_is_live
from phonepay.payments.stripe_events import WEBHOOK_PATH
from phonepay.people.permissions import acting, may
from phonepay.setup.addresses import failure, source_of
from phonepay.setup.doctor import examine
from phonepay.setup.fact_words import sentences
from phonepay.setup.findings import worst_first
from phonepay.setup.numbers import wired
from phonepay.telephony.addresses import Addresses
from phonepay.telephony.fallback import hosted
from phonepay.web.panel import formats
from phonepay.web.panel.settings.amounts import currencies
from phonepay.web.panel.settings.chosen import chosen_line
from phonepay.web.panel.settings.fields import Choices, Phone, Select
from phonepay.web.panel.settings.sections import Section, sections_page
from phonepay.web.panel.shop import the_shop


def _zones() -> Choices:
    return [(zone, zone.replace("_", " ")) for zone in sorted(zoneinfo.available_timezones()) if "/" in zone]


def _countries() -> Choices:
    names = Locale.parse(formats.reader_locale().replace("-", "_")).territories
    known = [(code, f"{names.get(code, code)} ({code})") for code in phonenumbers.SUPPORTED_REGIONS]
    return sorted(known, key=lambda each: each[1].casefold())


SECTIONS = (
    Section(
        "number",
        gettext_lazy("Phone number"),
        gettext_lazy("The number that callers dial, as your Twilio account has it."),
        (
            Phone(
                name="phone_number",
                label=gettext_lazy("Phone number"),
                help=gettext_lazy("With its country code. Empty: whatever number is called."),
            ),
        ),
    ),
    Section(
        "place",
        gettext_lazy("Where you are"),
        gettext_lazy("Days begin and end on this clock, for everybody."),
        (
            Select(name="time_zone", label=gettext_lazy("Time zone"), choices=_zones),
            Select(
                name="region",
                label=gettext_lazy("Country"),
                choices=_countries,
                help=gettext_lazy("How phone numbers without a country code are read."),
            ),
        ),
    ),
)


@require_http_methods(["GET", "HEAD", "POST"])
def connections(request: HttpRequest) -> HttpResponse:
    """What stands between a caller and the money. With `look=now` an owner has all of it looked at."""
    chosen = chosen_line(request)
    looked = request.GET.get("look") == "now" and may(request.user, "change_settings")
    context: dict[str, Any] = _looked_at() if looked else {}
    if request.htmx and looked:  # type: ignore[attr-defined]  # by its middleware
        return render(request, "panel/settings/findings.html", context | {"chosen": chosen})
    context |= _environment(chosen.line)
    if chosen.line is None:
        return render(request, "panel/settings/connections.html", context | {"chosen": chosen, "forms": []})
    return sections_page(
        request,
        "panel/settings/connections.html",
        route="settings-connections",
        sections=SECTIONS,
        line=chosen.line,
        chosen=chosen,
        **context,
    )


def _looked_at() -> dict[str, Any]:
    """What is to be mended, the worst on top; what is in order is one line that opens."""
    found = worst_first(examine())
    fine = [each for each in found if each.state == "in order"]
    return {"findings": found, "wanting": [each for each in found if each.state != "in order"], "fine": fine}


@require_http_methods(["GET", "HEAD", "POST"])
def number(request: HttpRequest) -> HttpResponse:
    """A number more, or the first."""
    by = acting(request.user, "change_settings")
    shop = the_shop(request)
    typed = request.POST.dict() if request.method == "POST" else {"currency": "usd"}
    wrong: dict[str, str] = {}
    if request.method == "POST":
        facts = {name: typed.get(name, "") for name in (("currency",) if shop else ("currency", "name", "time_zone"))}
        try:
            line = add_line(
                merchant=shop, phone_number=typed.get("phone_number", ""), facts=facts, by=by, now=timezone.now()
            )
        except LineRefused as refused:
            wrong = sentences(refused)
        else:
            messages.success(request, _("Added. Choose what its callers hear."))
            return redirect(f"{reverse('settings-hear')}?line={line.pk}")
    context = {
        "shop_there": shop is not None,
        "typed": typed,
        "wrong": wrong,
        "zones": _zones(),
        "currencies": currencies(),
    }
    return render(request, "panel/settings/number.html", context)


def _environment(line: Line | None) -> dict[str, Any]:
    """What was set outside of the panel; of secrets their last characters alone."""
    base = settings.PHONEPAY_PUBLIC_URL or ""
    addresses = Addresses(base)
    locale = line.locales[0] if line else "en-US"
    told_of = shown()
    return {
        "base": base,
        "voice_url": addresses.voice(),
        "fallback_url": addresses.fallback(locale),
        "status_url": addresses.status(),
        "webhook_url": f"{base}{WEBHOOK_PATH}",
        "bin": hosted(addresses=addresses, locale=locale, shop=line.merchant.name) if line and base else "",
        "live": key_is_live(),
        "kept": {name: [each for each in told_of if each.name == name] for name in NAMES},
        "address_from": source_of("PHONEPAY_PUBLIC_URL"),
        "took_back": failure(),
        "put_back": line is not None and bool(line.phone_number) and wired(line.phone_number) is not None,
        "worker_seen": worker.seen_at if (worker := last_seen(WORKER)) else None,
        "version": __version__,
    }
