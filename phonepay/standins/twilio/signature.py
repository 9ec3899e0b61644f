"""``X-Twilio-Signature`` as Twilio makes it (twilio.com/docs/usage/webhooks/webhooks-security)."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Mapping


def signed_address(url: str) -> str:
    """The address as it is signed: no fragment, no user and password, and on https no port either.

    Cut out of the text as it stands: taking it apart and putting it together again may lose a lone question mark.
    """
    scheme, separator, rest = url.partition("#")[0].partition("://")
    end = min((place for place in map(rest.find, "/?") if place >= 0), default=len(rest))
    host = rest[:end].rpartition("@")[2]
    if scheme == "https":
        bracketed, bracket, port = host.rpartition("]")  # an IPv6 host has colons of its own
        host = bracketed + bracket + port.partition(":")[0]
    return scheme + separator + host + rest[end:]


def sign(auth_token: str, url: str, form: Mapping[str, str]) -> str:
    """HMAC-SHA1 over the signed address and every form parameter sorted by name, in base64."""
    text = signed_address(url) + "".join(name + form[name] for name in sorted(form))
    # SHA-1 is what Twilio's classic signature is; nothing here depends on its resistance to collisions.
    digest = hmac.new(auth_token.encode(), text.encode(), hashlib.sha1).digest()
    return base64.b64encode(digest).decode()
