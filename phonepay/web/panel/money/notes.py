"""What the card's bank says of a payment: disputes and warnings of fraud, in sentences, with the way to Stripe."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from phonepay.payments.dispute_models import Dispute, EarlyFraudWarning
from phonepay.payments.models import Payment
from phonepay.web.panel import formats

DASHBOARD = "https://dashboard.stripe.com"


@dataclass(frozen=True, slots=True)
class Note:
    """`url` leads to Stripe, "" where there is nothing to do there; `color` is of the states."""

    sentence: str
    color: str
    url: str = ""
    button: str = ""


def at_stripe(dispute: Dispute) -> str:
    """The dispute in Stripe's dashboard, of its account and mode."""
    account = f"/{dispute.stripe_account}" if dispute.stripe_account else ""
    mode = "" if dispute.livemode else "/test"
    return f"{DASHBOARD}{account}{mode}/disputes/{dispute.stripe_id}"


def notes_of(payments: Sequence[Payment]) -> list[Note]:
    """Of these payments, all of one shop, the newest first."""
    found = Dispute.objects.filter(payment__in=[each.pk for each in payments]).order_by("-opened_at")
    notes = [_of_dispute(each, payments[0].merchant.region) for each in found]
    if any(each.is_open for each in found):
        return notes
    warned = EarlyFraudWarning.objects.filter(
        payment__in=[each.pk for each in payments], actionable=True, dismissed_at=None
    )
    if warned.exists() and any(each.refundable for each in payments):
        sentence = _("The card's bank warns of fraud. Refund it now, before it becomes a dispute that costs a fee.")
        notes.append(Note(sentence, "amber"))
    return notes


def _of_dispute(dispute: Dispute, region: str) -> Note:
    facts = {
        "amount": formats.money(dispute.amount, dispute.currency, region),
        "why": reason(dispute.reason),
        "day": formats.day_within(timezone.localtime(dispute.due_by).date()) if dispute.due_by else "",
    }
    if dispute.status in Dispute.ANSWER_WANTED:
        by_when = _("Answer by %(day)s.") if dispute.due_by else _("Answer soon.")
        said = _("The bank asks about %(amount)s: %(why)s. No money was taken yet.")
        if not dispute.is_inquiry:
            said = _("%(amount)s disputed: %(why)s. The bank has the money and decides.")
        return Note(f"{said} {by_when}" % facts, "red", at_stripe(dispute), _("Answer at Stripe"))
    if dispute.is_open:
        said = _("%(amount)s disputed: %(why)s. It was answered; the bank decides now.")
        return Note(said % facts, "red", at_stripe(dispute), _("See it at Stripe"))
    if dispute.status == "lost":
        return Note(_("The dispute was lost: the bank gave %(amount)s back to the cardholder.") % facts, "gray")
    if dispute.status == "won":
        return Note(_("The dispute was won: %(amount)s came back.") % facts, "green")
    return Note(_("The bank asked about %(amount)s, and closed the matter.") % facts, "gray")


def reason(word: str) -> str:
    """Stripe's reason of a dispute (docs.stripe.com/disputes/categories) as the shop's people understand it."""
    words = {
        "credit_not_processed": _("a refund did not arrive"),
        "duplicate": _("it was charged twice"),
        "fraudulent": _("the cardholder says that it was not them"),
        "product_not_received": _("what was bought did not arrive"),
        "product_unacceptable": _("what was bought was not as described"),
        "subscription_canceled": _("it had been cancelled"),
        "unrecognized": _("the cardholder does not recognize it"),
    }
    return words.get(word) or _("no reason given")
