"""Who does a thing. An actor is named by kind, id and name, so that an event outlives the row of its author."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """`kind` is person, caller, stripe, system or command; `id` is the kind's own identity as text."""

    kind: str
    id: str = ""
    name: str = ""

    def __str__(self) -> str:
        return self.name or self.kind


SYSTEM = Actor("system", name="Phone Pay")
STRIPE = Actor("stripe", name="Stripe")


def caller(phone: str) -> Actor:
    """The person on the telephone; `phone` is E.164 or empty where it is hidden."""
    return Actor("caller", phone, phone or "hidden caller")


def command(user: str) -> Actor:
    """Somebody at the terminal of the server; `user` is the system's account name."""
    return Actor("command", user, user)
