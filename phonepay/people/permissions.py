"""Who may do what: one table of verbs. It is asked where the verb is, whatever door somebody came through.

A door asks `may` to decide what it shows, and takes the Actor that a verb wants from `acting`, which refuses whoever
may not. A verb begins with `require(by, "refund")`: an Actor of a person carries the role that it was made with, and
callers, Stripe, the system and the terminal of the server are not held to roles.
"""

from __future__ import annotations

from dataclasses import dataclass

from phonepay.events.actors import Actor
from phonepay.people.models import Role, User

PERSON = "person"

_EVERYBODY = frozenset({Role.OWNER, Role.OPERATOR, Role.AUDITOR})
_OPERATORS = frozenset({Role.OWNER, Role.OPERATOR})
_OWNERS = frozenset({Role.OWNER})

VERBS: dict[str, frozenset[Role]] = {
    "look": _EVERYBODY,
    "export": _EVERYBODY,
    "refund": _OPERATORS,
    "charge": _OPERATORS,
    "change_orders": _OPERATORS,
    "try_the_line": _OPERATORS,
    "check_books": _OPERATORS,
    "run_again": _OPERATORS,
    "settle_alerts": _OPERATORS,
    "lift_protection": _OPERATORS,
    "tell_callers": _OPERATORS,
    "resolve_books": _OWNERS,
    "change_settings": _OWNERS,
    "change_keys": _OWNERS,
    "change_people": _OWNERS,
    "see_requests": _OWNERS,
    "personal_data": _OWNERS,
}


class NotAllowed(Exception):
    """Nothing was done: this person's role does not hold the verb."""

    def __init__(self, verb: str) -> None:
        super().__init__(f"Your role does not allow this ({verb.replace('_', ' ')}). Ask an owner.")
        self.verb = verb


@dataclass(frozen=True, slots=True)
class Person(Actor):
    """A person of the shop with the role that they have now."""

    role: str = ""


def may(user: object, verb: str) -> bool:
    """Whether somebody's role holds the verb; False for who is not signed in. KeyError for a verb not listed."""
    holders = VERBS[verb]
    return isinstance(user, User) and user.is_active and user.role in holders


def actor(user: User) -> Person:
    """Somebody as events tell of them."""
    role = user.role if user.is_active else ""
    return Person(PERSON, str(user.pk), user.get_full_name(), user.asked_from, role=role)


def acting(user: object, verb: str) -> Person:
    """Somebody as the Actor of this verb. Raises NotAllowed."""
    if not isinstance(user, User) or not may(user, verb):
        raise NotAllowed(verb)
    return actor(user)


def require(by: Actor, verb: str) -> None:
    """At the verb: refuse a person whose role does not hold it. Raises NotAllowed."""
    holders = VERBS[verb]
    if by.kind == PERSON and getattr(by, "role", "") not in holders:
        raise NotAllowed(verb)
