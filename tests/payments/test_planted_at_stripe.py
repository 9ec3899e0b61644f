"""A card number that stands in Stripe's own words or in metadata, where somebody wrote it, comes to no row of ours."""

from __future__ import annotations

import pytest

from phonepay.payments.gateway import Refused
from phonepay.payments.models import Payment
from tests.payments.books import check_books
from tests.shop import Till
from tests.web.planting import PLANTED, SPELLINGS, kept_bytes, traces

pytestmark = pytest.mark.database


@pytest.mark.parametrize("text", SPELLINGS.values(), ids=list(SPELLINGS))
def test_in_the_words_of_a_refusal(text: str) -> None:
    refused = Refused(f"Invalid card {text}: see your dashboard", status=400)
    assert traces(str(refused).encode()) == [] and "see your dashboard" in str(refused)


@pytest.mark.parametrize("name", ["order", "call", "confirmation", "line", "request", "attempt", "kind", "parent"])
def test_in_the_metadata_of_a_lost_payment(till: Till, name: str) -> None:
    facts = till.intent(till.pay(till.order()))["metadata"]
    till.account.pay_elsewhere(
        4250, metadata=facts | {"payment": "00000000-0000-4000-8000-000000000007", name: PLANTED}
    )
    check_books(till)
    assert Payment.objects.count() == 2
    assert traces(kept_bytes()) == []
