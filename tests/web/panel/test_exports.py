"""Exports hold just what the list shows, safely, and say who took it."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.utils import timezone
from python_calamine import CalamineWorkbook

from phonepay.events import types
from phonepay.events.actors import Actor
from phonepay.events.models import Event
from phonepay.merchant.models import Merchant
from phonepay.orders.loading.operations import start_load
from phonepay.orders.models import Order
from phonepay.people.models import Role
from tests.shop import Till
from tests.web.cast import Day, a_day, person, signed_in


@pytest.fixture
def day(till: Till) -> Day:
    return a_day(till)


def taken(address: str, **facts: str) -> Any:
    response = signed_in(person(**facts)).get(address)
    assert response.status_code == 200
    return response


def rows_of(response: Any) -> list[list[str]]:
    text = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_all_rows_of_the_list_are_in_it(day: Day) -> None:
    assert len(rows_of(taken("/payments/export?format=csv"))) == 1 + 9


def test_only_what_is_filtered_is_in_it(day: Day) -> None:
    rows = rows_of(taken("/payments/export?format=csv&kind=refund"))
    assert [(row[6], row[8], row[9]) for row in rows[1:]] == [("Refund", "-12.50", "USD"), ("Refund", "-56.25", "USD")]


def test_a_workbook_has_the_same_rows_typed(day: Day) -> None:
    data = b"".join(taken("/payments/export?format=xlsx&kind=refund").streaming_content)
    rows = CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()
    assert [row[8] for row in rows[1:]] == [-12.5, -56.25]


def test_times_are_on_the_shops_clock_with_their_offset(day: Day) -> None:
    Merchant.objects.update(time_zone="Asia/Kolkata")
    row = rows_of(taken("/payments/export?format=csv"))[1]
    assert row[1] == "UTC+05:30" and row[0].startswith(f"{timezone.now():%Y}")


def test_the_header_is_in_the_readers_language(day: Day) -> None:
    header = rows_of(taken("/payments/export?format=csv", language="es"))[0]
    assert "Estado" in header


def test_phones_and_names_are_no_formulas(day: Day) -> None:
    Order.objects.filter(pk=day.order.pk).update(customer_name='=HYPERLINK("http://evil")')
    rows = rows_of(taken("/payments/export?format=csv"))
    cells = [cell for row in rows[1:] for place, cell in enumerate(row) if place not in (1, 8)]
    assert any("HYPERLINK" in cell for cell in cells)
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_the_file_is_called_after_what_and_when(day: Day) -> None:
    name = taken("/payments/export?format=csv&status=declined").headers["Content-Disposition"]
    assert name.startswith(f'attachment; filename="payments-declined-{timezone.now():%Y}') and name.endswith('.csv"')


def test_who_took_what_is_an_event(day: Day) -> None:
    rows_of(taken("/payments/export?format=csv&kind=refund", role=Role.AUDITOR))
    event = Event.objects.get(type=types.EXPORTED)
    assert event.subject_id == "payments" and event.actor_name == "Aisha Auditor"
    assert event.data == {"format": "csv", "query": "kind=refund", "rows": 2, "whole": True}


def test_an_export_that_was_broken_off_is_an_event_too(day: Day) -> None:
    response = taken("/payments/export?format=csv")
    stream = iter(response.streaming_content)
    next(stream), next(stream)
    response.close()
    assert Event.objects.get(type=types.EXPORTED).data["whole"] is False


def test_a_list_offers_its_export_with_the_filters_kept(day: Day) -> None:
    page = taken("/payments?kind=refund").content.decode()
    assert "Export these 2" in page and 'href="/payments/export?kind=refund&amp;format=xlsx"' in page


def test_chunks_follow_each_other_without_a_gap(day: Day, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = rows_of(taken("/payments/export"))
    monkeypatch.setattr("phonepay.web.panel.payments.exported.CHUNK", 2)
    assert rows_of(taken("/payments/export", email="another@example.com")) == whole


def test_calls_are_exported_with_what_happened(day: Day) -> None:
    rows = rows_of(taken("/calls/export?format=csv"))
    paid = [row for row in rows[1:] if row[8]]
    assert len(rows) == 1 + 7 and ("42.50", "USD", "1042") in [(row[8], row[9], row[7]) for row in paid]
    assert {row[6] for row in rows[1:]} == {"102"}


def test_only_the_calls_that_are_filtered_are_exported(day: Day) -> None:
    address = "/calls?what=hung_up"
    count = taken(address).context["count"]
    rows = rows_of(taken(address.replace("calls", "calls/export"), email="another@example.com"))
    assert len(rows) == 1 + count


def test_orders_are_exported_as_they_are_filtered(day: Day) -> None:
    rows = rows_of(taken("/orders/export?format=csv&status=unpaid"))
    assert [(row[0], row[1], row[5], row[6]) for row in rows[1:]] == [("1046", "Emeka Umeh", "97.50", "USD")]


def test_an_export_of_orders_can_be_loaded_again(day: Day) -> None:
    data = b"".join(taken("/orders/export?format=xlsx").streaming_content)
    by = Actor("command", "olga", "olga")
    load = start_load(
        merchant=Merchant.objects.get(), file_name="x", data=data, currency="usd", by=by, now=timezone.now()
    )
    assert load.columns == {
        "number": 0,
        "customer_name": 1,
        "customer_phone": 2,
        "customer_email": 3,
        "amount": 5,
        "note": 7,
        "customer_postal": 14,
    }


def test_activity_is_exported_as_sentences(day: Day) -> None:
    rows = rows_of(taken("/settings/activity/export?format=csv&kind=orders"))
    assert "Added order 1042, $42.50" in [row[3] for row in rows[1:]]
    assert not [row for row in rows[1:] if "refund" in row[3]]
