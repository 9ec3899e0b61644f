"""<Say>, <Play> and <Pause>: what is heard, how long it lasts, and what a key does to it."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from dataclasses import dataclass

from phonepay.standins.twilio.conversation import Conversation, Steps
from phonepay.standins.twilio.heard import Heard
from phonepay.standins.twilio.line import LONGEST_CALL, CallEnds, Listening
from phonepay.standins.twilio.speech import seconds_of
from phonepay.standins.twilio.twiml import Node

_SECONDS_A_TONE = 0.5


@dataclass(frozen=True)
class Words:
    """Something to be heard, or a silence (no text): ``kind`` is "say", "play", "pause", or "own"."""

    text: str
    seconds: float
    voice: str = ""
    language: str = ""
    kind: str = "say"


def own_words(text: str, language: str = "en-US") -> Words:
    """Words of the telephone network's own voice."""
    return Words(text, seconds_of(text), "man", language, "own")


def words_of(conversation: Conversation, node: Node) -> Words:
    """What a <Say>, <Play> or <Pause> lets the caller hear."""
    if node.name == "Pause":
        return Words("", float(conversation.number(node, "length", 1, 1, 600)), kind="pause")
    times = conversation.number(node, "loop", 1, 0, 1000)
    if node.name == "Play":
        digits = node.attributes.get("digits", "")
        once = len(digits) * _SECONDS_A_TONE if digits else conversation.switches.audio_seconds
        text = f"[tones {digits}]" if digits else f"[recording {conversation.address(node.text)}]"
        return Words(text, once * times if times else LONGEST_CALL, kind="play")
    voice, language = node.attributes.get("voice", "man"), node.attributes.get("language", "en-US")
    if not node.text:
        conversation.warn(13520, "<Say> has no words.")
        return Words("", 0.0, kind="pause")
    return Words(
        " ".join([node.text] * (times or 1)), seconds_of(node.text) * times or LONGEST_CALL, voice, language, "say"
    )


def speak(
    conversation: Conversation, words: Iterable[Words], *, interruptible: bool
) -> Generator[Listening, None, None]:
    """Let words be heard one after the other.

    Interruptible ones stop at the first key, which stays in the line's buffer for whoever listens next; the others go
    on, and what becomes of the key is the switch ``keys_during_say``.
    """
    yield from ()
    for piece in words:
        if interruptible and conversation.line.buffer:
            return
        conversation.on_point("words", piece.text)
        if not _one(conversation, piece, interruptible=interruptible):
            return


def _one(conversation: Conversation, piece: Words, *, interruptible: bool) -> bool:
    """Say one piece; False if a key cut it short. What is cut off before it begins was not heard at all."""
    clock = conversation.clock
    started = clock.seconds
    if not _events(conversation, started, interruptible=interruptible):
        return False
    heard = Heard(piece.text, piece.voice, piece.language, started, piece.seconds, kind=piece.kind)
    if piece.text:
        conversation.heard.append(heard)
        conversation.log.note(started, "voice", piece.text, language=piece.language)
    try:
        conversation.pausing = piece.kind == "pause"
        whole = _events(conversation, started + piece.seconds, interruptible=interruptible)
        if whole:
            clock.advance_to(started + piece.seconds)
    except CallEnds:
        heard.seconds, heard.interrupted = clock.seconds - started, True
        raise
    finally:
        conversation.pausing = False
    if not whole:
        heard.seconds, heard.interrupted = clock.seconds - started, True
    return whole


def _events(conversation: Conversation, until: float, *, interruptible: bool) -> bool:
    """What happens up to a moment while words are said; False if a key cuts them short."""
    line = conversation.line
    while event := line.due(until):
        if event.kind != "key":
            continue
        if interruptible:
            line.buffer.append(event.value)
            return False
        if conversation.switches.keys_during_say == "buffered":
            line.buffer.append(event.value)
        else:
            conversation.log.note(conversation.clock.seconds, "call", "(a key is pressed and lost)", "lost-key")
    return True


def say(conversation: Conversation, node: Node) -> Steps:
    """<Say>, <Play>, <Pause> outside of anything that listens."""
    yield from speak(conversation, [words_of(conversation, node)], interruptible=False)
    return None
