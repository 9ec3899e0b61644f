"""Events: recorded with the change that they tell of, and never changed."""

import pytest
from django.db import transaction
from django.utils import timezone

from phonepay.events import types
from phonepay.events.actors import STRIPE, SYSTEM, Actor, caller, command, from_panel
from phonepay.events.append_only import NeverChanged
from phonepay.events.models import Event, record

pytestmark = pytest.mark.django_db


def recorded(by: Actor = SYSTEM) -> Event:
    event = record(types.ORDER_ADDED, subject=("order", 7), by=by, now=timezone.now(), amount=4250, currency="usd")
    event.refresh_from_db()
    return event


def test_an_event_names_its_subject_and_its_facts() -> None:
    event = recorded()
    assert (event.type, event.subject_kind, event.subject_id) == ("order.added", "order", "7")
    assert event.data == {"amount": 4250, "currency": "usd"}


@pytest.mark.parametrize(
    ("actor", "kind", "identity", "name"),
    [
        (caller("+12025550101", "CA7"), "caller", "CA7", "caller"),
        (caller(""), "caller", "", "hidden caller"),
        (command("root"), "command", "root", "root"),
        (STRIPE, "stripe", "", "Stripe"),
        (Actor("person", "1" * 80, "N" * 300), "person", "1" * 64, "N" * 200),
    ],
)
def test_an_event_names_its_actor(actor: Actor, kind: str, identity: str, name: str) -> None:
    event = recorded(actor)
    assert (event.actor_kind, event.actor_id, event.actor_name) == (kind, identity, name)


@pytest.mark.parametrize(
    ("actor", "source"),
    [
        (caller("+12025550101", "CA7"), "call:CA7"),
        (caller(""), "call"),
        (command("root"), "terminal"),
        (STRIPE, "stripe"),
        (SYSTEM, "worker"),
        (Actor("person", "1", "Olivia", from_panel("203.0.113.5")), "panel:203.0.113.5"),
        (Actor("person", "1", "Olivia"), ""),
    ],
)
def test_an_event_says_from_where(actor: Actor, source: str) -> None:
    assert recorded(actor).source == source


def test_it_is_gone_with_the_change_that_did_not_happen() -> None:
    def change() -> None:
        with transaction.atomic():
            recorded()
            raise ValueError("the change failed")

    with pytest.raises(ValueError):
        change()
    assert not Event.objects.exists()


def test_it_is_never_changed() -> None:
    event = recorded()
    event.type = "order.eaten"
    for change in (event.save, event.delete, Event.objects.all().delete, lambda: Event.objects.update(type="x")):
        with pytest.raises(NeverChanged):
            change()
    assert Event.objects.get().type == "order.added"


def test_names_of_events_follow_one_grammar() -> None:
    names = [value for name, value in vars(types).items() if name.isupper() and isinstance(value, str)]
    assert len(set(names)) == len(names) > 15
    for name in names:
        noun, dot, happened = name.partition(".")
        assert dot and noun.isalpha() and happened.replace("_", "").isalpha() and name.islower()


def test_a_callers_number_and_a_customers_name_are_not_kept_for_ever() -> None:
    facts = {"before": {"customer_name": "", "amount": 1}, "after": {"customer_name": "Mary", "amount": 2}}
    event = record(
        types.ORDER_EDITED,
        subject=("order", 7),
        by=caller("+12025550101", "CA7"),
        now=timezone.now(),
        note="Mary's bike",
        **facts,
    )
    event.refresh_from_db()
    assert event.data == {
        "before": {"customer_name": "", "amount": 1},
        "after": {"customer_name": "…", "amount": 2},
        "note": "…",
    }
    assert "+12025550101" not in f"{event.actor_id} {event.actor_name} {event.source}"
