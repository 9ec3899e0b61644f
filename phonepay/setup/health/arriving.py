"""What comes in: the public address and its certificate, Twilio's and Stripe's requests, signatures that fail, errors.

That our own address can be asked from here proves little, and that it cannot proves less (a router may not lead back
in). What Twilio and Stripe got through lately is the proof, so it is told first and counts for more.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from django.conf import settings
from django.utils.translation import gettext as _

from phonepay.alerts.kinds import KINDS
from phonepay.alerts.models import Alert
from phonepay.alerts.pay_errors import pay_error
from phonepay.configuration import arrivals
from phonepay.merchant.credentials import current
from phonepay.merchant.models import Line
from phonepay.payments.gateway import key_is_live
from phonepay.payments.models import EventPoll, StripeEvent
from phonepay.setup.findings import NO_CALL, Finding, in_order, note, problem
from phonepay.setup.reach import look_at

LATELY = timedelta(days=1)


def public_address(now: datetime) -> Iterator[Finding]:
    address = settings.PHONEPAY_PUBLIC_URL
    if not address and current().stays_here:
        yield note(
            _("There is no public address: this is the sandbox, and calls come from its own telephone."),
            mend=_("Connect your accounts when you have seen enough."),
        )
        return
    if not address:
        yield problem(
            _("There is no public address."),
            callers=NO_CALL,
            mend=_("Set it under Connections, or as PHONEPAY_PUBLIC_URL, as https://pay.example.com."),
        )
        return
    yield in_order(_("The public address is %(address)s.") % {"address": address})
    came = arrivals.last(arrivals.TWILIO)
    proven = came is not None and now - came < LATELY
    for finding in look_at(address, now=now):
        # Where Twilio got through meanwhile, it is this machine that cannot see its own address.
        unlikely = finding.is_problem and not finding.certain and proven
        yield replace(finding, state="note", callers="") if unlikely else finding


def of_twilio() -> Iterator[Finding]:
    came = arrivals.last(arrivals.TWILIO)
    if came is not None:
        yield in_order(_("Twilio came through last on %(when)s UTC.") % {"when": f"{came:%Y-%m-%d %H:%M}"})
    elif Line.objects.exists():
        yield note(
            _("No request of Twilio's has come through yet."),
            mend=_("Call your number. If nothing comes, Twilio's console tells why, under Monitor, Logs, Errors."),
        )
    yield from _refused(
        "twilio_signature",
        _("Requests that name your Twilio account were refused, as nobody with your token signed them"),
        callers=_("If they were Twilio's, callers hear its own error."),
        mend=_("Compare token and public address with Twilio's console: the number's address there must be this one, "
               "letter by letter."),
    )  # fmt: skip


def of_stripe(now: datetime) -> Iterator[Finding]:
    came = arrivals.last(arrivals.STRIPE)
    poll = EventPoll.objects.filter(livemode=key_is_live()).first()
    if poll and poll.missed_at and now - poll.missed_at < LATELY and (came is None or came < poll.missed_at):
        yield note(
            _("Stripe's events do not come by the webhook: they are asked for each minute."),
            callers=_("Payments whose answer got lost are cleared up a minute later."),
            mend=_("See the webhook's page in Stripe's dashboard: what it sent, and what was answered."),
        )
    elif came is not None:
        yield in_order(_("Stripe came through last on %(when)s UTC.") % {"when": f"{came:%Y-%m-%d %H:%M}"})
    stuck = StripeEvent.objects.filter(handled_at=None, tries__gte=5).count()
    if stuck:
        yield note(
            _("%(count)d events of Stripe could not be handled yet.") % {"count": stuck},
            mend=_("See the page of the worker's tasks, and try them again there."),
        )
    yield from _refused(
        "stripe_signature",
        _("Webhooks were refused, as nobody with the webhook's secret signed them"),
        callers=_("If they were Stripe's, payments whose answer got lost are cleared up later."),
        mend=_("Compare the webhook's secret with the one in Stripe's dashboard."),
    )


def pay_errors() -> Iterator[Finding]:
    """Twilio's errors of <Pay> that callers met lately, by name."""
    for row in Alert.objects.filter(kind="pay_error", closed_at=None).order_by("-last_at"):
        code = str(row.facts.get("code", row.key))
        error = pay_error(code)
        about = {"name": error.name, "code": code, "count": row.count, "when": f"{row.last_at:%Y-%m-%d %H:%M}"}
        yield problem(
            _("Cards could not be taken at Twilio: %(name)s (error %(code)s, %(count)d times, last %(when)s UTC).")
            % about,
            callers=_("They hear that card entry does not work, and are not charged."),
            mend=str(error.mend),
        )


def refused_charges() -> Iterator[Finding]:
    """What Stripe said to the last charge, where none has gone through since: a key may be taken and still not do."""
    row = Alert.objects.filter(kind="stripe_refuses", closed_at=None).first()
    if row is not None:
        about = {"why": row.facts.get("why", "?"), "count": row.count, "when": f"{row.last_at:%Y-%m-%d %H:%M}"}
        yield problem(
            _("Stripe refuses charges, and none has gone through since: %(why)s (%(count)d times, last %(when)s UTC).")
            % about,
            callers=KINDS["stripe_refuses"].means,
            mend=str(KINDS["stripe_refuses"].mend),
        )


def _refused(kind: str, what: str, *, callers: str, mend: str) -> Iterator[Finding]:
    row = Alert.objects.filter(kind=kind, closed_at=None).first()
    if row is not None:
        counted = _("%(what)s: %(count)d times, last %(when)s UTC.")
        about = {"what": what, "count": row.count, "when": f"{row.last_at:%Y-%m-%d %H:%M}"}
        yield problem(counted % about, callers=callers, mend=mend)
