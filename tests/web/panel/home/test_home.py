"""Home: the days that are asked for, figures that their lists add up to, charts, calls, the first day's list."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from phonepay.calls import days as call_days
from phonepay.calls.models import Call
from phonepay.payments import days
from phonepay.payments.models import LedgerEntry, Payment, Refund
from tests.shop import Till
from tests.web.cast import a_day, call_of, person, signed_in


def page_of(address: str = "/", **facts: str) -> str:
    return signed_in(person(**facts)).get(address).content.decode()


def test_today_is_shown_first(till: Till) -> None:
    a_day(till)
    page = page_of()
    assert "$270.50" in page and "5 payments" in page and "2 refunds" in page
    assert '<h2 id="money">Today</h2>' in page and "<svg viewBox" not in page


def test_calls_and_the_share_that_paid(till: Till) -> None:
    a_day(till)
    page = re.sub(r"<[^>]+>", "", page_of())
    assert "7 calls, 4 paid (57 %)" in page


@pytest.mark.parametrize("money", ["taken", "refunded", "kept"])
def test_each_figure_is_a_link_to_the_list_that_adds_up_to_it(till: Till, money: str) -> None:
    a_day(till)
    client = signed_in(person())
    home = client.get("/?period=7")
    [figures] = home.context["figures"]
    address = f"/payments?period=7&amp;money={money}&amp;currency=usd"
    assert address in home.content.decode()
    total = client.get(address.replace("&amp;", "&")).context["total"]
    assert total.sums == ((-figures.refunded if money == "refunded" else getattr(figures, money), "usd"),)


def test_a_list_of_money_is_what_moved_and_not_when_it_was_agreed(till: Till) -> None:
    day = a_day(till)
    Payment.objects.update(agreed_at=timezone.now() - timedelta(days=3))
    page = page_of("/payments?period=today&money=taken&currency=usd")
    assert page.count('class="row"') == 5 and f'href="/payments/{day.paid.pk}"' in page
    assert "Money taken, USD" in page


def test_a_refund_that_failed_is_kept_again(till: Till) -> None:
    paid = till.pay(till.order())
    [refund] = till.refund(paid)
    till.account.settle_refund(refund.stripe_id, "failed")
    till.hear_and_handle("refund.failed", refund.stripe_id)
    assert Refund.objects.get().status == "failed"
    answer = signed_in(person()).get("/")
    [figures] = answer.context["figures"]
    assert (figures.taken, figures.refunded, figures.returned, figures.kept) == (4250, 4250, 4250, 4250)
    assert "with $42.50 of refunds that came back" in answer.content.decode()


def test_what_came_back_of_an_earlier_refund_is_no_refund_below_zero(till: Till) -> None:
    paid = till.pay(till.order())
    [refund] = till.refund(paid)
    LedgerEntry._base_manager.update(at=timezone.now() - timedelta(days=2))
    till.account.settle_refund(refund.stripe_id, "failed")
    till.hear_and_handle("refund.failed", refund.stripe_id)
    [figures] = signed_in(person()).get("/").context["figures"]
    assert (figures.refunded, figures.returned, figures.kept) == (0, 4250, 4250)


def test_each_currency_has_a_row(till: Till) -> None:
    till.pay(till.order())
    till.pay(till.order("77", 1000, "eur"), currency="eur")
    figures = signed_in(person()).get("/").context["figures"]
    assert [(each.currency, each.taken) for each in figures] == [("eur", 1000), ("usd", 4250)]


def test_from_seven_days_on_there_are_charts_with_their_table(till: Till) -> None:
    a_day(till)
    page = page_of("/?period=7")
    assert page.count('<rect class="column"') == 7
    assert "Money per day" in page and "Where calls ended" in page and "The same as a table" in page


def test_a_year_is_drawn_by_months(till: Till) -> None:
    till.pay(till.order())
    today = timezone.localtime().date()
    page = page_of(f"/?from={today - timedelta(days=364)}&to={today}")
    assert "Money per month" in page and 12 <= page.count('<rect class="column"') <= 13


def test_more_than_a_year_is_too_much_at_once(till: Till) -> None:
    till.pay(till.order())
    assert "That is too much at once. Choose fewer days." in page_of("/?from=2001-01-01")


@pytest.mark.parametrize(
    "query", ["?period=nonsense", "?from=nonsense", "?from=2026-11-09&to=2026-11-03", "?to=2026-11-03"]
)
def test_an_address_that_was_tampered_with_is_no_error(till: Till, query: str) -> None:
    till.pay(till.order())
    assert signed_in(person()).get(f"/{query}").status_code == 200


def test_payments_of_the_other_mode_never_count(till: Till, settings: Settings) -> None:
    a_day(till)
    settings.PHONEPAY_STRIPE_SECRET_KEY = "sk_live_somebodys"
    response = signed_in(person()).get("/?period=7")
    [figures] = response.context["figures"]
    assert (figures.taken, response.context["calls"].total, response.context["latest"].rows) == (0, 0, [])


def test_kept_days_tell_the_same(till: Till) -> None:
    a_day(till)
    client = signed_in(person())
    before = client.get("/?period=30").context
    now = timezone.now() + timedelta(days=2)
    while days.run_due(now) or call_days.run_due(now):
        pass
    after = client.get("/?period=30").context
    assert [vars(each) for each in before["figures"]] == [vars(each) for each in after["figures"]]
    assert before["calls"] == after["calls"]


def test_who_is_on_the_line_is_on_top_and_looked_at_again(till: Till) -> None:
    a_day(till)
    live = call_of(till, None, step="amount")
    ago = timezone.now() - timedelta(minutes=30)
    Call.objects.filter(pk=live.pk).update(ended_at=None, ended="", started_at=ago)
    page = page_of()
    assert 'hx-trigger="every 2s"' in page and page.index("On the line: the amount") < page.index("Paid order")


def test_where_nobody_is_on_the_line_nothing_asks_again(till: Till) -> None:
    a_day(till)
    assert "hx-trigger" not in page_of() and "hx-trigger" not in page_of("/home/calls", email="o@example.com")


def test_home_costs_a_fixed_number_of_queries(
    till: Till, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    a_day(till)
    client = signed_in(person())
    client.get("/?period=30")
    with django_assert_max_num_queries(17):
        client.get("/?period=30")


# --- the first day ---------------------------------------------------------------------------------------------------


def steps(**facts: str) -> dict[str, bool]:
    return {step.word: step.done for step in signed_in(person(**facts)).get("/").context["steps"]}


def test_before_a_line_there_is_one_step(db: None) -> None:
    assert steps() == {"Set up a line": False}


def test_the_first_days_list_ticks_itself(till: Till) -> None:
    assert till.line
    owner = person()
    client = signed_in(owner)
    first = {step.word: step.done for step in client.get("/").context["steps"]}
    assert first == {
        "Set up a line": True, "Call your own number": False, "Add your orders": False,
        "Hear what callers hear": False, "Invite someone": False, "Go live": False,
    }  # fmt: skip
    till.order()
    call_of(till, None)
    person("operator")
    client.post("/home/hear")
    then = {step.word: step.done for step in client.get("/").context["steps"]}
    assert [word for word, done in then.items() if not done] == ["Go live"]


def test_an_auditor_is_asked_for_nothing_that_changes(till: Till) -> None:
    assert till.line
    assert set(steps(role="auditor")) == {"Set up a line", "Call your own number", "Add your orders"}


def test_a_line_that_asks_for_no_number_wants_no_orders(till: Till) -> None:
    line = till.line
    line.behavior = "fixed"
    line.save()
    assert "Add your orders" not in steps()


def test_after_the_first_payment_home_shows_money(till: Till) -> None:
    till.pay(till.order())
    assert "Your first payment" not in page_of()
