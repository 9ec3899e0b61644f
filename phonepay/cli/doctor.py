"""What `phonepay check` looks at, from this machine outward: settings, database, lines, worker, Stripe, Twilio."""

import sqlite3
from collections.abc import Generator, Iterator
from datetime import timedelta

from django.conf import settings
from django.core.checks import run_checks
from django.db import DatabaseError, InterfaceError, connection
from django.utils import timezone

from phonepay.cli.findings import Finding, in_order, note, problem
from phonepay.cli.startup import pending_migrations
from phonepay.merchant.models import Line
from phonepay.payments.gateway import GatewayError, NotConfigured, Refused, Unanswered, get_gateway, key_is_live
from phonepay.telephony.addresses import Addresses
from phonepay.telephony.client import Number, TwilioUnreachable, get_client
from phonepay.worker import HEARTBEAT_FILE, Heartbeat

_SILENT_FOR = timedelta(minutes=1)
_NOT_FOUND = 404
# Any id would do: an answer that it does not exist proves that the key may ask.
_NO_INTENT = "pi_phonepay_check"

_NO_CALL = "No call is let in: callers hear Twilio's own error."
_NO_CHARGE = "No card can be charged: callers hear that they were not charged."


def examine() -> Iterator[Finding]:
    """Each finding as it is made; what cannot be looked at without the database is left out where it is away."""
    yield from _environment()
    there = yield from _database()
    lines = list(Line.objects.select_related("merchant")) if there else []
    if there:
        yield from _lines(lines)
        yield _worker()
    yield _stripe()
    yield _webhook()
    yield from _twilio(lines)


def _environment() -> Iterator[Finding]:
    if settings.PHONEPAY_PUBLIC_URL:
        yield in_order(f"The public address is {settings.PHONEPAY_PUBLIC_URL}.")
    else:
        yield problem(
            "There is no public address.", callers=_NO_CALL, mend="Set PHONEPAY_PUBLIC_URL, as https://pay.example.com."
        )
    for message in run_checks():
        hint = message.hint or ""
        if message.is_serious():
            yield problem(message.msg, callers="Calls may not be answered.", mend=hint)
        else:
            yield note(message.msg, mend=hint)


def _database() -> Generator[Finding, None, bool]:
    try:
        pending = pending_migrations()
    except (DatabaseError, InterfaceError) as error:
        yield problem(
            f"The database does not answer: {error}".strip(),
            callers="Callers hear an apology, and no card is asked for.",
            mend="Start it, or correct PHONEPAY_DATABASE_URL.",
        )
        return False
    # Settings put the bundled SQLite under this name, where there is one.
    version = f" {sqlite3.sqlite_version}" if connection.vendor == "sqlite" else ""
    yield in_order(f"The database answers: {connection.display_name}{version}.")
    if pending:
        yield problem(
            f"The database is not up to date: {len(pending)} migrations are to be made.",
            callers="Nothing starts, so no call is answered.",
            mend="phonepay migrate (an embedded database is migrated by phonepay serve).",
        )
        return False
    return True


def _lines(lines: list[Line]) -> Iterator[Finding]:
    if not lines:
        yield problem(
            "There is no line yet.",
            callers="Callers hear an apology.",
            mend="phonepay line set --behavior fixed-with-order --amount 42.50",
        )
    for line in lines:
        name = line.phone_number or "any number"
        if line.paused:
            yield note(f"The line for {name} is paused.", callers="They hear so.", mend="phonepay line resume")
        else:
            yield in_order(f"The line for {name} takes payments: {line.get_behavior_display()}.")


def _worker() -> Finding:
    last = Heartbeat(settings.PHONEPAY_DATA_DIR / HEARTBEAT_FILE).last()
    if last is not None and timezone.now() - last < _SILENT_FOR:
        return in_order("The worker runs on this machine.")
    what = (
        "No worker runs on this machine." if last is None else f"The worker was last seen at {last:%Y-%m-%d %H:%M} UTC."
    )
    callers = "Payments whose answer got lost stay “being checked”."
    mend = "phonepay serve runs one, phonepay serve --worker only that."
    if settings.PHONEPAY_DATABASE_EMBEDDED:
        return problem(what, callers=callers, mend=mend)
    return note(what, callers=f"If none runs elsewhere: {callers[0].lower()}{callers[1:]}", mend=mend)


