"""Stripe's key: whether it is taken, of which account and mode, what it may do; and the webhook's endpoint."""

from __future__ import annotations

from collections.abc import Iterator
from http import HTTPStatus

from django.utils.translation import gettext as _

from phonepay.merchant.credentials import current
from phonepay.payments.gateway import (
    Gateway,
    GatewayError,
    NotConfigured,
    Refused,
    Unanswered,
    get_gateway,
    key_is_live,
)
from phonepay.payments.models import Payment
from phonepay.payments.stripe_events import SUBSCRIBED
from phonepay.payments.stripe_setup import AccountFacts
from phonepay.setup.connector import of_another_account
from phonepay.setup.findings import NO_CHARGE, Finding, in_order, note, problem
from phonepay.setup.stripe_key import may_not_charge, may_not_look, webhook_address

# Any id would do: an answer that it does not exist proves that the key may ask.
_NO_INTENT = "pi_phonepay_check"


def key(*, with_database: bool = True) -> Iterator[Finding]:
    try:
        gateway = get_gateway()
        facts = _account_of(gateway)
    except NotConfigured:
        mend = _("Set it under Connections, or as PHONEPAY_STRIPE_SECRET_KEY.")
        yield problem(_("There is no Stripe key."), callers=NO_CHARGE, mend=mend)
        return
    except Unanswered as error:
        yield problem(
            _("Stripe does not answer (%(error)s).") % {"error": error},
            callers=NO_CHARGE,
            mend=_("See whether this machine reaches %(address)s.") % {"address": current().stripe_api_base},
        )
        return
    except GatewayError as error:
        yield problem(
            _("Stripe does not take the key: %(error)s") % {"error": error},
            callers=NO_CHARGE,
            mend=_("Set a key of your account, from Stripe's dashboard, under Connections or in the environment."),
        )
        return
    mode, account = _("live") if key_is_live() else _("test: no real money"), facts.id if facts else ""
    if account:
        about = {"mode": mode, "account": account}
        yield in_order(_("Stripe takes the key (%(mode)s), account %(account)s.") % about)
    else:
        yield in_order(_("Stripe takes the key (%(mode)s).") % {"mode": mode})
    if facts and key_is_live():
        yield from may_not_charge(facts)
    yield from _permissions(gateway)
    if with_database:
        yield from _mixed(account)
    yield from _endpoint(gateway)


def webhook_secret() -> Iterator[Finding]:
    if current().stripe_webhook_secrets:
        yield in_order(_("Stripe's webhook has its secret."))
        return
    yield note(
        _("Stripe's webhook has no secret: what Stripe tells later is not let in."),
        callers=_("Payments whose answer got lost are cleared up later, by asking."),
        mend=_("Set PHONEPAY_STRIPE_WEBHOOK_SECRET, or let the set-up make the webhook: phonepay keys set "
               "stripe-secret-key."),
    )  # fmt: skip


def _account_of(gateway: Gateway) -> AccountFacts | None:
    """Asked anew each time: the gateway remembers whose key it is, also when that was taken back since.

    None for a restricted key that may not read its account, of which anything else is asked then.
    """
    try:
        return gateway.setup.account()
    except Refused as error:
        if error.status != HTTPStatus.FORBIDDEN:
            raise
    try:
        gateway.retrieve_intent(_NO_INTENT)
    except Refused as error:
        if error.status != HTTPStatus.NOT_FOUND:
            raise
    return None


def _permissions(gateway: Gateway) -> Iterator[Finding]:
    """What a restricted key may not look at, of what the product asks for."""
    try:
        forbidden = gateway.setup.forbidden()
    except GatewayError:
        return  # an answer that got lost: the key was taken a moment ago
    yield from may_not_look(forbidden)


def _mixed(account: str) -> Iterator[Finding]:
    """Test and live, or two accounts: what the payments and the connector tell against the key."""
    last = Payment.objects.filter(status=Payment.Status.SUCCEEDED).order_by("-agreed_at").first()
    if last is not None and last.livemode and not key_is_live():
        yield problem(
            _("Stripe's key is a test key, but the last payment, of %(date)s, was real.")
            % {"date": f"{last.agreed_at:%Y-%m-%d}"},
            callers=_("They hear that they paid, and no money moves."),
            mend=_("Set the live key again."),
        )
    yield from of_another_account(account, live=key_is_live())


def _endpoint(gateway: Gateway) -> Iterator[Finding]:
    """Whether the account tells us what happens, and of all that we need."""
    address = webhook_address()
    if not address:
        return
    try:
        found = [each for each in gateway.setup.endpoints() if each.url == address]
    except GatewayError:
        return  # no answer, or a restricted key, which need not see endpoints
    if not found:
        yield note(
            _("Stripe has no webhook with the address %(address)s.") % {"address": address},
            callers=_("Payments whose answer got lost are cleared up a minute later, by asking."),
            mend=_("Set the key once more under Connections: the webhook is made with it."),
        )
        return
    best = found[0]
    missing = sorted(set(SUBSCRIBED) - set(best.events)) if "*" not in best.events else []
    if not best.enabled:
        yield problem(
            _("Stripe has switched the webhook off."),
            callers=_("Payments whose answer got lost are cleared up a minute later, by asking."),
            mend=_("Switch it on in Stripe's dashboard, under Webhooks, after looking why it failed there."),
        )
    elif missing:
        yield note(
            _("Stripe's webhook does not tell of: %(names)s.") % {"names": ", ".join(missing)},
            mend=_("Add them in Stripe's dashboard, or set the key once more under Connections."),
        )
    else:
        yield in_order(_("Stripe's webhook tells %(address)s of all that is needed.") % {"address": address})
