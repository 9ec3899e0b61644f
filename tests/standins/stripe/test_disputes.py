"""Disputes, inquiries and early fraud warnings: what they do to the charge, the balance and later refunds."""

import pytest
import stripe
from stripe.radar import EarlyFraudWarning

from phonepay.standins.stripe import StripeStandIn, disputes, warnings
from phonepay.standins.stripe.account import Account
from tests.standins.stripe import shop


@pytest.fixture
def account(standin: StripeStandIn) -> Account:
    return standin.account(shop.KEY)


def kinds(account: Account) -> list[str]:
    return [event["type"] for event in account.events]


def moved(client: stripe.StripeClient, source: str) -> list[tuple[int, int, str]]:
    entries = client.v1.balance_transactions.list({"source": source}).data
    return [(one.amount, one.fee, one.reporting_category) for one in reversed(entries)]


def test_a_dispute_takes_its_amount_and_a_fee(client: stripe.StripeClient, account: Account) -> None:
    paid = shop.paid(client, 4250)
    made = account.dispute(paid.id, reason="product_not_received")
    read = client.v1.disputes.retrieve(made["id"])
    assert (read.status, read.amount, read.reason) == ("needs_response", 4250, "product_not_received")
    assert moved(client, made["id"]) == [(-4250, 1500, "dispute")]
    assert [entry.id for entry in read.balance_transactions] == [
        entry.id for entry in client.v1.balance_transactions.list({"source": made["id"]}).data
    ]
    assert client.v1.charges.retrieve(paid.latest_charge).disputed
    assert kinds(account)[-2:] == ["charge.dispute.created", "charge.dispute.funds_withdrawn"]


def test_a_won_dispute_gives_the_amount_back(client: stripe.StripeClient, account: Account) -> None:
    made = account.dispute(shop.paid(client, 4250).id)
    account.move_dispute(made["id"], "under_review")
    account.move_dispute(made["id"], "won")
    assert moved(client, made["id"]) == [(-4250, 1500, "dispute"), (4250, 0, "dispute_reversal")]
    assert kinds(account)[-2:] == ["charge.dispute.funds_reinstated", "charge.dispute.closed"]


def test_a_lost_dispute_gives_nothing_back(client: stripe.StripeClient, account: Account) -> None:
    made = account.dispute(shop.paid(client, 4250).id)
    account.move_dispute(made["id"], "lost")
    assert moved(client, made["id"]) == [(-4250, 1500, "dispute")]


def test_a_disputed_charge_is_not_refunded(client: stripe.StripeClient, account: Account) -> None:
    paid = shop.paid(client)
    made = account.dispute(paid.id)
    error = shop.refused(client.v1.refunds.create, {"payment_intent": paid.id})
    assert (error.http_status, error.code) == (400, "charge_disputed")
    account.move_dispute(made["id"], "won")
    assert client.v1.refunds.create({"payment_intent": paid.id}).status == "succeeded"


def test_a_refund_on_its_way_fails_in_a_dispute(client: stripe.StripeClient, account: Account) -> None:
    paid = shop.paid(client)
    account.next_refund("pending")
    refund = client.v1.refunds.create({"payment_intent": paid.id, "amount": 100})
    account.dispute(paid.id)
    read = client.v1.refunds.retrieve(refund.id)
    assert (read.status, read.failure_reason) == ("failed", "charge_for_pending_refund_disputed")


def test_an_inquiry_moves_no_money_and_can_be_refunded(client: stripe.StripeClient, account: Account) -> None:
    paid = shop.paid(client)
    made = account.dispute(paid.id, status="warning_needs_response")
    assert made["is_charge_refundable"] and moved(client, made["id"]) == []
    client.v1.refunds.create({"payment_intent": paid.id})
    assert client.v1.disputes.retrieve(made["id"]).status == "warning_closed"


def test_an_inquiry_can_become_a_dispute(client: stripe.StripeClient, account: Account) -> None:
    made = account.dispute(shop.paid(client, 1000).id, status="warning_needs_response")
    account.move_dispute(made["id"], "needs_response")
    assert moved(client, made["id"]) == [(-1000, 1500, "dispute")]


@pytest.mark.parametrize(
    ("card", "status", "reason"),
    [
        ("pm_card_createDispute", "needs_response", "fraudulent"),
        ("pm_card_createDisputeProductNotReceived", "needs_response", "product_not_received"),
        ("pm_card_createDisputeInquiry", "warning_needs_response", "fraudulent"),
    ],
)
def test_a_test_card_is_disputed_at_once(client: stripe.StripeClient, card: str, status: str, reason: str) -> None:
    paid = shop.paid(client, method=card)
    (found,) = client.v1.disputes.list({"payment_intent": paid.id}).data
    assert (found.status, found.reason, found.charge) == (status, reason, paid.latest_charge)


def test_a_test_card_brings_a_warning_of_fraud(client: stripe.StripeClient) -> None:
    paid = shop.paid(client, method="pm_card_createIssuerFraudRecord")
    (found,) = client.v1.radar.early_fraud_warnings.list({"charge": paid.latest_charge}).data
    assert isinstance(found, EarlyFraudWarning)
    assert found.actionable and found.payment_intent == paid.id
    client.v1.refunds.create({"payment_intent": paid.id})
    assert not client.v1.radar.early_fraud_warnings.retrieve(found.id).actionable


def test_a_warning_has_the_fields_of_the_package(client: stripe.StripeClient, account: Account) -> None:
    made = account.warn_of_fraud(shop.paid(client).id, "misc")
    assert set(made) == {name for name in EarlyFraudWarning.__annotations__ if name != "OBJECT_NAME"}


def test_disputes_have_the_statuses_and_reasons_of_the_package() -> None:
    played = set(disputes.COURSE) | {status for course in disputes.COURSE.values() for status in course}
    unknown = {status for status in played if f'"{status}"' not in shop.source(stripe.Dispute)}
    assert unknown == {"charge_refunded"}  # what older versions called a dispute that ended by a refund


@pytest.mark.parametrize("fraud_type", warnings.TYPES)
def test_a_warning_s_type_is_one_of_stripe_s(fraud_type: str) -> None:
    assert f"`{fraud_type}`" in shop.source(EarlyFraudWarning)


@pytest.mark.parametrize("reason", disputes.REASONS)
def test_a_dispute_s_reason_is_one_of_stripe_s(reason: str) -> None:
    assert f"`{reason}`" in shop.source(stripe.Dispute)


def test_what_cannot_be_is_refused(client: stripe.StripeClient, account: Account) -> None:
    paid = shop.paid(client, 1000)
    for facts in ({"amount": 1001}, {"reason": "spite"}, {"status": "won"}):
        with pytest.raises(ValueError):
            account.dispute(paid.id, **facts)
    made = account.dispute(paid.id)
    with pytest.raises(ValueError):
        account.dispute(paid.id)
    account.move_dispute(made["id"], "lost")
    with pytest.raises(ValueError):
        account.move_dispute(made["id"], "won")
    with pytest.raises(LookupError):
        account.dispute("pi_none")
