"""A customer's data on the page: found, told as a file, erased after a question; for owners."""

from __future__ import annotations

import pytest

from phonepay.calls.models import Erasure
from phonepay.events.models import Event
from phonepay.payments.models import Payment
from phonepay.people.models import Role
from tests.shop import MARY, Till, consent, fresh
from tests.web.cast import person, signed_in


@pytest.fixture
def mary(till: Till) -> Payment:
    return till.pay(till.order(), consent=consent())


def test_an_owner_finds_it_by_the_phone_or_the_order(mary: Payment) -> None:
    owner = signed_in(person())
    for who in ("+1 202-555-0101", "1234"):
        text = owner.get("/settings/personal-data", {"who": who}).content.decode()
        assert "1 payment" in text and "Erase" in text


def test_of_a_stranger_nothing_is_kept(mary: Payment) -> None:
    text = signed_in(person()).get("/settings/personal-data", {"who": "+12025550777"}).content.decode()
    assert "Nothing is kept of this person." in text


@pytest.mark.parametrize(("kind", "holds"), [("text", "$42.50"), ("json", '"amount": 4250')])
def test_it_is_downloaded(mary: Payment, kind: str, holds: str) -> None:
    response = signed_in(person()).get("/settings/personal-data/export", {"who": MARY, "format": kind})
    assert holds in response.content.decode() and MARY in response.content.decode()
    assert response["Content-Disposition"].startswith("attachment") and "no-store" in response["Cache-Control"]
    assert Event.objects.filter(type="customer.exported").count() == 1


def test_it_is_erased_after_one_question(mary: Payment) -> None:
    owner = signed_in(person())
    asked = owner.get("/settings/personal-data", {"who": MARY, "erase": "1"}).content.decode()
    assert "This cannot be undone." in asked
    response = owner.post("/settings/personal-data/erase", {"who": MARY}, follow=True)
    assert "Erased: names" in response.content.decode()
    assert fresh(mary).phone == "" and Erasure.objects.count() == 1


def test_while_a_payment_is_under_way_nothing_is_erased(till: Till) -> None:
    payment = till.agree(till.order())
    text = signed_in(person()).post("/settings/personal-data/erase", {"who": MARY}).content.decode()
    assert "under way. Nothing was erased" in text
    assert fresh(payment).phone == MARY


@pytest.mark.parametrize("role", [Role.OPERATOR, Role.AUDITOR])
@pytest.mark.parametrize("path", ["", "/export", "/erase"])
def test_nobody_but_owners(mary: Payment, role: str, path: str) -> None:
    client = signed_in(person(role))
    ask = client.post if path == "/erase" else client.get
    assert ask(f"/settings/personal-data{path}", {"who": MARY}).status_code == 403
    assert fresh(mary).phone == MARY
