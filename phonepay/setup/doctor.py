"""What a call needs, looked at from this machine outward: settings, database, lines, worker, Stripe, Twilio.

`phonepay check` prints it, Connections shows it; the sentences are translated for whoever reads them there.
"""

import sqlite3
from collections.abc import Generator, Iterator

from django.conf import settings
from django.core.checks import run_checks
from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from phonepay.configuration.migrations_pending import pending_migrations
from phonepay.configuration.models import Process
from phonepay.configuration.presence import WEB, WORKER, at_work, last_seen
from phonepay.merchant.credentials import current
from phonepay.merchant.models import Line
from phonepay.payments.gateway import GatewayError, NotConfigured, Refused, Unanswered, get_gateway, key_is_live
from phonepay.setup.activity import activity_findings
from phonepay.setup.findings import Finding, in_order, note, problem
from phonepay.telephony.addresses import Addresses
from phonepay.telephony.client import Number, TwilioUnreachable, get_client

_NOT_FOUND = 404
# Any id would do: an answer that it does not exist proves that the key may ask.
_NO_INTENT = "pi_phonepay_check"

_NO_CALL = gettext_lazy("No call is let in: callers hear Twilio's own error.")
_NO_CHARGE = gettext_lazy("No card can be charged: callers hear that they were not charged.")


def examine(*, whole: bool = False) -> Iterator[Finding]:
    """Each finding as it is made; what cannot be looked at without the database is left out where it is away.

    `whole` verifies every entry of Activity, which takes long where there are many; else the worker's last word counts.
    """
    yield from _environment()
    there = yield from _database()
    lines = list(Line.objects.select_related("merchant")) if there else []
    if there:
        yield from _lines(lines)
        yield from _processes()
        yield from activity_findings(whole=whole)
    yield _stripe()
    yield _webhook()
    yield from _twilio(lines)


def _environment() -> Iterator[Finding]:
    if settings.PHONEPAY_PUBLIC_URL:
        yield in_order(_("The public address is %(address)s.") % {"address": settings.PHONEPAY_PUBLIC_URL})
    else:
        yield problem(
            _("There is no public address."),
            callers=_NO_CALL,
            mend=_("Set PHONEPAY_PUBLIC_URL, as https://pay.example.com."),
        )
    for message in run_checks():
        hint = message.hint or ""
        if message.is_serious():
            yield problem(message.msg, callers=_("Calls may not be answered."), mend=hint)
        else:
            yield note(message.msg, mend=hint)


def _database() -> Generator[Finding, None, bool]:
    try:
        pending = pending_migrations()
    except (DatabaseError, InterfaceError) as error:
        yield problem(
            (_("The database does not answer: %(error)s") % {"error": error}).strip(),
            callers=_("Callers hear an apology, and no card is asked for."),
            mend=_("Start it, or correct PHONEPAY_DATABASE_URL."),
        )
        return False
    # Settings put the bundled SQLite under this name, where there is one.
    version = f" {sqlite3.sqlite_version}" if connection.vendor == "sqlite" else ""
    yield in_order(_("The database answers: %(name)s.") % {"name": f"{connection.display_name}{version}"})
    if pending:
        yield problem(
            _("The database is not up to date: %(count)d migrations are to be made.") % {"count": len(pending)},
            callers=_("Nothing starts, so no call is answered."),
            mend=_("phonepay migrate (an embedded database is migrated by phonepay serve)."),
        )
        return False
    return True


def _lines(lines: list[Line]) -> Iterator[Finding]:
    if not lines:
        yield problem(
            _("There is no line yet."),
            callers=_("Callers hear an apology."),
            mend="phonepay line set --behavior fixed-with-order --amount 42.50",
        )
    for line in lines:
        name = {"number": line.phone_number or _("any number")}
        if line.paused:
            sentence = _("Payments on %(number)s are paused.") % name
            yield note(sentence, callers=_("They hear so."), mend="phonepay line resume")
        else:
            yield in_order(_("Payments are taken on %(number)s.") % name)


def _processes() -> Iterator[Finding]:
    """On whichever host they are: each says in the database that it is there."""
    now = timezone.now()
    web, workers = at_work(WEB, now), at_work(WORKER, now)
    if web:
        yield in_order(_("Calls and pages are answered on %(hosts)s.") % {"hosts": _hosts(web)})
    if workers:
        yield in_order(_("A worker runs on %(hosts)s.") % {"hosts": _hosts(workers)})
        return
    last = last_seen(WORKER)
    yield problem(
        _("No worker runs.")
        if last is None
        else _("No worker runs: one was last seen at %(when)s UTC, on %(host)s.")
        % {"when": f"{last.seen_at:%Y-%m-%d %H:%M}", "host": last.host},
        callers=_("Payments whose answer got lost stay “being checked”."),
        mend=_("phonepay serve runs one, phonepay serve --worker only that."),
    )


