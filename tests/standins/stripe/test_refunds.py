"""Refunds: partial, several, refused beyond the rest, pending and failing later."""

import stripe
from hypothesis import given
from hypothesis import strategies as st

from phonepay.standins.stripe import StripeStandIn
from tests.standins.stripe import shop


def test_without_an_amount_all_that_is_left_is_refunded(client: stripe.StripeClient) -> None:
    made = shop.paid(client)
    refund = client.v1.refunds.create({"payment_intent": made.id})
    charge = client.v1.charges.retrieve(made.latest_charge)
    assert (refund.amount, refund.status, refund.charge) == (4250, "succeeded", charge.id)
    assert (charge.refunded, charge.amount_refunded) == (True, 4250)


def test_a_charge_is_refunded_in_parts(client: stripe.StripeClient) -> None:
    charge = shop.paid(client, 1000).latest_charge
    client.v1.refunds.create({"charge": charge, "amount": 400})
    assert not client.v1.charges.retrieve(charge).refunded
    assert client.v1.refunds.create({"charge": charge}).amount == 600
    assert client.v1.charges.retrieve(charge).refunded


def test_more_than_the_rest_is_refused(client: stripe.StripeClient) -> None:
    charge = shop.paid(client, 1000).latest_charge
    client.v1.refunds.create({"charge": charge, "amount": 400})
    error = shop.refused(client.v1.refunds.create, {"charge": charge, "amount": 601})
    assert (error.http_status, error.param) == (400, "amount")
    assert "greater than unrefunded amount" in str(error)


def test_a_refunded_charge_has_nothing_left(client: stripe.StripeClient) -> None:
    charge = shop.paid(client).latest_charge
    client.v1.refunds.create({"charge": charge})
    assert shop.refused(client.v1.refunds.create, {"charge": charge}).code == "charge_already_refunded"


def test_an_intent_without_a_charge_cannot_be_refunded(client: stripe.StripeClient) -> None:
    assert shop.refused(client.v1.refunds.create, {"payment_intent": shop.intent(client).id}).http_status == 400


def test_a_failed_charge_cannot_be_refunded(client: stripe.StripeClient, standin: StripeStandIn) -> None:
    shop.declined(shop.paid, client, method="pm_card_chargeDeclined")
    (charge,) = standin.account(shop.KEY).charges
    assert shop.refused(client.v1.refunds.create, {"charge": charge["id"]}).code == "charge_not_refundable"


def test_a_refund_names_a_charge_or_an_intent(client: stripe.StripeClient) -> None:
    made = shop.paid(client)
    assert shop.refused(client.v1.refunds.create, {}).code == "parameter_missing"
    both = {"charge": made.latest_charge, "payment_intent": made.id}
    assert shop.refused(client.v1.refunds.create, both).code == "parameters_exclusive"


def test_a_refund_keeps_its_reason_and_metadata(client: stripe.StripeClient) -> None:
    made = {"payment_intent": shop.paid(client).id, "reason": "requested_by_customer", "metadata": {"refund": "1"}}
    refund = client.v1.refunds.update(client.v1.refunds.create(made).id, {"metadata": {"by": "ann"}})
    assert (refund.reason, refund.metadata.to_dict()) == ("requested_by_customer", {"refund": "1", "by": "ann"})


def test_a_refund_can_begin_pending_for_want_of_funds(client: stripe.StripeClient, standin: StripeStandIn) -> None:
    account = standin.account(shop.KEY)
    account.next_refund("pending", pending_reason="insufficient_funds")
    refund = client.v1.refunds.create({"payment_intent": shop.paid(client).id})
    assert (refund.status, refund.pending_reason) == ("pending", "insufficient_funds")
    account.settle_refund(refund.id, "succeeded")
    assert client.v1.refunds.retrieve(refund.id).status == "succeeded"
    assert account.events[-1]["type"] == "charge.refund.updated"


