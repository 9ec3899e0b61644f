"""Whatever a product answers, and whatever a caller does: the telephone ends the call, and never breaks."""

from __future__ import annotations

from collections.abc import Callable
from xml.sax.saxutils import quoteattr

from hypothesis import given, settings
from hypothesis import strategies as st

from phonepay.standins.twilio import Call, Connector, Switches, Telephone
from phonepay.standins.twilio.requests import Request
from phonepay.standins.twilio.schema import NOT_PERFORMED, VERBS
from phonepay.standins.twilio.transport import Answer, Outgoing

NAMES = sorted({attribute for verb in VERBS.values() for attribute in verb.attributes} | {"strange"})
TEXT = st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=0x2FF, exclude_characters="<&>"), max_size=12)
VALUES = st.one_of(
    TEXT,
    st.integers(-2, 700).map(str),
    st.sampled_from(
        ["true", "false", "/", "/next", "http://pay.example/", "payment-card-number", "1 2", "usd", "visa"]
    ),
)
ATTRIBUTES = st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=4)
VERB = st.sampled_from([*sorted(VERBS), *sorted(NOT_PERFORMED), "Strange"])


def element(name: str, attributes: dict[str, str], inside: str) -> str:
    """One element as text."""
    return f"<{name} {' '.join(f'{key}={quoteattr(value)}' for key, value in attributes.items())}>{inside}</{name}>"


ELEMENTS = st.recursive(
    st.builds(element, VERB, ATTRIBUTES, TEXT),
    lambda inner: st.builds(element, VERB, ATTRIBUTES, st.lists(inner, max_size=3).map("".join)),
    max_leaves=6,
)
DOCUMENTS = st.one_of(
    st.lists(ELEMENTS, max_size=4).map(lambda verbs: f"<Response>{''.join(verbs)}</Response>".encode()),
    st.binary(max_size=60),
)
ANSWERS = st.builds(
    Answer,
    st.sampled_from([200, 200, 200, 204, 302, 403, 500]),
    st.sampled_from([(("content-type", kind),) for kind in ("text/xml", "text/xml", "text/plain", "audio/mpeg", "")]),
    DOCUMENTS,
)
KEYS = st.text(alphabet="0123456789*#", min_size=1, max_size=20)
DEEDS: st.SearchStrategy[Callable[[Call], object]] = st.one_of(
    KEYS.map(lambda keys: lambda call: call.press(keys, per_second=5)),
    st.just(lambda call: call.wait()),
    st.floats(0, 90).map(lambda after: lambda call: call.answered_by_person(after=after)),
    st.floats(0, 90).map(lambda after: lambda call: call.hang_up(after_seconds=after)),
)
SWITCHES = st.builds(
    Switches,
    action_on_hangup=st.booleans(),
    after_last_attempt=st.sampled_from(["action", "next-verb"]),
    status_callbacks=st.sampled_from(["in-order", "after-action", "reversed", "none"]),
    field_ends=st.sampled_from(["at-length", "after-timeout"]),
    keys_during_say=st.sampled_from(["buffered", "dropped"]),
    action_after_status=st.booleans(),
)


class Scripted:
    """A transport that answers from a list, round and round."""

    def __init__(self, answers: list[Answer]) -> None:
        self._answers = answers
        self._count = 0

    def send(self, outgoing: Outgoing, connect_seconds: float, read_seconds: float) -> Answer:
        """The next answer of the list."""
        assert outgoing.url.startswith("http")
        assert connect_seconds > 0 < read_seconds
        self._count += 1
        return self._answers[self._count % len(self._answers)]


@settings(max_examples=200)
@given(st.lists(ANSWERS, min_size=1, max_size=4), st.lists(DEEDS, max_size=8), SWITCHES)
def test_any_call_ends_and_can_be_told(
    answers: list[Answer], deeds: list[Callable[[Call], object]], switches: Switches
) -> None:
    transport = Scripted(answers)
    phone = Telephone(
        "https://pay.example/voice",
        status_url="https://pay.example/status",
        fallback_url="https://pay.example/fallback",
        auth_token="token",
        connectors={"Default": Connector("https://stripe.example", "sk_test_1", transport=transport)},
        switches=switches,
        transport=transport,
    )
    call = phone.dial()
    for deed in deeds:
        if call.state != "ended":
            assert call.state in {"listening", "paying", "ringing"}
            deed(call)
    if call.state != "ended":
        call.hang_up()
    assert call.ended_by in {"caller", "product", "error", "limit", "rejected"}
    assert call.status in {"completed", "busy", "failed"}
    assert call.transcript()
    told: list[Request] = [request for request in call.requests if request.kind == "call-status"]
    assert told
    assert all(heard.seconds >= 0 for heard in call.heard)
    assert [heard.at for heard in call.heard] == sorted(heard.at for heard in call.heard)
