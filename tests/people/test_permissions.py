"""The role is asked where the verb is."""

import pytest
from django.contrib.auth.models import AnonymousUser

from phonepay.events.actors import STRIPE, SYSTEM, Actor, caller, command
from phonepay.people.models import Role, User
from phonepay.people.permissions import VERBS, NotAllowed, acting, actor, may, require


def someone(role: str, **facts: object) -> User:
    return User(pk=7, email="someone@example.com", role=role, **facts)


@pytest.mark.parametrize("verb", sorted(VERBS))
def test_owners_may_do_everything(verb: str) -> None:
    assert may(someone(Role.OWNER), verb)


@pytest.mark.parametrize("verb", sorted(set(VERBS) - {"look", "export"}))
def test_auditors_change_nothing(verb: str) -> None:
    assert not may(someone(Role.AUDITOR), verb)
    with pytest.raises(NotAllowed):
        acting(someone(Role.AUDITOR), verb)


def test_operators_move_money_and_leave_people_alone() -> None:
    oscar = someone(Role.OPERATOR)
    assert may(oscar, "refund") and may(oscar, "charge") and not may(oscar, "change_people")


def test_who_was_taken_out_may_nothing_whatever_the_role() -> None:
    gone = someone(Role.OWNER, is_active=False)
    assert not may(gone, "look")
    with pytest.raises(NotAllowed):
        require(actor(gone), "look")


def test_strangers_may_nothing() -> None:
    assert not may(AnonymousUser(), "look")


def test_a_verb_refuses_a_person_without_the_role() -> None:
    require(actor(someone(Role.OPERATOR)), "refund")
    with pytest.raises(NotAllowed):
        require(actor(someone(Role.AUDITOR)), "refund")
    with pytest.raises(NotAllowed):
        require(Actor("person", "7", "Made up"), "refund")


@pytest.mark.parametrize("by", [STRIPE, SYSTEM, caller("+12025550101"), command("root")], ids=lambda by: by.kind)
def test_who_is_no_person_is_held_to_no_role(by: Actor) -> None:
    require(by, "refund")


def test_a_verb_that_is_not_listed_is_a_mistake() -> None:
    with pytest.raises(KeyError):
        may(someone(Role.OWNER), "eat")
