"""Amounts and cards, voice and names: saved by section, refused beside the field, typed values kept."""

from __future__ import annotations

from datetime import UTC, datetime
from html import unescape
from typing import Any

import pytest
from django.test import Client

from phonepay.events.models import Event
from phonepay.merchant.models import Line
from phonepay.orders.operations import add_order
from phonepay.people.models import Role
from phonepay.web.panel.settings.opening_hours import hours_told
from tests.shop import OLIVIA, make_line, make_shop
from tests.web.cast import person, signed_in

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
VOICE = "/settings/callers-hear/voice"


@pytest.fixture
def line() -> Line:
    return make_line(make_shop(), overage_cap=5000)


@pytest.fixture
def owner() -> Client:
    return signed_in(person())


def save(client: Client, section: str, /, **typed: Any) -> str:
    path = VOICE if section in ("names", "languages", "voices") else "/settings/amounts"
    response = client.post(path, {"section": section, **typed}, follow=True)
    assert response.status_code == 200
    return unescape(response.content.decode())


AMOUNTS = {"currency": "usd", "fixed_amount": "42.50", "floor": "1.00", "ceiling": "500.00", "usual_amount": ""}
WAS = {f"was_{name}": f'"{value}"' for name, value in AMOUNTS.items()}


def test_a_change_is_saved_and_recorded_with_before_and_after(line: Line, owner: Client) -> None:
    assert "Saved. It holds from the next call on." in save(owner, "amounts", **AMOUNTS | WAS | {"ceiling": "300"})
    assert Event.objects.get().data == {"before": {"ceiling": 50_000}, "after": {"ceiling": 30_000}}


def test_what_somebody_else_changed_meanwhile_stays_changed(line: Line, owner: Client) -> None:
    Line.objects.update(floor=2000)
    save(owner, "amounts", **AMOUNTS | WAS | {"ceiling": "300"})
    line.refresh_from_db()
    assert (line.floor, line.ceiling) == (2000, 30_000)


def test_nothing_changed_is_said(line: Line, owner: Client) -> None:
    assert "Nothing was changed" in save(owner, "amounts", **AMOUNTS | WAS)
    assert not Event.objects.exists()


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"floor": "0.10"}, "$0.10 is too little. Stripe charges $0.50 or more."),
        ({"floor": "ten"}, "“ten” cannot be read as an amount."),
        ({"floor": "600"}, "The smallest amount, $600.00, is above the largest, $500.00."),
        ({"ceiling": "40"}, "$42.50 is not within what callers can pay: $1.00 to $40.00."),
        ({"usual_amount": "900"}, "$900.00 is not within"),
        ({"currency": "jpy"}, "“42.50” has more decimals than this currency has."),
    ],
)
def test_a_refusal_says_why_and_keeps_what_was_typed(
    line: Line, owner: Client, typed: dict[str, str], sentence: str
) -> None:
    page = save(owner, "amounts", **AMOUNTS | WAS | typed)
    assert sentence in page
    assert all(f'value="{value}"' in page for value in typed.values())
    assert not Event.objects.exists()


def test_another_currency_takes_all_amounts_anew(line: Line, owner: Client) -> None:
    yen = {"currency": "jpy", "fixed_amount": "4250", "floor": "100", "ceiling": "50000"}
    save(owner, "amounts", **AMOUNTS | WAS | yen)
    line.refresh_from_db()
    assert (line.currency, line.fixed_amount, line.floor, line.ceiling) == ("jpy", 4250, 100, 50_000)


def test_cards_are_chosen_and_at_least_one(line: Line, owner: Client) -> None:
    save(owner, "cards", cards=["visa", "amex"], connector="Default", asks_postal_code="yes")
    line.refresh_from_db()
    assert line.cards == ["visa", "amex"]
    assert "Choose at least one" in save(owner, "cards", connector="Default", asks_postal_code="yes")


