"""What the first Phone Pay kept, brought over: from its real tables with their dirt, by a user who may only SELECT."""

import csv
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pytest_django import Settings

from phonepay.merchant.models import Line, Merchant
from phonepay.orders.models import Order
from phonepay.payments.models import LedgerEntry, Payment, Refund
from phonepay.payments.overage import OverageRefused, room_for_overage
from phonepay.people.models import Invitation, User
from tests.cli.conftest import Command, Printed
from tests.imports.ancestor.old import MARCH, Old, seconds
from tests.payments.books import check_books, differing
from tests.shop import Till

pytestmark = pytest.mark.database
PAID = '{"amount":"42","currency":"usd"}'


@pytest.fixture
def brings(phonepay: Command, old: Old, till: Till) -> Any:
    """Run it for the line of the till; `--write` unless told otherwise."""
    assert till.line.pk

    def run(*words: str, write: bool = True) -> Printed:
        printed = phonepay("import-ancestor", old.url, *(["--write"] if write else []), *words)
        assert printed.code == 0, printed.err
        return printed

    return run


@pytest.fixture
def without_stripe(settings: Settings) -> None:
    settings.PHONEPAY_STRIPE_SECRET_KEY = ""


def charge(till: Till, amount: int = 4200, currency: str = "usd") -> str:
    """A charge as Twilio's connector made them: without a PaymentIntent, without our metadata."""
    made = till.client.payment_intents.create(
        {"amount": amount, "currency": currency, "payment_method": till.card().payment_method, "confirm": True,
         "allowed_payment_method_types": ["card"]}
    )  # fmt: skip
    till.account._scope.get("charge", made.latest_charge).body["payment_intent"] = None
    return str(made.latest_charge)


def paid_order(old: Old, charge_id: str, *, number: str = "1234", **facts: Any) -> int:
    order = old.order(number, status="paid", **facts)
    old.transaction(order, "completed", charge_id, PAID)
    return order


def reasons(path: Path) -> list[tuple[str, str, str]]:
    with path.open(newline="") as sheet:
        return [(row["table"], row["row"], row["reason"]) for row in csv.DictReader(sheet)]


# --- orders ---------------------------------------------------------------------------------------------------------


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


# --- money ----------------------------------------------------------------------------------------------------------


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


# --- the old database -----------------------------------------------------------------------------------------------


def test_the_old_database_is_only_read(brings: Any, old: Old, till: Till) -> None:
    paid_order(old, charge(till))
    before = old.everything()
    brings()
    assert old.everything() == before


def test_another_database_is_refused(phonepay: Command, old: Old, till: Till) -> None:
    old.run("DROP TABLE transactions")
    printed = phonepay("import-ancestor", old.url)
    assert printed.code and "no table “transactions”" in printed.err


def test_a_database_that_cannot_be_reached(phonepay: Command, old: Old, till: Till) -> None:
    printed = phonepay("import-ancestor", old.url.replace(":only@", ":wrong@"))
    assert printed.code and "cannot be reached" in printed.err


# --- settings, people -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "order_id", "behavior"),
    [
        ("fixed", "enabled", "fixed-with-order"),
        ("fixed", "disabled", "fixed"),
        ("user_defined", "enabled", "caller-with-order"),
        ("user_defined", "disabled", "caller"),
    ],
)
def test_the_behavior(brings: Any, old: Old, kind: str, order_id: str, behavior: str) -> None:
    old.behavior(kind, order_id, 1200)
    brings()
    line = Line.objects.get()
    assert line.behavior == behavior
    assert kind != "fixed" or (line.fixed_amount, line.ceiling) == (120_000, 120_000)


def test_settings_changed_here_stay(brings: Any, old: Old) -> None:
    old.behavior("fixed", "enabled", 42)
    brings()
    Line.objects.update(behavior="caller")
    brings()
    assert Line.objects.get().behavior == "caller"
    brings("--settings", "again")
    assert Line.objects.get().behavior == "fixed-with-order"


def test_staff_are_invited_without_their_passwords(brings: Any, old: Old, till: Till) -> None:
    User.objects.create_user("here@example.com", "a password of ours", role="owner")
    old.staff("Olga@Example.com", "super_admin")
    old.staff("adam@example.com", "admin")
    old.staff("audrey@example.com", "auditor")
    old.staff("here@example.com", "auditor")
    old.staff("nobody", "admin")
    printed = brings()
    roles = dict(Invitation.objects.values_list("email", "role"))
    assert roles == {"olga@example.com": "owner", "adam@example.com": "operator", "audrey@example.com": "auditor"}
    assert printed.out.count("https://pay.example/") == 3
    assert User.objects.get().role == "owner"


def test_prompts(brings: Any, old: Old, tmp_path: Path) -> None:
    ini = tmp_path / "ivr_message.ini"
    ini.write_text(
        "; words\nwelcome = Welcome to Corner Books\nask_orderid = please enter your order i d and press hash key\n"
        "payment_success = Thanks a lot\nalready_paid = Paid already\nask_card = Key your card, {name}\n"
        "say_card = You typed\nask_securityPlease enter your code.\n"
    )
    brings("--prompts", str(ini), "--report", str(tmp_path / "r.csv"))
    assert Line.objects.get().words == {
        "en-US": {
            "welcome": "Welcome to Corner Books",
            "outcome.paid": "Thanks a lot. You have paid {amount}. Your confirmation number is {confirmation}.",
        }
    }
    told = {(row, reason) for table, row, reason in reasons(tmp_path / "r.csv") if table == "prompts"}
    assert told == {
        ("already_paid", "prompt_none"), ("ask_card", "prompt_refused"), ("say_card", "prompt_card"),
        ("line 8", "prompt_broken"),
    }  # fmt: skip
