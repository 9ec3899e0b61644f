"""A batch of old orders with their money, in one transaction; each row under an identity that is the same at each run.

A payment brought over has a charge and no PaymentIntent, no card and no consent: it can be refunded, never charged
extra. Its sale and its refunds stand in the ledger at their own times.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from django.db import IntegrityError, transaction
from django.db.models import F, Q

from phonepay.imports.ancestor.charges import Back, Charged
from phonepay.imports.ancestor.plan import PAID_HOW, Plan
from phonepay.imports.ancestor.reading import moment, notes
from phonepay.imports.ancestor.report import Report
from phonepay.imports.ancestor.rows import OldTransaction
from phonepay.merchant.models import Line, Merchant
from phonepay.orders.claims import claim_name
from phonepay.orders.models import Order
from phonepay.payments import ledger
from phonepay.payments.brought_over import BROUGHT_OVER
from phonepay.payments.models import LedgerEntry, Payment, Refund

_ENDED = timedelta(days=1)  # a call that began so long ago has ended, and its transaction changes no more
_ATTEMPTS = {"failed": Payment.Status.FAILED}


@dataclass
class Writer:
    """`name` tells several old databases apart; `keep` False: all is tried, and rolled back."""

    merchant: Merchant
    line: Line
    name: str
    livemode: bool
    keep: bool
    report: Report
    now: datetime
    keyed: set[str] = field(default_factory=set)  # of a dry run, whose batches do not see each other

    def here(self, names: Sequence[str]) -> dict[str, Order]:
        """The orders of these old rows that were brought over before, by the row's name."""
        keys = {self._key(name): name for name in names}
        rows = Order.objects.filter(merchant=self.merchant, request_key__in=list(keys))
        return {keys[order.request_key or ""]: order for order in rows}

    def charged_here(self, rows: Sequence[OldTransaction]) -> set[int]:
        """Which of these transactions have their payment here."""
        ids = {self._id("charge", row.id): row.id for row in rows if row.status == "completed"}
        return {ids[pk] for pk in Payment.objects.filter(pk__in=list(ids)).values_list("pk", flat=True)}

    def write(self, plans: Sequence[Plan]) -> None:
        """All of them or none. Whoever makes the same number at the same moment is let go first."""
        with transaction.atomic():
            there = self.here([plan.old.name for plan in plans])
            for plan in plans:
                order = there.get(plan.old.name)
                if order is None:
                    self._add(plan)
                elif plan.timed and order.created_at != plan.at:
                    self.report.left_out("another_database", "orders", plan.old.id, plan.old.order_id)
                else:
                    self._bring_up_to_date(order, plan)
            if not self.keep:
                transaction.set_rollback(True)

    # --- orders -------------------------------------------------------------------------------------------------------

    def _add(self, plan: Plan) -> None:
        order = Order(
            merchant=self.merchant,
            amount=plan.amount,
            currency=plan.currency,
            status=plan.status,
            paid_how=plan.paid_how,
            customer_phone=plan.phone,
            note=plan.note,
            request_key=self._key(plan.old.name),
            created_at=plan.at,
            updated_at=plan.at,
        )
        if plan.charges:
            order.paid_at, order.paid_livemode = plan.charges[0].at, self.livemode
        self._save(order, plan)
        self.report.carried("orders")
        self._money(order, plan)

    def _save(self, order: Order, plan: Plan) -> None:
        spare = plan.spare_number
        names: list[tuple[str, str | None]] = [(plan.number, plan.keyed), (spare, None)]
        names.append((f"{spare}-{uuid5(self.merchant.installation, spare).hex[:6]}"[:24], None))
        if plan.keyed in self.keyed:
            self.report.changed("number_taken", "orders", plan.old.id, plan.number)
            names = names[1:]
        elif plan.keyed:
            self._make_room(plan)
        for place, (number, keyed) in enumerate(names):
            order.number, order.keyed = number, keyed
            order.lettered = plan.lettered and keyed is not None
            try:
                with transaction.atomic():
                    order.save(force_insert=True)
            except IntegrityError:
                if place == len(names) - 1:
                    raise
                if number == plan.number:
                    self.report.changed("number_taken", "orders", plan.old.id, plan.number)
                continue
            break
        if not self.keep and order.keyed:
            self.keyed.add(order.keyed)

    def _make_room(self, plan: Plan) -> None:
        """A number is its paid row's, else its newest one's: an older row that nobody touched here gives it up."""
        rows = self._key("order:")
        held = Order.objects.filter(
            merchant=self.merchant, number=plan.number, status=Order.Status.UNPAID, claimed_by=None,
            updated_at=F("created_at"), request_key__startswith=rows,
        ).first()  # fmt: skip
        if held is None:
            return
        row = (held.request_key or "").removeprefix(rows)
        held.note = f"Its number was {held.number}. {held.note}".strip()[:500]
        held.number, held.keyed, held.lettered = f"old-{row}", None, False
        try:
            with transaction.atomic():
                held.save(update_fields=["number", "keyed", "lettered", "note"])
        except IntegrityError:
            return
        self.report.changed("number_taken", "orders", row, plan.number)

    def _bring_up_to_date(self, order: Order, plan: Plan) -> None:
        """It was brought over before. What happened in the old product since is added; what was done here stays."""
        self.report.carried("orders that were here")
        free = Order.objects.filter(pk=order.pk, claimed_by=None)
        untouched = Q(updated_at=order.created_at)  # nobody changed it here: its time is the old row's still
        if plan.charges:
            # The last: it was brought over as paid, by a key that did not know the charge.
            payable = (
                Q(status=Order.Status.UNPAID)
                | Q(untouched, status=Order.Status.CANCELLED)
                | Q(status=Order.Status.PAID_ANOTHER_WAY, paid_how=PAID_HOW)
            )
            paid = {"status": plan.status, "paid_at": plan.charges[0].at, "paid_livemode": self.livemode}
            free.filter(payable).update(**paid, paid_how="", updated_at=plan.charges[0].at)
            order.refresh_from_db()
        elif not order.payments.filter(status="succeeded").exists():
            changes = {"status": plan.status, "amount": plan.amount, "paid_how": plan.paid_how}
            differs = any(getattr(order, name) != value for name, value in changes.items())
            if differs and not free.filter(untouched).update(**changes):
                self.report.left_out("kept", "orders", plan.old.id, plan.old.order_id)
        self._money(order, plan)

    # --- money --------------------------------------------------------------------------------------------------------

    def _money(self, order: Order, plan: Plan) -> None:
        claim = claim_name(order.pk, livemode=self.livemode)
        free = order.status == Order.Status.PAID and not Payment.objects.filter(claim=claim).exists()
        for charge in plan.charges:
            whole = charge.refunded >= charge.amount
            first = free and not whole
            twice = not first and not whole
            if twice:
                self.report.changed("paid_twice", "transactions", charge.row, charge.charge_id)
            self._charge(order, plan, charge, claim=claim if first else None, overpaid=twice)
            free = free and not first
        self._attempts(order, plan)

    def _charge(self, order: Order, plan: Plan, charge: Charged, *, claim: str | None, overpaid: bool) -> None:
        payment = self._payment(order, plan, "charge", charge.row, charge.at)
        payment.status = Payment.Status.SUCCEEDED
        payment.amount, payment.currency = charge.amount, charge.currency
        payment.claim, payment.overpaid = claim, overpaid
        payment.refunded = min(charge.refunded, charge.amount)
        payment.charge_id, payment.stripe_account = charge.charge_id, charge.account
        payment.card_brand, payment.card_last4 = charge.brand, charge.last4
        payment.save(force_insert=True)
        ledger.post(
            LedgerEntry.Kind.SALE, payment=payment, stripe_object=charge.charge_id, amount=charge.amount, now=charge.at
        )
        self.report.carried("payments")
        for place, back in enumerate(charge.backs):
            self._refund(payment, order, back, f"{BROUGHT_OVER}{self.name}:{charge.row}:{place}")

    def _refund(self, payment: Payment, order: Order, back: Back, name: str) -> None:
        done = back.status == Refund.Status.SUCCEEDED
        refund = Refund.objects.create(
            id=uuid5(payment.pk, back.stripe_id or name),
            merchant=self.merchant,
            payment=payment,
            order=order,
            amount=back.amount,
            currency=payment.currency,
            livemode=payment.livemode,
            stripe_account=payment.stripe_account,
            reason="requested_by_customer",
            by_kind="system",
            by_name="the first Phone Pay",
            request_key=name,
            status=back.status,
            stripe_id=back.stripe_id or None,
            asked_at=back.at,
            settled_at=back.at if done else None,
            due_at=None if done else self.now,
        )
        if done:
            ledger.post(
                LedgerEntry.Kind.REFUND, payment=payment, stripe_object=back.stripe_id or name, amount=back.amount,
                now=back.at, refund=refund,
            )  # fmt: skip
        self.report.carried("refunds")

    def _attempts(self, order: Order, plan: Plan) -> None:
        """Calls that ended without money: shown with the order, and nothing comes of them."""
        if plan.amount < 1:
            return
        ended = [row for row in plan.attempts if self._has_ended(row)]
        ids = {row.id: self._id("attempt", row.id) for row in ended}
        there = set(Payment.objects.filter(pk__in=list(ids.values())).values_list("pk", flat=True)) if ids else set()
        rows = []
        for row in ended:
            if ids[row.id] in there:
                continue
            payment = self._payment(order, plan, "attempt", row.id, moment(row.timestamp, now=self.now) or plan.at)
            payment.status = _ATTEMPTS.get(row.status, Payment.Status.ABANDONED)
            payment.failure = notes(row.notes).words
            rows.append(payment)
        Payment.objects.bulk_create(rows)
        self.report.carried("attempts without money", len(rows))

    def _has_ended(self, row: OldTransaction) -> bool:
        at = moment(row.timestamp, now=self.now)
        return row.status != "initiated" or at is None or at < self.now - _ENDED

    def _payment(self, order: Order, plan: Plan, kind: str, row: int, at: datetime) -> Payment:
        return Payment(
            id=self._id(kind, row),
            merchant=self.merchant,
            line=self.line,
            order=order,
            phone=plan.phone,
            number=order.number,
            amount=order.amount,
            currency=order.currency,
            livemode=self.livemode,
            agreed_at=at,
            settled_at=at,
        )

    def _id(self, kind: str, row: int) -> UUID:
        return uuid5(self.merchant.installation, f"{BROUGHT_OVER}{self.name}:{kind}:{row}")

    def _key(self, name: str) -> str:
        return f"{BROUGHT_OVER}{self.name}:{name}"
