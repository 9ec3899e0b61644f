"""Step 5: Stripe's key, looked at before it is kept; and the webhook endpoint, made with just the events needed."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from http import HTTPStatus

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from phonepay.configuration import values
from phonepay.events import types
from phonepay.events.actors import Actor
from phonepay.events.models import record
from phonepay.merchant import credentials
from phonepay.merchant.models import Merchant
from phonepay.payments.gateway import Gateway, GatewayError, Refused, gateway_with, is_live
from phonepay.payments.stripe_events import SUBSCRIBED, WEBHOOK_PATH
from phonepay.payments.stripe_setup import AccountFacts, Endpoint
from phonepay.people.permissions import require
from phonepay.setup.findings import NO_CHARGE, Finding, in_order, note, problem
from phonepay.setup.refusals import StepRefused, check_found, check_written, keep_keys
from phonepay.setup.steps import STRIPE, facts_of, step_done

_PAID_AND_LEFT = gettext_lazy(
    "They pay as before. What becomes of it later (refunds, disputes, answers that got lost) is not found out."
)


def connect_stripe(*, key: str, live: bool = False, by: Actor, now: datetime) -> list[Finding]:
    """Look at the key, keep it, and make the webhook endpoint of its account. Returns what was found.

    "" is the key that counts already: the environment's, or the one kept before. `live` says which kind is wanted: the
    first key is a test one, and only going live takes a live one. Raises StepRefused, NotAllowed. It asks the network,
    so no transaction may be open.
    """
    require(by, "change_keys")
    gateway, account, found = look_at_key(key, live=live)
    keep_key(key, gateway, account, found, by=by, now=now)
    return found


def look_at_key(key: str, *, live: bool) -> tuple[Gateway, AccountFacts | None, list[Finding]]:
    """Whose key it is and whether it will do; nothing is kept. Raises StepRefused."""
    key = key.strip() or credentials.current().stripe_secret_key or ""
    _check_form(key, live=live)
    gateway = gateway_with(key)
    account, found = _look_at(gateway)
    check_found(found)
    return gateway, account, found


def keep_key(
    key: str,
    gateway: Gateway,
    account: AccountFacts | None,
    found: list[Finding],
    *,
    by: Actor,
    now: datetime,
    also: Callable[[], None] = lambda: None,
) -> None:
    """Keep a key that was looked at, with the webhook of its account; adds to `found`. `also` is written in the same
    transaction: no call finds one without the other. Raises StepRefused.
    """
    given, there = key.strip(), credentials.current()
    changes = {"stripe_secret_key": given} if given and given != there.stripe_secret_key else {}
    endpoint, said = _endpoint_of(gateway)
    found += said
    if endpoint is not None and endpoint.secret and not _secret_is_set():
        changes["stripe_webhook_secret"] = endpoint.secret
    with transaction.atomic():
        if changes:
            keep_keys(changes, by=by, now=now, field="key")
        also()
    if endpoint is not None:
        found += _leave_older(gateway, endpoint)
        if endpoint.secret:
            record(types.WEBHOOK_MADE, subject=("setup", 1), by=by, now=now, address=endpoint.url)
    facts = {
        "account": account.id if account else "",
        "name": account.name if account else "",
        "live": gateway.livemode,
        "endpoint": endpoint.id if endpoint else "",
        "currency": account.currency if account else "",
    }
    step_done(STRIPE, facts, now=now, after_it_closed=True)


def webhook_address() -> str:
    """Where Stripe tells us things; "" without a public address."""
    return f"{settings.PHONEPAY_PUBLIC_URL}{WEBHOOK_PATH}" if settings.PHONEPAY_PUBLIC_URL else ""


def _check_form(key: str, *, live: bool) -> None:
    if not key:
        raise StepRefused({"key": _("Give the secret key, from Stripe's dashboard under Developers, API keys.")})
    check_written(("key", key, values.stripe_secret_key))
    if is_live(key) and not live:
        sentence = _("This is a live key: with it money is real. Begin with the test key; going live is a step of its "
                     "own, when a test payment has gone through.")  # fmt: skip
        raise StepRefused({"key": sentence})
    if live and not is_live(key):
        raise StepRefused({"key": _("This is a test key: with it no money moves. Give the live one, sk_live_….")})


def _look_at(gateway: Gateway) -> tuple[AccountFacts | None, list[Finding]]:
    """Whose key it is, and whether it can do what a payment needs."""
    try:
        try:
            account: AccountFacts | None = gateway.setup.account()
        except Refused as refused:
            if refused.status != HTTPStatus.FORBIDDEN:
                raise
            account = None
        forbidden = gateway.setup.forbidden()
    except Refused as refused:
        return None, [_refused(refused)]
    except GatewayError as error:
        sentence = _("Stripe does not answer (%(error)s).") % {"error": error}
        return None, [problem(sentence, callers=NO_CHARGE, mend=_("Try again in a moment."))]
    return account, [*_of_account(account, live=gateway.livemode), *_of_permissions(forbidden)]


def _refused(refused: Refused) -> Finding:
    if refused.status == HTTPStatus.UNAUTHORIZED:
        sentence = _("Stripe does not know this key.")
        mend = _("Copy it once more, whole, from Stripe's dashboard. A key that was rolled no longer counts.")
    else:
        sentence, mend = _("Stripe says: %(words)s") % {"words": refused}, _("See Stripe's dashboard.")
    return problem(sentence, callers=NO_CHARGE, mend=mend)


def _of_account(account: AccountFacts | None, *, live: bool) -> Iterator[Finding]:
    mode = _("live: real money") if live else _("test: no real money")
    if account is None:
        yield note(
            _("Stripe takes the key (%(mode)s). It is a restricted one that may not read its account.")
            % {"mode": mode},
            mend=_("To compare it with the connector's account, the test call is what tells."),
        )
        return
    name = f"{account.name} ({account.id})" if account.name else account.id
    yield in_order(_("Stripe takes the key (%(mode)s), of the account %(name)s.") % {"mode": mode, "name": name})
    if live:
        yield from may_not_charge(account)
    shop = Merchant.objects.first()
    line = shop.lines.first() if shop else None
    if line and account.currency and line.currency != account.currency:
        yield note(
            _("Callers pay in %(currency)s; the account is kept in %(other)s.")
            % {"currency": line.currency.upper(), "other": account.currency.upper()},
            mend=_("Stripe changes the money at its own rate and for a fee. If that is not meant, change the currency "
                   "of your shop."),
        )  # fmt: skip


def may_not_charge(account: AccountFacts) -> Iterator[Finding]:
    """Where Stripe does not let the account take money: not yet, or not any more."""
    if not account.charges_enabled:
        yield problem(
            _("This account may not take payments yet."),
            callers=NO_CHARGE,
            mend=_("Stripe's dashboard says on its first page what is missing, often a proof of who you are."),
        )


def may_not_look(forbidden: list[str]) -> Iterator[Finding]:
    """Of what a restricted key may not look at (StripeSetup.forbidden), all that a payment needs."""
    if needed := [name for name in forbidden if name != "webhook_endpoints"]:
        pays = {"payment_intents", "customers"}.isdisjoint(needed)
        yield problem(
            _("The restricted key may not look at: %(names)s.")
            % {"names": ", ".join(name.replace("_", " ") for name in needed)},
            callers=_PAID_AND_LEFT if pays else NO_CHARGE,
            mend=_("Give it Write for payment intents, payment methods, customers, charges and refunds, and Read for "
                   "disputes and events; for setting up, Write for webhook endpoints."),
        )  # fmt: skip


def _of_permissions(forbidden: list[str]) -> Iterator[Finding]:
    yield from may_not_look(forbidden)
    if forbidden == ["webhook_endpoints"]:
        yield note(
            _("The restricted key may not make a webhook endpoint."),
            mend=_("Make it at Stripe by hand (Connections shows the address), or allow Write for webhook endpoints."),
        )


def _secret_is_set() -> bool:
    """By the environment, which wins: a secret that we keep would count for nothing."""
    return credentials.current().sources["stripe_webhook_secret"] == credentials.ENVIRONMENT


def _endpoint_of(gateway: Gateway) -> tuple[Endpoint | None, list[Finding]]:
    """The endpoint of this address: the one that is there where its secret is known, else a new one."""
    from phonepay.payments.stripe_gateway import API_VERSION  # the package is slow, and needed only here

    address = webhook_address()
    if not address:
        sentence = _("Stripe's webhook is made when the public address is there.")
        return None, [note(sentence, mend=_("Do the step about the address, then come back to this one."))]
    try:
        there = [each for each in gateway.setup.endpoints() if each.url == address]
        known = next((each for each in there if each.id == facts_of(STRIPE).get("endpoint")), None)
        if _secret_is_set() and there:
            known = there[0]
        if known and (_secret_is_set() or credentials.current().stripe_webhook_secrets):
            if set(known.events) != set(SUBSCRIBED) or not known.enabled:
                known = gateway.setup.change_endpoint(known.id, events=SUBSCRIBED)
            return known, [in_order(_("Stripe tells %(address)s what happens to payments.") % {"address": address})]
        made = gateway.setup.make_endpoint(
            url=address,
            events=SUBSCRIBED,
            version=API_VERSION,
            description="Phone Pay",
            metadata=_whose(),
        )
    except GatewayError as error:
        sentence = _("Stripe's webhook could not be made: %(why)s") % {"why": error}
        return None, [
            note(
                sentence,
                callers=_("Payments whose answer got lost are cleared up later, by asking."),
                mend=_("Make it at Stripe by hand: Connections shows the address."),
            )
        ]
    sentence = _("Stripe's webhook was made: it tells %(address)s of %(count)d kinds of events, and of nothing else.")
    return made, [in_order(sentence % {"address": address, "count": len(SUBSCRIBED)})]


def _leave_older(gateway: Gateway, kept: Endpoint) -> Iterator[Finding]:
    """Take away endpoints of ours that are spoken to no more: of this installation, at an address that was ours.

    A copy of an installation, restored elsewhere, has its identity and its keys. So what bears our identity at another
    address is told, and never taken away: the original may live by it.
    """
    ours, stranger = _whose().get("installation", ""), _("Another webhook speaks of this installation: %(address)s.")
    addresses = {kept.url, *(f"{address}{WEBHOOK_PATH}" for address, _until in settings.PHONEPAY_PUBLIC_URLS_BEFORE)}
    try:
        for each in gateway.setup.endpoints():
            whose, told = each.metadata.get("installation", ""), {"address": each.url}
            if each.id == kept.id or (whose != ours and each.url != kept.url):
                continue
            # Without anybody's identity it was made by hand, and its secret may be the one that the environment has.
            if each.url in addresses and (whose == ours if whose else not _secret_is_set()):
                gateway.setup.remove_endpoint(each.id)
                yield in_order(_("An earlier webhook of ours was taken away: %(address)s.") % told)
            else:
                yield note(
                    stranger % told,
                    mend=_("Where this is a copy that was restored beside the original, leave it: the original needs "
                           "it, and see the runbook under A copy beside the original. Where nothing of yours answers "
                           "at that address any more, remove it in Stripe's dashboard."),
                )  # fmt: skip
    except GatewayError:
        yield note(_("An earlier webhook of ours may still be there."), mend=_("Remove it in Stripe's dashboard."))


def _whose() -> dict[str, str]:
    shop = Merchant.objects.first()
    return {"installation": str(shop.installation)} if shop else {}
