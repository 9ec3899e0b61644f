"""TwiML Bins: documents that Twilio keeps and serves itself, also while the product is gone.

A bin is a Mustache template over the request's parameters: ``{{Name}}`` (escaped for XML), ``{{#Name}}…{{/Name}}``
where the parameter is there, ``{{^Name}}…{{/Name}}`` where it is not. Source: twilio.com/docs/serverless/twiml-bins.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from html import escape
from urllib.parse import parse_qsl, urlsplit

from phonepay.standins.twilio.transport import Answer, HttpTransport, Outgoing, Transport

_SECTION = re.compile(r"\{\{([#^])(\w+)\}\}(.*?)\{\{/\2\}\}", re.DOTALL)
_NAME = re.compile(r"\{\{(\w+)\}\}")


class Bins:
    """Answers the addresses of ``documents`` (without query) itself, and sends everything else on."""

    def __init__(self, documents: Mapping[str, str], transport: Transport | None = None) -> None:
        self.documents = dict(documents)
        self._transport = transport or HttpTransport()

    def send(self, outgoing: Outgoing, connect_seconds: float, read_seconds: float) -> Answer:
        """One request: by a bin, or as it would really travel."""
        document = self.documents.get(outgoing.url.partition("?")[0])
        if document is None:
            return self._transport.send(outgoing, connect_seconds, read_seconds)
        given = dict(parse_qsl(urlsplit(outgoing.url).query)) | dict(parse_qsl(outgoing.body.decode()))
        return Answer(200, (("content-type", "text/xml"),), render(document, given).encode())


def render(template: str, given: Mapping[str, str]) -> str:
    """The template with these parameters; sections do not nest in themselves."""

    def section(found: re.Match[str]) -> str:
        shown = bool(given.get(found[2])) == (found[1] == "#")
        return render(found[3], given) if shown else ""

    return _NAME.sub(lambda found: escape(given.get(found[1], "")), _SECTION.sub(section, template))
