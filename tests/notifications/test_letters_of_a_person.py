"""What was written to a customer is told with the rest of what is kept of them, erased with it, forgotten with it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import Settings

from phonepay.calls.personal import Kept, kept_of, readable
from phonepay.notifications import hearing, retention
from phonepay.notifications.models import Delivery
from phonepay.notifications.personal import erase, export
from phonepay.payments.models import Payment
from phonepay.people.permissions import NotAllowed
from tests.notifications.cast import CUSTOMER, listen, order_of, owed, work
from tests.notifications.mail_server import MailServer
from tests.shop import AISHA, MARY, OLIVIA, Till
from tests.web.cast import person, signed_in


@pytest.fixture
def paid(till: Till, server: MailServer) -> Payment:
    """She paid and has her receipt."""
    listen()
    payment = till.pay(order_of(till))
    work()
    return payment


def kept(till: Till) -> Kept:
    return kept_of(merchant=till.shop, phone=MARY)


def test_what_was_sent_to_whom_is_told(till: Till, paid: Payment) -> None:
    told = export(kept=kept(till), by=OLIVIA, now=timezone.now())
    (letter,) = told["letters"]
    assert (letter["kind"], letter["to"], letter["state"]) == ("receipt", CUSTOMER, "sent") and letter["sent_at"]
    assert CUSTOMER in readable(told) and "Letter" in readable(told)


def test_the_payments_history_says_that_the_receipt_was_sent(till: Till, paid: Payment) -> None:
    page = signed_in(person()).get(f"/payments/{paid.pk}").content.decode()
    assert f"Receipt sent to {CUSTOMER}" in page
    assert (
        f"Receipt sent to {CUSTOMER}" in signed_in(person("operator")).get(f"/orders/{paid.order_id}").content.decode()
    )


def test_erased_with_the_rest(till: Till, paid: Payment) -> None:
    erase(merchant=till.shop, kept=kept(till), by=OLIVIA, now=timezone.now())
    assert CUSTOMER not in str(list(Delivery.objects.values()))
    assert Delivery.objects.get().state == "sent"


def test_what_waits_is_not_sent_to_who_was_erased(till: Till, server: MailServer) -> None:
    listen()
    till.pay(order_of(till))
    hearing.run_due(timezone.now())
    erase(merchant=till.shop, kept=kept(till), by=OLIVIA, now=timezone.now())
    work()
    assert not server.letters and Delivery.objects.get().state == "dropped"


def test_an_auditor_neither_tells_nor_erases(till: Till, paid: Payment) -> None:
    with pytest.raises(NotAllowed):
        export(kept=kept(till), by=AISHA, now=timezone.now())
    with pytest.raises(NotAllowed):
        erase(merchant=till.shop, kept=kept(till), by=AISHA, now=timezone.now())
    assert Delivery.objects.get().to == CUSTOMER


def test_the_page_tells_and_erases_letters_too(till: Till, paid: Payment) -> None:
    owner = signed_in(person())
    file = owner.get("/settings/personal-data/export", {"who": MARY}).json()
    assert file["letters"][0]["to"] == CUSTOMER
    owner.post("/settings/personal-data/erase", {"who": MARY})
    assert Delivery.objects.get().to == ""


@pytest.mark.django_db
def test_addresses_are_forgotten_when_the_words_of_calls_are(settings: Settings) -> None:
    settings.PHONEPAY_KEEP_CALLS = 90
    for days in (89, 91):
        made = timezone.now() - timedelta(days=days)
        owed(made, due_at=None, state="sent", kind="payment", to=f"{days}@customer.example", order=None)
    Delivery.objects.update(kind="payment")
    retention.run_due(timezone.now())
    assert "91@customer.example" not in Delivery.objects.values_list("to", flat=True)


@pytest.mark.django_db
def test_letters_to_staff_are_gone_after_a_month() -> None:
    for days in (29, 31):
        owed(timezone.now() - timedelta(days=days), due_at=None, state="sent", to=f"{days}@shop.example")
    retention.run_due(timezone.now())
    assert list(Delivery.objects.values_list("to", flat=True)) == ["29@shop.example"]
