"""Old orders with their dirt: carried, renamed or left out, each with its reason, and never twice."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from phonepay.merchant.models import Line, Merchant
from phonepay.orders.models import Order
from phonepay.payments.models import LedgerEntry, Payment
from phonepay.people.models import Invitation
from tests.cli.conftest import Command
from tests.imports.ancestor.old import MARCH, Old
from tests.imports.ancestor.told import PAID, charge, paid_order, reasons
from tests.shop import Till

pytestmark = pytest.mark.database


def test_an_unpaid_order_is_to_be_paid_here(brings: Any, old: Old) -> None:
    old.order("1234", 42)
    brings()
    order = Order.objects.get()
    assert (order.number, order.keyed, order.amount, order.currency, order.status) == (
        "1234", "1234", 4200, "usd", "unpaid",
    )  # fmt: skip
    assert (order.customer_phone, order.created_at) == ("+12025550101", datetime.fromtimestamp(MARCH, UTC))


def test_a_dry_run_keeps_nothing(brings: Any, old: Old, till: Till) -> None:
    paid_order(old, charge(till))
    old.staff("olga@example.com", "admin")
    old.behavior("user_defined", "enabled", 0)
    printed = brings(write=False)
    assert "A dry run. This would be carried over:" in printed.out and "1 orders" in printed.out
    assert not Order.objects.exists() and not Payment.objects.exists() and not Invitation.objects.exists()
    assert Line.objects.get().behavior == "fixed-with-order"


def test_a_dry_run_on_an_empty_installation(phonepay: Command, old: Old, transactional_db: None, till: Till) -> None:
    Merchant.objects.all().delete()
    paid_order(old, charge(till))
    printed = phonepay("import-ancestor", old.url)
    assert printed.code == 0 and "1 payments" in printed.out
    assert not Merchant.objects.exists() and not Line.objects.exists()


def test_again_and_again_without_doubling(brings: Any, old: Old, till: Till) -> None:
    paid_order(old, charge(till))
    old.transaction(old.order("77", 10), "failed", "Not available", '"The payment was not completed successfully"')
    old.staff("olga@example.com", "admin")
    for _ in range(3):
        brings()
    assert (Order.objects.count(), Payment.objects.count(), LedgerEntry.objects.count()) == (2, 2, 1)
    assert Invitation.objects.count() == 1


def test_what_happened_in_the_old_product_since_is_carried_the_next_time(brings: Any, old: Old, till: Till) -> None:
    order, other = old.order("1234", 42), old.order("1235", 42)
    brings()
    old.run("UPDATE orders SET status = 'paid' WHERE id = %s", order)
    old.transaction(order, "completed", charge(till), PAID)
    old.run("UPDATE orders SET status = 'cancelled' WHERE id = %s", other)
    brings()
    assert dict(Order.objects.values_list("number", "status")) == {"1234": "paid", "1235": "cancelled"}
    assert Payment.objects.get().claim is not None


def test_what_was_done_here_since_stays(brings: Any, old: Old, till: Till) -> None:
    old.order("1234", 42)
    brings()
    till.pay(Order.objects.get())
    old.run("UPDATE orders SET status = 'cancelled'")
    brings()
    assert Order.objects.get().status == "paid"


def test_paid_there_and_here_shows_as_paid_twice(brings: Any, old: Old, till: Till) -> None:
    order = old.order("1234", 42)
    brings()
    till.pay(Order.objects.get())
    old.run("UPDATE orders SET status = 'paid'")
    old.transaction(order, "completed", charge(till), PAID)
    brings()
    assert sorted(Payment.objects.values_list("overpaid", flat=True)) == [False, True]


def test_dirty_orders(brings: Any, old: Old, tmp_path: Path) -> None:
    litter = old.order("", 5)
    nothing = old.order("8", 0)
    first, last = old.order("1234", 10), old.order("1234", 20)
    alike = old.order("INV-1234", 30)
    unkeyed = old.order("A/7", 30)
    card = old.order("4242 4242 4242 4242", 30)
    timeless = old.order("9", 30, timestamp="")
    nobody = old.order("10", 30, phone="what?")
    strange = old.order("11", 30, "")
    hand = old.order("12", 30, "paid")
    brings("--report", str(tmp_path / "r.csv"))
    numbers = dict(Order.objects.values_list("number", "status"))
    assert numbers == dict.fromkeys(
        ["1234", f"old-{first}", f"old-{alike}", "A/7", f"old-{card}", "9", "10", "11"], "unpaid"
    ) | {"12": "paid_another_way"}
    assert Order.objects.get(number="1234").amount == 2000
    told = {(row, reason) for table, row, reason in reasons(tmp_path / "r.csv") if table == "orders"}
    assert told == {
        (str(litter), "no_number"), (str(nothing), "no_amount"), (str(first), "number_taken"),
        (str(alike), "number_taken"), (str(unkeyed), "number_unkeyed"), (str(card), "number_card"),
        (str(timeless), "no_time"), (str(nobody), "no_phone"), (str(strange), "unknown_status"),
        (str(hand), "paid_unknown"),
    }  # fmt: skip
    assert last > first


def test_of_the_same_number_the_paid_one_keeps_it(brings: Any, old: Old, till: Till) -> None:
    paid = paid_order(old, charge(till), number="1234")
    old.order("1234", 42)
    brings()
    assert Order.objects.get(number="1234").payments.exists() and paid


def test_a_charge_that_another_key_did_not_know_is_no_second_payment(brings: Any, old: Old, till: Till) -> None:
    row = paid_order(old, "ch_ofthelivemode")
    brings()
    assert Order.objects.get().status == "paid_another_way"
    old.run("UPDATE transactions SET stripid = %s WHERE ord_id = %s", charge(till), row)
    brings()
    order, payment = Order.objects.get(), Payment.objects.get()
    assert (order.status, order.paid_how, payment.overpaid) == ("paid", "", False) and payment.claim


def test_cancelled_and_taken_up_again_in_the_old_product(brings: Any, old: Old, tmp_path: Path) -> None:
    row = old.order("1234", 42, "cancelled")
    brings()
    old.run("UPDATE orders SET status = 'unpaid'")
    brings()
    assert Order.objects.get().status == "unpaid"
    Order.objects.update(status="cancelled", updated_at=datetime.now(UTC))
    brings("--report", str(tmp_path / "r.csv"))
    assert Order.objects.get().status == "cancelled"
    assert ("orders", str(row), "kept") in reasons(tmp_path / "r.csv")


def test_a_number_paid_anew_since_cannot_be_paid_by_phone(brings: Any, old: Old, till: Till, tmp_path: Path) -> None:
    row = old.order("1234", 42)
    brings()
    paid_order(old, charge(till), number="1234")
    for _ in range(2):
        brings("--report", str(tmp_path / "r.csv"))
    assert Order.objects.get(keyed="1234").status == "paid"
    older = Order.objects.get(number=f"old-{row}")
    assert (older.keyed, older.note) == (None, "Its number was 1234.")
    assert ("orders", str(row), "number_taken") in reasons(tmp_path / "r.csv")


def test_the_lines_currency_is_taken_unless_told(brings: Any, old: Old, till: Till) -> None:
    Line.objects.filter(pk=till.line.pk).update(currency="eur")
    old.order("1", 42)
    assert "whole units of EUR" in brings().out
    assert Order.objects.get().currency == Line.objects.get().currency == "eur"


def test_another_currency(brings: Any, old: Old) -> None:
    old.order("1", 4200)
    old.order("2", 7)
    brings("--currency", "jpy")
    assert [(each.amount, each.currency) for each in Order.objects.all()] == [(4200, "jpy")]


def test_another_old_database_is_not_taken_for_the_same(brings: Any, old: Old, tmp_path: Path) -> None:
    order = old.order("1", 42)
    brings()
    old.run("UPDATE orders SET timestamp = %s", str(MARCH + 5))
    brings("--report", str(tmp_path / "r.csv"))
    assert ("orders", str(order), "another_database") in reasons(tmp_path / "r.csv")
    brings("--name", "second")
    assert Order.objects.count() == 2
