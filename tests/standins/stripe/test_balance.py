"""The balance and what happens on it by itself: fees, exchange, payouts, the dashboard, other programs, the limit."""

import json
from collections.abc import Iterator

import httpx
import pytest
import stripe

from phonepay.standins.stripe import StripeStandIn, balance
from phonepay.standins.stripe.account import Account
from tests.standins.stripe import shop

DAY = 86400


@pytest.fixture
def account(standin: StripeStandIn) -> Iterator[Account]:
    made = standin.account(shop.KEY)
    yield made
    # Whatever a test did: a payment's entries say what the payment, its refunds and its disputes say.
    for entry in made.balance_transactions:
        assert (
            entry["net"]
            == entry["amount"] - entry["fee"]
            == entry["amount"] - sum(part["amount"] for part in entry["fee_details"])
        )


def test_pending_money_is_available_on_its_day(
    client: stripe.StripeClient, standin: StripeStandIn, account: Account
) -> None:
    entry = client.v1.charges.retrieve(shop.paid(client).latest_charge, {"expand": ["balance_transaction"]})
    read = entry.balance_transaction
    assert isinstance(read, stripe.BalanceTransaction)
    assert (read.status, read.available_on) == ("pending", shop.NOW + 2 * DAY)
    standin.clock.advance(2 * DAY)
    assert client.v1.balance_transactions.retrieve(read.id).status == "available"


def test_an_entry_s_source_can_be_expanded(client: stripe.StripeClient, account: Account) -> None:
    paid = shop.paid(client)
    client.v1.refunds.create({"payment_intent": paid.id, "amount": 100})
    account.dispute(paid.id)
    account.book("fee", -250)
    page = client.v1.balance_transactions.list({"expand": ["data.source"]})
    assert [(one.type, getattr(one.source, "object", None)) for one in page.data] == [
        ("stripe_fee", None), ("adjustment", "dispute"), ("refund", "refund"), ("charge", "charge"),
    ]  # fmt: skip


def test_entries_are_listed_by_type_source_currency_and_time(
    client: stripe.StripeClient, standin: StripeStandIn, account: Account
) -> None:
    first = shop.paid(client)
    standin.clock.advance(60)
    shop.paid(client, currency="eur")
    entries = client.v1.balance_transactions
    assert [one.source for one in entries.list({"source": str(first.latest_charge)}).data] == [first.latest_charge]
    assert [one.currency for one in entries.list({"currency": "eur"}).data] == ["eur"]
    assert len(entries.list({"type": "charge", "created": {"gte": shop.NOW + 60}}).data) == 1
    assert len(entries.list({"type": "refund"}).data) == 0


def test_a_currency_is_exchanged_where_the_account_settles_in_another(
    client: stripe.StripeClient, account: Account
) -> None:
    account.settle_in("usd", eur=1.25)
    paid = shop.paid(client, 1000, currency="eur")
    client.v1.refunds.create({"payment_intent": paid.id, "amount": 400})
    told = [(one.amount, one.currency, one.exchange_rate) for one in client.v1.balance_transactions.list().data]
    assert told == [(-500, "usd", 1.25), (1250, "usd", 1.25)]


def test_a_payout_takes_what_is_available(
    client: stripe.StripeClient, standin: StripeStandIn, account: Account
) -> None:
    paid = shop.paid(client, 10_000)
    standin.clock.advance(2 * DAY)
    shop.paid(client, 5000)
    payout = account.pay_out()
    assert payout["amount"] == 10_000 - balance.processing_fee(10_000)
    listed = client.v1.balance_transactions.list({"payout": payout["id"]}).data
    assert [one.source for one in listed] == [payout["id"], paid.latest_charge]
    assert account.settle_payout(payout["id"], "paid")["status"] == "paid"
    assert [one.status for one in client.v1.payouts.list({"status": "paid"}).data] == ["paid"]
    with pytest.raises(ValueError):
        account.pay_out()


