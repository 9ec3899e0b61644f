"""What was carried, what was not, and why: counts for the terminal, and rows for a CSV."""

from __future__ import annotations

import csv
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, TextIO

from phonepay.imports.ancestor.reading import safe

LEFT_OUT, CHANGED, DIFFERS = "left out", "carried with a change", "Stripe differs"
HEADINGS = ("table", "row", "what", "reason", "why", "detail")

REASONS = {
    "no_number": "Nobody paid it and it has no number, so nobody could: litter of a call.",
    "no_amount": "Its amount is 0 or less.",
    "not_chargeable": "It is not paid, and this amount cannot be charged.",
    "no_order": "It belongs to an order that was left out or deleted.",
    "charge_twice": "This charge is here already, of another row.",
    "no_charge": "It is called completed, but names no charge of Stripe.",
    "not_at_stripe": "The account and mode of the Stripe key have no such charge.",
    "not_captured": "At Stripe this charge took no money.",
    "intent_unread": "It names a PaymentIntent: set the Stripe key, which finds its charge.",
    "other_currency": "Its currency is not the one given by --currency; set the Stripe key, which tells the amount.",
    "amount_unclear": "Its notes tell no amount, so that of its order was taken.",
    "amount_differs": "Stripe took another amount, which is the one carried.",
    "refunded_differs": "Stripe refunded another amount, which is the one carried.",
    "currency_differs": "Stripe took another currency, which is the one carried.",
    "refunds_unclear": "Its refunds do not add up to what its order says; its order's sum was taken.",
    "refunded_too_much": "More was refunded than was paid; what was paid was taken.",
    "extra_charge": "An extra charge: its Stripe charge was never written down. It is told in the order's note.",
    "by_hand": "A change by hand: it is told in the order's note.",
    "paid_unknown": "Paid, but no charge at Stripe is known: carried as paid another way.",
    "paid_after_all": "It was not called paid, but a charge paid it.",
    "paid_twice": "Its order had been paid already: carried as paid once more, with a refund offered.",
    "number_taken": "Another order has this number, or is keyed like it: carried under another, which cannot be keyed.",
    "number_unkeyed": "This number cannot be keyed on a phone: carried, but callers cannot pay it.",
    "number_card": "Its number looked like a card number: it was not kept, and another given.",
    "no_time": "Its time cannot be read: the nearest that is known was taken.",
    "no_phone": "Its phone number cannot be read.",
    "unknown_status": "Its status is none that is known: carried as not paid.",
    "another_database": "A row of this name came from another database: name this one by --name.",
    "kept": "It was changed here since: it stays as it is.",
    "no_behavior": "There is no behavior that could be carried.",
    "settings_kept": "Settings were carried before, or are not asked for: the line stays as it is (--settings again).",
    "settings_refused": "The line cannot take it.",
    "no_email": "This is no e-mail address.",
    "mail_twice": "Another person there has this e-mail address: one of them can have an account here.",
    "unknown_role": "Their role is none that is known: invited as an auditor, who may look and change nothing.",
    "person_here": "This person has an account here.",
    "withdrawn": "This person was invited before, and the invitation was withdrawn.",
    "prompt_none": "No words of ours take its place.",
    "prompt_card": "Nothing of a card is read back here: the words have no use.",
    "prompt_refused": "These words cannot be said here; the detail says why.",
    "prompt_broken": "This line cannot be read.",
}


@dataclass
class Report:
    """`counts` of what was carried, by its name; `reasons` counts rows by (what, reason)."""

    sheet: TextIO | None = None
    counts: Counter[str] = field(default_factory=Counter)
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    _writer: Any = None

    def __post_init__(self) -> None:
        if self.sheet is not None:
            self._writer = csv.writer(self.sheet)
            self._writer.writerow(HEADINGS)

    def carried(self, what: str, count: int = 1) -> None:
        self.counts[what] += count

    def say(self, what: str, reason: str, table: str, row: object, detail: str = "") -> None:
        """One row with its reason. `detail` may hold anything: digits that could be a card number are taken out."""
        self.reasons[what, reason] += 1
        if self._writer is not None:
            cells = (table, safe(str(row)), what, reason, REASONS[reason], safe(detail))
            self._writer.writerow([_harmless(each) for each in cells])

    def left_out(self, reason: str, table: str, row: object, detail: str = "") -> None:
        self.say(LEFT_OUT, reason, table, row, detail)

    def changed(self, reason: str, table: str, row: object, detail: str = "") -> None:
        self.say(CHANGED, reason, table, row, detail)

    def differs(self, reason: str, table: str, row: object, detail: str = "") -> None:
        self.say(DIFFERS, reason, table, row, detail)


def _harmless(cell: str) -> str:
    """A spreadsheet runs what begins so as a formula."""
    return f"'{cell}" if cell[:1] in ("=", "+", "-", "@") else cell
