"""The demo's month: a few of its days, made whole, and held against the stand-in that they were paid at."""

from collections.abc import Iterator
from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone
from pytest_django import Settings

from phonepay.calls.models import Call
from phonepay.cli.demo_month import Account, Month
from phonepay.events.actors import SYSTEM
from phonepay.merchant.models import Merchant
from phonepay.payments import books
from phonepay.payments.models import LedgerEntry, Payment, Refund
from phonepay.payments.reconciliation import runs
from phonepay.people.models import User
from phonepay.standins.stripe import StripeStandIn

DAYS = 7


@pytest.fixture
def bank() -> Iterator[StripeStandIn]:
    with StripeStandIn() as standin:
        yield standin


@pytest.fixture
def month(bank: StripeStandIn, settings: Settings, transactional_db: None) -> list[Account]:
    key = f"sk_test_{uuid4().hex}"
    settings.PHONEPAY_STRIPE_SECRET_KEY, settings.PHONEPAY_STRIPE_API_BASE = key, bank.url
    return Month(bank, key, "+12025550199", days=DAYS).make(lambda far: None)


def test_a_month_is_whole(month: list[Account], bank: StripeStandIn, settings: Settings) -> None:
    now = timezone.now()
    calls = Call.objects.all()
    assert len({call.started_at.date() for call in calls}) >= DAYS - 1
    assert {"paid", "hung_up"} <= set(calls.values_list("ended", flat=True))
    assert not calls.filter(ended_at=None).exists()
    assert not Payment.objects.filter(status__in=[*Payment.UNDER_WAY, Payment.Status.AGREED]).exists()
    assert all(now - timedelta(days=DAYS + 1) < entry.at <= now for entry in LedgerEntry.objects.all())
    assert Refund.objects.exists()
    charges = bank.account(settings.PHONEPAY_STRIPE_SECRET_KEY).charges
    taken = sum(each["amount_captured"] for each in charges if each["status"] == "succeeded")
    booked = LedgerEntry.objects.filter(kind__in=["sale", "overage"])
    assert sum(booked.values_list("amount", flat=True)) == taken > 0

    run = runs.ask(merchant=Merchant.objects.get(), by=SYSTEM, now=now, since=now - timedelta(days=DAYS + 2))
    runs.finish_now(run, clock=timezone.now, tell=lambda _: None)
    assert books.agree_until(Merchant.objects.get(), False) is not None

    for account in month:
        assert User.objects.get(email=account.email).check_password(account.password)
