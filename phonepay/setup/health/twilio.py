"""Twilio's account, its numbers, and the connector: whether calls come here and cards can be handed over."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from django.utils.translation import gettext as _

from phonepay.merchant.credentials import current
from phonepay.merchant.models import Line
from phonepay.payments.gateway import key_is_live
from phonepay.setup.findings import NO_CALL, NO_RECORDING, RECORDED, Finding, in_order, note, problem
from phonepay.telephony.addresses import Addresses, public_base
from phonepay.telephony.client import Number, TwilioRest, TwilioUnreachable, get_client


def account_and_numbers(lines: list[Line], connector: Mapping[str, Any]) -> Iterator[Finding]:
    """`connector` is what the set-up was told of it; {} where nothing was, or the database is away."""
    client = get_client()
    if client is None:
        yield problem(
            _("Twilio's account or its token is not set."),
            callers=NO_CALL,
            mend=_("Set both under Connections, or PHONEPAY_TWILIO_ACCOUNT_SID and PHONEPAY_TWILIO_AUTH_TOKEN."),
        )
        return
    try:
        account, numbers = client.account(), client.numbers()
    except TwilioUnreachable as error:
        yield _not_asked(error)
        return
    if account.status != "active":
        yield problem(
            _("Twilio's account is %(status)s.") % {"status": account.status},
            callers=NO_CALL,
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
    if client.records_all_calls():
        yield problem(
            _("Twilio's account records every call by itself."),
            callers=RECORDED,
            mend=NO_RECORDING,
        )
    yield from _connectors(client, lines, connector)
    known = {number.phone_number: number for number in numbers}
    for line in lines:
        if line.phone_number:
            yield from _number(line.phone_number, known.get(line.phone_number))


def _not_asked(error: TwilioUnreachable) -> Finding:
    if error.status != HTTPStatus.UNAUTHORIZED:
        return problem(
            _("Twilio does not answer: %(error)s") % {"error": error},
            callers=_("They can pay meanwhile. Whether their number still leads here is not known."),
            mend=_("See whether this machine reaches %(address)s, and status.twilio.com.")
            % {"address": current().twilio_api_base},
        )
    return problem(
        _("Twilio does not take the account and its token: %(error)s") % {"error": error},
        callers=NO_CALL,
        mend=_("Copy account and token from Twilio's console, and give them under Connections or by phonepay keys set "
               "twilio-auth-token; where the environment sets them, there."),
    )  # fmt: skip


def _number(phone_number: str, number: Number | None) -> Iterator[Finding]:
    ours = Addresses(public_base())
    about = {"number": phone_number}
    if number is None:
        yield problem(
            _("Twilio's account does not have the number %(number)s.") % about,
            callers=_("A call to it does not come here."),
            mend=_("Buy it at Twilio, or correct the number here."),
        )
        return
    if not number.comes_to(ours):
        elsewhere = {"where": number.goes_to or _("nowhere")}
        yield problem(
            _("Calls to %(number)s go elsewhere at Twilio: %(where)s.") % (about | elsewhere),
            callers=_("They hear something else."),
            mend=_("Set its voice address at Twilio to %(address)s (HTTP POST).") % {"address": ours.voice()},
        )
        return
    yield in_order(_("Calls to %(number)s come here.") % about)
    yield from _beside(number)


def _beside(number: Number) -> Iterator[Finding]:
    """What a number has beside its voice address, without which it takes calls all the same."""
    addresses, about = Addresses(public_base()), {"number": number.phone_number}
    if not number.fallback_url:
        yield note(
            _("Twilio has nothing to say on %(number)s while this server cannot be reached.") % about,
            callers=_("They hear that an application error has occurred, in the middle of paying too."),
            mend=_("Give the number a “primary handler fails” at Twilio: phonepay fallback prints the text for it."),
        )
    if number.status_url.partition("#")[0] != addresses.status().partition("#")[0]:
        yield note(
            _("Twilio does not tell this server when a call to %(number)s ends.") % about,
            callers=_("They notice nothing. Who has hung up is shown as on the line for ten minutes."),
            mend=_("Set “call status changes” of the number at Twilio to %(address)s (HTTP POST).")
            % {"address": addresses.status()},
        )


def _connectors(client: TwilioRest, lines: list[Line], told: Mapping[str, Any]) -> Iterator[Finding]:
    """Twilio may list connectors among what is installed; that it does is documented nowhere."""
    there = client.connectors()
    for name in sorted({line.connector for line in lines}):
        about = {"name": name}
        if there and name in there:
            yield in_order(_("Twilio has a connector of the name %(name)s.") % about)
        elif there:
            yield note(
                _("Twilio does not list a connector of the name %(name)s.") % about,
                callers=_("Where there is none, no card is asked for (error 64004)."),
                mend=_("Compare the name with Twilio's console, under Voice, Pay Connectors."),
            )
        if told.get("name", name) != name:
            yield note(
                _("The connector %(name)s was not compared with Stripe's key.") % about,
                callers=_("Where it is of another account, each card is refused after it was keyed."),
                mend=_("Name it with its account under Connections, Another Stripe account (phonepay setup --live).")
                if key_is_live()
                else _("A test call tells. Before money is real it is compared, under Go live."),
            )
    if told and bool(told.get("live")) != key_is_live():
        yield problem(
            _("The connector is live, and Stripe's key is a test key.")
            if told.get("live")
            else _("The connector is in test mode, and Stripe's key is live."),
            callers=_("Each card is refused after it was keyed: the key cannot see it."),
            mend=_("Take a connector and a key of the same mode: both are compared under Go live."),
        )
