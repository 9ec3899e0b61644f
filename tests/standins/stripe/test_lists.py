"""Lists: newest first, pages, cursors, filters."""

import pytest
import stripe

from phonepay.standins.stripe import StripeStandIn
from tests.standins.stripe import shop


@pytest.fixture
def made(client: stripe.StripeClient, standin: StripeStandIn) -> list[str]:
    """Five customers, one each minute."""
    found = []
    for _ in range(5):
        found.append(client.v1.customers.create().id)
        standin.clock.advance(60)
    return found


def ids(page: stripe.ListObject[stripe.Customer]) -> list[str]:
    return [one.id for one in page.data]


def test_a_list_begins_with_the_newest(client: stripe.StripeClient, made: list[str]) -> None:
    page = client.v1.customers.list({"limit": 2})
    assert (ids(page), page.has_more) == ([made[4], made[3]], True)


def test_a_page_goes_on_after_a_cursor(client: stripe.StripeClient, made: list[str]) -> None:
    page = client.v1.customers.list({"limit": 3, "starting_after": made[2]})
    assert (ids(page), page.has_more) == ([made[1], made[0]], False)


def test_a_page_can_end_before_a_cursor(client: stripe.StripeClient, made: list[str]) -> None:
    page = client.v1.customers.list({"limit": 2, "ending_before": made[0]})
    assert (ids(page), page.has_more) == ([made[2], made[1]], True)


def test_the_package_walks_through_all_pages(client: stripe.StripeClient, made: list[str]) -> None:
    assert [one.id for one in client.v1.customers.list({"limit": 2}).auto_paging_iter()] == made[::-1]


@pytest.mark.parametrize(
    ("bounds", "left"),
    [
        ({"gte": shop.NOW + 60}, 4),
        ({"gt": shop.NOW + 60}, 3),
        ({"lte": shop.NOW + 60}, 2),
        ({"lt": shop.NOW + 60}, 1),
        ({"gte": shop.NOW + 60, "lt": shop.NOW + 180}, 2),
        (shop.NOW + 60, 1),
    ],
)
def test_a_list_is_bounded_by_creation(
    client: stripe.StripeClient, made: list[str], bounds: dict[str, int] | int, left: int
) -> None:
    assert len(made) == 5
    assert len(client.v1.customers.list({"created": bounds}).data) == left


def test_charges_are_listed_by_intent_and_customer(client: stripe.StripeClient) -> None:
    payer = client.v1.customers.create().id
    first, second = shop.paid(client, customer=payer), shop.paid(client)
    by_customer = client.v1.charges.list({"customer": payer}).data
    by_intent = client.v1.charges.list({"payment_intent": second.id}).data
    assert [one.id for one in by_customer] == [first.latest_charge]
    assert [one.id for one in by_intent] == [second.latest_charge]
    assert [one.id for one in client.v1.payment_intents.list({"customer": payer}).data] == [first.id]


def test_refunds_are_listed_by_charge_and_intent(client: stripe.StripeClient) -> None:
    first, second = shop.paid(client), shop.paid(client)
    refunds = [client.v1.refunds.create({"payment_intent": one.id}) for one in (first, second)]
    assert [one.id for one in client.v1.refunds.list({"charge": first.latest_charge}).data] == [refunds[0].id]
    assert [one.id for one in client.v1.refunds.list({"payment_intent": second.id}).data] == [refunds[1].id]


def test_the_balance_lists_what_came_and_went(client: stripe.StripeClient) -> None:
    made = shop.paid(client, 1000)
    client.v1.refunds.create({"payment_intent": made.id, "amount": 400})
    entries = client.v1.balance_transactions.list().data
    assert [(one.type, one.amount, one.fee, one.net) for one in entries] == [
        ("refund", -400, 0, -400),
        ("charge", 1000, 59, 941),
    ]
    assert client.v1.balance_transactions.retrieve(entries[1].id).source == made.latest_charge


@pytest.mark.parametrize("limit", ["0", "101", "-1", "ten", ""])
def test_a_limit_is_a_number_up_to_a_hundred(client: stripe.StripeClient, limit: str) -> None:
    error = shop.refused(client.v1.customers.list, {"limit": limit})
    assert (error.http_status, error.param) == (400, "limit")


def test_a_cursor_of_nothing_is_missing(client: stripe.StripeClient) -> None:
    error = shop.refused(client.v1.customers.list, {"starting_after": "cus_none"})
    assert (error.http_status, error.code, error.param) == (400, "resource_missing", "starting_after")


def test_things_can_be_expanded_in_a_list(client: stripe.StripeClient) -> None:
    shop.paid(client)
    (read,) = client.v1.payment_intents.list({"expand": ["data.latest_charge"]}).data
    assert isinstance(read.latest_charge, stripe.Charge)


@pytest.mark.parametrize("path", ["amount", "latest_charge.nothing", "nothing", "a.b.c.d.e"])
def test_what_cannot_be_expanded_is_refused_before_any_work(
    client: stripe.StripeClient, standin: StripeStandIn, path: str
) -> None:
    assert shop.refused(shop.paid, client, expand=[path]).param == "expand"
    assert standin.account(shop.KEY).payment_intents == []
