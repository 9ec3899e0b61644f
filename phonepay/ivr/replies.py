"""What the voice does next. `phonepay.telephony` renders a reply as TwiML; a call keeps `to_dict()` of each.

A repeated request is answered by the stored reply, read back with `reply_from_dict` and rendered again.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Speech:
    """One prompt as spoken: its key, its whole text, the locale and the Twilio voice ("" for Twilio's own)."""

    key: str
    text: str
    locale: str
    voice: str


@dataclass(frozen=True, slots=True)
class Gather:
    """Speak and listen for keys.

    `before` is said outside the gather and cannot be cut short: the rest of a run of keys falls into it. `say` is said
    inside and any key cuts it. `timeout` in seconds; `num_digits` None for an entry that `finish_on_key` ends, 1 with
    `finish_on_key` "" for a choice. With `then_hang_up` the document ends when no key came (no request); else silence
    is sent to the same action as no keys.
    """

    before: tuple[Speech, ...]
    say: tuple[Speech, ...]
    timeout: int
    num_digits: int | None
    finish_on_key: str
    then_hang_up: bool = False


@dataclass(frozen=True, slots=True)
class PayPrompt:
    """One `<Prompt>`: Twilio's field name, and the error types and card types it is for.

    No error types: the question itself. No card types: any card.
    """

    field: str
    error_types: tuple[str, ...]
    card_types: tuple[str, ...]
    speech: Speech


@dataclass(frozen=True, slots=True)
class Pay:
    """Speak, then take a card. `language` is one of Twilio's; `timeout` is seconds without a key in a field."""

    say: tuple[Speech, ...]
    prompts: tuple[PayPrompt, ...]
    language: str
    cards: tuple[str, ...]
    postal_code: bool
    security_code: bool
    min_postal_length: int | None
    timeout: int
    max_attempts: int


@dataclass(frozen=True, slots=True)
class Wait:
    """Speak, pause (whole seconds, at most 2), and ask again. `said` counts the three waiting prompts spoken so far."""

    say: tuple[Speech, ...]
    pause: int
    said: int


@dataclass(frozen=True, slots=True)
class Dial:
    """Speak, then ring a person for `timeout` seconds."""

    say: tuple[Speech, ...]
    number: str
    timeout: int = 25


@dataclass(frozen=True, slots=True)
class Hangup:
    """Speak, then end the call."""

    say: tuple[Speech, ...]


Reply = Gather | Pay | Wait | Dial | Hangup

_KINDS: dict[str, type[Reply]] = {each.__name__.lower(): each for each in (Gather, Pay, Wait, Dial, Hangup)}


def to_dict(reply: Reply) -> dict[str, Any]:
    """JSON-safe, with the reply's kind; tuples become lists."""
    return {"kind": type(reply).__name__.lower(), **_plain(reply)}


def reply_from_dict(stored: Mapping[str, Any]) -> Reply:
    """Read a stored reply back, equal to the one stored. KeyError for a kind that is not one of ours."""
    values = {name: value for name, value in stored.items() if name != "kind"}
    for name, read in _READERS.items():
        if name in values:
            values[name] = tuple(read(each) for each in values[name])
    return _KINDS[stored["kind"]](**values)


def spoken(reply: Reply) -> tuple[Speech, ...]:
    """The words of a reply in the order heard, those inside `<Pay>` left out."""
    return (*reply.before, *reply.say) if isinstance(reply, Gather) else reply.say


_PARTS = (Speech, PayPrompt, *_KINDS.values())


def _plain(value: Any) -> Any:
    # dataclasses.asdict() copies each value deeply, which took longer than all the rest of writing a turn.
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    if isinstance(value, _PARTS):
        return {name: _plain(getattr(value, name)) for name in value.__slots__}
    return value


def _speech(stored: Mapping[str, Any]) -> Speech:
    return Speech(**stored)


def _prompt(stored: Mapping[str, Any]) -> PayPrompt:
    return PayPrompt(
        stored["field"], tuple(stored["error_types"]), tuple(stored["card_types"]), _speech(stored["speech"])
    )


_READERS: dict[str, Callable[[Any], Any]] = {"before": _speech, "say": _speech, "prompts": _prompt, "cards": str}