def test_a_payout_that_fails_comes_back(client: stripe.StripeClient, standin: StripeStandIn, account: Account) -> None:
    shop.paid(client, 10_000)
    standin.clock.advance(2 * DAY)
    payout = account.pay_out()
    account.settle_payout(payout["id"], "failed")
    assert client.v1.balance_transactions.list({"type": "payout_failure"}).data[0].amount == payout["amount"]
    assert account.pay_out()["amount"] == payout["amount"]


def test_an_intent_can_process_for_a_while(client: stripe.StripeClient, account: Account) -> None:
    account.next_intent_processes()
    made = shop.paid(client)
    assert (made.status, account.charges[0]["status"]) == ("processing", "pending")
    assert shop.refused(client.v1.payment_intents.cancel, made.id).code == "payment_intent_unexpected_state"
    account.settle_intent(made.id)
    read = client.v1.payment_intents.retrieve(made.id, {"expand": ["latest_charge"]})
    assert isinstance(read.latest_charge, stripe.Charge)
    assert (read.status, read.latest_charge.status, len(account.balance_transactions)) == ("succeeded", "succeeded", 1)


def test_an_intent_can_be_declined_after_a_while(client: stripe.StripeClient, account: Account) -> None:
    account.next_intent_processes()
    made = shop.paid(client)
    account.settle_intent(made.id, "insufficient_funds")
    read = client.v1.payment_intents.retrieve(made.id)
    assert read.last_payment_error is not None
    assert (read.status, read.last_payment_error.decline_code) == ("requires_payment_method", "insufficient_funds")
    assert account.balance_transactions == [] and account.events[-1]["type"] == "payment_intent.payment_failed"


def test_the_dashboard_refunds_without_a_word_of_the_shop_s(client: stripe.StripeClient, account: Account) -> None:
    paid = shop.paid(client, 4250, metadata={"order": "1"})
    made = account.refund_by_hand(paid.id, 1000)
    assert (made["amount"], made["metadata"], made["charge"]) == (1000, {}, paid.latest_charge)
    assert account.events[-2]["request"] == {"id": None, "idempotency_key": None}


@pytest.mark.parametrize("key", ["sk_test_shop", "sk_live_shop"])
def test_somebody_else_is_paid_on_the_same_account(standin: StripeStandIn, key: str) -> None:
    made = standin.account(key).pay_elsewhere(700, metadata={"shop": "another"})
    read = shop.client(standin, key).v1.payment_intents.retrieve(made["id"])
    assert (read.status, read.amount_received) == ("succeeded", 700)


def test_the_limit_lets_so_many_through_in_a_second(
    client: stripe.StripeClient, standin: StripeStandIn, account: Account
) -> None:
    account.rate_limit = 2
    client.v1.customers.list()
    client.v1.customers.list()
    error = shop.refused(client.v1.customers.list)
    assert isinstance(error, stripe.RateLimitError) and (error.headers or {}).get("Retry-After") == "1"
    standin.clock.advance(1)
    assert client.v1.customers.list().data == []


def test_what_happens_can_be_ordered_over_http(client: stripe.StripeClient, standin: StripeStandIn) -> None:
    order = {"key": shop.KEY, "what": "dispute", "of": shop.paid(client).id, "reason": "duplicate"}
    answer = httpx.post(f"{standin.url}/_standin/happen", content=json.dumps(order))
    assert (answer.status_code, answer.json()["reason"]) == (200, "duplicate")
    for wrong in ({"what": "explode"}, {"what": "dispute", "of": "pi_none"}, {"what": "book", "movement": "charge"}):
        refused = httpx.post(f"{standin.url}/_standin/happen", content=json.dumps({"key": shop.KEY, **wrong}))
        assert refused.status_code == 400
    setup = {
        "key": shop.KEY,
        "next_intent_processes": True,
        "rate_limit": 9,
        "settle_in": {"currency": "usd", "eur": 2},
    }
    assert httpx.post(f"{standin.url}/_standin/account", content=json.dumps(setup)).status_code == 200
    assert standin.account(shop.KEY).rate_limit == 9