def test_a_refund_that_fails_gives_its_amount_back_to_the_charge(
    client: stripe.StripeClient, standin: StripeStandIn
) -> None:
    made = shop.paid(client)
    refund = client.v1.refunds.create({"payment_intent": made.id, "amount": 1000})
    standin.account(shop.KEY).settle_refund(refund.id, "failed", "lost_or_stolen_card")
    read = client.v1.refunds.retrieve(refund.id)
    assert (read.status, read.failure_reason) == ("failed", "lost_or_stolen_card")
    assert read.failure_balance_transaction
    assert client.v1.charges.retrieve(made.latest_charge).amount_refunded == 0
    assert "refund.failed" in [event["type"] for event in standin.account(shop.KEY).events]


def test_one_card_s_refunds_succeed_at_first_and_fail_later(
    client: stripe.StripeClient, standin: StripeStandIn
) -> None:
    made = shop.paid(client, method=shop.card(client, "4000000000005126"))
    refund = client.v1.refunds.create({"payment_intent": made.id})
    assert refund.status == "succeeded"
    standin.clock.advance(3600)
    assert client.v1.refunds.retrieve(refund.id).status == "failed"
    assert not client.v1.charges.retrieve(made.latest_charge).refunded


def test_one_card_s_refunds_are_pending_at_first_and_succeed_later(
    client: stripe.StripeClient, standin: StripeStandIn
) -> None:
    made = shop.paid(client, method=shop.card(client, "4000000000007726"))
    refund = client.v1.refunds.create({"payment_intent": made.id})
    assert refund.status == "pending"
    standin.clock.advance(3600)
    assert client.v1.refunds.retrieve(refund.id).status == "succeeded"


def test_only_a_refund_that_waits_for_the_payer_can_be_cancelled(
    client: stripe.StripeClient, standin: StripeStandIn
) -> None:
    made = shop.paid(client)
    done = client.v1.refunds.create({"payment_intent": made.id, "amount": 100})
    assert shop.refused(client.v1.refunds.cancel, done.id).http_status == 400
    standin.account(shop.KEY).next_refund("requires_action")
    waiting = client.v1.refunds.create({"payment_intent": made.id, "amount": 100})
    assert client.v1.refunds.cancel(waiting.id).status == "canceled"
    assert client.v1.charges.retrieve(made.latest_charge).amount_refunded == 100


def test_the_refunds_of_a_charge_are_in_it_only_where_asked_for(client: stripe.StripeClient) -> None:
    made = shop.paid(client)
    refund = client.v1.refunds.create({"payment_intent": made.id, "amount": 100})
    assert "refunds" not in client.v1.charges.retrieve(made.latest_charge)
    read = client.v1.charges.retrieve(made.latest_charge, {"expand": ["refunds"]})
    assert read.refunds is not None and [one.id for one in read.refunds.data] == [refund.id]


def test_a_refund_for_fraud_marks_the_charge(client: stripe.StripeClient) -> None:
    made = shop.paid(client)
    client.v1.refunds.create({"payment_intent": made.id, "reason": "fraudulent"})
    details = client.v1.charges.retrieve(made.latest_charge).fraud_details
    assert details is not None and details.user_report == "fraudulent"


@given(amounts=st.lists(st.integers(1, 1500), max_size=6))
def test_the_refunds_that_succeed_never_pass_the_charge(amounts: list[int]) -> None:
    with StripeStandIn(now=shop.NOW) as standin:
        client = shop.client(standin)
        made = shop.paid(client, 2000)
        left = 2000
        for amount in amounts:
            if amount <= left:
                left -= client.v1.refunds.create({"payment_intent": made.id, "amount": amount}).amount
            else:
                wanted = {"payment_intent": made.id, "amount": amount}
                assert shop.refused(client.v1.refunds.create, wanted).http_status == 400
        (charge,) = standin.account(shop.KEY).charges
        assert charge["amount_refunded"] == 2000 - left == sum(r["amount"] for r in standin.account(shop.KEY).refunds)