def _hosts(processes: list[Process]) -> str:
    return ", ".join(sorted({each.host for each in processes}))


def _stripe() -> Finding:
    try:
        account = get_gateway().account()
        if not account:
            _ask_stripe_anything()
    except NotConfigured:
        return problem(_("There is no Stripe key."), callers=_NO_CHARGE, mend=_("Set PHONEPAY_STRIPE_SECRET_KEY."))
    except Unanswered as error:
        return problem(
            _("Stripe does not answer (%(error)s).") % {"error": error},
            callers=_NO_CHARGE,
            mend=_("See whether this machine reaches %(address)s.") % {"address": current().stripe_api_base},
        )
    except GatewayError as error:
        return problem(
            _("Stripe does not take the key: %(error)s") % {"error": error},
            callers=_NO_CHARGE,
            mend=_("Set PHONEPAY_STRIPE_SECRET_KEY to a key of your account, from Stripe's dashboard."),
        )
    mode = _("live") if key_is_live() else _("test: no real money")
    if not account:
        return in_order(_("Stripe takes the key (%(mode)s).") % {"mode": mode})
    return in_order(_("Stripe takes the key (%(mode)s), account %(account)s.") % {"mode": mode, "account": account})


def _ask_stripe_anything() -> None:
    """For a restricted key, which may not read its account, and for an answer that got lost."""
    try:
        get_gateway().retrieve_intent(_NO_INTENT)
    except Refused as error:
        if error.status != _NOT_FOUND:
            raise


def _webhook() -> Finding:
    if current().stripe_webhook_secrets:
        return in_order(_("Stripe's webhook has its secret."))
    return note(
        _("Stripe's webhook has no secret: what Stripe tells later is not let in."),
        callers=_("Payments whose answer got lost are cleared up later, by asking."),
        mend=_("Set PHONEPAY_STRIPE_WEBHOOK_SECRET, from the webhook's page in Stripe's dashboard."),
    )


def _twilio(lines: list[Line]) -> Iterator[Finding]:
    client = get_client()
    if client is None:
        yield problem(
            _("Twilio's account or its token is not set."),
            callers=_NO_CALL,
            mend=_("Set PHONEPAY_TWILIO_ACCOUNT_SID and PHONEPAY_TWILIO_AUTH_TOKEN."),
        )
        return
    try:
        account, numbers = client.account(), client.numbers()
    except TwilioUnreachable as error:
        yield problem(
            _("Twilio does not take the account and its token, or does not answer: %(error)s") % {"error": error},
            callers=_NO_CALL,
            mend=_("Compare PHONEPAY_TWILIO_ACCOUNT_SID and PHONEPAY_TWILIO_AUTH_TOKEN with Twilio's console."),
        )
        return
    if account.status != "active":
        yield problem(
            _("Twilio's account is %(status)s.") % {"status": account.status},
            callers=_NO_CALL,
            mend=_("See Twilio's console, first page."),
        )
    known_as = {"name": account.name or account.sid}
    yield in_order(_("Twilio takes the account and its token: %(name)s.") % known_as)
    if account.trial:
        yield note(
            _("Twilio's account is a trial."),
            callers=_("They hear Twilio's notice first."),
            mend=_("Upgrade it at Twilio."),
        )
    known = {number.phone_number: number for number in numbers}
    for line in lines:
        if line.phone_number:
            yield _number(line.phone_number, known.get(line.phone_number))


def _number(phone_number: str, number: Number | None) -> Finding:
    ours = Addresses(settings.PHONEPAY_PUBLIC_URL or "").voice()
    about = {"number": phone_number}
    if number is None:
        return problem(
            _("Twilio's account does not have the number %(number)s.") % about,
            callers=_("A call to it does not come here."),
            mend=_("Buy it at Twilio, or correct the number here."),
        )
    if number.overridden_by or number.voice_url.partition("#")[0] != ours.partition("#")[0]:
        elsewhere = {"where": number.overridden_by or number.voice_url or _("nowhere")}
        return problem(
            _("Calls to %(number)s go elsewhere at Twilio: %(where)s.") % (about | elsewhere),
            callers=_("They hear something else."),
            mend=_("Set its voice address at Twilio to %(address)s (HTTP POST).") % {"address": ours},
        )
    return in_order(_("Calls to %(number)s come here.") % about)
