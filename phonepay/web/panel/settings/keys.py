"""Settings, Connections: another key, token, address or mail server, each tried before it is kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from phonepay.events.actors import Actor
from phonepay.merchant.credential_names import NAMES
from phonepay.merchant.credentials import ENVIRONMENT, current, forget_older
from phonepay.people.permissions import acting
from phonepay.setup import addresses, changing
from phonepay.setup.findings import Finding, worst_first
from phonepay.setup.reach import keep_address
from phonepay.setup.refusals import StepRefused
from phonepay.setup.twilio_account import connect_twilio

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that is typed, by the name that a refusal has for it. `secret` is never shown again; `tick` is a box to
    tick."""

    name: str
    label: Text
    help: Text = ""
    secret: bool = True
    tick: bool = False


@dataclass(frozen=True, slots=True)
class Connection:
    """`names` are those of the environment that would win; `keep` tries and keeps what was typed."""

    title: Text
    about: Text
    fields: tuple[Field, ...]
    names: tuple[str, ...]
    keep: Callable[[Mapping[str, str], Actor, datetime], list[Finding]]
    place: str  # the part of Connections that it is shown in


_TOKEN_FROM = gettext_lazy("On the first page of Twilio's console.")

CONNECTIONS: dict[str, Connection] = {
    "stripe": Connection(
        gettext_lazy("Another Stripe key"),
        gettext_lazy("Of the same Stripe account. It is tried there first, and its webhook is made. Roll the old key "
                     "there afterwards."),
        (Field("key", gettext_lazy("Secret or restricted key"), gettext_lazy("From Developers, API keys.")),),
        ("PHONEPAY_STRIPE_SECRET_KEY",),
        lambda typed, by, now: changing.change_stripe_key(key=typed["key"], by=by, now=now),
        "stripe",
    ),
    "webhook": Connection(
        gettext_lazy("Another webhook secret"),
        gettext_lazy("It stands beside the one there is, so that no event is lost, until you remove the old one."),
        (Field("secret", gettext_lazy("Signing secret"), gettext_lazy("From the webhook's page at Stripe.")),),
        ("PHONEPAY_STRIPE_WEBHOOK_SECRET",),
        lambda typed, by, now: changing.change_webhook_secret(secret=typed["secret"], by=by, now=now),
        "stripe",
    ),
    "twilio": Connection(
        gettext_lazy("Another Twilio token"),
        gettext_lazy("It is tried at Twilio first. A new token stands beside the old one until you remove that."),
        (
            Field("twilio_account_sid", gettext_lazy("Account SID"), _TOKEN_FROM, secret=False),
            Field("twilio_auth_token", gettext_lazy("Auth token"), _TOKEN_FROM),
        ),
        ("PHONEPAY_TWILIO_ACCOUNT_SID", "PHONEPAY_TWILIO_AUTH_TOKEN"),
        lambda typed, by, now: list(
            connect_twilio(
                account_sid=typed["twilio_account_sid"], auth_token=typed["twilio_auth_token"], by=by, now=now
            ).findings
        ),
        "twilio",
    ),
    "address": Connection(
        gettext_lazy("Another public address"),
        gettext_lazy("It is tried from here first. The old one counts for a day more, for calls under way: send your "
                     "numbers and Stripe's webhook to the new one in that time."),
        (
            Field("address", gettext_lazy("Public address"), gettext_lazy("As https://pay.example.com."), secret=False),
            Field("unproven", gettext_lazy("Keep it although it could not be reached from here"), tick=True),
        ),
        ("PHONEPAY_PUBLIC_URL",),
        lambda typed, by, now: keep_address(
            address=typed["address"], unproven=typed["unproven"] == "on", by=by, now=now
        ),
        "twilio",
    ),
    "e-mail": Connection(
        gettext_lazy("The mail server"),
        gettext_lazy("It is signed in to before it is kept. What you leave empty stays as it is."),
        (
            Field(
                "email_url",
                gettext_lazy("Mail server"),
                gettext_lazy("As smtps://user:password@mail.example.com, from your mail provider. In a password write "
                             "@ as %40, : as %3A and / as %2F."),
            ),
            Field("email_from", gettext_lazy("Letters are from"), gettext_lazy("As pay@example.com."), secret=False),
        ),
        ("PHONEPAY_EMAIL_URL", "PHONEPAY_EMAIL_FROM"),
        lambda typed, by, now: changing.change_mail(
            email_url=typed["email_url"], email_from=typed["email_from"], by=by, now=now
        ),
        "e-mail",
    ),
}  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def key(request: HttpRequest, what: str) -> HttpResponse:
    """Ask for it, try it, and say what was found."""
    by = acting(request.user, "change_keys")
    connection = _connection(what)
    typed = {field.name: request.POST.get(field.name, "") for field in connection.fields}
    wrong: Mapping[str, str] = {}
    context = {"connection": connection, "findings": [], "fixed": fixed(connection), "done": False}
    if request.method == "POST":
        try:
            context |= {"findings": worst_first(connection.keep(typed, by, timezone.now())), "done": True}
        except StepRefused as refused:
            wrong = refused.problems
            context |= {"findings": worst_first(refused.findings)}
    else:
        typed |= _there()
    context["rows"] = [
        (field, "" if field.secret else typed[field.name], wrong.get(field.name, "")) for field in connection.fields
    ]
    context["renewing"] = bool(context["done"]) and not addresses.in_force()
    return render(request, "panel/settings/key.html", context)


@require_POST
def older(request: HttpRequest, what: str) -> HttpResponse:
    """Remove the older tokens or secrets, once the new one is in use."""
    by = acting(request.user, "change_keys")
    name = {"twilio": "twilio_auth_token", "webhook": "stripe_webhook_secret"}.get(what)
    if name is None:
        raise Http404
    count = forget_older(name, by=by, now=timezone.now())
    told = ngettext("Removed one older.", "Removed %(count)d older ones.", count) % {"count": count}
    messages.success(request, told if count else _("There is no older one."))
    return redirect(f"{reverse('settings-connections')}#{_connection(what).place}")


def fixed(connection: Connection) -> list[str]:
    """The names that the environment sets: they win, and are changed there alone."""
    sources = {how.variable: current().sources[name] for name, how in NAMES.items()}
    sources["PHONEPAY_PUBLIC_URL"] = addresses.source_of("PHONEPAY_PUBLIC_URL")
    return [name for name in connection.names if sources.get(name) == ENVIRONMENT]


def _connection(what: str) -> Connection:
    if what not in CONNECTIONS:
        raise Http404
    return CONNECTIONS[what]


def _there() -> dict[str, str]:
    """What is no secret, as it is now."""
    keys = current()
    return {
        "twilio_account_sid": keys.twilio_account_sid or "",
        "email_from": keys.email_from or "",
        "address": settings.PHONEPAY_PUBLIC_URL or "",
    }
