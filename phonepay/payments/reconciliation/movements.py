"""One entry of Stripe's balance, or one object of its lists, held against our rows.

Whose it is: ours where the metadata names this installation and a payment, or where we have the charge; refunds and
disputes through their charge. Everything else on a shared account is passed over, and nothing of it is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from phonepay.events.actors import STRIPE
from phonepay.payments import disputes, ledger, operations
from phonepay.payments.at_stripe import DisputeState, Intent, Movement, RefundState
from phonepay.payments.book_models import Discrepancy, ReconciliationRun
from phonepay.payments.dispute_models import Dispute
from phonepay.payments.gateway import Gateway
from phonepay.payments.models import LedgerEntry, Payment, Refund
from phonepay.payments.reconciliation import rebuild
from phonepay.payments.reconciliation.discrepancies import found
from phonepay.payments.refund_outcomes import record_state
from phonepay.payments.stripe_lists import ChargeFound, Entry

_CHARGED = {Payment.Kind.INITIAL: LedgerEntry.Kind.SALE, Payment.Kind.OVERAGE: LedgerEntry.Kind.OVERAGE}
# What an entry of the balance about a refund is booked as, by Stripe's type.
_REFUND_TYPES = {
    "refund": LedgerEntry.Kind.REFUND,
    "payment_refund": LedgerEntry.Kind.REFUND,
    "refund_failure": LedgerEntry.Kind.REFUND_FAILED,
    "payment_refund_failure": LedgerEntry.Kind.REFUND_FAILED,
}

_DISPUTE_KINDS = (LedgerEntry.Kind.DISPUTE_WITHDRAWN, LedgerEntry.Kind.DISPUTE_REINSTATED)


@dataclass
class Comparison:
    """A page's worth of looking: `healed` counts what was missing or wrong here and is right now."""

    run: ReconciliationRun
    gateway: Gateway
    now: datetime
    healed: int = 0

    # --- charges ----------------------------------------------------------------------------------------------------

    def entry(self, entry: Entry) -> None:
        """An entry of the balance: what it is about is compared, its fee and what it settled for are booked."""
        booked: LedgerEntry | None = None
        if entry.charge is not None:
            booked = self.charge(entry.charge)
        elif entry.refund is not None:
            self.refund(entry.refund)
            kind = _REFUND_TYPES.get(entry.movement.type)
            booked = LedgerEntry.objects.filter(stripe_object=entry.refund.id, kind=kind).first() if kind else None
        elif entry.dispute is not None:
            self.dispute(entry.dispute)  # its reading books the fee too
        if booked is not None:
            self._settle(booked, entry.movement)

    def _settle(self, entry: LedgerEntry, movement: Movement) -> None:
        if entry.settlement_amount is None:
            ledger.note_settlement(entry, amount=movement.amount, currency=movement.currency)
        if movement.fee:
            at = datetime.fromtimestamp(movement.created, UTC)
            ledger.post_fee(
                beside=entry, stripe_object=movement.id, fee=movement.fee, currency=movement.currency, at=at
            )

    def charge(self, charge: ChargeFound) -> LedgerEntry | None:
        """A charge that took money: booked where it was not. Returns its entry of the ledger; None for a stranger's."""
        payment = self.payment_of(charge)
        if payment is None:
            return None
        entry = LedgerEntry.objects.filter(stripe_object=charge.id, kind=_CHARGED[Payment.Kind(payment.kind)]).first()
        if entry is None:
            entry = self._post(payment, charge)
        if (entry.amount, entry.currency) != (charge.captured, charge.currency):
            self._differs(Discrepancy.Kind.AMOUNT, payment, charge, ours=entry.amount, theirs=charge.captured)
        if payment.refunded != charge.refunded:
            self._refunded_otherwise(payment, charge)
        return entry

    def _post(self, payment: Payment, charge: ChargeFound) -> LedgerEntry:
        """A payment that went through here and has no entry."""
        at = min(datetime.fromtimestamp(charge.created, UTC), self.now)
        kind = _CHARGED[Payment.Kind(payment.kind)]
        try:
            with transaction.atomic(durable=True):
                entry = ledger.post(kind, payment=payment, stripe_object=charge.id, amount=charge.captured, now=at)
        except IntegrityError:  # somebody booked it a moment ago
            return LedgerEntry.objects.get(stripe_object=charge.id, kind=kind)
        self.healed += 1
        return entry

    def payment_of(self, charge: ChargeFound) -> Payment | None:
        """Ours, with its success recorded; None for somebody else's, and for what cannot be rebuilt."""
        merchant = self.run.merchant
        payment = self._known(charge)
        named = rebuild.payment_id(charge.metadata) if rebuild.is_ours(charge.metadata, merchant) else None
        if payment is None and named is not None:
            payment = self._rows().filter(pk=named).first()
            if payment is None or payment.status == Payment.Status.SUCCEEDED:
                payment = self._rebuilt(charge, beside=payment)
        if payment is None or payment.status == Payment.Status.SUCCEEDED:
            return payment
        intent = Intent(
            id=charge.intent_id,
            status="succeeded",
            amount=charge.captured,
            amount_received=charge.captured,
            currency=charge.currency,
            livemode=charge.livemode,
            charge_id=charge.id,
        )
        at = min(datetime.fromtimestamp(charge.created, UTC), self.now)
        self.healed += operations.mark_succeeded(payment=payment, intent=intent, by=STRIPE, now=at)
        return self._rows().get(pk=payment.pk)

    def _known(self, charge: ChargeFound) -> Payment | None:
        rows = self._rows().filter(merchant=self.run.merchant)
        found = rows.filter(charge_id=charge.id).first()
        if found is None and charge.intent_id:
            found = rows.filter(intent_id=charge.intent_id).first()
            if found is not None and found.status == Payment.Status.SUCCEEDED:
                return None  # one PaymentIntent has one charge that succeeded: this is not how Stripe works
        return found

    def _rows(self) -> QuerySet[Payment]:
        return Payment.objects.select_related("merchant", "line", "order", "parent__order")

    def _rebuilt(self, charge: ChargeFound, *, beside: Payment | None) -> Payment | None:
        try:
            return rebuild.payment(self.run.merchant, charge, now=self.now, beside=beside)
        except rebuild.CannotRebuild as why:
            found(
                self.run,
                Discrepancy.Kind.NOT_HERE,
                stripe_object=charge.id,
                happened_at=datetime.fromtimestamp(charge.created, UTC),
                now=self.now,
                theirs=charge.captured,
                currency=charge.currency,
                detail=str(why),
            )
            return None

    # --- refunds ----------------------------------------------------------------------------------------------------

    def _refunded_otherwise(self, payment: Payment, charge: ChargeFound) -> None:
        """Read each refund of it; what then still differs, with none of ours under way, is for a person."""
        states = self.gateway.refunds_of(charge_id=charge.id)
        for state in states:
            self.refund(state)
        theirs = sum(each.amount for each in states if each.status not in ("failed", "canceled"))
        payment.refresh_from_db(fields=["refunded"])
        under_way = payment.refunds.filter(status__in=Refund.IN_FLIGHT).exists()
        if payment.refunded != theirs and not under_way:
            self._differs(Discrepancy.Kind.REFUNDED, payment, charge, ours=payment.refunded, theirs=theirs)

    def refund(self, state: RefundState) -> Refund | None:
        """A refund as Stripe has it: adopted where we have no row, booked where it moved on. None for a stranger's."""
        row = _known_refund(state)
        if row is None:
            payment = self._refunded(state)
            if payment is None:
                return None
            try:
                row = rebuild.refund(payment, state, now=self.now)
            except IntegrityError:
                # The room is held by one of ours that Stripe has not answered: the next run finds it answered.
                row = _known_refund(state)
                if row is None:
                    return None
        if row.livemode != self.run.livemode:
            return None
        booked_before = row.status
        at = (
            self.now if row.status != Refund.Status.ASKED else min(datetime.fromtimestamp(state.created, UTC), self.now)
        )
        self.healed += record_state(refund=row, state=state, failure="", by=STRIPE, now=at)
        if booked_before == Refund.Status.SUCCEEDED == row.status:
            self._post_refund(row, state)
        return row

    def _post_refund(self, row: Refund, state: RefundState) -> None:
        """A refund that is done here and has no entry."""
        booked = Q(stripe_object=state.id) | Q(refund=row)  # one brought over may be booked under its old name
        if LedgerEntry.objects.filter(booked, kind=LedgerEntry.Kind.REFUND).exists():
            return
        try:
            with transaction.atomic(durable=True):
                ledger.post(
                    LedgerEntry.Kind.REFUND, payment=row.payment, stripe_object=state.id, amount=state.amount,
                    now=row.settled_at or self.now, refund=row,
                )  # fmt: skip
        except IntegrityError:  # somebody booked it a moment ago
            return
        self.healed += 1

    def _refunded(self, state: RefundState) -> Payment | None:
        """Whose charge went back; one that is older than the run's time, and missing here, is rebuilt first."""
        known = Q(charge_id=state.charge_id) if state.charge_id else Q(intent_id=state.intent_id)
        payment = self._rows().filter(known, merchant=self.run.merchant, status=Payment.Status.SUCCEEDED).first()
        if payment is None and state.charge_id and self._may_be_ours(state):
            return self.payment_of(self.gateway.lists.charge(state.charge_id))
        return payment

    def _may_be_ours(self, state: RefundState) -> bool:
        """A stranger's refund is not asked about one by one: only what names us, or while a backup is being healed."""
        return rebuild.is_ours(state.metadata, self.run.merchant) or self.run.thorough

    # --- disputes ---------------------------------------------------------------------------------------------------

    def dispute(self, state: DisputeState) -> None:
        """A dispute of one of our charges: read and recorded, unless it is here as Stripe has it."""
        if _is_here(state):
            return
        rows = self._rows().filter(merchant=self.run.merchant, status=Payment.Status.SUCCEEDED)
        payment = rows.filter(charge_id=state.charge_id).first()
        if payment is None and self.run.thorough and state.charge_id:
            payment = self.payment_of(self.gateway.lists.charge(state.charge_id))
        if payment is None:
            return
        disputes.read(payment=payment, dispute_id=state.id, gateway=self.gateway, now=self.now)
        self.healed += 1

    def _differs(self, kind: str, payment: Payment, charge: ChargeFound, *, ours: int, theirs: int) -> None:
        found(
            self.run,
            kind,
            stripe_object=charge.id,
            happened_at=datetime.fromtimestamp(charge.created, UTC),
            now=self.now,
            ours=ours,
            theirs=theirs,
            currency=charge.currency,
            payment=payment,
        )


def _is_here(state: DisputeState) -> bool:
    if not Dispute.objects.filter(stripe_id=state.id, status=state.status).exists():
        return False
    moved = sum(each.category in (disputes.WITHDRAWN, disputes.REINSTATED) for each in state.movements)
    booked = LedgerEntry.objects.filter(stripe_object=state.id, kind__in=_DISPUTE_KINDS).count()
    return booked >= moved


def _known_refund(state: RefundState) -> Refund | None:
    rows = Refund.objects.select_related("payment__merchant", "order")
    row = rows.filter(stripe_id=state.id).first()
    identity = rebuild.as_uuid(state.metadata.get("refund", ""))
    if row is None and identity is not None:
        row = rows.filter(pk=identity).first()
    return row
