"""The shop's verbs on an order, and the clear sentences of those that are refused."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from phonepay.events.models import Event
from phonepay.merchant.models import Merchant
from phonepay.orders.models import Order
from phonepay.orders.operations import (
    OrderRefused,
    add_order,
    cancel_order,
    edit_order,
    mark_paid_another_way,
    reopen_order,
    restore_order,
)
from phonepay.people.permissions import NotAllowed
from tests.shop import AISHA, OLIVIA, together


def add(shop: Merchant, number: str = "1234", amount: int = 4250, currency: str = "usd", **facts: Any) -> Order:
    now = timezone.now()
    return add_order(merchant=shop, number=number, amount=amount, currency=currency, by=OLIVIA, now=now, **facts)


def do(verb: Callable[..., Order], order: Order, **facts: Any) -> Order:
    return verb(order=order, by=OLIVIA, now=timezone.now(), **facts)


def test_an_order_is_added_with_its_keyed_form(shop: Merchant) -> None:
    order = add(shop, " INV-0042 ", customer_name="Mary")
    order.refresh_from_db()
    assert (order.number, order.keyed, order.lettered, order.status) == ("INV-0042", "0042", False, "unpaid")
    event = Event.objects.get()
    assert (event.type, event.actor_name) == ("order.added", "Olivia Owner")
    assert event.data == {"amount": 4250, "currency": "usd"}


@pytest.mark.parametrize(
    ("first", "second", "sentence"),
    [
        ("1234", "1234", r"Order 1234 exists already: \$42.50"),
        ("ABC", "222", "Order ABC exists already and is keyed on a phone just like 222"),
        ("222", "ABC", "Order 222 exists already and is keyed on a phone just like ABC"),
        ("INV-77", "77", "Order INV-77 exists already and is keyed on a phone just like 77"),
        ("12-34", "1234", "keyed on a phone just like"),
    ],
)
def test_two_that_would_be_keyed_alike_cannot_both_exist(
    first: str, second: str, sentence: str, shop: Merchant
) -> None:
    add(shop, first)
    with pytest.raises(OrderRefused, match=sentence):
        add(shop, second)
    assert (Order.objects.count(), Event.objects.count()) == (1, 1)


def test_another_shop_may_have_the_same_number(shop: Merchant) -> None:
    other = Merchant.objects.create(name="Corner Café")
    assert add(shop).keyed == add(other).keyed


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_of_two_added_at_the_same_moment_one_is_told(shop: Merchant) -> None:
    answers = together(lambda: add(shop, "ABC"), lambda: add(shop, "222"))
    assert sum(isinstance(answer, OrderRefused) for answer in answers) == 1
    assert Order.objects.count() == 1


@pytest.mark.parametrize(
    ("facts", "sentence"),
    [
        ({"number": "12*4"}, "cannot be keyed"),
        ({"amount": 49}, "too little to charge"),
        ({"amount": 100_000_000}, "too much for one charge"),
        ({"amount": 12_345, "currency": "kwd"}, "the last decimal must be 0"),
        ({"currency": "xxx1"}, "not a currency code"),
        ({"note": "pays with 4242 4242 4242 4242"}, "looks like a card number"),
        ({"customer_name": "x" * 121}, "121 characters, at most 120"),
    ],
)
def test_what_cannot_be_an_order_is_said(facts: dict[str, Any], sentence: str, shop: Merchant) -> None:
    with pytest.raises(OrderRefused, match=sentence):
        add(shop, **facts)
    assert not Order.objects.exists() and not Event.objects.exists()


def test_a_fact_that_orders_do_not_have_is_a_mistake_of_the_program(shop: Merchant) -> None:
    with pytest.raises(TypeError, match="status"):
        add(shop, status="paid")


def test_an_edit_tells_what_was_before(shop: Merchant) -> None:
    order = do(edit_order, add(shop), number="1235", amount=4300)
    order.refresh_from_db()
    assert (order.number, order.keyed, order.amount) == ("1235", "1235", 4300)
    assert Event.objects.last().data["before"] == {"amount": 4250, "number": "1234", "keyed": "1234"}


def test_an_edit_to_a_number_keyed_like_another_is_refused(shop: Merchant) -> None:
    add(shop, "ABC")
    order = add(shop, "1234")
    with pytest.raises(OrderRefused, match="keyed on a phone just like 222"):
        do(edit_order, order, number="222")
    order.refresh_from_db()
    assert order.number == "1234"


def test_only_the_note_is_not_enough_to_say_how_it_was_paid(shop: Merchant) -> None:
    with pytest.raises(OrderRefused, match="Say how it was paid"):
        do(mark_paid_another_way, add(shop), note="  ")


CANCEL, PAID = (cancel_order, {}), (mark_paid_another_way, {"note": "Cash."})
EDIT, REOPEN, RESTORE = (edit_order, {"amount": 900}), (reopen_order, {}), (restore_order, {})


@pytest.mark.parametrize(
    ("deeds", "status"),
    [
        ([CANCEL], "cancelled"),
        ([PAID], "paid_another_way"),
        ([CANCEL, REOPEN], "unpaid"),
        ([CANCEL, RESTORE], "unpaid"),
        ([PAID, REOPEN, EDIT], "unpaid"),
    ],
)
def test_the_verbs_lead_to(deeds: list[Any], status: str, shop: Merchant) -> None:
    order = add(shop)
    for verb, facts in deeds:
        do(verb, order, **facts)
    assert Order.objects.get().status == order.status == status
    assert Event.objects.count() == 1 + len(deeds)


@pytest.mark.parametrize("deeds", [[CANCEL], [PAID], [EDIT], [CANCEL, RESTORE], [PAID, REOPEN]])
def test_the_same_again_changes_nothing_more(deeds: list[Any], shop: Merchant) -> None:
    order = add(shop)
    for verb, facts in [*deeds, deeds[-1]]:
        do(verb, order, **facts)
    assert Event.objects.count() == 1 + len(deeds)


def test_the_same_form_sent_twice_adds_one_order(shop: Merchant) -> None:
    assert add(shop, key="form-1") == add(shop, "1235", key="form-1")
    assert (Order.objects.count(), Event.objects.count()) == (1, 1)


def test_how_it_was_paid_leaves_the_note_alone(shop: Merchant) -> None:
    order = do(mark_paid_another_way, add(shop, note="Leave it at the back door"), note=" Cash. ")
    assert (order.note, order.paid_how) == ("Leave it at the back door", "Cash.")


def test_what_somebody_else_changed_since_is_not_overwritten(shop: Merchant) -> None:
    order = add(shop)
    seen = order.updated_at
    do(edit_order, order, amount=4300, seen=seen)
    with pytest.raises(OrderRefused) as refused:
        do(edit_order, order, amount=4400, seen=seen)
    assert (refused.value.reason, Order.objects.get().amount) == ("changed", 4300)


@pytest.mark.parametrize(
    ("facts", "reason"),
    [({"customer_phone": "twelve"}, "phone"), ({"customer_email": "mary@"}, "email")],
)
def test_where_a_customer_cannot_be_reached_is_said(facts: dict[str, Any], reason: str, shop: Merchant) -> None:
    with pytest.raises(OrderRefused) as refused:
        add(shop, **facts)
    assert refused.value.reason == reason


def test_a_phone_is_kept_as_callers_have_it(shop: Merchant) -> None:
    assert add(shop, customer_phone="(415) 555-0142").customer_phone == "+14155550142"


@pytest.mark.parametrize(("verb", "facts"), [CANCEL, PAID, EDIT, REOPEN, RESTORE])
def test_who_may_only_look_changes_no_order(verb: Callable[..., Order], facts: dict[str, Any], shop: Merchant) -> None:
    order = add(shop)
    with pytest.raises(NotAllowed):
        verb(order=order, by=AISHA, now=timezone.now(), **facts)
    assert Event.objects.count() == 1


@pytest.mark.parametrize(
    ("deeds", "sentence"),
    [
        ([CANCEL, EDIT], "is cancelled, so it cannot be edited"),
        ([CANCEL, PAID], "is cancelled, so it cannot be marked as paid"),
        ([PAID, CANCEL], "is paid another way, so it cannot be cancelled"),
        ([PAID, RESTORE], "is paid another way, so it cannot be restored"),
        ([PAID, (mark_paid_another_way, {"note": "By transfer."})], "is paid another way, so it cannot be marked"),
    ],
)
def test_the_verbs_are_refused_with_the_state(deeds: list[Any], sentence: str, shop: Merchant) -> None:
    order = add(shop)
    *earlier, (last, facts) = deeds
    for verb, their_facts in earlier:
        do(verb, order, **their_facts)
    with pytest.raises(OrderRefused, match=sentence):
        do(last, order, **facts)


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_of_two_verbs_at_the_same_moment_one_is_refused(shop: Merchant) -> None:
    order = add(shop)
    rows = [Order.objects.get(pk=order.pk) for _ in range(2)]
    answers = together(lambda: do(cancel_order, rows[0]), lambda: do(mark_paid_another_way, rows[1], note="Cash."))
    assert sum(isinstance(answer, OrderRefused) for answer in answers) == 1
    assert Event.objects.count() == 2
