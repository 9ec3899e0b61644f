"""Disputes and early fraud warnings: what they do to the ledger, to refunds and to extra charges."""

import pytest
from django.utils import timezone

from phonepay.events.models import Event
from phonepay.payments import disputes
from phonepay.payments.gateway import get_gateway
from phonepay.payments.models import Dispute, EarlyFraudWarning, LedgerEntry, Payment, Refund
from phonepay.payments.overage import OverageRefused, room_for_overage
from phonepay.payments.refunds import RefundRefused
from tests.payments.telling import handle_all, tell
from tests.shop import Till, consent, fresh, together


def catch_up(till: Till) -> None:
    tell(till)
    handle_all()


def entries(kind: str) -> list[int]:
    return list(LedgerEntry.objects.filter(kind=kind).values_list("amount", flat=True))


@pytest.fixture
def paid(till: Till) -> Payment:
    return till.pay(till.order(), consent=consent())


def test_a_dispute_is_kept_with_what_a_person_must_know(till: Till, paid: Payment) -> None:
    made = till.account.dispute(paid.intent_id, reason="product_not_received")
    catch_up(till)
    dispute = Dispute.objects.get()
    assert (dispute.stripe_id, dispute.payment, dispute.amount, dispute.currency) == (made["id"], paid, 4250, "usd")
    assert (dispute.status, dispute.reason, dispute.withdrawn) == ("needs_response", "product_not_received", 4250)
    assert dispute.due_by and dispute.due_by.timestamp() == made["evidence_details"]["due_by"]


def test_what_the_bank_took_is_booked_with_the_fee_beside_it(till: Till, paid: Payment) -> None:
    till.account.dispute(paid.intent_id)
    catch_up(till)
    assert (entries("dispute_withdrawn"), entries("fee")) == ([-4250], [-1500])
    assert till.balance(paid.order) == 0


def test_a_won_dispute_brings_it_back(till: Till, paid: Payment) -> None:
    made = till.account.dispute(paid.intent_id)
    catch_up(till)
    till.account.move_dispute(made["id"], "won", fee_back=1500)
    catch_up(till)
    assert (entries("dispute_reinstated"), sorted(entries("fee"))) == ([4250], [-1500, 1500])
    assert (till.balance(paid.order), fresh(paid).refundable, Dispute.objects.get().withdrawn) == (4250, 4250, 0)


def test_a_lost_dispute_leaves_nothing_to_refund(till: Till, paid: Payment) -> None:
    made = till.account.dispute(paid.intent_id)
    till.account.move_dispute(made["id"], "lost")
    catch_up(till)
    assert fresh(paid).refundable == 0 and Dispute.objects.get().closed_at
    with pytest.raises(RefundRefused) as refused:
        till.refund(paid.order)
    assert refused.value.reason == "lost"


def test_of_a_partly_disputed_payment_the_rest_can_go_back_when_it_is_closed(till: Till, paid: Payment) -> None:
    made = till.account.dispute(paid.intent_id, amount=1000)
    catch_up(till)
    assert fresh(paid).refundable == 0
    till.account.move_dispute(made["id"], "lost")
    catch_up(till)
    assert fresh(paid).refundable == 3250


def test_while_a_dispute_is_open_no_refund_is_sent(till: Till, paid: Payment) -> None:
    till.account.dispute(paid.intent_id, amount=1000)
    catch_up(till)
    with pytest.raises(RefundRefused) as refused:
        till.refund(paid.order)
    assert refused.value.reason == "disputed" and till.account.refunds == []


def test_a_refund_that_looked_before_the_dispute_is_refused_too(till: Till, paid: Payment) -> None:
    order = paid.order
    till.account.dispute(paid.intent_id)
    (refund,) = till.refund(order)  # the shop has not heard of it yet: Stripe refuses
    assert refund.status == Refund.Status.FAILED
    catch_up(till)
    assert fresh(paid).refunded == 0


def test_an_inquiry_can_be_refunded(till: Till, paid: Payment) -> None:
    till.account.dispute(paid.intent_id, status="warning_needs_response")
    catch_up(till)
    assert (fresh(paid).refundable, entries("dispute_withdrawn")) == (4250, [])
    till.refund(paid.order)
    catch_up(till)
    assert Dispute.objects.get().status == "warning_closed"


def test_an_inquiry_that_grows_takes_the_money(till: Till, paid: Payment) -> None:
    made = till.account.dispute(paid.intent_id, status="warning_needs_response")
    catch_up(till)
    till.account.move_dispute(made["id"], "needs_response")
    catch_up(till)
    assert (fresh(paid).refundable, entries("dispute_withdrawn")) == (0, [-4250])
    assert Event.objects.filter(type="dispute.grew").exists()


