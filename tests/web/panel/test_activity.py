"""Activity: a sentence for every event, who did it, when, from where, what it was before and after."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone, translation
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from phonepay.events import types, watching
from phonepay.events.actors import STRIPE, SYSTEM, Actor, caller, command
from phonepay.events.models import Event, record
from phonepay.events.verifying import newest_head
from phonepay.merchant.lines import set_line
from phonepay.orders.operations import edit_order, mark_paid_another_way
from phonepay.people.permissions import actor
from phonepay.web.panel.activity.changes import changes_of
from phonepay.web.panel.activity.log import MISSING, Row, tell
from phonepay.web.panel.activity.sentences import KIND_OF_NOUN, KINDS, SENTENCES, names, types_of
from tests.events.chain import LATER, fresh_key, sealed, sql
from tests.shop import OLIVIA, Till
from tests.web.cast import a_day, call_of, person, signed_in


@pytest.fixture
def owner(db: None) -> Client:
    return signed_in(person())


def recorded(happened: str = types.HOLD_LIFTED, by: Actor = SYSTEM, ago: float = 0, **facts: Any) -> Event:
    now = timezone.now() - timedelta(minutes=ago)
    return record(happened, subject=("thing", 7), by=by, now=now, **facts)


def rows(owner: Client, query: str = "") -> list[Row]:
    return list(owner.get(f"/settings/activity{query}").context["page"].rows)


def test_every_name_of_an_event_has_a_sentence_and_a_kind() -> None:
    assert set(SENTENCES) == set(names())
    assert {name.partition(".")[0] for name in names()} == set(KIND_OF_NOUN)
    assert set(KIND_OF_NOUN.values()) == set(KINDS)
    assert sorted(name for kind in KINDS for name in types_of(kind)) == sorted(names())


@pytest.mark.django_db
@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("happened", names())
def test_no_sentence_breaks_where_a_fact_is_missing(happened: str, language: str) -> None:
    with translation.override(language):
        (row,) = tell([recorded(happened)], "US")
    assert row.what and "%(" not in row.what


@pytest.mark.django_db
@pytest.mark.parametrize("subject", ["payment", "order", "person", "call", "export", "refund", "line", "invitation"])
@pytest.mark.parametrize("identity", ["", "nonsense", "7", "9" * 60, "٣", "00000000-0000-0000-0000-000000000007"])
def test_what_is_there_no_longer_is_no_error(subject: str, identity: str) -> None:
    facts = {"payment": identity, "to": identity, "order": identity}
    event = record(types.REFUND_FAILED, subject=(subject, identity[:64]), by=SYSTEM, now=timezone.now(), **facts)
    (row,) = tell([event], "US")
    assert MISSING in row.what


def test_a_day_is_told_with_amounts_numbers_and_links(till: Till, owner: Client) -> None:
    day = a_day(till)
    told = {row.what: row for row in rows(owner)}
    paid = told["Paid by phone: $42.50 for order 1042, Visa ·4242"]
    assert paid.url == f"/payments/{day.paid.pk}"
    refund = told["Asked to refund $12.50 of order 1044: The customer asked"]
    assert (refund.who, refund.url) == ("Olivia Owner", f"/payments/{day.partly.pk}")
    assert "$12.50 of order 1044 was refunded to Visa ·4242" in told
    assert "Added order 1046, $97.50" in told and "Charged $18.00 extra for order 1045, Visa ·4242" in told


def test_before_and_after_are_said_in_the_words_of_the_pages(till: Till, owner: Client) -> None:
    order, by = till.order("1042"), actor(person(email="o@example.com"))
    edit_order(order=order, by=by, now=timezone.now(), amount=4500, number="1043")
    row = rows(owner)[0]
    shown = {(each.field, each.before, each.after) for each in row.changes}
    assert shown == {("Amount", "$42.50", "$45.00"), ("Number", "1042", "1043")}


def test_settings_are_told_with_amounts_and_words(till: Till, owner: Client) -> None:
    by, now = actor(person(email="o@example.com")), timezone.now()
    words = {"en-US": {"goodbye": "So long."}}
    changes = {"fixed_amount": "50", "words": words, "moto": "yes"}
    set_line(merchant=till.shop, phone_number=till.line.phone_number, changes=changes, by=by, now=now)
    shown = {each.field: (each.before, each.after) for each in rows(owner)[0].changes}
    assert shown["Fixed amount"] == ("$42.50", "$50.00")
    assert shown["Words · en-US · goodbye"] == ("", "So long.")
    assert shown["Charges marked as telephone orders (MOTO)"] == ("no", "yes")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(json_values, json_values)
def test_whatever_was_recorded_as_before_and_after_can_be_told(before: Any, after: Any) -> None:
    for change in changes_of({"before": before, "after": after}, "usd", "US"):
        assert max(len(change.before), len(change.after)) <= 161


def test_who_and_from_where(till: Till, owner: Client) -> None:
    call = call_of(till, None)
    recorded(by=caller("+12025550101", call.sid), ago=4)
    recorded(by=STRIPE, ago=3)
    recorded(by=SYSTEM, ago=2)
    recorded(by=command("root"), ago=1)
    recorded(by=Actor("person", "7", "Olivia", "panel:203.0.113.5"))
    found = [(row.who, row.source) for row in rows(owner)[:5]]
    assert found == [
        ("Olivia", "203.0.113.5"),
        ("root", "The server's terminal"),
        ("Phone Pay", "By itself"),
        ("Stripe", "Stripe"),
        ("(202) 555-0101", "A call"),
    ]
    assert rows(owner)[4].source_url == f"/calls/{call.pk}"


def test_filters_narrow_it_by_person_kind_and_period(owner: Client) -> None:
    olivia = actor(person(email="o@example.com"))
    recorded(types.ORDER_ADDED, by=olivia)
    recorded(types.ORDER_ADDED, by=STRIPE)
    recorded(types.PAYMENT_SUCCEEDED, by=STRIPE, ago=60 * 24 * 40)
    assert len(rows(owner, f"?who=person:{olivia.id}")) == 1
    assert len(rows(owner, "?who=stripe")) == 2
    assert len(rows(owner, "?kind=orders")) == 2
    assert len(rows(owner, "?kind=money&period=30")) == 0
    assert len(rows(owner, "?kind=nonsense&who=nonsense&period=nonsense&after=nonsense")) == 3


def test_a_filter_is_in_view_and_can_be_taken_off(owner: Client) -> None:
    recorded()
    page = owner.get("/settings/activity?kind=orders&who=stripe").content.decode()
    assert 'class="chip" href="?kind=orders"' in page and "Nothing for <em>Stripe, Orders</em>." in page


def test_pages_follow_each_other_without_a_gap(owner: Client) -> None:
    for place in range(60):
        recorded(ago=place // 30)
    first = owner.get("/settings/activity")
    second = owner.get("/settings/activity", {"after": first.context["page"].next})
    shown = [row.event.pk for page in (first, second) for row in page.context["page"].rows]
    assert len(shown) == len(set(shown)) == 60


def test_a_page_costs_a_fixed_number_of_queries(
    till: Till, owner: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    a_day(till)
    owner.get("/settings/activity")
    with django_assert_max_num_queries(15):
        owner.get("/settings/activity")


def test_on_the_first_day_it_says_what_comes_here(owner: Client) -> None:
    assert "Nothing has been done yet." in owner.get("/settings/activity").content.decode()


def test_a_setting_is_told_in_the_words_in_which_it_is_offered() -> None:
    data = {
        "before": {"behavior": "fixed", "overage": "off", "cards": ["visa"]},
        "after": {"behavior": "caller-with-order", "overage": "ask", "cards": ["visa", "amex"]},
    }
    told = {each.field: (each.before, each.after) for each in changes_of(data, "usd", "US")}
    assert told["Behavior"] == ("Fixed amount", "Caller's amount, with order number")
    assert told["Later charges"] == ("No. Cards are not kept", "Ask. They can pay either way")
    assert told["Cards"] == ("Visa", "Visa, American Express")


def test_the_hours_of_a_person_are_told_by_their_days() -> None:
    data = {"before": {"person_hours": {}}, "after": {"person_hours": {"0": [["09:00", "17:00"]]}}}
    [change] = changes_of(data, "usd", "US")
    assert (change.field, change.before, change.after) == ("Hours of a person · Mon", "", "09:00–17:00")


@pytest.mark.django_db
def test_an_order_paid_another_way_is_told_without_the_note_that_can_be_erased(till: Till) -> None:
    order = till.order("77")
    mark_paid_another_way(order=order, note="Cash", by=OLIVIA, now=timezone.now())
    [row] = tell([Event.objects.get(type=types.ORDER_PAID_ANOTHER_WAY)], "US")
    assert row.what == "Marked order 77 as paid another way"


def test_the_page_says_what_was_verified_and_names_the_head(owner: Client) -> None:
    fresh_key()
    sealed(3)
    assert "sealed and verified every day" in owner.get("/settings/activity").content.decode()
    while watching.run_due(LATER) is None:
        pass
    text = owner.get("/settings/activity").content.decode()
    assert "3 entries as they were written" in text and newest_head() in text


def test_the_page_says_which_entry_is_not_as_it_was_written(owner: Client) -> None:
    fresh_key()
    ids = sealed(3)
    sql("UPDATE events_event SET actor_name = 'Mallory' WHERE id = %s", ids[1])
    while watching.run_due(LATER) is None:
        pass
    text = owner.get("/settings/activity").content.decode()
    assert f"Entry {ids[1]} of Activity" in text and "who can write to the database" in text
