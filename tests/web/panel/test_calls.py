"""The log of calls: who, what happened, filters, the rows that are live, where callers stop."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries, Settings

from phonepay.calls.models import Call
from phonepay.ivr import flow
from phonepay.web.panel.calls_told import step_word
from tests.shop import LUIS, MARY, Till, make_line
from tests.web.cast import Day, a_day, call_of, person, signed_in


@pytest.fixture
def day(till: Till) -> Day:
    return a_day(till)


@pytest.fixture
def owner(db: None) -> Client:
    return signed_in(person())


def page_of(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def rows_of(page: str) -> int:
    return page.count('class="row"')


def on_the_line(till: Till, step: str = "amount") -> Call:
    call = call_of(till, None, step=step)
    Call.objects.filter(pk=call.pk).update(ended_at=None, seconds=None, ended="", started_at=timezone.now())
    call.refresh_from_db()
    return call


def test_every_call_has_a_row_that_leads_to_it(day: Day, owner: Client) -> None:
    page = page_of(owner, "/calls")
    assert rows_of(page) == 7 and "Paid order 1042" in page and "Hung up at the card number" in page
    assert all(f'href="/calls/{call.pk}"' in page for call in Call.objects.all())


@pytest.mark.parametrize(
    ("address", "rows"),
    [
        ("?what=paid", 4),
        ("?what=declined", 2),
        ("?what=hung_up", 1),
        ("?what=refused", 0),
        ("?period=today", 7),
        ("?period=yesterday", 0),
        (f"?caller=%2B{LUIS[1:]}", 2),
        ("?caller=hidden", 1),
        ("?caller=(202) 555-0101&what=paid", 3),
        ("?caller=nobody", 0),
        ("?what=nonsense&line=7777&stopped=7&after=nonsense", 7),
    ],
)
def test_filters_narrow_it(day: Day, owner: Client, address: str, rows: int) -> None:
    assert rows_of(page_of(owner, f"/calls{address}")) == rows


def test_a_filter_is_in_view_and_can_be_taken_off(day: Day, owner: Client) -> None:
    page = page_of(owner, f"/calls?what=paid&caller=%2B{MARY[1:]}")
    assert 'class="chip" href="?what=paid"' in page and "(202) 555-0101" in page


def test_the_word_line_is_asked_about_only_where_there_are_two(till: Till, day: Day, owner: Client) -> None:
    assert "<summary>Line</summary>" not in page_of(owner, "/calls")
    second = make_line(till.shop, phone_number="+12025550188")
    assert "<summary>Line</summary>" in page_of(owner, "/calls")
    assert rows_of(page_of(owner, f"/calls?line={second.pk}")) == 0


def test_calls_of_the_other_mode_are_not_among_them(day: Day, owner: Client, settings: Settings) -> None:
    settings.PHONEPAY_STRIPE_SECRET_KEY = "sk_live_somebodys"
    assert rows_of(page_of(owner, "/calls")) == 0


def test_a_list_costs_a_fixed_number_of_queries(
    day: Day, owner: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    page_of(owner, "/calls")
    with django_assert_max_num_queries(12):
        page_of(owner, "/calls")


def test_pages_follow_each_other_without_a_gap(till: Till, owner: Client) -> None:
    for _ in range(60):
        call_of(till, None)
    Call.objects.update(started_at=timezone.now() - timedelta(hours=1))
    first = owner.get("/calls")
    second = owner.get("/calls", {"after": first.context["page"].next})
    shown = [row.call.pk for page in (first, second) for row in page.context["page"].rows]
    assert len(shown) == len(set(shown)) == 60


def test_the_page_asks_again_only_while_somebody_is_on_the_line(till: Till, day: Day, owner: Client) -> None:
    assert "every 2s" not in page_of(owner, "/calls")
    call = on_the_line(till)
    page = page_of(owner, "/calls")
    assert f"/calls/live?ids={call.pk}" in page and "On the line: the amount" in page


def test_a_live_row_is_answered_alone_and_says_when_it_is_the_last_time(till: Till, day: Day, owner: Client) -> None:
    call = on_the_line(till)
    part = page_of(owner, f"/calls/live?ids={call.pk}")
    assert rows_of(part) == 1 and 'hx-swap-oob="true"' in part and "every 2s" in part
    Call.objects.filter(pk=call.pk).update(ended_at=timezone.now(), ended="hung_up")
    part = page_of(owner, f"/calls/live?ids={call.pk}")
    assert "Hung up at the amount" in part and "every 2s" not in part


def test_every_step_where_a_caller_may_hang_up_has_words() -> None:
    steps = {step.name for step in flow._STEPS} | {"ended"}
    assert {name for name in steps if step_word(name) == name and name != "start"} == set()
    assert step_word("ended") == "the goodbye"


def test_who_calls_next_is_added_below_on_the_page_of_those_on_the_line(till: Till, owner: Client) -> None:
    first = on_the_line(till)
    page = page_of(owner, "/calls/now")
    assert rows_of(page) == 1 and f"ids={first.pk}&amp;now=1" in page
    second = on_the_line(till)
    part = page_of(owner, f"/calls/live?ids={first.pk}&now=1")
    assert f"ids={first.pk},{second.pk}&amp;now=1" in part and "beforeend:#call-rows" in part


@pytest.mark.parametrize("ids", ["", "x", "1,2,x", "٣", "9" * 30, ",".join("1" * 3 for _ in range(500))])
def test_nonsense_in_place_of_rows_is_no_error(day: Day, owner: Client, ids: str) -> None:
    assert owner.get("/calls/live", {"ids": ids, "now": "1"}).status_code == 200


def test_where_callers_stop_is_ranked_and_each_leads_to_its_calls(till: Till, day: Day, owner: Client) -> None:
    for step, times in (("card", 3), ("confirm", 1)):
        for _ in range(times):
            call = call_of(till, None, step=step)
            Call.objects.filter(pk=call.pk).update(stopped=step)
    page = page_of(owner, "/calls/stops")
    found = owner.get("/calls/stops").context["found"]
    assert [(stop.word, stop.count, stop.width) for stop in found.stops] == [
        ("At the card number", 3, 100),
        ("At the confirmation", 1, 33),
    ]
    assert 'href="/calls?period=30&amp;stopped=card"' in page and "11 calls ended, 4 paid (36 %)" in page
    assert rows_of(page_of(owner, "/calls?period=30&stopped=card")) == 3


def test_of_another_time_nothing_is_counted(till: Till, day: Day, owner: Client) -> None:
    assert "No call ended in this time." in page_of(owner, "/calls/stops?period=yesterday")


def test_the_first_day_says_what_to_do(till: Till, owner: Client) -> None:
    till.line.refresh_from_db()
    assert "No calls yet." in page_of(owner, "/calls") and "Nobody is on the line." in page_of(owner, "/calls/now")


@pytest.mark.parametrize("path", ["/calls", "/calls/now", "/calls/stops"])
def test_without_a_shop_there_is_nothing_yet(owner: Client, path: str) -> None:
    assert owner.get(path).status_code == 200


def test_a_call_of_nobody_is_not_there(day: Day, owner: Client) -> None:
    assert owner.get("/calls/999999").status_code == 404