def test_later_charges_have_their_cap_and_days(line: Line, owner: Client) -> None:
    save(owner, "later", overage="ask", overage_cap="80", overage_days="60")
    line.refresh_from_db()
    assert (line.overage, line.overage_cap, line.overage_days) == ("ask", 8000, 60)


def test_patience_is_a_whole_number_within_reason(line: Line, owner: Client) -> None:
    page = save(owner, "patience", tries="30", tries_per_call="6", unknown_tries="3", entry_seconds="8")
    assert "Type a whole number from 1 to 9." in page


def week(**spans: tuple[str, str, str, str]) -> dict[str, list[str]]:
    days: dict[str, list[str]] = {}
    for day in range(7):
        pairs = spans.get(f"day{day}", ("", "", "", ""))
        days |= {f"opens_{day}": [pairs[0], pairs[2]], f"closes_{day}": [pairs[1], pairs[3]]}
    return days


def test_a_person_has_hours_with_a_break(line: Line, owner: Client) -> None:
    hours = week(day0=("09:00", "12:00", "13:00", "17:00"), day5=("22:00", "00:00", "", ""))
    save(owner, "person", person_number="(415) 555-0142", person_always="no", **hours)
    line.refresh_from_db()
    assert line.person_number == "+14155550142"
    assert line.person_hours == {"0": [["09:00", "12:00"], ["13:00", "17:00"]], "5": [["22:00", "24:00"]]}


@pytest.mark.parametrize(
    ("hours", "sentence"),
    [
        (week(day0=("09:00", "", "", "")), "Each day needs two times"),
        (week(day0=("09:00", "09:00", "", "")), "cannot begin and end at the same time"),
        (week(), "Give at least one day its hours"),
    ],
)
def test_hours_that_cannot_be_are_refused(
    line: Line, owner: Client, hours: dict[str, list[str]], sentence: str
) -> None:
    assert sentence in save(owner, "person", person_number="+14155550142", person_always="no", **hours)


def test_hours_are_read_by_days_in_a_row() -> None:
    day = [["09:00", "17:00"]]
    assert hours_told({"0": day, "1": day, "2": day, "5": [["10:00", "13:00"]]}) == (
        "Mon–Wed 09:00–17:00, Sat 10:00–13:00"
    )
    assert hours_told({}) == "Always"


def test_names_and_languages_are_set(line: Line, owner: Client) -> None:
    save(owner, "names", name="Harbor Garage", order_noun="invoice", shop_phone="")
    save(owner, "languages", first_language="es-MX", second_language="en-US")
    save(owner, "voices", voice_locale=["es-MX", "en-US"], voice=["Polly.Mia-Neural", ""])
    line.refresh_from_db()
    assert (line.merchant.name, line.order_noun, line.locales) == ("Harbor Garage", "invoice", ["es-MX", "en-US"])
    assert line.voices == {"es-MX": "Polly.Mia-Neural"}


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.AUDITOR])
def test_others_look_at_all_of_it_and_change_nothing(line: Line, role: Role) -> None:
    client = signed_in(person(role))
    page = client.get("/settings/amounts").content.decode()
    assert "You can look, not change." in page and "$500.00" in page and '<form class="form"' not in page
    assert client.post("/settings/amounts", {"section": "amounts"}).status_code == 403


def test_the_beginning_of_order_numbers_has_its_own_verb(line: Line, owner: Client) -> None:
    page = save(owner, "numbers", order_prefix="BILL-", was_order_prefix='"INV-"')
    line.merchant.refresh_from_db()
    assert line.merchant.order_prefix == "BILL-" and "Saved." in page


def test_a_beginning_that_makes_two_orders_alike_is_refused(line: Line, owner: Client) -> None:
    for number in ("X-1042", "1042"):
        add_order(merchant=line.merchant, number=number, amount=100, currency="usd", by=OLIVIA, now=NOON)
    assert "would be keyed alike" in save(owner, "numbers", order_prefix="X-", was_order_prefix='"INV-"')
