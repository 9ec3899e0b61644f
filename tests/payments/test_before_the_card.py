"""What is made at Stripe before the card comes, and what is tidied up when none is charged."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from phonepay.events.actors import SYSTEM
from phonepay.payments import pool, stripe_side
from phonepay.payments.agreement import end_unpaid, next_card
from phonepay.payments.gateway import get_gateway
from phonepay.payments.models import Payment
from phonepay.payments.operations import mark_failed
from tests.shop import DECLINED, InBackground, Till, consent, fresh, sweep, sweep_until_done

CREATE = "/v1/payment_intents"


def living_customers(till: Till) -> list[str]:
    return [each["id"] for each in till.account.customers if not each.get("deleted")]


def test_a_hang_up_before_agreeing_leaves_nothing_at_stripe(till: Till) -> None:
    till.order()
    assert not Payment.objects.exists() and not till.account.payment_intents


def test_the_intent_is_made_unconfirmed_and_its_id_committed(till: Till) -> None:
    payment = till.agree(till.order())
    stripe_side.prepare(payment)
    intent = till.intent(fresh(payment))
    assert (intent["status"], intent["amount"], intent["currency"]) == ("requires_payment_method", 4250, "usd")
    assert intent["payment_method_types"] == ["card"]
    assert fresh(payment).stripe_account == till.account.id


def test_preparing_twice_makes_one_intent(till: Till) -> None:
    payment = till.agree(till.order())
    for row in (fresh(payment), fresh(payment)):
        stripe_side.prepare(row)
    assert len(till.account.payment_intents) == 1


def test_every_object_can_rebuild_a_lost_row(till: Till) -> None:
    order = till.order()
    payment = till.pay(order, consent=consent())
    till.overage(order, 1000)
    till.refund(payment, 500)
    ours = {
        "installation": str(till.shop.installation),
        "payment": str(payment.pk),
        "order": "1234",
        "line": till.line.phone_number,
        "call": payment.call_sid,
        "confirmation": payment.confirmation,
        "amount": "4250 usd",
    }
    attempt = {"attempt": str(payment.attempt)}
    assert till.account.customers[0]["metadata"] == ours | {"kind": "customer"}
    assert till.intent(payment)["metadata"] == ours | attempt | {"kind": "initial"}
    assert till.account.charges[0]["metadata"] == ours | attempt | {"kind": "initial"}
    extra = Payment.objects.get(kind="overage")
    assert (
        till.intent(extra)["metadata"] | {"kind": "overage", "amount": "1000 usd", "payment": str(extra.pk)}
        == (till.intent(extra)["metadata"])
    )
    refund = till.account.refunds[0]["metadata"]
    assert (refund["installation"], refund["payment"]) == (ours["installation"], ours["payment"])
    assert refund["kind"] == "refund"
    assert {"refund", "request", "order", "amount"} <= set(refund)


@pytest.mark.parametrize("asked", [False, True], ids=["no consent", "consent"])
def test_a_customer_is_made_and_the_card_kept_only_with_consent(asked: bool, till: Till) -> None:
    payment = till.pay(till.order(), consent=consent() if asked else None)
    assert len(till.account.customers) == int(asked)
    assert till.intent(payment)["setup_future_usage"] == ("off_session" if asked else None)
    method = next(each for each in till.account.payment_methods if each["id"] == payment.payment_method)
    assert method["customer"] == (payment.customer_id or None)


@pytest.mark.parametrize("ending", ["given up", "declined", "refused"])
def test_a_customer_whose_payment_ended_uncharged_is_deleted(ending: str, till: Till) -> None:
    payment = till.agree(till.order(), consent=consent())
    stripe_side.prepare(payment)
    if ending == "declined":
        till.charge(payment, DECLINED)
    elif ending == "refused":
        till.faults.fail("POST", "/v1/payment_intents/*/confirm", status=400)
        till.charge(payment)
    else:
        end_unpaid(payment=payment, by=SYSTEM, now=timezone.now())
    sweep_until_done()
    assert living_customers(till) == []
    assert till.intent(payment)["status"] == "canceled"


def test_a_payment_that_nobody_touches_any_more_is_closed(till: Till) -> None:
    payment = till.agree(till.order())
    stripe_side.prepare(payment)
    sweep(timedelta(minutes=14))
    assert fresh(payment).status == "agreed"
    sweep_until_done()
    assert (fresh(payment).status, till.intent(payment)["status"]) == ("abandoned", "canceled")


def test_one_that_ends_while_it_is_prepared_is_tidied_up(till: Till) -> None:
    payment = till.agree(till.order(), consent=consent())
    held = till.faults.hold("POST", CREATE)
    preparing = InBackground(lambda: stripe_side.prepare(fresh(payment)))
    assert held.arrived.wait(10)
    end_unpaid(payment=payment, by=SYSTEM, now=timezone.now())
    sweep()
    held.release()
    preparing.finish()
    sweep_until_done()
    assert (fresh(payment).status, till.confirms_of(payment)) == ("abandoned", 0)
    assert {each["status"] for each in till.account.payment_intents} == {"canceled"}
    assert living_customers(till) == []


def test_one_that_ended_is_not_charged_by_who_prepared_it_late(till: Till) -> None:
    payment = till.agree(till.order())
    till.claim(payment)
    held = till.faults.hold("POST", CREATE)
    sending = InBackground(lambda: stripe_side.send_charge(fresh(payment)))
    assert held.arrived.wait(10)
    Payment.objects.filter(pk=payment.pk).update(status="unknown", due_at=timezone.now(), lease_until=None)
    sweep()  # nothing was made for it, so that nothing can have been charged
    assert fresh(payment).status == "failed"
    held.release()
    sending.finish()
    sweep_until_done()
    assert (fresh(payment).status, till.at_stripe, till.confirms_of(payment)) == ("failed", 0, 0)
    assert till.intent(fresh(payment))["status"] == "canceled"


def test_a_customer_is_one_per_payment_whichever_card_is_tried(till: Till) -> None:
    till.faults.fail("POST", CREATE, times=2)
    payment = till.agree(till.order(), consent=consent())
    stripe_side.prepare(payment)
    payment = fresh(payment)
    next_card(payment=payment, now=timezone.now())
    assert till.charge(payment).status == "succeeded"
    assert len(till.account.customers) == 1


def test_tidying_up_does_not_undo_a_charge_that_went_through(till: Till) -> None:
    payment = till.agree(till.order(), consent=consent())
    stripe_side.prepare(payment)
    end_unpaid(payment=payment, by=SYSTEM, now=timezone.now())
    till.client.payment_intents.confirm(payment.intent_id, {"payment_method": till.card().payment_method})
    sweep()
    assert fresh(payment).status == "succeeded"
    assert len(living_customers(till)) == 1 and till.in_ledger == till.at_stripe == 4250


def test_stripe_is_never_asked_inside_a_transaction(till: Till) -> None:
    gateway = get_gateway()
    with pytest.raises(RuntimeError, match="never asked inside a transaction"), transaction.atomic():
        gateway.account()


def test_the_pool_charges_after_the_preparation_that_still_runs(till: Till) -> None:
    payment = till.agree(till.order())
    held = till.faults.hold("POST", CREATE)
    pool.start_preparing(payment)
    assert held.arrived.wait(10)
    row = fresh(payment)
    till.claim(row)
    pool.start_charge(row)
    assert pool.running_since(row.attempt) is not None
    held.release()
    pool.wait_until_idle()
    assert (fresh(payment).status, len(till.account.payment_intents)) == ("succeeded", 1)
    assert pool.running_since(row.attempt) is None


def test_the_pool_tidies_up_after_a_payment_that_was_given_up(till: Till) -> None:
    payment = till.agree(till.order())
    stripe_side.prepare(payment)
    end_unpaid(payment=payment, by=SYSTEM, now=timezone.now())
    pool.start_closing(fresh(payment))
    pool.wait_until_idle()
    assert till.intent(payment)["status"] == "canceled"
    assert fresh(payment).due_at is None


def test_what_a_stopped_pool_left_is_done_by_the_sweeper(till: Till, caplog: pytest.LogCaptureFixture) -> None:
    payment = till.agree(till.order())
    stripe_side.prepare(payment)
    till.claim(payment)
    broken = fresh(payment)
    broken.merchant_id = None
    pool._start(broken.attempt, _breaks, broken)
    pool.wait_until_idle()
    assert "stopped" in caplog.text
    sweep(timedelta(seconds=31))
    assert fresh(payment).status == "succeeded"


def _breaks(payment: Payment) -> None:
    raise OSError("the process is out of something")


def test_that_nothing_was_made_is_no_proof_once_another_process_has_made_it(till: Till) -> None:
    payment = till.agree(till.order())
    till.claim(payment)
    stripe_side.prepare(fresh(payment))
    why = {"why": "no answer", "by": SYSTEM, "now": timezone.now(), "proof": {"intent_id": None}}
    assert not mark_failed(payment=payment, attempt=payment.attempt, **why)
    assert fresh(payment).status == "charging"
