"""What each discrepancy means, and what a person can do about it; for the page and the terminal alike."""

from __future__ import annotations

from collections.abc import Callable

from django.utils.translation import gettext as _

from phonepay.payments.book_models import Discrepancy

Money = Callable[[int, str], str]  # minor units and currency, as the screen writes them


def sentence(row: Discrepancy, money: Money) -> str:
    """What we have and what Stripe has, in one sentence."""
    facts = {
        "ours": money(row.ours or 0, row.currency) if row.currency else "",
        "theirs": money(row.theirs or 0, row.currency) if row.currency else "",
        "why": _(row.detail) if row.detail else "",
    }
    return _SENTENCES[Discrepancy.Kind(row.kind)]() % facts


def advice(row: Discrepancy) -> str:
    """What to do now."""
    return _ADVICE[Discrepancy.Kind(row.kind)]()


_SENTENCES: dict[str, Callable[[], str]] = {
    Discrepancy.Kind.AMOUNT: lambda: _("The books say that %(ours)s was charged, and Stripe says %(theirs)s."),
    Discrepancy.Kind.REFUNDED: lambda: _("The books say that %(ours)s was refunded, and Stripe says %(theirs)s."),
    Discrepancy.Kind.NOT_AT_STRIPE: lambda: _("The books have %(ours)s that Stripe does not know."),
    Discrepancy.Kind.NOT_HERE: lambda: _("Stripe took %(theirs)s that the books could not take over: %(why)s."),
    Discrepancy.Kind.DISPUTE: lambda: _("A dispute moved %(theirs)s at Stripe, and %(ours)s in the books."),
}
_ADVICE: dict[str, Callable[[], str]] = {
    Discrepancy.Kind.AMOUNT: lambda: _(
        "Look the payment up at Stripe: its amount is what the customer paid. Then write here what explains it."
    ),
    Discrepancy.Kind.REFUNDED: lambda: _(
        "Look at the payment's refunds at Stripe. Do not refund it here before you know which are there."
    ),
    Discrepancy.Kind.NOT_AT_STRIPE: lambda: _(
        "Look whether the key is of the account that took it. If the money never came, ask the customer to pay again."
    ),
    Discrepancy.Kind.NOT_HERE: lambda: _(
        "Nothing is lost: it is at Stripe. Mend what is missing here and check again, or refund it at Stripe."
    ),
    Discrepancy.Kind.DISPUTE: lambda: _("Look the dispute up at Stripe, and check again when it has ended."),
}
