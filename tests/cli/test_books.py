"""`phonepay books`: up to when the books agree, what does not, and an exit code for monitoring."""

import json
from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from phonepay.payments.models import LedgerEntry
from tests.cli.conftest import Command
from tests.shop import Till


@pytest.fixture
def paid(till: Till) -> Till:
    till.pay(till.order())
    return till


def test_before_the_first_comparison_nothing_is_known(paid: Till, phonepay: Command) -> None:
    told = phonepay("books")
    assert (told.code, "have not been compared" in told.out) == (3, True)


def test_it_compares_now_and_says_how_far_it_is(paid: Till, phonepay: Command) -> None:
    told = phonepay("books", "--now")
    assert told.code == 0
    assert "Looking at refunds" in told.out
    assert told.out.splitlines()[-1].startswith("The books agree with Stripe up to Today")


def test_what_does_not_agree_is_listed_with_what_to_do(paid: Till, phonepay: Command) -> None:
    LedgerEntry._base_manager.update(amount=4000)
    told = phonepay("books", "--now")
    assert told.code == 1
    assert "The books say that $40.00 was charged, and Stripe says $42.50." in told.out
    assert "Look the payment up at Stripe" in told.out and "One thing does not agree" in told.out


def test_a_comparison_of_long_ago_is_no_comparison(paid: Till, phonepay: Command) -> None:
    phonepay("books", "--now")
    with time_machine.travel(timezone.now() + timedelta(hours=4)):
        told = phonepay("books")
    assert (told.code, "is the worker running" in told.out) == (3, True)


def test_programs_read_it_too(paid: Till, phonepay: Command) -> None:
    LedgerEntry._base_manager.update(amount=4000)
    read = json.loads(phonepay("books", "--now", "--json").out)
    assert (read["agree"], read["differing"][0]["ours"], read["differing"][0]["theirs"]) == (False, 4000, 4250)


def test_what_stripe_refuses_is_said(paid: Till, phonepay: Command) -> None:
    paid.faults.fail("GET", "/v1/balance_transactions", status=403)
    told = phonepay("books", "--now")
    assert (told.code, "Stripe could not be asked" in told.err) == (1, True)


@pytest.mark.parametrize("since", ["30d", "2026-11-01", "2026-11-01T10:00+00:00"])
def test_it_can_begin_earlier(paid: Till, phonepay: Command, since: str) -> None:
    assert phonepay("books", "--now", "--since", since).code == 0


@pytest.mark.parametrize("words", [("--since", "30d"), ("--now", "--since", "soon")])
def test_what_is_written_wrong_is_refused(paid: Till, phonepay: Command, words: tuple[str, ...]) -> None:
    assert phonepay("books", *words).code == 2
