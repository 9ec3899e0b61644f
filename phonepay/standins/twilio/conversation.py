"""One call under way: fetching documents, performing their verbs, writing down what is heard."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from datetime import date
from urllib.parse import urljoin

from phonepay.standins.twilio.clock import Clock
from phonepay.standins.twilio.connector import Connector
from phonepay.standins.twilio.heard import Heard, Log
from phonepay.standins.twilio.line import CallEnds, Line, Listening
from phonepay.standins.twilio.overrides import overrides_of
from phonepay.standins.twilio.requests import Request, Requests
from phonepay.standins.twilio.switches import Switches
from phonepay.standins.twilio.twiml import Document, Node, TwimlError, parse

#: What Twilio's own voice says when a call cannot go on.
APOLOGY = "We are sorry, an application error has occurred. Goodbye."
#: Requests of one call after which the telephone takes it for an endless loop.
MOST_REQUESTS = 1000
_TWIML = frozenset({"text/xml", "application/xml", "text/html"})


@dataclass(frozen=True)
class Note:
    """A numbered error or warning, as Twilio's debugger would show it. ``code`` 0: the telephone's own remark."""

    code: int
    text: str
    url: str
    at: float


@dataclass(frozen=True)
class Next:
    """Where the call goes on: an address to ask, with what, how."""

    url: str
    params: dict[str, str] = field(default_factory=dict)
    method: str = "POST"


#: A verb: it yields while it listens, and returns where to go on, or None for the verb after it.
Steps = Generator[Listening, None, Next | None]


@dataclass
class Conversation:
    """Everything that the verbs of one call share.

    ``after_request`` is done once the next request for TwiML was answered, ``afterwards`` once the end of the call was
    told. ``pausing``: the document lets time pass in silence. ``on_point`` hears where the call stands (a field of
    <Pay>, words, a request …), ``on_note`` what went wrong.
    """

    clock: Clock
    line: Line
    requests: Requests
    switches: Switches
    connectors: dict[str, Connector]
    parameters: dict[str, str]
    fallback: Next | None
    status: str = "ringing"
    here: str = ""
    pausing: bool = False
    heard: list[Heard] = field(default_factory=list)
    log: Log = field(default_factory=Log)
    errors: list[Note] = field(default_factory=list)
    warnings: list[Note] = field(default_factory=list)
    afterwards: list[Callable[[], None]] = field(default_factory=list)
    after_request: list[Callable[[], None]] = field(default_factory=list)
    today: Callable[[], date] = date.today
    on_point: Callable[[str, str], None] = lambda name, text: None
    on_note: Callable[[Note, Request | None], None] = lambda note, request: None

    def error(self, code: int, text: str, request: Request | None = None) -> None:
        """Write down a numbered error."""
        self.errors.append(note := Note(code, text, self.here, self.clock.seconds))
        self.log.note(self.clock.seconds, "call", f"(error {code}: {text})", "error", about=str(code))
        self.on_note(note, request)

    def warn(self, code: int, text: str, request: Request | None = None) -> None:
        """Write down a numbered warning."""
        self.warnings.append(note := Note(code, text, self.here, self.clock.seconds))
        self.on_note(note, request)

    def number(self, node: Node, name: str, default: int, low: int, high: int) -> int:
        """A whole number from an attribute; what is none, or out of range, is warned of and replaced by the default."""
        given = node.attributes.get(name)
        if given is None:
            return default
        if given.isascii() and given.isdigit() and low <= int(given[:9]) <= high:
            return int(given)
        self.warn(12200, f'<{node.name} {name}="{given}"> is not a number from {low} to {high}.')
        return default

    def choice(self, node: Node, name: str, default: str, values: frozenset[str]) -> str:
        """A word from an attribute; what is not among the values is warned of and replaced by the default."""
        given = node.attributes.get(name)
        if given is None or given in values:
            return default if given is None else given
        self.warn(12200, f'<{node.name} {name}="{given}"> is not one of {", ".join(sorted(values))}.')
        return default

    def method(self, node: Node, name: str = "method") -> str:
        """GET or POST, as an attribute says; POST otherwise."""
        return self.choice(node, name, "POST", frozenset({"GET", "POST", "get", "post"})).upper()

    def address(self, url: str) -> str:
        """An address of the document, made whole; an empty one is the document's own."""
        return urljoin(self.here, url) if url else self.here

    def tell(self, kind: str, url: str, params: dict[str, str], method: str = "POST") -> Request:
        """Send a request that only tells: what comes back decides nothing, a bad answer is warned of."""
        request = self.requests.send("pay-status" if kind == "pay-status" else "call-status", url, params, method)
        if request.failure:
            self.warn(request.error, f"Status callback {request.path}: {request.reason}", request)
        elif request.body.strip() and _content_type(request) not in _TWIML:
            self.warn(15003, f"Status callback {request.path} was answered with {_content_type(request)}.", request)
        return request

    def standard(self) -> dict[str, str]:
        """The parameters of a request that asks for TwiML now."""
        return self.parameters | {"CallStatus": self.status}

    def ask(self, following: Next) -> Request:
        """Request an address for TwiML, with the standard parameters; raises TwimlError if nothing usable comes."""
        if len(self.requests.made) >= MOST_REQUESTS:
            raise CallEnds("limit")
        self.on_point("request", following.url)
        for problem in overrides_of(following.url).problems:
            self.warn(11100, f"{following.url}: {problem}.")
        request = self.requests.send("call", following.url, self.standard() | following.params, following.method)
        late, self.after_request = self.after_request, []
        for tell in late:
            tell()
        if request.failure:
            raise TwimlError(request.error, f"{request.path}: {request.reason}")
        return request

    def fetch(self, following: Next) -> Document:
        """The document at an address; raises TwimlError."""
        request = self.ask(following)
        self.here = request.url
        document = _document(request)
        for warning in document.warnings:
            self.warn(12200, warning, request)
        return document


def _content_type(request: Request) -> str:
    return request.answer.header("content-type").partition(";")[0].strip().lower() if request.answer else ""


def _document(request: Request) -> Document:
    kind = _content_type(request)
    body = request.answer.body if request.answer else b""
    if kind in _TWIML:
        return parse(body)
    if kind.startswith("audio/"):
        return Document((Node("Play", {}, request.url),))
    if kind == "text/plain":
        try:
            return parse(body)
        except TwimlError as problem:
            if problem.code == 11750:
                raise
            return Document((Node("Say", {}, " ".join(request.body.split())),))
    raise TwimlError(12300, f"{request.path} was answered with the content type {kind or '(none)'}, which is no TwiML.")
