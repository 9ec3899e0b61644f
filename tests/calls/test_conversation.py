"""One call as its page tells it: what was said, in figures, what was keyed, and what came of it."""

from __future__ import annotations

import pytest
from django.test import Client

from phonepay.calls.models import Call
from tests.journeys.phone import SILENCE, Act, Phone
from tests.journeys.shop import NO_FUNDS, VISA, Shop
from tests.web.cast import person, signed_in


@pytest.fixture
def owner(shop: Shop) -> Client:
    return signed_in(person())


def entries(owner: Client, call: Call) -> list[tuple[str, str]]:
    """What the page shows: who, and what."""
    return [(each.kind, each.text) for each in owner.get(f"/calls/{call.pk}").context["entries"]]


def tell(phone: Phone, *acts: Act) -> None:
    caller = phone.dial()
    for act in acts:
        caller.does(act)
    caller.hang_up(after=3)


def test_a_paid_call_reads_as_it_was_talked_with_amounts_and_numbers_in_figures(
    phone: Phone, shop: Shop, owner: Client
) -> None:
    shop.line("fixed-with-order")
    shop.order("INV-1042")
    tell(phone, "4681042#", "1", VISA)
    told = entries(owner, shop.call)
    assert told[1:4] == [
        ("keys", "4681042"),
        ("voice", "Order INV-1042: $42.50. To pay, press 1. To enter another number, press 2."),
        ("keys", "1"),
    ]
    assert told[-2][1].startswith(
        f"Thank you. You have paid $42.50. Your confirmation number is {shop.payment.confirmation}."
    )
    assert ("keys", "Visa ·4242") in told and told[-1] == ("note", "The call ended")


def test_spanish_is_told_in_its_own_figures(phone: Phone, shop: Shop, owner: Client) -> None:
    shop.line("fixed", locales=["es-ES"], currency="eur")
    tell(phone, "1")
    page = owner.get(f"/calls/{shop.call.pk}").content.decode()
    assert "42,50\xa0€" in page and 'lang="es-ES"' in page


def test_an_amount_that_was_keyed_is_shown_as_it_was_heard(phone: Phone, shop: Shop, owner: Client) -> None:
    shop.line("caller")
    tell(phone, "17*25#", "2", "18#")
    told = entries(owner, shop.call)
    assert ("keys", "17*25") in told
    assert any("$17.25" in text for kind, text in told if kind == "voice")
    assert any("$18.00" in text for kind, text in told if kind == "voice")


def test_a_card_number_keyed_too_soon_is_shown_as_so_many_dots(phone: Phone, shop: Shop, owner: Client) -> None:
    shop.line("caller")
    tell(phone, "4242424242424242#")
    assert ("keys", "•" * 16) in entries(owner, shop.call)


def test_each_card_says_what_became_of_it(phone: Phone, shop: Shop, owner: Client) -> None:
    shop.line("fixed")
    tell(phone, "1", NO_FUNDS, "1", VISA)
    told = [text for kind, text in entries(owner, shop.call) if kind == "keys"]
    assert told == ["1", "Visa ·9995: declined", "1", "Visa ·4242"]


def notes(owner: Client, call: Call) -> list[str]:
    return [text for kind, text in entries(owner, call) if kind == "note"]


def test_silence_is_told(phone: Phone, shop: Shop, owner: Client) -> None:
    shop.line("fixed-with-order")
    tell(phone, SILENCE)
    assert notes(owner, shop.call)[0].startswith("Nothing was keyed for")


def test_a_person_who_does_not_answer_is_told(phone: Phone, shop: Shop, owner: Client) -> None:
    shop.line("fixed")
    tell(phone, "0", SILENCE)
    assert notes(owner, shop.call)[:2] == ["Rings 555-0111", "Nobody answered"]


def test_the_payment_is_on_top_with_its_link(phone: Phone, shop: Shop, owner: Client) -> None:
    shop.line("fixed")
    tell(phone, "1", VISA)
    page = owner.get(f"/calls/{shop.call.pk}").content.decode()
    assert f'href="/payments/{shop.payment.pk}"' in page and "$42.50" in page and "every 2s" not in page


def test_while_the_caller_is_on_the_line_the_page_asks_again(phone: Phone, shop: Shop, owner: Client) -> None:
    shop.line("fixed")
    caller = phone.dial()
    page = owner.get(f"/calls/{shop.call.pk}").content.decode()
    assert "every 2s" in page and "On the line: the confirmation" in page
    part = owner.get(f"/calls/{shop.call.pk}", headers={"HX-Request": "true"}).content.decode()
    assert part.lstrip().startswith("<article") and "every 2s" in part
    caller.hang_up(after=3)
    part = owner.get(f"/calls/{shop.call.pk}", headers={"HX-Request": "true"}).content.decode()
    assert "every 2s" not in part and "Hung up at the confirmation" in part


def test_a_call_whose_turns_are_kept_no_longer_says_so(phone: Phone, shop: Shop, owner: Client) -> None:
    shop.line("fixed")
    tell(phone, "1")
    Call.objects.update(turns=[])
    assert "is not kept any more" in owner.get(f"/calls/{shop.call.pk}").content.decode()
