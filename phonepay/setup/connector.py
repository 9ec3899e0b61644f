"""The Pay connector, which only Twilio's console can make: what the owner reads there, against Stripe's key.

A connector of another Stripe account or mode than the key makes cards that the key cannot see: every payment would
fail after the caller has keyed the card. So the `acct_…` that the console shows is compared before the first call.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from phonepay.events import types
from phonepay.events.actors import Actor
from phonepay.events.models import record
from phonepay.merchant.facts import read_facts
from phonepay.merchant.lines import set_line
from phonepay.merchant.models import Line
from phonepay.merchant.refusals import LineRefused
from phonepay.payments.gateway import Gateway, GatewayError, NotConfigured, get_gateway
from phonepay.people.permissions import require
from phonepay.setup.fact_words import sentences
from phonepay.setup.findings import Finding, in_order, note, problem
from phonepay.setup.refusals import StepRefused, check_found
from phonepay.setup.steps import facts_of, step_done
from phonepay.telephony.client import get_client

CONNECTOR = "connector"  # beside the seven steps
_ACCOUNT = re.compile(r"acct_[0-9A-Za-z]{8,64}")


def compare_connector(*, name: str, account: str, live: bool, by: Actor, now: datetime) -> list[Finding]:
    """Compare what the console shows of the connector with the key, and let the lines use it where they agree.

    `name` is the connector's unique name, `account` the `acct_…` beside it, `live` its mode. Raises StepRefused,
    NotAllowed. It asks the network, so no transaction may be open.
    """
    require(by, "change_settings")
    try:
        gateway = get_gateway()
    except NotConfigured as error:
        raise StepRefused(
            {"account": _("Do the step about Stripe first: there is no key to compare it with.")}
        ) from error
    found = compare(gateway, name=name, account=account, live=live)
    check_found(found)
    with transaction.atomic():
        use_connector(name=name, account=account, live=live, by=by, now=now)
    return found


def compare(gateway: Gateway, *, name: str, account: str, live: bool) -> list[Finding]:
    """What the console shows against what a key opens. Raises StepRefused where `account` or `name` is none."""
    _check_name(name)
    if not _ACCOUNT.fullmatch(account.strip()):
        raise StepRefused({"account": _("Write it as the console shows it: acct_ and letters and digits.")})
    return [*_modes(gateway, live=live), *_accounts(gateway, account.strip()), *_names(name.strip())]


def use_connector(*, name: str, account: str, live: bool, by: Actor, now: datetime) -> None:
    """Let every line take its cards with this connector. Within a transaction. Raises StepRefused."""
    facts = {"name": name.strip(), "account": account.strip(), "live": live}
    try:
        for line in Line.objects.select_related("merchant"):
            changes = {"connector": facts["name"]}
            set_line(merchant=line.merchant, phone_number=line.phone_number, changes=changes, by=by, now=now)
    except LineRefused as refused:
        raise StepRefused({"name": sentences(refused).get("connector", str(refused))}) from refused
    record(types.CONNECTOR_COMPARED, subject=("setup", 1), by=by, now=now, **facts)
    step_done(CONNECTOR, facts, now=now, after_it_closed=True)


def of_another_account(account: str, *, live: bool) -> Iterator[Finding]:
    """Where the connector that was compared last belongs to another Stripe account than this one, of a key."""
    of_connector = str(facts_of(CONNECTOR).get("account", ""))
    if account and of_connector and account != of_connector:
        yield problem(
            _("The connector is of %(account)s, the key of %(other)s.") % {"account": of_connector, "other": account},
            callers=_("Each card is refused after it was keyed: the key cannot see it."),
            mend=_("Give the key of the connector's account, or change key and connector together: Connections, "
                   "Another Stripe account (phonepay setup --live).")
            if live
            else _("Give the key of the connector's account, or connect the connector to the other account at Twilio."),
        )  # fmt: skip


def _check_name(name: str) -> None:
    """As the lines will take it: a live key that was kept already must not be left with the test connector."""
    try:
        read_facts({"connector": name.strip()}, currency="usd", region="US")
    except LineRefused as refused:
        raise StepRefused({"name": sentences(refused)["connector"]}) from refused


def _modes(gateway: Gateway, *, live: bool) -> list[Finding]:
    if live == gateway.livemode:
        return [in_order(_("The connector and the key are both live.") if live else _("Both are in test mode."))]
    what = (
        _("The connector is live, the key is a test key.") if live else _("The connector is a test one, the key live.")
    )
    mend = _("Take a connector of the key's mode: the mode is chosen when it is installed at Twilio.")
    return [problem(what, callers=_("Each card is refused after it was keyed."), mend=mend)]


def _accounts(gateway: Gateway, account: str) -> list[Finding]:
    try:
        of_key = gateway.account()
    except GatewayError as error:
        mend = _("Do the step about Stripe first.")
        return [problem(_("Stripe could not be asked: %(error)s") % {"error": error}, callers="", mend=mend)]
    if not of_key:
        sentence = _("The key may not say of which account it is, so this could not be compared.")
        return [note(sentence, mend=_("The test call tells: a card that cannot be found is of another account."))]
    if of_key == account:
        return [in_order(_("The connector and the key are of the same account, %(account)s.") % {"account": account})]
    return [
        problem(
            _("The connector is of %(account)s, the key of %(other)s.") % {"account": account, "other": of_key},
            callers=_("Each card is refused after it was keyed: the key cannot see it."),
            mend=_("Give the key of the connector's account, or remove the connector at Twilio and choose the other "
                   "account at “Connect with Stripe”."),
        )
    ]  # fmt: skip


def _names(name: str) -> list[Finding]:
    """What Twilio lists, if it lists them at all: that connectors are among it is documented nowhere."""
    client = get_client()
    there = client.connectors() if client else None
    if there and name in there:
        return [in_order(_("Twilio has a connector of the name %(name)s.") % {"name": name})]
    sentence = _("Whether Twilio has a connector of the name %(name)s could not be seen.") % {"name": name}
    return [note(sentence, mend=_("The test call tells: with a wrong name no card is asked for."))]
