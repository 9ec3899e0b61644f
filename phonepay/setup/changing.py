"""Changing what connects us, after the set-up: each is tried live before it is kept, and says what was found."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext as _

from phonepay.events.actors import Actor
from phonepay.merchant import credentials
from phonepay.notifications.smtp import MailRefused, connected, sentence
from phonepay.payments.gateway import is_live
from phonepay.people.permissions import require
from phonepay.setup.connector import of_another_account
from phonepay.setup.email import account_of
from phonepay.setup.findings import Finding, in_order, note
from phonepay.setup.refusals import StepRefused, keep_keys
from phonepay.setup.stripe_key import keep_key, look_at_key


def change_stripe_key(*, key: str, by: Actor, now: datetime) -> list[Finding]:
    """Another key of the mode that there is now. Where it is of another account than the connector, a live one is
    refused (both change together, by go_live), and of a test one that is among what was found. Raises StepRefused,
    NotAllowed. It asks the network.
    """
    require(by, "change_keys")
    there = credentials.current().stripe_secret_key
    live = is_live(there or "")
    if there and key.strip() and is_live(key.strip()) != live:
        sentence = (
            _("This is a test key, and yours is live: callers would hear that they paid, and no money would move.")
            if live
            else _("This is a live key: with it money is real. Going live is a step of its own, where the connector is "
                   "compared too.")
        )  # fmt: skip
        raise StepRefused({"key": sentence})
    gateway, account, found = look_at_key(key, live=live)
    apart = list(of_another_account(account.id if account else "", live=live))
    if live and apart:
        raise StepRefused(findings=[*found, *apart])
    keep_key(key, gateway, account, found, by=by, now=now)
    return [*found, *apart]


def change_webhook_secret(*, secret: str, by: Actor, now: datetime) -> list[Finding]:
    """Beside the one that there is, until that is removed. Raises StepRefused, NotAllowed."""
    keep_keys({"stripe_webhook_secret": secret}, by=by, now=now, field="secret")
    return [
        note(
            _("Whether it is the right one shows with Stripe's next event."),
            mend=_("Send a test event from the webhook's page in Stripe's dashboard, then look here under Health."),
        )
    ]


def change_mail(*, email_url: str, email_from: str, by: Actor, now: datetime) -> list[Finding]:
    """The mail server, signed in to before it is kept, and whom letters are from. "" leaves what there is.

    Raises StepRefused, NotAllowed. It asks the network.
    """
    require(by, "change_keys")
    there = credentials.current()
    url, sender = email_url.strip() or there.email_url or "", email_from.strip() or there.email_from or ""
    account = account_of(email_url=url, email_from=sender)
    try:
        with connected(account):
            pass
    except MailRefused as refused:
        said = " " + _("It said: %(answer)s") % {"answer": refused.answer} if refused.answer else ""
        raise StepRefused({"email_url": sentence(refused.failure, account) + said}) from refused
    given = {"email_url": email_url.strip(), "email_from": email_from.strip()}
    keep_keys({name: value for name, value in given.items() if value}, by=by, now=now)
    return [in_order(_("The mail server %(host)s lets us in.") % {"host": account.host})]
