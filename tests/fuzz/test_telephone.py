"""Whatever a product answers to the telephone of the sandbox: read, or refused with Twilio's number, in bounds."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phonepay.standins.twilio import Telephone, twiml
from phonepay.standins.twilio.transport import Answer
from tests.figures import quoted
from tests.fuzz.effort import Spent, examples, memory_below
from tests.standins.twilio.test_any_answer import DOCUMENTS, Scripted

READ, SPOILED = 400, 200


@pytest.fixture
def spent() -> Iterator[Spent]:
    spent = Spent("TwiML documents")
    yield spent
    assert spent.is_bounded, f"{max(spent.seconds):.2f} s of processor time for one document"


def read(body: bytes) -> None:
    try:
        twiml.parse(body)
    except twiml.TwimlError as refused:
        assert refused.code in (11750, 12100)


def test_any_document_is_read_or_refused(spent: Spent) -> None:
    @examples(READ)
    @given(DOCUMENTS)
    def anything(body: bytes) -> None:
        with spent.request():
            read(body)

    @examples(SPOILED)
    @given(DOCUMENTS, st.integers(0, 200), st.binary(max_size=6))
    def spoiled(body: bytes, at: int, noise: bytes) -> None:
        with spent.request():
            read(body[:at] + noise + body[at:])

    anything()
    spoiled()
    quoted("fuzz-twiml", READ + SPOILED + len(BOMBS))


def response(inside: str) -> bytes:
    return f"<Response>{inside}</Response>".encode()


DEEP = 60_000 // len("<Gather></Gather>")
BOMBS: dict[str, bytes] = {
    "a billion laughs": b'<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><Response>&b;</Response>',
    "an entity of a file": b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><Response><Say>&e;</Say></Response>',
    "deep": response("<Gather>" * DEEP + "</Gather>" * DEEP),
    "deep in what is spoken": response("<Say>" + "<s>" * 8_000 + "</s>" * 8_000 + "</Say>"),
    "many verbs": response("<Say/>" * 10_000),
    "many attributes": response("<Say " + " ".join(f'a{n}=""' for n in range(5_000)) + "/>"),
    "one long attribute": response(f'<Say voice="{"x" * 60_000}"/>'),
    "one long name": response(f"<{'x' * 60_000}/>"),
    "many name spaces": response("<Say " + " ".join(f'xmlns:n{n}="u{n}"' for n in range(3_000)) + "/>"),
    "more than Twilio reads": response("<Say>" + "x" * 10_000_000 + "</Say>"),
    "zeros": b"\x00" * 60_000,
    "another encoding": b'<?xml version="1.0" encoding="utf-7"?><Response/>',
    "UTF-16": "<Response/>".encode("utf-16"),
    "instructions": response("<?php echo 1 ?>" * 3_000),
    "comments": response("<!-- -->" * 6_000),
    "CDATA": response("<Say><![CDATA[" + "]" * 50_000 + "]]></Say>"),
}


@pytest.mark.parametrize("body", BOMBS.values(), ids=list(BOMBS))
def test_a_document_that_is_a_bomb_is_read_in_bounds(body: bytes) -> None:
    with memory_below(60):
        read(body)


@pytest.mark.parametrize(
    "inside",
    [
        "<Redirect>/next</Redirect>", '<Say loop="0">ha</Say>', '<Say loop="99999999999999999999">ha</Say>',
        '<Pause length="99999999999999999999"/>', '<Pause length="-1"/>', '<Gather timeout="1e9"/>', "<Say/>" * 9_000,
        '<Gather numDigits="99999999999999999999" finishOnKey=""/>', "<Dial>1</Dial>" * 3_000, "<Reject/>" * 3_000,
    ],
)  # fmt: skip
def test_a_call_that_would_never_end_is_ended(inside: str) -> None:
    transport = Scripted([Answer(200, (("content-type", "text/xml"),), response(inside))])
    call = Telephone("https://pay.example/voice", auth_token="token", transport=transport).dial()
    for _ in range(5):
        if call.state != "ended":
            call.wait()
    if call.state != "ended":
        call.hang_up()
    assert call.ended_by and len(call.requests) < 2_000
