"""Who does a thing. An actor is named by kind, id and name, so that an event outlives the row of its author."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """`kind` is person, caller, stripe, system, command or stranger; `id` is the kind's own identity as text.

    `source` is from where: `panel:<address>`, `call:<CallSid>`, `terminal`, `stripe`, `worker`; "" where nobody knows.
    """

    kind: str
    id: str = ""
    name: str = ""
    source: str = ""

    def __str__(self) -> str:
        return self.name or self.kind


PANEL, CALL, TERMINAL, FROM_STRIPE, WORKER = "panel", "call", "terminal", "stripe", "worker"

SYSTEM = Actor("system", name="Phone Pay", source=WORKER)
STRIPE = Actor("stripe", name="Stripe", source=FROM_STRIPE)


def caller(phone: str, sid: str = "") -> Actor:
    """The person on the telephone, named by the call: an Event is never changed, and a person's number may have to go.

    `phone` is E.164 or empty where it is hidden; nothing keeps it.
    """
    return Actor("caller", sid, "caller" if phone else "hidden caller", f"{CALL}:{sid}" if sid else CALL)


def command(user: str) -> Actor:
    """Somebody at the terminal of the server; `user` is the system's account name."""
    return Actor("command", user, user, TERMINAL)


def from_panel(address: str) -> str:
    """The source of what a page was asked for; `address` is the IP address, "" where it is not known."""
    return f"{PANEL}:{address}" if address else PANEL
