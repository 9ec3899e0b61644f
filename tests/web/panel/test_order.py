"""One order: what is shown, and each thing that can be done about it."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from phonepay.events.models import Event
from phonepay.merchant.models import Line
from phonepay.orders.models import Order
from phonepay.orders.operations import cancel_order, edit_order
from phonepay.payments.models import Payment
from tests.shop import OLIVIA, Till, consent
from tests.web.cast import call_of, person, signed_in


@pytest.fixture
def order(till: Till) -> Order:
    assert till.line
    return till.order("INV-0042")


@pytest.fixture
def made(till: Till) -> Order:
    """Mary keyed 1243, which no order had, and paid 42.50."""
    order = till.pay(None, keys="1243").order
    assert order is not None
    return order


@pytest.fixture
def olivia(db: None) -> Client:
    return signed_in(person())


def text(response: object) -> str:
    assert isinstance(response, HttpResponse)
    return response.content.decode()


def see(client: Client, order: Order, rest: str = "") -> str:
    return text(client.get(f"/orders/{order.pk}{rest}"))


def do(client: Client, order: Order, deed: str, **typed: str) -> str:
    page = text(client.post(f"/orders/{order.pk}/{deed}", typed))
    order.refresh_from_db()
    return page


def test_it_says_what_to_dial_and_what_to_send(olivia: Client, order: Order) -> None:
    page = see(olivia, order)
    assert "Key 0 0 4 2" in page and 'href="tel:+12025550199"' in page
    words = "To pay $42.50 to Corner Books by card, call (202) 555-0199. When asked for the number, key 0 0 4 2."
    assert f'data-copy="{words}"' in page


def test_where_no_number_is_asked_nobody_is_told_to_dial(olivia: Client, order: Order) -> None:
    Line.objects.update(behavior=Line.Behavior.CALLER)
    page = see(olivia, order)
    assert "Callers are not asked for an order number now" in page and "data-copy" not in page


def test_a_paid_one_shows_its_card_figures_and_history(olivia: Client, order: Order, till: Till) -> None:
    payment = till.pay(order, consent=consent())
    till.overage(order, 1800)
    till.refund(order, 1000)
    call_of(till, payment)
    page = see(olivia, order)
    for words in (
        "Visa ·4242",
        "Extra charge of $18.00",
        "Refunded $10.00",
        "Added",
        "Call: Paid order INV-0042 · 1:42",
    ):
        assert words in page
    assert "$50.50" in page  # kept
    assert str(payment.confirmation) in page and "Charge extra" in page and "Refund</a>" in page


def test_it_is_refunded_here(olivia: Client, order: Order, till: Till) -> None:
    till.pay(order)
    page = text(olivia.post(f"/orders/{order.pk}/refund", {"share": "all", "state": "0"}))
    order.refresh_from_db()
    assert "Refunded $42.50." in page and order.status == "refunded" and "Reopen" in page


def test_extra_is_charged_here(olivia: Client, order: Order, till: Till) -> None:
    till.pay(order, consent=consent())
    typed = {"amount": "18", "what_for": "Cup", "state": "0"}
    assert "Charged $18.00." in text(olivia.post(f"/orders/{order.pk}/charge", typed))


def test_it_is_cancelled_once_and_restored(olivia: Client, order: Order) -> None:
    for _ in range(2):
        page = do(olivia, order, "cancel")
    assert order.status == "cancelled" and "Cancelled: callers hear" in page
    assert Event.objects.filter(type="order.cancelled").count() == 1
    assert "Restored: $42.50 is to pay again." in do(olivia, order, "restore") and order.status == "unpaid"


def test_a_second_tab_is_told_why_not(olivia: Client, order: Order, till: Till) -> None:
    till.pay(order)
    assert "Order INV-0042 is: Paid. It was left as it is." in do(olivia, order, "cancel")
    assert order.status == "paid"


def test_while_a_caller_pays_nothing_is_offered_and_nothing_done(olivia: Client, order: Order, till: Till) -> None:
    till.claim(till.agree(order))
    page = see(olivia, order)
    assert "A caller is paying for it right now" in page and "Cancel order" not in page
    assert "Try again when that payment has ended." in do(olivia, order, "cancel")


def test_paid_another_way_wants_to_know_how(olivia: Client, order: Order) -> None:
    assert "Say how it was paid" in do(olivia, order, "paid", note=" ") and order.status == "unpaid"
    page = do(olivia, order, "paid", note="Cash at the counter")
    assert order.status == "paid_another_way" and "Cash at the counter" in page


def test_after_a_full_refund_it_is_reopened(olivia: Client, order: Order, till: Till) -> None:
    till.pay(order)
    till.refund(order)
    assert "Reopened: $42.50 is to pay again." in do(olivia, order, "reopen")
    assert order.status == "unpaid" and "Key 0 0 4 2" in see(olivia, order)


def test_an_order_of_a_call_gets_its_right_number(olivia: Client, made: Order) -> None:
    page = do(olivia, made, "number", number="1234")
    assert made.number == "1234" and "This is order 1234 now." in page
    assert "Given the right number: 1234 instead of 1243" in page


def test_a_number_that_exists_offers_to_attach(olivia: Client, made: Order, till: Till) -> None:
    till.order("1234")
    page = do(olivia, made, "number", number="1234")
    assert f'href="/orders/{made.pk}/attach?to=1234"' in page and 'value="1234"' in page and made.number == "1243"


def test_it_is_attached_after_a_look(olivia: Client, made: Order, till: Till) -> None:
    meant = till.order("1234")
    look = see(olivia, made, "/attach?to=1234")
    assert "$42.50 was paid, just what order 1234 asks for." in look
    page = do(olivia, made, "attach", to="1234")
    meant.refresh_from_db()
    assert (meant.status, made.status) == ("paid", "attached")
    assert "the money is order 1234" in page and f'href="/orders/{meant.pk}"' in page
    there = see(olivia, meant)
    assert "under 1243 was attached to this order" in there and "Visa ·4242" in there


def test_a_difference_has_to_be_decided(olivia: Client, made: Order, till: Till) -> None:
    meant = till.order("1234", 6000)
    assert "$17.50 stays to be paid" in see(olivia, made, "/attach?to=1234")
    assert "Choose what becomes of the difference." in do(olivia, made, "attach", to="1234")
    do(olivia, made, "attach", to="1234", fit="rest")
    meant.refresh_from_db()
    assert (meant.status, meant.amount) == ("unpaid", 1750)


@pytest.mark.parametrize("to", ["9999", "12*4", "1243"])
def test_an_order_that_cannot_be_meant_is_said(olivia: Client, made: Order, to: str) -> None:
    page = text(olivia.get(f"/orders/{made.pk}/attach", {"to": to}))
    assert 'class="refusal"' in page and f'value="{to}"' in page


def test_an_order_is_added_once(olivia: Client, till: Till) -> None:
    assert till.line
    form = {"number": "7001", "amount": "42,50", "customer_name": "Ana", "customer_phone": "415 555 0142", "key": "k"}
    for _ in range(2):
        response = olivia.post("/orders/add", form, follow=True)
    order = Order.objects.get()
    assert (order.amount, order.currency, order.customer_phone) == (4250, "usd", "+14155550142")
    assert response.redirect_chain == [(f"/orders/{order.pk}", 302)]
    assert "Added order 7001: $42.50 to pay." in text(response)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"amount": "0.20"}, "That is too little for a card: the least is $0.50."),
        ({"amount": "many"}, "cannot be read as an amount"),
        ({"amount": ""}, "Type the amount."),
        ({"number": ""}, "An order needs a number."),
        ({"number": "1*2"}, "is on no phone key"),
        ({"number": "INV-42"}, "Order INV-42 exists already: $42.50."),
        ({"number": "4242 4242 4242 4242"}, "looks like a card number"),
        ({"customer_phone": "twelve"}, "is not a phone number"),
        ({"customer_email": "ana@"}, "is not an e-mail address"),
        ({"note": "4242424242424242"}, "Card numbers never belong here"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_kept(
    olivia: Client, till: Till, typed: dict[str, str], sentence: str
) -> None:
    till.order("INV-42")
    form = {"number": "7001", "amount": "42.50", "customer_name": "Ana", "key": "k"} | typed
    page = text(olivia.post("/orders/add", form))
    assert sentence in page.replace("&#x27;", "'") and 'value="Ana"' in page and 'class="wrong"' in page
    assert Order.objects.count() == 1


def test_an_unpaid_one_is_edited(olivia: Client, order: Order) -> None:
    assert 'value="42.50"' in see(olivia, order, "/edit")
    form = {"number": "INV-0043", "amount": "43", "customer_name": "Ana", "seen": order.updated_at.isoformat()}
    page = text(olivia.post(f"/orders/{order.pk}/edit", form, follow=True))
    order.refresh_from_db()
    assert (order.number, order.amount, order.customer_name) == ("INV-0043", 4300, "Ana")
    assert "amount $43.00 instead of $42.50" in page


def test_what_somebody_else_changed_meanwhile_is_not_overwritten(olivia: Client, order: Order) -> None:
    seen = order.updated_at.isoformat()
    edit_order(order=order, amount=5000, by=OLIVIA, now=timezone.now())
    page = text(olivia.post(f"/orders/{order.pk}/edit", {"number": "INV-0042", "amount": "43", "seen": seen}))
    order.refresh_from_db()
    assert "while you had it open" in page and 'value="43"' in page and order.amount == 5000


def test_a_paid_one_is_not_edited(olivia: Client, order: Order, till: Till) -> None:
    till.pay(order)
    assert "Only an order that is to pay can be edited." in see(olivia, order, "/edit")


def test_an_auditor_looks_and_changes_nothing(order: Order) -> None:
    aisha = signed_in(person("auditor"))
    page = see(aisha, order)
    assert "Key 0 0 4 2" in page and "Cancel order" not in page
    assert aisha.post(f"/orders/{order.pk}/cancel").status_code == 403


def test_of_another_shop_there_is_none(olivia: Client, order: Order) -> None:
    assert olivia.get("/orders/999999").status_code == 404


def test_htmx_swaps_the_part_alone(olivia: Client, order: Order) -> None:
    part = text(olivia.get(f"/orders/{order.pk}/cancel", headers={"HX-Request": "true"}))
    assert part.strip().startswith('<article class="one"') and "<html" not in part


def test_a_cancelled_one_is_not_dialed(olivia: Client, order: Order) -> None:
    cancel_order(order=order, by=OLIVIA, now=timezone.now())
    page = see(olivia, order)
    assert "Key 0 0 4 2" not in page and "Restore</a>" in page


def test_a_refund_that_was_asked_on_the_payment_shows_here(olivia: Client, order: Order, till: Till) -> None:
    till.refund(till.pay(order), 1000)
    assert Payment.objects.get().refunded == 1000
    assert "Partly refunded" in see(olivia, order)


def test_it_says_who_cancelled_it_or_took_the_money_another_way(olivia: Client, order: Order) -> None:
    do(olivia, order, "cancel")
    assert "by Olivia" in (page := see(olivia, order)) and "Cancelled today" in page
    do(olivia, order, "restore")
    assert " by Olivia" not in see(olivia, order).partition('class="actions"')[0]
    do(olivia, order, "paid", note="Cash")
    assert ": Cash" in see(olivia, order).partition('class="actions"')[0]


def test_it_leads_to_its_call_and_an_owner_to_all_that_is_kept(till: Till, made: Order) -> None:
    payment = made.payments.get()
    call = call_of(till, payment)
    owner = signed_in(person(role="owner"))
    operator = signed_in(person(email="ana@example.com", role="operator"))
    for page in (f"/orders/{made.pk}", f"/payments/{payment.pk}"):
        assert f'<dd><a href="/calls/{call.pk}">' in text(owner.get(page))
        assert "/settings/personal-data?who=1243" in text(owner.get(page))
        assert "/settings/personal-data" not in text(operator.get(page))


def test_whoever_attaches_can_give_the_right_number_instead(olivia: Client, made: Order) -> None:
    assert f'href="/orders/{made.pk}/number"' in see(olivia, made, "/attach?to=9")
