"""What was recorded becomes letters: once each, to whom it concerns, in their language."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone
from pytest_django import Settings

from phonepay.calls.models import Call
from phonepay.events import types
from phonepay.events.actors import SYSTEM
from phonepay.events.models import record
from phonepay.merchant.models import Merchant
from phonepay.notifications import hearing
from phonepay.notifications.models import Delivery, Heard, Listening
from phonepay.orders.models import Order
from phonepay.payments.hold import Hold
from phonepay.payments.models import Payment
from phonepay.payments.overage import charge_overage
from phonepay.people.invitations import find_by_token, invite, withdraw
from tests.notifications.cast import CUSTOMER, html, listen, order_of, text, work
from tests.notifications.mail_server import MailServer
from tests.shop import CAP, DECLINED, OLIVIA, Till, consent, fresh, sweep, together
from tests.web.cast import call_of, person


def heard(till: Till, payment: Payment, **facts: Any) -> None:
    Call.objects.filter(pk=call_of(till, payment).pk).update(**facts)


def letters(server: MailServer) -> list[str]:
    work()
    return [text(letter) for letter in server.letters]


def test_who_paid_gets_a_receipt(till: Till, server: MailServer) -> None:
    listen()
    payment = till.pay(order_of(till))
    (receipt,) = letters(server)
    assert server.letters[0]["To"] == CUSTOMER
    assert "$42.50" in receipt and "Order: 1234" in receipt and "Visa ·4242" in receipt
    assert f"{payment.confirmation[:3]} {payment.confirmation[3:]}" in receipt
    assert "$42.50" in html(server.letters[0])
    assert "Test: no real money moved." in html(server.letters[0])


def test_whoever_left_no_address_gets_none(till: Till, server: MailServer) -> None:
    listen()
    till.pay(till.order())
    assert letters(server) == []


def test_an_event_is_told_once_however_often_it_is_looked_at(till: Till, server: MailServer) -> None:
    listen()
    till.pay(order_of(till))
    work()
    work()
    Heard.objects.all().delete()
    work()
    assert len(server.letters) == 1


@pytest.mark.database
@pytest.mark.django_db(transaction=True)
def test_several_workers_listen_to_each_event_once(server: MailServer) -> None:
    listen()
    invitations = [
        invite(email=f"p{number}@shop.example", role="operator", by=OLIVIA, now=timezone.now(), invited_by=None)
        for number in range(5)
    ]
    done = together(*[lambda: hearing.run_due(timezone.now())] * 3)
    assert sum(done) == len(invitations) == Delivery.objects.count() == Heard.objects.count()


def test_what_happened_before_the_first_look_is_told_to_nobody(till: Till, server: MailServer) -> None:
    till.pay(order_of(till))
    listen()
    assert letters(server) == []


@pytest.mark.django_db
def test_what_is_written_with_an_old_time_is_told_to_nobody(server: MailServer) -> None:
    listen()
    record(types.PERSON_INVITED, subject=("invitation", uuid4()), by=SYSTEM, now=timezone.now() - timedelta(days=3))
    assert hearing.run_due(timezone.now()) == 0


@pytest.mark.django_db
def test_a_fault_of_ours_about_one_event_keeps_no_other(server: MailServer) -> None:
    listen()
    record(types.PERSON_INVITED, subject=("invitation", "no key at all"), by=SYSTEM, now=timezone.now())
    invite(email="new@shop.example", role="operator", by=OLIVIA, now=timezone.now(), invited_by=None)
    assert len(letters(server)) == 1
    assert hearing.run_due(timezone.now()) == 0


@pytest.mark.django_db
def test_what_was_committed_late_is_told_all_the_same() -> None:
    listen()
    now = timezone.now()
    Listening.objects.update(since=now)
    record(types.PERSON_INVITED, subject=("invitation", uuid4()), by=SYSTEM, now=now - timedelta(seconds=40))
    assert hearing.run_due(now) == 1


@pytest.mark.django_db
def test_what_was_heard_is_forgotten_when_it_cannot_come_again() -> None:
    listen()
    now = timezone.now()
    record(types.PERSON_INVITED, subject=("invitation", uuid4()), by=SYSTEM, now=now)
    hearing.run_due(now)
    hearing.run_due(now + timedelta(hours=1))
    assert not Heard.objects.exists()
    assert hearing.run_due(now + timedelta(hours=1)) == 0


def test_what_happens_while_e_mail_is_off_is_not_told_later(till: Till, settings: Settings) -> None:
    listen()
    till.pay(order_of(till))
    work()
    with MailServer() as server:
        settings.PHONEPAY_EMAIL_URL, settings.PHONEPAY_EMAIL_FROM = server.url, "pay@shop.example"
        assert letters(server) == []


def test_a_refund_is_told(till: Till, server: MailServer) -> None:
    order = order_of(till)
    till.pay(order)
    listen()
    till.refund(order, amount=1250)
    sweep()
    (told,) = letters(server)
    assert "$12.50" in told and "Of: $42.50" in told and "5 to 10 days" in told


def extra(till: Till, **facts: Any) -> Payment:
    order = order_of(till)
    till.pay(order, consent=consent(CAP))
    listen()
    order.refresh_from_db()
    wish = {"amount": 1000, "what_for": "Broken cup", "key": "once"} | facts
    return charge_overage(order=order, by=OLIVIA, now=timezone.now(), **wish)


def test_an_extra_charge_is_told_with_what_it_is_for(till: Till, server: MailServer) -> None:
    extra(till, amount=1800)
    (told,) = letters(server)
    assert "$18.00" in told and "For: Broken cup" in told and "You allowed later charges" in told


def test_an_extra_charge_is_not_told_where_the_shop_tells_it_itself(till: Till, server: MailServer) -> None:
    extra(till, tell=False)
    assert letters(server) == []


def test_a_receipt_says_what_later_charges_were_allowed(till: Till, server: MailServer) -> None:
    listen()
    till.pay(order_of(till), consent=consent(CAP))
    assert "may charge this card up to $100.00 more until" in " ".join(letters(server)[0].split())


def test_a_receipt_speaks_the_language_of_the_call(till: Till, server: MailServer) -> None:
    listen()
    payment = till.pay(order_of(till))
    heard(till, payment, state={"locale": "es-US"})
    work()
    assert server.letters[0]["Content-Language"] == "es"
    assert Delivery.objects.get().language == "es"


def checked(till: Till, outcome: str = "") -> Payment:
    """A caller who heard "being checked", and whose charge then ended."""
    order = order_of(till)
    payment = till.agree(order)
    heard(till, payment, told="checking")
    if outcome == DECLINED:
        till.charge(payment, DECLINED)
    else:
        till.charge(payment)
    return fresh(payment)


def test_who_heard_being_checked_is_told_that_nothing_was_charged(till: Till, server: MailServer) -> None:
    listen()
    checked(till, DECLINED)
    (told,) = letters(server)
    assert "You were not charged" in told
    assert Call.objects.get().end_told_at is not None


def test_a_receipt_is_the_end_for_who_heard_being_checked(till: Till, server: MailServer) -> None:
    listen()
    checked(till)
    assert len(letters(server)) == 1
    assert Call.objects.get().end_told_at is not None


def test_a_declined_card_alone_is_no_letter(till: Till, server: MailServer) -> None:
    listen()
    payment = till.agree(order_of(till))
    heard(till, payment, told="not_charged")
    till.charge(payment, DECLINED)
    assert letters(server) == []


@pytest.fixture
def shop(db: None) -> Merchant:
    listen()
    return Merchant.objects.create(name="Corner Books")


def link_in(letter: str) -> str:
    (line,) = [line for line in letter.splitlines() if line.startswith("https://pay.example/")]
    return line


def test_who_is_invited_gets_the_link(shop: Merchant, server: MailServer) -> None:
    made = invite(email="new@shop.example", role="operator", by=OLIVIA, now=timezone.now(), invited_by=person())
    (letter,) = letters(server)
    assert server.letters[0]["To"] == "new@shop.example" and "Corner Books" in server.letters[0]["Subject"]
    token = link_in(letter).rpartition("/")[2]
    assert find_by_token(token, now=timezone.now()) == made


def test_an_invitation_that_was_withdrawn_is_not_sent(shop: Merchant, server: MailServer) -> None:
    made = invite(email="new@shop.example", role="operator", by=OLIVIA, now=timezone.now(), invited_by=None)
    hearing.run_due(timezone.now())
    withdraw(invitation=made, by=OLIVIA, now=timezone.now())
    assert letters(server) == []
    assert Delivery.objects.get().state == "dropped"


def test_a_link_that_an_owner_makes_goes_to_its_person(shop: Merchant, server: MailServer) -> None:
    user = person(email="ben@shop.example", role="operator", language="es")
    record(types.PERSON_PASSWORD_LINK, subject=("person", user.pk), by=OLIVIA, now=timezone.now())
    (letter,) = letters(server)
    assert server.letters[0]["To"] == "ben@shop.example" and server.letters[0]["Content-Language"] == "es"
    assert "/password/new/" in link_in(letter)


def test_a_link_that_waited_too_long_is_not_sent(shop: Merchant, server: MailServer) -> None:
    record(types.PERSON_PASSWORD_LINK, subject=("person", person().pk), by=OLIVIA, now=timezone.now())
    hearing.run_due(timezone.now())
    work(hours=1)
    assert not server.letters and Delivery.objects.get().state == "dropped"


def test_no_row_keeps_a_link_that_opens_something(shop: Merchant, server: MailServer) -> None:
    invite(email="new@shop.example", role="operator", by=OLIVIA, now=timezone.now(), invited_by=None)
    record(types.PERSON_PASSWORD_LINK, subject=("person", person().pk), by=OLIVIA, now=timezone.now())
    tokens = [link_in(letter).rpartition("/")[2] for letter in letters(server)]
    kept = str(list(Delivery.objects.values())) + str(list(Heard.objects.values()))
    assert len(tokens) == 2 and not any(token in kept for token in tokens)


def test_a_letter_to_a_name_that_would_forge_headers_is_one_letter(till: Till, server: MailServer) -> None:
    Merchant.objects.update(name="Corner\nBcc: everybody@example.com")
    listen()
    till.pay(order_of(till))
    work()
    (letter,) = server.letters
    assert letter["Bcc"] is None and "Bcc:" in letter["Subject"]


def restored(ago: float = 0) -> None:
    at = timezone.now() - timedelta(minutes=ago)
    Hold.objects.create(active=None, why="restore", missing_since=at - timedelta(hours=3), put_at=at)


def test_what_was_owed_in_a_restored_backup_is_not_sent_again(till: Till, server: MailServer) -> None:
    listen()
    till.pay(order_of(till))
    hearing.run_due(timezone.now())
    restored()
    assert letters(server) == [] and Delivery.objects.get().state == "dropped"


def test_what_began_before_a_restore_is_not_told_when_it_is_found_again(till: Till, server: MailServer) -> None:
    listen()
    payment = till.agree(order_of(till))
    restored()
    till.charge(payment)
    assert letters(server) == []


def test_what_begins_after_a_restore_is_told(till: Till, server: MailServer) -> None:
    listen()
    restored(ago=1)
    till.pay(order_of(till))
    assert len(letters(server)) == 1


def test_money_moves_while_nobody_listens(till: Till) -> None:
    assert till.pay(order_of(till)).status == "succeeded"
    assert not Delivery.objects.exists() and Order.objects.get().status == "paid"
