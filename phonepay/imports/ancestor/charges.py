"""What the old transactions say of money: held against Stripe where its key is set, else taken at their word.

The first Phone Pay charged through Twilio's connector (notes in whole units) and, before that, itself (a customer at
Stripe, notes in cents). It wrote no id of a refund or of an extra charge down: Stripe alone knows them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http import HTTPStatus

from phonepay.imports.ancestor.reading import minor, moment, notes
from phonepay.imports.ancestor.report import Report
from phonepay.imports.ancestor.rows import OldOrder, OldTransaction
from phonepay.lib.money import currency as facts_of
from phonepay.lib.money import format_amount
from phonepay.payments.gateway import Gateway, Refused
from phonepay.payments.models import Payment, Refund
from phonepay.payments.stripe_lists import ChargeFound

_CHARGE = re.compile(r"(?:ch|py)_[A-Za-z0-9_]{4,200}")
_INTENT = re.compile(r"pi_[A-Za-z0-9_]{4,200}")
_STATES = {"succeeded": Refund.Status.SUCCEEDED, "failed": Refund.Status.FAILED, "canceled": Refund.Status.FAILED}


@dataclass(frozen=True, slots=True)
class Back:
    """Money that went back. `stripe_id` is "" where only the old rows tell of it."""

    amount: int  # minor units
    at: datetime
    stripe_id: str
    status: str


@dataclass(frozen=True, slots=True)
class Charged:
    """A charge that took money, in minor units of `currency`."""

    row: int
    charge_id: str
    amount: int
    currency: str
    at: datetime
    account: str = ""  # "": not seen at Stripe
    brand: str = ""
    last4: str = ""
    backs: tuple[Back, ...] = ()

    @property
    def refunded(self) -> int:
        return sum(each.amount for each in self.backs if each.status != Refund.Status.FAILED)


@dataclass
class Charges:
    """Reads them; `gateway` None: there is no Stripe key. `seen` are the charges that this run has met."""

    currency: str
    gateway: Gateway | None
    report: Report
    now: datetime
    seen: set[str] = field(default_factory=set)

    @property
    def unit(self) -> int:
        return facts_of(self.currency).unit

    def of(self, order: OldOrder, rows: Sequence[OldTransaction], at: datetime) -> list[Charged]:
        """The charges of these transactions of `order`, the oldest first. Raises GatewayError where Stripe is silent.

        `at` stands in where a transaction has no time.
        """
        completed = [row for row in rows if row.status == "completed"]
        found = [one for row in completed if (one := self._one(order, row, at)) is not None]
        if found and self.gateway is None:
            found = self._with_refunds(order, rows, found)
        told = order.refunded * self.unit
        back = sum(each.refunded for each in found)
        if found and self.gateway is not None and order.id and back != told:
            self.report.differs("refunded_differs", "orders", order.id, f"{self._shown(told)} → {self._shown(back)}")
        return found

    def _one(self, order: OldOrder, row: OldTransaction, at: datetime) -> Charged | None:
        charge_id = self._charge_id(row)
        if not charge_id:
            return None
        if charge_id in self.seen or Payment.objects.filter(charge_id=charge_id).exists():
            self.report.left_out("charge_twice", "transactions", row.id, charge_id)
            return None
        believed = self._believed(order, row, charge_id, at)
        if self.gateway is None:
            said = notes(row.notes).currency or self.currency
            if said != self.currency or believed.amount < 1:
                reason = "other_currency" if said != self.currency else "no_amount"
                self.report.left_out(reason, "transactions", row.id, charge_id)
                return None
            self.seen.add(charge_id)
            return believed
        found = self._at_stripe(row, charge_id)
        if found is None:
            return None
        self.seen.add(charge_id)
        return self._as_stripe_has_it(believed, found)

    def _charge_id(self, row: OldTransaction) -> str:
        if _CHARGE.fullmatch(row.stripid):
            return row.stripid
        if _INTENT.fullmatch(row.stripid):
            if self.gateway is None:
                self.report.left_out("intent_unread", "transactions", row.id, row.stripid)
                return ""
            try:
                charge_id = self.gateway.retrieve_intent(row.stripid).charge_id
            except Refused as error:
                self._unless_not_found(error)
                charge_id = ""
            if not charge_id:
                self.report.left_out("not_at_stripe", "transactions", row.id, row.stripid)
            return charge_id
        self.report.left_out("no_charge", "transactions", row.id, row.stripid)
        return ""

    def _believed(self, order: OldOrder, row: OldTransaction, charge_id: str, at: datetime) -> Charged:
        """As the rows have it. The charges that it made itself, of a customer of its own, were noted in cents."""
        said = notes(row.notes)
        amount = order.amount * self.unit
        if said.amount is None:
            self.report.changed("amount_unclear", "transactions", row.id, charge_id)
        else:
            itself = row.strip_customer.startswith("cus_")
            amount = minor(said.amount, 1 if itself else self.unit) or 0
        when = moment(row.timestamp, now=self.now) or at
        return Charged(row.id, charge_id, max(amount, 0), said.currency or self.currency, when)

    # --- at Stripe ----------------------------------------------------------------------------------------------------

    def _at_stripe(self, row: OldTransaction, charge_id: str) -> ChargeFound | None:
        assert self.gateway is not None  # noqa: S101  # its callers look
        try:
            found = self.gateway.lists.charge(charge_id)
        except Refused as error:
            self._unless_not_found(error)
            self.report.left_out("not_at_stripe", "transactions", row.id, charge_id)
            return None
        if found.captured < 1:
            self.report.left_out("not_captured", "transactions", row.id, charge_id)
            return None
        return found

    def _as_stripe_has_it(self, believed: Charged, found: ChargeFound) -> Charged:
        assert self.gateway is not None  # noqa: S101  # its callers look
        detail = f"{self._shown(believed.amount)} → {format_amount(found.captured, found.currency)}, {found.id}"
        if found.currency != believed.currency:
            self.report.differs("currency_differs", "transactions", believed.row, detail)
        elif found.captured != believed.amount:
            self.report.differs("amount_differs", "transactions", believed.row, detail)
        states = self.gateway.refunds_of(charge_id=found.id) if found.refunded else []
        backs = (
            Back(
                each.amount,
                datetime.fromtimestamp(each.created, UTC),
                each.id,
                _STATES.get(each.status, Refund.Status.PENDING),
            )
            for each in reversed(states)
        )
        return replace(
            believed,
            amount=found.captured,
            currency=found.currency,
            at=datetime.fromtimestamp(found.created, UTC),
            account=self.gateway.account(),
            brand=found.card_brand[:16],
            last4=found.card_last4[:4],
            backs=tuple(each for each in backs if each.status != Refund.Status.FAILED),
        )

    def _unless_not_found(self, error: Refused) -> None:
        if error.status != HTTPStatus.NOT_FOUND:
            raise error

    # --- at the rows' word --------------------------------------------------------------------------------------------

    def _with_refunds(self, order: OldOrder, rows: Sequence[OldTransaction], found: list[Charged]) -> list[Charged]:
        """The refunds that the rows tell of: of the order's last charge, and what is more, of those before it."""
        backs = self._told(order, rows, found[-1].at)
        left = {each.charge_id: each.amount for each in found}
        of: dict[str, list[Back]] = {each.charge_id: [] for each in found}
        over = 0
        for back in backs:
            rest = back.amount
            for charge in reversed(found):
                part = min(rest, left[charge.charge_id])
                if part:
                    of[charge.charge_id].append(replace(back, amount=part))
                    left[charge.charge_id] -= part
                    rest -= part
            over += rest
        if over:
            self.report.changed("refunded_too_much", "orders", order.id, self._shown(over))
        return [replace(each, backs=tuple(of[each.charge_id])) for each in found]

    def _told(self, order: OldOrder, rows: Sequence[OldTransaction], at: datetime) -> list[Back]:
        told = [row for row in rows if row.status == "refunded"]
        backs = []
        for row in told:
            said = notes(row.notes).amount
            amount = minor(said, self.unit) if said is not None else None
            if amount:
                backs.append(Back(amount, moment(row.timestamp, now=self.now) or at, "", Refund.Status.SUCCEEDED))
        total = order.refunded * self.unit
        # Its column held whole units, each refund rounded.
        if abs(sum(each.amount for each in backs) - total) < max(len(told), 1) * self.unit:
            return backs
        self.report.changed("refunds_unclear", "orders", order.id, self._shown(total))
        when = backs[-1].at if backs else at
        return [Back(total, when, "", Refund.Status.SUCCEEDED)] if total > 0 else []

    def _shown(self, amount: int) -> str:
        return format_amount(amount, self.currency)