def test_in_another_currency_the_fee_is_of_the_one_that_is_settled_in(till: Till) -> None:
    till.account.settle_in("usd", eur=1.25)
    paid = till.pay(till.order(currency="eur"), currency="eur")
    till.account.dispute(paid.intent_id)
    catch_up(till)
    taken, fee = LedgerEntry.objects.get(kind="dispute_withdrawn"), LedgerEntry.objects.get(kind="fee")
    assert (taken.amount, taken.currency, taken.settlement_amount, taken.settlement_currency) == (
        -4250, "eur", -5312, "usd",
    )  # fmt: skip
    assert (fee.amount, fee.currency) == (-1500, "usd")
    assert till.balance(paid.order) == 0


@pytest.mark.parametrize(("ends", "reason"), [("lost", "disputed"), ("under_review", "disputed")])
def test_no_extra_charge_after_a_dispute(till: Till, paid: Payment, ends: str, reason: str) -> None:
    made = till.account.dispute(paid.intent_id)
    till.account.move_dispute(made["id"], ends)
    catch_up(till)
    with pytest.raises(OverageRefused) as refused:
        room_for_overage(order=paid.order, now=timezone.now())
    assert refused.value.reason == reason


def test_a_won_dispute_lets_extra_charges_through_again(till: Till, paid: Payment) -> None:
    made = till.account.dispute(paid.intent_id)
    till.account.move_dispute(made["id"], "won")
    catch_up(till)
    assert room_for_overage(order=paid.order, now=timezone.now())[1]


def test_no_extra_charge_after_a_warning_of_fraud(till: Till, paid: Payment) -> None:
    till.account.warn_of_fraud(paid.intent_id, "misc")
    catch_up(till)
    warning = EarlyFraudWarning.objects.get()
    assert (warning.payment, warning.fraud_type, warning.actionable) == (paid, "misc", True)
    with pytest.raises(OverageRefused) as refused:
        room_for_overage(order=paid.order, now=timezone.now())
    assert refused.value.reason == "warned"


def test_a_warning_is_answered_by_the_refund(till: Till, paid: Payment) -> None:
    till.account.warn_of_fraud(paid.intent_id)
    catch_up(till)
    till.refund(paid.order)
    catch_up(till)
    assert not EarlyFraudWarning.objects.get().actionable


def test_a_card_that_was_removed_at_stripe_is_not_charged_again(till: Till, paid: Payment) -> None:
    till.client.payment_methods.detach(paid.payment_method)
    catch_up(till)
    assert fresh(paid).card_gone_at
    with pytest.raises(OverageRefused) as refused:
        room_for_overage(order=paid.order, now=timezone.now())
    assert refused.value.reason == "no_card"


def test_so_is_that_of_a_customer_who_was_deleted(till: Till, paid: Payment) -> None:
    till.client.customers.delete(paid.customer_id)
    catch_up(till)
    assert fresh(paid).card_gone_at and Event.objects.filter(type="card.gone").count() == 1


def test_an_event_that_says_so_while_the_card_is_there_proves_nothing(till: Till, paid: Payment) -> None:
    till.hear_and_handle("payment_method.detached", paid.payment_method)
    assert fresh(paid).card_gone_at is None


@pytest.mark.parametrize("happens", ["dispute", "warn_of_fraud", "refund_by_hand"])
def test_of_another_program_s_payment_nothing_is_kept(till: Till, happens: str) -> None:
    getattr(till.account, happens)(till.account.pay_elsewhere(900)["id"])
    catch_up(till)
    assert not Dispute.objects.exists() and not EarlyFraudWarning.objects.exists() and not Refund.objects.exists()


@pytest.mark.database
def test_readings_at_the_same_moment_book_it_once(till: Till, paid: Payment) -> None:
    made = till.account.dispute(paid.intent_id)
    gateway = get_gateway()

    def read() -> None:
        disputes.read(payment=fresh(paid), dispute_id=made["id"], gateway=gateway, now=timezone.now())

    assert [each for each in together(read, read, read) if each is not None] == []
    assert (entries("dispute_withdrawn"), entries("fee"), Dispute.objects.count()) == ([-4250], [-1500], 1)


def test_a_reading_that_is_older_than_what_was_recorded_is_done_again(till: Till, paid: Payment) -> None:
    made = till.account.dispute(paid.intent_id)
    catch_up(till)
    gateway = get_gateway()
    once = gateway.retrieve_dispute

    def slow(dispute_id: str) -> object:
        """Before its answer is recorded, somebody else records that the dispute was won."""
        state = once(dispute_id)
        gateway.retrieve_dispute = once  # type: ignore[method-assign]
        till.account.move_dispute(made["id"], "won")
        disputes.read(payment=fresh(paid), dispute_id=made["id"], gateway=gateway, now=timezone.now())
        return state

    gateway.retrieve_dispute = slow  # type: ignore[assignment, method-assign]
    try:
        read = disputes.read(payment=paid, dispute_id=made["id"], gateway=gateway, now=timezone.now())
    finally:
        gateway.retrieve_dispute = once  # type: ignore[method-assign]
    assert (read.status, read.withdrawn) == ("won", 0)
