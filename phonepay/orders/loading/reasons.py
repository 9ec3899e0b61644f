"""Why a row or a file cannot be taken: sentences for people, marked for translation where they stand.

A door fills in %(value)s (what stands in the cell) and the row's facts.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_noop as _

REASONS = {
    "card": _(
        "This looks like a card number, so nothing of the row was kept. Card numbers never belong here: take it out."
    ),
    "number_missing": _("There is no order number."),
    "number_long": _("An order number can have at most 24 characters."),
    "number_characters": _(
        "An order number can have digits, the letters A to Z and dashes: nothing else can be keyed on a phone."
    ),
    "number_keys": _("A caller would have to press more than 12 keys for this number."),
    "number_card": _("Keyed on a phone, this number could be taken for a card number."),
    "twice": _("The same order is on line %(line)s already."),
    "alike_in_file": _(
        "It is keyed on a phone just like %(other)s on line %(line)s, so callers could pay the wrong one."
    ),
    "alike": _("It is keyed on a phone just like order %(other)s, so callers could pay the wrong one."),
    "amount_missing": _("There is no amount."),
    "amount_unreadable": _("This cannot be read as an amount."),
    "amount_negative": _("An amount to pay cannot be below zero."),
    "amount_ambiguous": _(
        "This could be a thousand or one and a bit. Write it with decimals, or say which decimal mark the file has."
    ),
    "amount_other_currency": _("This is another currency than the file's."),
    "amount_decimals": _("It has more decimals than the currency has."),
    "amount_whole": _("In this currency only whole amounts can be charged."),
    "amount_too_little": _("This is less than can be charged to a card."),
    "amount_too_much": _("This is more than can be charged at once."),
    "phone": _("This cannot be read as a phone number. Begin it with + and the country, or leave it out."),
    "email": _("This cannot be read as an e-mail address."),
    "long": _("This is too long: at most %(most)s characters can be kept."),
    "paid": _("The order is paid already."),
    "refunded": _("The order was paid and refunded."),
    "cancelled": _("The order is cancelled. Restore it first, if it is to be paid after all."),
    "paid_another_way": _("The order was paid another way."),
    "attached": _("A caller made this order, and it was attached to another one."),
    "being_paid": _("A caller is paying for it right now."),
    "currency": _("The order is in another currency (%(other)s)."),
}

FIELDS = {
    "number": _("Order number"),
    "amount": _("Amount"),
    "customer_name": _("Customer"),
    "customer_phone": _("Phone"),
    "customer_email": _("E-mail"),
    "customer_postal": _("Postal code"),
    "note": _("Note"),
}

FAILURES = {
    "empty": _("There is nothing in this file."),
    "no_rows": _("There are no orders in this file: it has a header alone."),
    "too_big": _("This file is too big: at most 25 MB. Load it in parts."),
    "too_many_rows": _("This file has too many rows: at most 200,000. Load it in parts."),
    "too_many_columns": _("This file has too many columns: at most 60. Delete those that are not needed."),
    "old_excel": _(
        "This is an old or a protected workbook. Save it as an Excel workbook (.xlsx) without a password, or as CSV."
    ),
    "not_a_workbook": _("This workbook cannot be read. Open it in a spreadsheet and save it again as .xlsx or CSV."),
    "unpacks_too_big": _("This workbook is too big when it is unpacked. Save only the sheet that is needed, or CSV."),
    "not_a_table": _("This is no table that can be read: save it as CSV or .xlsx."),
    "quote": _("A quotation mark is opened and never closed, so the rest of the file is one cell. Close it."),
    "columns_missing": _("Say which column is the order number and which is the amount."),
    "columns_twice": _("One column was chosen twice. Each can be one thing."),
    "not_ready": _("This was done already, or the file is not read yet. Look at where it stands now."),
    "has_errors": _("Some rows have errors, so nothing was loaded. Mend the file, or choose to leave them out."),
    "nothing": _("There is nothing to load: no row is new or changed."),
    "moved": _(
        "Some of these orders were changed or paid meanwhile, so nothing was loaded. Look at the figures again."
    ),
    "broke": _("Something broke on our side, so nothing was loaded. It is tried again by itself."),
}


class LoadRefused(ValueError):
    """Nothing was loaded; `reason` is a name of FAILURES."""

    def __init__(self, reason: str) -> None:
        super().__init__(FAILURES[reason])
        self.reason = reason


def sentence(reason: str, facts: dict[str, Any], translate: Callable[[str], str] = str) -> str:
    """Why a row was not taken, through `translate`."""
    return translate(REASONS[reason]) % facts
