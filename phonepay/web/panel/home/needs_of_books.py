"""What needs a person about the books: what does not agree with Stripe, and has more than one explanation."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from phonepay.payments.book_models import Discrepancy
from phonepay.payments.books import open_discrepancies
from phonepay.payments.reconciliation.sentences import sentence
from phonepay.web.panel.home.need import Asked, Need, money


def differing(asked: Asked) -> QuerySet[Discrepancy]:
    return open_discrepancies(asked.shop, livemode=asked.live)


def tell_differing(row: Discrepancy, asked: Asked) -> Need:
    said = sentence(row, lambda amount, currency: money(amount, currency, asked))
    return Need(row.since, said, f"{reverse('books')}#differing-{row.pk}", _("Look at the books"), "red")