def _stripe() -> Finding:
    mode = "live" if key_is_live() else "test: no real money"
    try:
        account = get_gateway().account()
        if not account:
            _ask_stripe_anything()
    except NotConfigured:
        return problem("There is no Stripe key.", callers=_NO_CHARGE, mend="Set PHONEPAY_STRIPE_SECRET_KEY.")
    except Unanswered as error:
        return problem(
            f"Stripe does not answer ({error}).",
            callers=_NO_CHARGE,
            mend=f"See whether this machine reaches {settings.PHONEPAY_STRIPE_API_BASE}.",
        )
    except GatewayError as error:
        return problem(
            f"Stripe does not take the key: {error}",
            callers=_NO_CHARGE,
            mend="Set PHONEPAY_STRIPE_SECRET_KEY to a key of your account, from Stripe's dashboard.",
        )
    return in_order(f"Stripe takes the key ({mode}){f', account {account}' if account else ''}.")


def _ask_stripe_anything() -> None:
    """For a restricted key, which may not read its account, and for an answer that got lost."""
    try:
        get_gateway().retrieve_intent(_NO_INTENT)
    except Refused as error:
        if error.status != _NOT_FOUND:
            raise


def _webhook() -> Finding:
    if settings.PHONEPAY_STRIPE_WEBHOOK_SECRETS:
        return in_order("Stripe's webhook has its secret.")
    return note(
        "Stripe's webhook has no secret: what Stripe tells later is not let in.",
        callers="Payments whose answer got lost are cleared up later, by asking.",
        mend="Set PHONEPAY_STRIPE_WEBHOOK_SECRET, from the webhook's page in Stripe's dashboard.",
    )


def _twilio(lines: list[Line]) -> Iterator[Finding]:
    client = get_client()
    if client is None:
        yield problem(
            "Twilio's account or its token is not set.",
            callers=_NO_CALL,
            mend="Set PHONEPAY_TWILIO_ACCOUNT_SID and PHONEPAY_TWILIO_AUTH_TOKEN.",
        )
        return
    try:
        account, numbers = client.account(), client.numbers()
    except TwilioUnreachable as error:
        yield problem(
            f"Twilio does not take the account and its token, or does not answer: {error}",
            callers=_NO_CALL,
            mend="Compare PHONEPAY_TWILIO_ACCOUNT_SID and PHONEPAY_TWILIO_AUTH_TOKEN with Twilio's console.",
        )
        return
    if account.status != "active":
        yield problem(
            f"Twilio's account is {account.status}.", callers=_NO_CALL, mend="See Twilio's console, first page."
        )
    yield in_order(f"Twilio takes the account and its token: {account.name or account.sid}.")
    if account.trial:
        yield note(
            "Twilio's account is a trial.", callers="They hear Twilio's notice first.", mend="Upgrade it at Twilio."
        )
    known = {number.phone_number: number for number in numbers}
    for line in lines:
        if line.phone_number:
            yield _number(line.phone_number, known.get(line.phone_number))


def _number(phone_number: str, number: Number | None) -> Finding:
    ours = Addresses(settings.PHONEPAY_PUBLIC_URL or "").voice()
    if number is None:
        return problem(
            f"Twilio's account does not have the number {phone_number}.",
            callers="A call to it does not come here.",
            mend="Buy it there, or give the line its right one: phonepay line set --new-number …",
        )
    if number.overridden_by or number.voice_url.partition("#")[0] != ours.partition("#")[0]:
        return problem(
            f"Calls to {phone_number} go elsewhere at Twilio: {number.overridden_by or number.voice_url or 'nowhere'}.",
            callers="They do not hear this line.",
            mend=f"Set its voice address at Twilio to {ours} (HTTP POST).",
        )
    return in_order(f"Calls to {phone_number} come here.")
