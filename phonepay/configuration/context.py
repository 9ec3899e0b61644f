"""What is being worked on: each line of the log names it, whatever writes the line.

Context variables follow the work into threads only where they are carried there: `carried` is how.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextvars import ContextVar, Token, copy_context
from types import TracebackType
from typing import Any, Self

# Twilio's CallSid of the call that is being answered, or whose payment is worked on.
call_sid: ContextVar[str | None] = ContextVar("call_sid", default=None)
# One request to us, whoever made it: 16 hexadecimal digits.
request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
# The payment's UUID as text.
payment_id: ContextVar[str | None] = ContextVar("payment_id", default=None)

# The log's names for them, in the order in which they are written.
NAMED: tuple[tuple[str, ContextVar[str | None]], ...] = (
    ("call", call_sid),
    ("request", request_id),
    ("payment", payment_id),
)


class About:
    """`with About(call=…):` names what is worked on, and afterwards forgets it and whatever was named within."""

    __slots__ = ("_call", "_payment", "_request", "_tokens")

    def __init__(self, *, call: str | None = None, request: str | None = None, payment: str | None = None) -> None:
        self._call, self._request, self._payment = call, request, payment
        self._tokens: list[tuple[ContextVar[str | None], Token[str | None]]] = []

    def __enter__(self) -> Self:
        for variable, value in ((call_sid, self._call), (request_id, self._request), (payment_id, self._payment)):
            # Set to what it is already, so that what is set further in goes with it.
            self._tokens.append((variable, variable.set(value or variable.get())))
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        while self._tokens:
            variable, token = self._tokens.pop()
            variable.reset(token)


def name(*, call: str | None = None, payment: str | None = None) -> None:
    """Name what was found out further in; the `About` around it forgets it."""
    if call:
        call_sid.set(call)
    if payment:
        payment_id.set(payment)


def new_request_id() -> str:
    return secrets.token_hex(8)


def in_hand() -> dict[str, str]:
    """What is named now: `call`, `request`, `payment`, as far as each is known."""
    return {name: value for name, variable in NAMED if (value := variable.get())}


def carried(work: Callable[..., Any]) -> Callable[..., Any]:
    """The same work for another thread, with what is named now."""
    context = copy_context()
    return lambda *given, **named: context.run(work, *given, **named)
