"""The list of payments, and how one is found."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from phonepay.payments.attempt_models import CardAttempt
from phonepay.payments.models import Payment
from phonepay.payments.turned_away import TURNED_AWAY
from tests.shop import LUIS, Till, fresh, make_shop
from tests.web.cast import Day, a_day, person, signed_in


@pytest.fixture
def day(till: Till) -> Day:
    return a_day(till)


def page_of(address: str, **facts: str) -> str:
    return signed_in(person(**facts)).get(address, follow=True).content.decode()


def rows_of(page: str) -> int:
    return page.count('class="row"')


def test_every_card_that_was_tried_and_every_movement_has_a_row(day: Day) -> None:
    page = page_of("/payments")
    # Four payments, two declined cards (whose payments have no row beside them), two refunds, one extra charge.
    assert rows_of(page) == 9
    assert page.count("Declined</span>") == 4 and "Extra charge" in page


def test_the_sum_beside_the_heading_is_what_moved(day: Day) -> None:
    assert "$201.75" in page_of("/payments")


@pytest.mark.parametrize(
    ("address", "rows"),
    [
        ("?kind=refund", 2),
        ("?kind=extra", 1),
        ("?status=declined", 2),
        ("?status=paid", 5),
        ("?status=checking", 0),
        ("?period=today", 9),
        ("?period=yesterday", 0),
        ("?kind=nonsense&status=nonsense&period=nonsense&after=nonsense", 9),
    ],
)
def test_filters_narrow_it(day: Day, address: str, rows: int) -> None:
    assert rows_of(page_of(f"/payments{address}")) == rows


def test_a_filter_is_in_view_and_can_be_taken_off(day: Day) -> None:
    page = page_of("/payments?status=declined&period=7")
    assert 'class="chip" href="?period=7"' in page and 'class="chip" href="?status=declined"' in page


def test_nothing_for_a_filter_offers_to_clear_it(day: Day) -> None:
    page = page_of("/payments?status=checking&period=7")
    assert "Nothing for <em>7 days, being checked</em>." in page.replace(
        "being checked, 7 days", "7 days, being checked"
    )
    assert "Clear filters" in page


def test_the_first_day_says_what_to_do(till: Till) -> None:
    assert till.line
    page = page_of("/payments")
    assert "No payments yet." in page and 'href="tel:+12025550199"' in page


def test_pages_follow_each_other_without_a_gap(till: Till) -> None:
    """Sixty rows of the same two moments: the place of a row is more than its time."""
    now = timezone.now()
    for place in range(60):
        till.agree(None, now=now - timedelta(minutes=place // 30))
    client = signed_in(person())
    first = client.get("/payments")
    after = first.context["page"].next
    second = client.get("/payments", {"after": after})
    shown = [row.payment.pk for page in (first, second) for row in page.context["page"].rows]
    assert len(shown) == len(set(shown)) == 60 and second.context["page"].next == ""


@pytest.mark.parametrize("key", ["pnonsense", "p", "", "x7", "c'--"])
def test_a_place_that_was_tampered_with_is_no_error(day: Day, key: str) -> None:
    response = signed_in(person()).get("/payments", {"after": f"2099-01-01T00:00:00+00:00_{key}"})
    assert response.status_code == 200 and rows_of(response.content.decode()) == 9


def test_a_list_costs_a_fixed_number_of_queries(
    day: Day, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    client = signed_in(person())
    client.get("/payments")
    with django_assert_max_num_queries(17):
        client.get("/payments")


def test_more_than_a_thousand_are_not_counted(till: Till) -> None:
    like = till.agree(None)
    rows = [
        Payment(
            merchant=like.merchant, line=like.line, amount=100, currency="usd", livemode=False, agreed_at=like.agreed_at
        )
        for _ in range(1001)
    ]
    Payment.objects.bulk_create(rows)
    assert "more than 1,000" in page_of("/payments")


def test_payments_of_the_other_mode_are_not_among_them(day: Day, settings: Settings) -> None:
    settings.PHONEPAY_STRIPE_SECRET_KEY = "sk_live_somebodys"
    page = page_of("/payments")
    assert rows_of(page) == 0 and "Test mode" not in page


def test_while_the_key_is_of_test_mode_each_page_says_so(day: Day) -> None:
    assert all(
        "Test mode: no real money" in page_of(path, email=f"{n}@example.com")
        for n, path in enumerate(("/", "/account"))
    )


def test_a_payment_tells_all_that_happened(day: Day) -> None:
    page = page_of(f"/payments/{day.partly.pk}")
    for sentence in ("Paid $70.00 with Visa ·4242", "Asked to refund $12.50. The customer asked.", "Refunded $12.50"):
        assert sentence in page
    assert "Partly refunded" in page and "$57.50" in page


def test_a_declined_payment_says_why(day: Day) -> None:
    assert "Declined: no reason given" in page_of(f"/payments/{day.declined.pk}")


def test_a_card_that_we_turned_away_is_not_laid_on_its_bank(day: Day) -> None:
    CardAttempt.objects.filter(payment=day.declined).update(decline_code=TURNED_AWAY)
    Payment.objects.filter(pk=day.declined.pk).update(decline_code=TURNED_AWAY)
    page = page_of(f"/payments/{day.declined.pk}")
    assert "Declined: this card was tried so often that its bank is asked no more" in page
    assert "The bank said no" not in page


def test_somebody_elses_payment_is_not_there(day: Day) -> None:
    Payment.objects.filter(pk=day.paid.pk).update(merchant=make_shop(name="Another"))
    assert signed_in(person()).get(f"/payments/{day.paid.pk}").status_code == 404


@pytest.mark.parametrize("words", ["{confirmation}", "{intent}", "{charge}", "{id}"])
def test_one_hit_opens(day: Day, words: str) -> None:
    paid = fresh(day.paid)
    facts = {"confirmation": paid.confirmation, "intent": paid.intent_id, "charge": paid.charge_id, "id": paid.pk}
    Payment.objects.filter(pk=day.hidden.pk).update(amount=1)
    response = signed_in(person()).get("/search", {"q": words.format(**facts)})
    assert response.headers["Location"] == f"/payments/{paid.pk}"


@pytest.mark.parametrize("words", ["1042", "Ana", "ana r", "$42.50"])
def test_what_finds_an_order_and_its_payment_opens_the_order(day: Day, words: str) -> None:
    Payment.objects.filter(pk=day.hidden.pk).update(amount=1)
    response = signed_in(person()).get("/search", {"q": words})
    assert response.headers["Location"] == f"/orders/{day.paid.order_id}"


@pytest.mark.parametrize("words", [LUIS, "+34 600 000 102", "4242", "·4242"])
def test_several_hits_are_listed(day: Day, words: str) -> None:
    page = signed_in(person()).get("/search", {"q": words}).content.decode()
    assert rows_of(page) > 1


def test_nothing_found_says_how_to_search(day: Day) -> None:
    assert "Nothing for <em>&lt;b&gt;</em>." in page_of("/search?q=<b>")
