"""The sandbox: what starting it makes, where it is refused, and what becomes of what was tried."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import Settings

from phonepay.cli import sandbox_child
from phonepay.configuration.models import Process
from phonepay.events.models import Event
from phonepay.merchant import credentials, mail_account
from phonepay.merchant.credentials import current
from phonepay.merchant.models import Line, Merchant, SandboxStay
from phonepay.orders.models import Order
from phonepay.orders.operations import add_order
from phonepay.payments import pool
from phonepay.payments.gateway import get_gateway
from phonepay.payments.models import Payment, Refund, StripeEvent
from phonepay.payments.refunds import refund
from phonepay.people.permissions import NotAllowed, Person
from phonepay.setup.sandbox import SandboxRefused, is_on, leave_sandbox, signaled, start_sandbox, state_file
from phonepay.standins.twilio.handset import Handset
from phonepay.telephony.addresses import SANDBOX, public_base
from tests.sandbox.playing import Sandbox, playing
from tests.shop import GOOD, OLIVIA, make_line, make_shop

OSCAR = Person("person", "2", "Oscar Operator", role="operator")


def start(by: Person = OLIVIA) -> SandboxStay:
    return start_sandbox(by=by, now=timezone.now())


def leave(*, clear: bool) -> SandboxStay:
    return leave_sandbox(clear=clear, by=OLIVIA, now=timezone.now())


def pay(sandbox: Sandbox, number: str = "1042") -> Payment:
    """A whole call about an order, paid with a good card."""
    board = sandbox.twilio.switchboard
    assert board is not None
    sid = board.answer("POST", "/_standin/telephones", {"to": "+12025550100", "wait": "2"})[1]["sid"]
    handset: Handset = board._handsets[sid]
    for keys in (f"{number}#", "1", "2"):
        handset.press(keys)
    handset.key_card(GOOD, "1240", "123", "94110")
    handset.wait(20)
    handset.hang_up()
    handset.wait(20)
    pool.wait_until_idle()
    return Payment.objects.get(call_sid=sid)


# Starting


def test_it_begins_with_a_shop_a_line_and_orders_to_call_about(first_day: Path) -> None:
    start()
    line = Line.objects.get()
    assert line.merchant.name == "Harbor Garage"
    assert (line.phone_number, line.asks_order_number) == ("", True)
    assert [order.number for order in Order.objects.payable(livemode=False)] == ["1042", "1043", "1044", "1045"]


def test_all_that_is_charged_and_called_stays_on_this_machine(first_day: Path) -> None:
    assert not is_on()
    start()
    assert is_on()
    assert not get_gateway().livemode
    assert current().twilio_api_base.startswith("http://127.0.0.1:")
    assert public_base() == SANDBOX


def test_a_shop_that_is_there_keeps_its_line_and_its_orders(first_day: Path) -> None:
    shop = make_shop()
    make_line(shop)
    add_order(merchant=shop, number="INV-0007", amount=900, currency="usd", by=OLIVIA, now=timezone.now())
    start()
    assert (Merchant.objects.get().name, Line.objects.get().phone_number) == ("Corner Books", "+12025550199")
    assert [order.number for order in Order.objects.all()] == ["INV-0007"]


def test_a_second_start_changes_nothing(first_day: Path) -> None:
    first, keys = start(), current()
    assert start() == first
    assert current() == keys


def test_serve_is_told_which_stay_to_run_the_stand_ins_for(first_day: Path) -> None:
    begun = start()
    assert signaled() == str(begun.pk)
    leave(clear=True)
    assert signaled() == ""


@pytest.mark.parametrize(
    ("facts", "reason"),
    [
        ({"PHONEPAY_STRIPE_SECRET_KEY": "sk_live_realmoney0000"}, "environment"),
        ({"PHONEPAY_TWILIO_AUTH_TOKENS": ("fedcba9876543210" * 2,)}, "environment"),
        (
            {"PHONEPAY_TWILIO_API_BASE": "http://127.0.0.1:9001", "PHONEPAY_STRIPE_API_BASE": "http://127.0.0.1:9002"},
            "stand_ins",
        ),
    ],
)
def test_keys_of_the_environment_refuse_it(
    first_day: Path, settings: Settings, facts: dict[str, Any], reason: str
) -> None:
    for name, value in facts.items():
        setattr(settings, name, value)
    with pytest.raises(SandboxRefused, match="environment") as refused:
        start()
    assert refused.value.reason == reason
    assert not Merchant.objects.exists()


def test_accounts_that_are_connected_refuse_it(first_day: Path) -> None:
    credentials.keep({"stripe_secret_key": "sk_live_realmoney0000"}, by=OLIVIA, now=timezone.now())
    with pytest.raises(SandboxRefused, match="connected already"):
        start()
    assert current().stripe_secret_key == "sk_live_realmoney0000"


def test_several_servers_refuse_it(first_day: Path) -> None:
    now = timezone.now()
    for host in ("one", "two"):
        Process.objects.create(kind="web", host=host, pid=1, started_at=now, seen_at=now, version="")
    with pytest.raises(SandboxRefused, match="Several servers"):
        start()


def test_only_an_owner_starts_and_leaves_it(first_day: Path) -> None:
    with pytest.raises(NotAllowed):
        start(by=OSCAR)
    start()
    with pytest.raises(NotAllowed):
        leave_sandbox(clear=True, by=OSCAR, now=timezone.now())


def test_no_event_holds_a_key(first_day: Path) -> None:
    start()
    keys = current()
    told = str(list(Event.objects.values_list("data", flat=True)))
    for secret in (*keys.twilio_auth_tokens, keys.stripe_secret_key, *keys.stripe_webhook_secrets):
        assert secret and secret not in told


def test_no_letter_leaves_this_machine_either(first_day: Path, settings: Settings) -> None:
    settings.PHONEPAY_EMAIL_URL = "smtps://shop:secret@mail.example.com"
    settings.PHONEPAY_EMAIL_FROM = "shop@example.com"
    assert mail_account.current() is not None
    start()
    assert mail_account.current() is None


# What is tried


def test_a_payment_of_the_sandbox_is_of_test_mode_and_of_an_account_of_its_own(sandbox: Sandbox) -> None:
    paid = pay(sandbox)
    assert (paid.status, paid.livemode) == (Payment.Status.SUCCEEDED, False)
    assert paid.stripe_account == sandbox.bank.account.id


def test_what_stripe_tells_later_comes_in_by_its_signed_webhook(sandbox: Sandbox) -> None:
    pay(sandbox)
    came = threading.Event()
    for _ in range(100):
        if StripeEvent.objects.filter(type="payment_intent.succeeded", livemode=False).exists():
            came.set()
            break
        came.wait(0.1)
    assert came.is_set()


def test_what_stripes_stand_in_holds_survives_its_restart(first_day: Path, product: str, sandbox: Sandbox) -> None:
    paid = pay(sandbox)
    sandbox.judge()
    sandbox.stripe.stop()
    sandbox.twilio.stop()
    with playing(product, sandbox.stay) as again:
        assert [charge["id"] for charge in again.bank.charges] == [paid.charge_id]
        given = refund(of=paid, amount=None, reason="requested_by_customer", key="a", by=OLIVIA, now=timezone.now())
        assert Refund.objects.get(payment=paid).status == Refund.Status.SUCCEEDED, given


def test_a_port_that_somebody_took_is_left_to_them(first_day: Path, product: str) -> None:
    begun, before = start(), current().stripe_api_base
    with sandbox_child.socket.socket() as other:
        other.bind(("127.0.0.1", int(before.rpartition(":")[2])))
        other.listen()
        with playing(product, begun) as sandbox:
            assert current().stripe_api_base == sandbox.stripe.url != before
            assert get_gateway().account() == sandbox.bank.account.id


def test_no_number_of_a_card_is_in_its_files(sandbox: Sandbox) -> None:
    pay(sandbox)
    assert GOOD.encode() not in state_file(sandbox.stay).read_bytes()
