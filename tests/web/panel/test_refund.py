"""Refunding on the payment's page, step by step."""

from __future__ import annotations

import pytest
from django.utils import translation

from phonepay.payments.models import Payment, Refund
from phonepay.people.models import Role
from tests.payments.telling import handle_all, tell
from tests.shop import Till, fresh
from tests.web.cast import person, signed_in

ALL = {"share": "all", "reason": "requested_by_customer", "state": "0"}


@pytest.fixture
def payment(till: Till) -> Payment:
    return till.pay(till.order())


def part(amount: str, state: int = 0) -> dict[str, str]:
    return {"share": "part", "amount": amount, "reason": "duplicate", "note": "twice", "state": str(state)}


def refunds() -> list[int]:
    return list(Refund.objects.order_by("asked_at").values_list("amount", flat=True))


def test_the_form_says_all_of_it_and_that_it_cannot_be_undone(payment: Payment) -> None:
    page = signed_in(person()).get(f"/payments/{payment.pk}/refund").content.decode()
    assert "All of it, $42.50" in page and "This cannot be undone." in page and "Back to Visa ·4242" in page
    assert not Refund.objects.exists()


def test_all_of_it_goes_back(payment: Payment) -> None:
    user = person(Role.OPERATOR)
    page = signed_in(user).post(f"/payments/{payment.pk}/refund", ALL).content.decode()
    assert "Refunded $42.50. They will see it in 5 to 10 days." in page
    row = Refund.objects.get()
    assert (row.amount, row.by_name, row.status) == (4250, user.name, Refund.Status.SUCCEEDED)
    assert fresh(payment).refundable == 0


def test_a_part_of_it_goes_back_and_the_rest_is_offered(payment: Payment) -> None:
    client = signed_in(person())
    client.post(f"/payments/{payment.pk}/refund", part("12.50"))
    page = client.get(f"/payments/{payment.pk}/refund").content.decode()
    assert "What is left, $30.00 ($12.50 already refunded)" in page
    row = Refund.objects.get()
    assert (row.reason, row.note) == ("duplicate", "twice")


def test_a_comma_is_as_good_as_a_point(payment: Payment) -> None:
    signed_in(person()).post(f"/payments/{payment.pk}/refund", part("12,50"))
    assert refunds() == [1250]


@pytest.mark.parametrize("form", [ALL, part("12.50")])
def test_pressing_twice_refunds_once(payment: Payment, form: dict[str, str]) -> None:
    client = signed_in(person())
    first, second = (client.post(f"/payments/{payment.pk}/refund", form).content.decode() for _ in range(2))
    assert len(refunds()) == 1
    assert "They will see it" in first and "They will see it" in second


def test_a_second_tab_with_another_amount_refunds_nothing_more(payment: Payment) -> None:
    client = signed_in(person())
    client.post(f"/payments/{payment.pk}/refund", part("12.50"))
    page = client.post(f"/payments/{payment.pk}/refund", part("20.00")).content.decode()
    assert refunds() == [1250]
    assert "Olivia Owner refunded $12.50" in page and "$30.00 is left; nothing more was refunded." in page
    assert 'value="20.00"' in page


def test_two_people_who_look_at_the_same_page_refund_once(payment: Payment) -> None:
    signed_in(person()).post(f"/payments/{payment.pk}/refund", ALL)
    page = signed_in(person(Role.OPERATOR)).post(f"/payments/{payment.pk}/refund", ALL).content.decode()
    assert refunds() == [4250] and "Olivia Owner refunded $42.50" in page


def test_more_than_is_left_is_refused_with_who_took_the_rest(payment: Payment) -> None:
    client = signed_in(person())
    client.post(f"/payments/{payment.pk}/refund", part("12.50"))
    page = client.post(f"/payments/{payment.pk}/refund", part("40", state=1)).content.decode()
    assert "Only $30.00 is left: Olivia Owner refunded $12.50" in page and 'value="40"' in page
    assert refunds() == [1250]


@pytest.mark.parametrize("typed", ["", "abc", "-5", "0", "12.505", "4e2"])
def test_what_is_no_amount_is_refused_and_kept(payment: Payment, typed: str) -> None:
    page = signed_in(person()).post(f"/payments/{payment.pk}/refund", part(typed)).content.decode()
    assert 'id="refusal"' in page and f'value="{typed}"' in page and "twice" in page
    assert not Refund.objects.exists()


def test_a_card_number_in_the_note_is_refused(payment: Payment) -> None:
    form = ALL | {"note": "4242 4242 4242 4242"}
    page = signed_in(person()).post(f"/payments/{payment.pk}/refund", form).content.decode()
    assert "looks like it holds a card number" in page and not Refund.objects.exists()


def test_stripe_that_does_not_answer_is_told_so(till: Till, payment: Payment) -> None:
    till.faults.drop("POST", "/v1/refunds", times=9)
    page = signed_in(person()).post(f"/payments/{payment.pk}/refund", ALL).content.decode()
    assert "Stripe has not answered; we are checking. Do not refund again." in page


def test_money_that_a_dispute_withdrew_is_the_banks_to_decide(till: Till, payment: Payment) -> None:
    till.account.dispute(payment.intent_id)
    tell(till)
    handle_all()
    client = signed_in(person())
    assert "The bank has the money and decides." in client.get(f"/payments/{payment.pk}").content.decode()
    client.post(f"/payments/{payment.pk}/refund", ALL)
    assert not Refund.objects.exists()


def test_an_auditor_looks_and_does_not_refund(payment: Payment) -> None:
    client = signed_in(person(Role.AUDITOR))
    assert "You can look, not refund." in client.get(f"/payments/{payment.pk}").content.decode()
    assert client.post(f"/payments/{payment.pk}/refund", ALL).status_code == 403
    assert not Refund.objects.exists()


def test_a_forged_form_refunds_nothing(payment: Payment) -> None:
    assert signed_in(person(), strict=True).post(f"/payments/{payment.pk}/refund", ALL).status_code == 403
    assert not Refund.objects.exists()


def test_a_step_swaps_the_part_alone(payment: Payment) -> None:
    page = signed_in(person()).get(f"/payments/{payment.pk}/refund", headers={"HX-Request": "true"}).content.decode()
    assert page.strip().startswith('<article class="one" id="one">') and "<html" not in page


def test_closing_gives_the_focus_back_to_the_button(payment: Payment) -> None:
    page = signed_in(person()).get(f"/payments/{payment.pk}?closed=refund").content.decode()
    assert "data-focus" in page[page.index('data-key="r"') :].split(">")[0]


def test_it_is_said_in_the_readers_language(payment: Payment) -> None:
    user = person(language="es")
    page = signed_in(user).post(f"/payments/{payment.pk}/refund", ALL).content.decode()
    assert "Se reembolsaron $42.50. Lo verán en 5 a 10 días." in page


def test_the_language_of_one_reader_does_not_reach_the_next(payment: Payment) -> None:
    signed_in(person(language="es")).get(f"/payments/{payment.pk}")
    assert translation.get_language() == "en"
