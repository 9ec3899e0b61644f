"""Old charges and refunds: as Stripe has them, in the books once, refundable, never charged extra."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from phonepay.orders.models import Order
from phonepay.payments.models import LedgerEntry, Payment, Refund
from phonepay.payments.overage import OverageRefused, room_for_overage
from phonepay.people.models import Invitation
from tests.cli.conftest import Command
from tests.imports.ancestor.old import MARCH, Old, seconds
from tests.imports.ancestor.told import PAID, charge, paid_order, reasons
from tests.payments.books import check_books, differing
from tests.shop import Till

pytestmark = pytest.mark.database


def test_a_charge_is_a_payment_with_its_sale_at_its_time(brings: Any, old: Old, till: Till) -> None:
    charge_id = charge(till)
    paid_order(old, charge_id)
    brings()
    payment, entry = Payment.objects.get(), LedgerEntry.objects.get()
    assert (payment.status, payment.amount, payment.charge_id, payment.intent_id) == (
        "succeeded",
        4200,
        charge_id,
        None,
    )
    assert (payment.card_last4, payment.payment_method, payment.customer_id, payment.livemode) == (
        "4242",
        "",
        "",
        False,
    )
    assert (entry.kind, entry.amount, entry.stripe_object, entry.at) == ("sale", 4200, charge_id, payment.settled_at)
    assert Order.objects.get().status == "paid"


def test_it_can_be_refunded_and_not_charged_extra(brings: Any, old: Old, till: Till) -> None:
    paid_order(old, charge(till))
    brings()
    order = Order.objects.get()
    with pytest.raises(OverageRefused) as refused:
        room_for_overage(order=order, now=datetime.now(UTC))
    assert refused.value.reason == "brought_over"
    till.refund(order, 1000)
    assert (till.balance(order), till.at_stripe) == (3200, 3200)


def test_stripe_says_how_much_it_was_and_what_went_back(brings: Any, old: Old, till: Till, tmp_path: Path) -> None:
    charge_id = charge(till, 4250)
    till.client.refunds.create({"charge": charge_id, "amount": 1050})
    order = paid_order(old, charge_id, refunded=5)
    brings("--report", str(tmp_path / "r.csv"))
    payment, refund = Payment.objects.get(), Refund.objects.get()
    assert (payment.amount, payment.refunded, payment.refundable) == (4250, 1050, 3200)
    assert (refund.status, refund.stripe_id) == ("succeeded", till.account.refunds[0]["id"])
    assert till.balance(Order.objects.get()) == 3200
    told = {reason for _, _, reason in reasons(tmp_path / "r.csv")}
    assert told == {"amount_differs", "refunded_differs"} and order


def test_what_went_back_whole_is_refunded(brings: Any, old: Old, till: Till) -> None:
    charge_id = charge(till)
    till.client.refunds.create({"charge": charge_id})
    paid_order(old, charge_id, refunded=42)
    brings()
    assert Order.objects.get().status == "refunded" and Payment.objects.get().claim is None


def test_two_charges_of_an_order(brings: Any, old: Old, till: Till) -> None:
    order = paid_order(old, charge(till))
    old.transaction(order, "completed", charge(till), PAID)
    brings()
    assert [each.overpaid for each in Payment.objects.order_by("overpaid")] == [False, True]


def test_a_charge_that_stripe_does_not_know(brings: Any, old: Old, tmp_path: Path) -> None:
    order = paid_order(old, "ch_ofanotheraccount")
    brings("--report", str(tmp_path / "r.csv"))
    assert Order.objects.get().status == "paid_another_way" and not Payment.objects.exists()
    assert [reason for _, _, reason in reasons(tmp_path / "r.csv")] == ["not_at_stripe", "paid_unknown"] and order


def test_a_charge_whose_order_was_deleted_gets_one(brings: Any, old: Old, till: Till) -> None:
    row = old.transaction(9999, "completed", charge(till), PAID)
    old.transaction(9998, "failed", "Not available", '"no"')
    brings()
    brings()
    order = Order.objects.get()
    assert (order.number, order.amount, order.status) == (f"old-t{row}", 4200, "paid")


def test_the_same_charge_in_two_rows_is_carried_once(brings: Any, old: Old, till: Till) -> None:
    charge_id = charge(till)
    paid_order(old, charge_id, number="1")
    paid_order(old, charge_id, number="2")
    brings()
    assert Payment.objects.get().order == Order.objects.get(number="1")


def test_calls_without_money_and_changes_by_hand(brings: Any, old: Old) -> None:
    order = old.order("1234", 42, overage=7)
    for status in ("initiated", "cancelled", "failed"):
        old.transaction(order, status, "Not available", '"The payment was not completed successfully"')
    old.transaction(order, "initiated", timestamp=seconds(0))  # a call under way
    old.transaction(order, "updated", notes='{"Manual":"Manually changed to unpaid"}')
    old.transaction(order, "charged_overage", notes='{"Manual":"Manually charged overage $ 7"}')
    brings()
    assert sorted(Payment.objects.values_list("status", flat=True)) == ["abandoned", "abandoned", "failed"]
    note = Order.objects.get().note
    assert "Extra charges in the first Phone Pay: $7.00." in note and "2016-03-03 Manually changed to unpaid." in note


def test_no_card_number_is_written_anywhere(brings: Any, old: Old, till: Till, tmp_path: Path) -> None:
    digits = "4242 4242-4242.4242"
    order = old.order(digits, 42, phone="4242424242424242")
    old.transaction(order, "failed", digits, f'"card {digits}"')
    old.transaction(order, "updated", notes=f'{{"Manual":"{digits}"}}')
    old.staff("olga@example.com", "admin", first=digits, last="")
    brings("--report", str(tmp_path / "r.csv"))
    kept = [str(vars(each)) for model in (Order, Payment, Invitation) for each in model.objects.all()]
    kept.append((tmp_path / "r.csv").read_text())
    assert not [each for each in kept if "4242" in each.replace(" ", "").replace("-", "").replace(".", "")]


def test_the_books_agree_and_nothing_is_doubled(brings: Any, old: Old, till: Till) -> None:
    charge_id = charge(till)
    till.client.refunds.create({"charge": charge_id, "amount": 1000})
    paid_order(old, charge_id, refunded=10)
    brings()
    check_books(till)
    assert not differing(till)
    assert (Payment.objects.count(), Refund.objects.count()) == (1, 1)
    assert sum(LedgerEntry.objects.exclude(kind="fee").values_list("amount", flat=True)) == 3200


def test_without_a_key_the_old_rows_are_believed(
    brings: Any, old: Old, till: Till, settings: Settings, tmp_path: Path
) -> None:
    key, settings.PHONEPAY_STRIPE_SECRET_KEY = settings.PHONEPAY_STRIPE_SECRET_KEY, ""
    charge_id = charge(till)
    till.client.refunds.create({"charge": charge_id, "amount": 1200})
    order = paid_order(old, charge_id, refunded=12)
    old.transaction(order, "refunded", notes='{"Manual":"Manually refunded $ 12"}', timestamp=str(MARCH + 99))
    printed = brings("--mode", "test")
    assert "Stripe was not asked" in printed.out
    payment, refund = Payment.objects.get(), Refund.objects.get()
    assert (payment.amount, payment.refunded, refund.stripe_id) == (4200, 1200, None)
    assert refund.asked_at == datetime.fromtimestamp(MARCH + 99, UTC)
    # With the key, the books find the refund at Stripe, and do not book it again.
    settings.PHONEPAY_STRIPE_SECRET_KEY = key
    check_books(till)
    assert Refund.objects.get().stripe_id == till.account.refunds[0]["id"]
    assert till.balance(Order.objects.get()) == 3000 and not differing(till)


def test_charges_that_it_made_itself_were_noted_in_cents(brings: Any, old: Old, without_stripe: None) -> None:
    order = old.order("1", 42, "paid")
    old.transaction(order, "completed", "ch_itself", '{"amount":4200,"currency":"usd"}', strip_customer="cus_1")
    brings("--mode", "live")
    payment = Payment.objects.get()
    assert (payment.amount, payment.customer_id, payment.livemode) == (4200, "", True)


def test_without_a_key_the_mode_must_be_said(phonepay: Command, old: Old, till: Till, without_stripe: None) -> None:
    printed = phonepay("import-ancestor", old.url)
    assert printed.code and "--mode live or --mode test" in printed.err


def test_a_mode_that_is_not_the_keys_is_refused(phonepay: Command, old: Old, till: Till) -> None:
    printed = phonepay("import-ancestor", old.url, "--mode", "live")
    assert printed.code and "The Stripe key is of test mode" in printed.err


def test_stripe_silent_in_between_is_gone_on_with_later(phonepay: Command, brings: Any, old: Old, till: Till) -> None:
    for number in range(130):
        old.order(str(1000 + number), 42)
    paid_order(old, charge(till), number="5000")
    till.faults.fail("GET", "/v1/charges/*", status=500, times=9)
    printed = phonepay("import-ancestor", old.url, "--write")
    assert printed.code and "run it again" in printed.err and Order.objects.count() == 100
    till.faults.clear()
    brings()
    assert Order.objects.count() == 131 and Payment.objects.count() == 1
