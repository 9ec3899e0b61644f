"""Reading TwiML: a checked tree of verbs, or the numbered error that Twilio gives."""

from __future__ import annotations

from dataclasses import dataclass, field
from xml.etree import ElementTree as ET

from phonepay.standins.twilio.schema import NOT_PERFORMED, SSML, TOP, VERBS
from phonepay.standins.twilio.speech import plain

#: Bytes of the longest document that Twilio reads.
LONGEST_BODY = 64 * 1024


class TwimlError(Exception):
    """The document cannot be performed; ``code`` is Twilio's number for it (twilio.com/docs/api/errors)."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason


@dataclass(frozen=True)
class Node:
    """One verb or noun: its attributes, the words in it (white space made plain), the verbs in it."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)
    text: str = ""
    children: tuple[Node, ...] = ()


@dataclass(frozen=True)
class Document:
    """The verbs of one answer in their order, and what Twilio would warn of (each a 12200)."""

    verbs: tuple[Node, ...]
    warnings: tuple[str, ...] = ()


class _NoDoctype(ET.TreeBuilder):
    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:
        raise TwimlError(12100, "A document type is not allowed in TwiML.")


def parse(body: bytes) -> Document:
    """Read a document; raises TwimlError 12100 for what is no TwiML and 11750 for more than 64 kB."""
    if len(body) > LONGEST_BODY:
        raise TwimlError(11750, f"The answer has {len(body)} bytes; TwiML has at most {LONGEST_BODY}.")
    root = _tree(body)
    if root.tag != "Response":
        raise TwimlError(12100, f"The document begins with <{root.tag}>, not with <Response>.")
    warnings = [f"<Response> has no attribute {name}." for name in root.attrib]
    if plain(root.text or "") or any(plain(child.tail or "") for child in root):
        warnings.append("Text stands in <Response> outside of any verb.")
    verbs = tuple(_verb(child, warnings) for child in root)
    return Document(verbs, tuple(warnings))


def _tree(body: bytes) -> ET.Element:
    parser = ET.XMLParser(target=_NoDoctype())  # noqa: S314 - doctypes, and so entities, are refused
    try:
        parser.feed(body)
        root = parser.close()
    except (ET.ParseError, ValueError, LookupError) as problem:  # an unknown encoding is a LookupError
        raise TwimlError(12100, f"The document is not well-formed: {problem}.") from problem
    if not isinstance(root, ET.Element):
        raise TwimlError(12100, "The document is empty.")
    return root


def _verb(element: ET.Element, warnings: list[str]) -> Node:
    if element.tag in NOT_PERFORMED:
        return Node(element.tag, dict(element.attrib))
    if element.tag not in TOP:
        raise TwimlError(12100, f"<{element.tag}> is not a verb of TwiML.")
    return _node(element, warnings)


def _node(element: ET.Element, warnings: list[str]) -> Node:
    verb = VERBS[element.tag]
    warnings += [f"<{element.tag}> has no attribute {name}." for name in element.attrib if name not in verb.attributes]
    children = []
    for child in element:
        if child.tag in verb.children:
            children.append(_node(child, warnings))
        elif not (element.tag == "Say" and child.tag in SSML):
            warnings.append(f"<{child.tag}> cannot stand in <{element.tag}>.")
    text = _words(element) if verb.text else ""
    return Node(element.tag, dict(element.attrib), text, tuple(children))


def _words(element: ET.Element) -> str:
    if element.tag == "Say":
        return plain("".join(element.itertext()))
    return plain((element.text or "") + "".join(child.tail or "" for child in element))
