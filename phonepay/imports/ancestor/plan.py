"""What becomes of an old order: its number, its state, its note; or the reason why nothing does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from phonepay.imports.ancestor.charges import Charged
from phonepay.imports.ancestor.reading import moment, notes, safe
from phonepay.imports.ancestor.report import Report
from phonepay.imports.ancestor.rows import OldOrder, OldTransaction
from phonepay.lib.money import MoneyError, check_chargeable, format_amount
from phonepay.lib.money import currency as facts_of
from phonepay.lib.phone import HIDDEN, normalize
from phonepay.merchant.models import Merchant
from phonepay.orders.keypad import MAX_LENGTH, NumberRefused, is_lettered, keyed_form
from phonepay.orders.models import Order

_NOTE = 500
_KNOWN = ("unpaid", "paid", "cancelled")
PAID_HOW = "Paid in the first Phone Pay; no charge at Stripe is known."


@dataclass(frozen=True, slots=True)
class Plan:
    """An order as it is to be here; `attempts` are the transactions that took no money."""

    old: OldOrder
    number: str
    keyed: str | None
    lettered: bool
    amount: int  # minor units
    currency: str
    status: str
    phone: str
    note: str
    at: datetime
    timed: bool  # its time could be read
    charges: Sequence[Charged] = ()
    attempts: Sequence[OldTransaction] = ()

    @property
    def paid_how(self) -> str:
        return PAID_HOW if self.status == Order.Status.PAID_ANOTHER_WAY else ""

    @property
    def spare_number(self) -> str:
        return f"old-{self.old.id}" if self.old.id else f"old-t{self.old.orphan}"


@dataclass
class Planner:
    """`kept`: of each number that several rows have, the row that keeps it."""

    merchant: Merchant
    currency: str
    kept: Mapping[str, int]
    report: Report
    now: datetime

    def time_of(self, old: OldOrder, rows: Sequence[OldTransaction]) -> tuple[datetime, bool]:
        """When it was made, and whether its own row says so."""
        own = moment(old.timestamp, now=self.now)
        if own is not None:
            return own, True
        times = [at for row in rows if (at := moment(row.timestamp, now=self.now)) is not None]
        return min(times, default=self.now), False

    def plan(
        self, old: OldOrder, rows: Sequence[OldTransaction], charges: Sequence[Charged], *, paid_before: bool
    ) -> Plan | None:
        """None where it is left out, which the report then says. `paid_before`: it is here, with its charges."""
        at, timed = self.time_of(old, rows)
        currency = charges[0].currency if charges else self.currency
        amount = old.amount * facts_of(currency).unit
        if charges and amount < 1:
            amount = charges[0].amount
        reason = "" if charges or paid_before else self._why_not(old, amount)
        if reason:
            self.report.left_out(reason, "orders", old.id or old.name, old.order_id)
            for row in rows:
                self.report.left_out("no_order", "transactions", row.id)
            return None
        number, keyed = self._number(old)
        if not timed and old.id:
            self.report.changed("no_time", "orders", old.id, old.timestamp)
        if old.status not in _KNOWN and old.id:
            self.report.changed("unknown_status", "orders", old.id, old.status)
        return Plan(
            old=old,
            number=number,
            keyed=keyed,
            lettered=bool(keyed) and is_lettered(number, prefix=self.merchant.order_prefix),
            amount=amount,
            currency=currency,
            status=self._status(old, charges, paid_before=paid_before),
            phone=self._phone(old),
            note=self._note(old, number, rows, currency),
            at=at,
            timed=timed,
            charges=charges,
            attempts=[row for row in rows if row.status in ("failed", "initiated", "cancelled")],
        )

    def _why_not(self, old: OldOrder, amount: int) -> str:
        if amount < 1:
            return "no_amount"
        if old.status == "paid":
            return ""
        if not old.order_id:
            return "no_number"
        if old.status == "cancelled":
            return ""
        try:
            check_chargeable(amount, self.currency)
        except MoneyError:
            return "not_chargeable"
        return ""

    def _status(self, old: OldOrder, charges: Sequence[Charged], *, paid_before: bool) -> str:
        if charges:
            if old.status != "paid" and old.id:
                self.report.changed("paid_after_all", "orders", old.id, old.status)
            whole = all(each.refunded >= each.amount for each in charges)
            return Order.Status.REFUNDED if whole else Order.Status.PAID
        if old.status == "paid":
            if not paid_before:
                self.report.changed("paid_unknown", "orders", old.id, old.order_id)
            return Order.Status.PAID_ANOTHER_WAY
        return Order.Status.CANCELLED if old.status == "cancelled" else Order.Status.UNPAID

    def _number(self, old: OldOrder) -> tuple[str, str | None]:
        spare = f"old-{old.id}" if old.id else f"old-t{old.orphan}"
        text = old.order_id
        if not text:
            return spare, None
        try:
            keyed = keyed_form(text, prefix=self.merchant.order_prefix)
        except NumberRefused as refused:
            if refused.reason in ("number_is_card", "keyed_like_card"):
                self.report.changed("number_card", "orders", old.id, text)
                return spare, None
            self.report.changed("number_unkeyed", "orders", old.id, text)
            fits = text == safe(text, MAX_LENGTH)
            return (text if fits else spare), None
        if self.kept.get(text, old.id) != old.id:
            self.report.changed("number_taken", "orders", old.id, text)
            return spare, None
        return text, keyed

    def _phone(self, old: OldOrder) -> str:
        phone = normalize(old.phone, self.merchant.region)
        if phone is None and old.phone and old.phone.lower() not in HIDDEN:
            self.report.changed("no_phone", "orders", old.id, old.phone)
        return phone or ""

    def _note(self, old: OldOrder, number: str, rows: Sequence[OldTransaction], currency: str) -> str:
        parts = []
        if old.order_id and old.order_id != number:
            parts.append(f"Its number was {safe(old.order_id)}.")
        if old.overage > 0:
            extra = format_amount(old.overage * facts_of(currency).unit, currency)
            parts.append(f"Extra charges in the first Phone Pay: {extra}.")
        for row in rows:
            if row.status == "charged_overage":
                self.report.changed("extra_charge", "transactions", row.id, row.notes)
            elif row.status == "updated":
                self.report.changed("by_hand", "transactions", row.id, row.notes)
                at = moment(row.timestamp, now=self.now)
                if words := notes(row.notes).words:
                    parts.append(f"{at:%Y-%m-%d} {words}." if at else f"{words}.")
        return safe(" ".join(parts), _NOTE)
