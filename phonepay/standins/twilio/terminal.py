"""The telephone in a terminal: by hand, or from a script; the conversation is printed as it goes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from phonepay.standins.twilio.call import Call
from phonepay.standins.twilio.script import HELP, ScriptError, Step, step_of, steps_of
from phonepay.standins.twilio.telephone import Telephone

_FAST = 5.0
_PROMPTS = {
    "gather": "keys",
    "payment-card-number": "card number",
    "expiration-date": "card date",
    "security-code": "card code",
    "postal-code": "postal code",
    "dial": "it rings",
}


def run(
    phone: Telephone,
    script: str | Path | None = None,
    *,
    out: Callable[[str], object] = print,
    ask: Callable[[str], str] = input,
    from_: str = "+15550123",
    hidden: bool = False,
    extra: Mapping[str, str] | None = None,
    before_keys: Callable[[], object] = lambda: None,
) -> Call:
    """Make one call in the terminal and return it when it has ended.

    ``script``: steps as ``script.HELP`` tells them, or the path of a file with them; without one, ``ask`` is given a
    question and returns what the person typed. ``before_keys`` is called
    before a script's keys. A script that ends before the call does hangs up. Raises ScriptError
    for a script that cannot be read (before the call) or a step that cannot be done (the call is then hung up).
    """
    steps = None if script is None else steps_of(script)
    phone.listener = out
    call = phone.prepare(from_, hidden=hidden, extra=extra)
    call.start()
    try:
        if steps is None:
            _by_hand(call, out, ask)
        else:
            _by_script(call, steps, before_keys)
    finally:
        if call.state != "ended":
            call.hang_up()
    for note in (*call.errors, *call.warnings):
        out(f"Twilio would note {note.code}: {note.text}" if note.code else note.text)
    return call


def _by_script(call: Call, steps: list[Step], before_keys: Callable[[], object]) -> None:
    for number, step in enumerate(steps, 1):
        if call.state == "ended" and step.deed == "hang-up":
            return  # the product was faster
        if call.state == "ended":
            raise ScriptError(f"Step {number} ({step.text}) came too late: the call had ended ({call.ended_by}).")
        if step.deed == "keys":
            before_keys()
        _do(call, step, f"Step {number} ({step.text})")


def _by_hand(call: Call, out: Callable[[str], object], ask: Callable[[str], str]) -> None:
    out("Type keys and press Enter; “.” is silence, “h” hangs up, “?” shows all.")
    while call.state != "ended":
        call.conversation.log.flush()
        try:
            line = ask(f"{_PROMPTS.get(call.listening_for, call.listening_for)}> ").strip()
        except (EOFError, KeyboardInterrupt):
            return
        if line == "?":
            out(HELP)
            continue
        try:
            for step in [step_of(word) for word in line.split()]:
                if call.state != "ended":
                    _do(call, step, f"“{step.text}”")
        except ScriptError as problem:
            out(str(problem))


def _do(call: Call, step: Step, name: str) -> None:
    """Do one step; raises ScriptError where the call is not at a place for it."""
    match step.deed:
        case "keys":
            call.press(step.keys[0])
        case "fast":
            call.press(step.keys[0], per_second=_FAST)
        case "silence":
            call.wait()
        case "hang-up":
            call.hang_up(after_seconds=step.seconds)
        case "card":
            if call.state != "paying":
                raise ScriptError(f"{name} cannot be done: no card is asked for at this point.")
            call.key_card(*step.keys)
        case "answered" | "refused":
            if call.state != "ringing":
                raise ScriptError(f"{name} cannot be done: nobody is being rung at this point.")
            call.answered_by_person(step.deed == "answered", after=step.seconds)
