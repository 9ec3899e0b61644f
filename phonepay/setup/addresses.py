"""The two addresses that are needed before the database: where this installation is, and where its database is.

They are kept in a file of the data folder (`configuration.kept`), below the environment. `phonepay serve` sees the file
change and starts its processes anew on it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from urllib.parse import quote

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_noop

from phonepay.configuration import kept, values
from phonepay.configuration.addresses import parse_database_url
from phonepay.configuration.database_trial import DatabaseRefused, Found, try_database
from phonepay.configuration.variables import DATABASE_FILE
from phonepay.events import types
from phonepay.events.actors import Actor
from phonepay.events.models import record
from phonepay.lib.refusal import Refusal
from phonepay.merchant import credentials
from phonepay.people.permissions import require

PUBLIC_URL, DATABASE_URL = "PHONEPAY_PUBLIC_URL", "PHONEPAY_DATABASE_URL"


class AddressRefused(Refusal):
    """Nothing was kept. Reasons: environment, form, folder, ours, and those of DatabaseRefused.

    `facts` has the `name` of the environment.
    """


def keep_public_url(*, url: str | None, by: Actor, now: datetime) -> None:
    """Keep the address under which Twilio and Stripe reach us; None forgets it. Raises AddressRefused, NotAllowed.

    For a day requests to the old address are let in too: calls under way, and numbers that are not wired anew yet.
    """
    require(by, "change_keys")
    _not_of_the_environment(PUBLIC_URL)
    address = None
    if url is not None:
        try:
            address = values.web_address(url.strip())
        except ValueError as error:
            raise _refused("form", gettext_noop("This %(why)s."), name=PUBLIC_URL, why=str(error)) from None
    _keep(PUBLIC_URL, address, types.ADDRESS_KEPT, by=by, now=now, address=address or "")


def keep_database_url(*, url: str, by: Actor, now: datetime, as_it_is: bool = False) -> Found:
    """Try the database and keep its address; what was found there. Raises AddressRefused, NotAllowed.

    With the restart all rows are moved into it. A database of Phone Pay's that is in use already is taken `as_it_is`
    only, and what is in the present one stays behind.
    """
    require(by, "change_keys")
    _not_of_the_environment(DATABASE_URL)
    text = url.strip()
    try:
        address, found = parse_database_url(text), try_database(text)
    except ValueError as error:
        if isinstance(error, DatabaseRefused):
            raise AddressRefused(error.reason, str(error), name=DATABASE_URL, **error.facts) from None
        raise _refused("form", gettext_noop("The address %(why)s."), name=DATABASE_URL, why=str(error)) from None
    old = kept.read(settings.PHONEPAY_DATA_DIR).values.get(DATABASE_URL) or _embedded()
    if address == parse_database_url(old):
        return found
    if found.state == "ours" and not as_it_is:
        sentence = gettext_noop(
            "A Phone Pay with %(lines)d phone numbers is in it already. What is here now would stay behind."
        )
        raise _refused("ours", sentence, name=DATABASE_URL, lines=found.lines)
    move_from = old if found.state == "empty" else None
    place = f"{found.product} {address.host} {address.name}"
    _keep(DATABASE_URL, text, types.DATABASE_KEPT, by=by, now=now, move_from=move_from, place=place)
    return found


def in_force() -> bool:
    """Whether this very process runs on what is kept now."""
    return kept.stamp_of(settings.PHONEPAY_DATA_DIR) == settings.PHONEPAY_KEPT_STAMP


def failure() -> str:
    """Why the last change was taken back, or ""."""
    try:
        return kept.read(settings.PHONEPAY_DATA_DIR).failure
    except kept.KeptUnreadable as error:
        return f"{kept.KEPT_FILE} {error}."


def source_of(name: str) -> str:
    """`environment`, `kept`, or "" where nobody set it."""
    if name in settings.PHONEPAY_GIVEN:
        return credentials.ENVIRONMENT
    return credentials.KEPT if name in settings.PHONEPAY_KEPT else ""


def _refused(reason: str, words: str, **facts: Any) -> AddressRefused:
    return AddressRefused(reason, words % facts, words=words, **facts)


def _not_of_the_environment(name: str) -> None:
    if source_of(name) == credentials.ENVIRONMENT:
        sentence = gettext_noop("%(name)s is set in the environment of the server, which wins: change it there.")
        raise _refused("environment", sentence, name=name)


def _keep(
    name: str,
    value: str | None,
    happened: str,
    *,
    by: Actor,
    now: datetime,
    move_from: str | None = None,
    **facts: str,
) -> None:
    try:
        with transaction.atomic():
            record(happened, subject=("address", name), by=by, now=now, **facts)
            kept.keep(settings.PHONEPAY_DATA_DIR, name, value, move_from=move_from)
    except (OSError, kept.KeptUnreadable) as error:
        sentence = f"It cannot be kept in {settings.PHONEPAY_DATA_DIR}: {error}."
        raise AddressRefused("folder", sentence, name=name) from error


def _embedded() -> str:
    return f"sqlite:///{quote(str(settings.PHONEPAY_DATA_DIR / DATABASE_FILE))}"
