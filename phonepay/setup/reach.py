"""Step 3: the address under which the phone network reaches this server, asked from here for what only we can answer.

We make a nonce, ask our own public address for it, and compare the answer. That shows that the name, its certificate
and the proxy lead here; it does not show that the outside can do the same, for we ask from within. Twilio's first
request does.
"""

from __future__ import annotations

import hashlib
import hmac
import ipaddress
import secrets
import socket
import ssl
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

import httpx
from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from phonepay.configuration import values
from phonepay.events.actors import Actor
from phonepay.people.permissions import require
from phonepay.setup.addresses import AddressRefused, keep_public_url
from phonepay.setup.codes import has_owner
from phonepay.setup.findings import Finding, in_order, note, problem
from phonepay.setup.models import SetUp
from phonepay.setup.refusals import StepRefused, as_sentence, in_words
from phonepay.setup.steps import REACH, step_done

PATH = "/.well-known/phonepay/"
TIMEOUT = 8.0  # seconds, as Twilio's REST interface is waited for
_HOLDS = timedelta(minutes=1)
_LONGEST = 200  # bytes that are read of an answer: ours has 64
_SOON = timedelta(days=10)  # what renews itself does so a month before the end (letsencrypt.org/docs/faq)
_TUNNELS = (".ngrok.io", ".ngrok.app", ".ngrok-free.app", ".ngrok-free.dev", ".trycloudflare.com", ".loca.lt")
_REDIRECTS = range(300, 400)
_NO_CALL = gettext_lazy("They hear Twilio's own error.")


def make_nonce(*, now: datetime) -> str:
    """What our public address is asked for; it is answered for a minute.

    It is kept in the row of the set-up: what is owned already is not opened to be set up by being looked at.
    """
    nonce = secrets.token_hex(16)
    SetUp.objects.get_or_create(pk=1, defaults={"begun_at": now, "done_at": now if has_owner() else None})
    SetUp.objects.filter(pk=1).update(nonce=nonce, nonce_until=now + _HOLDS)
    return nonce


def answer(nonce: str, *, now: datetime) -> str | None:
    """What this installation answers to its own nonce; None to any other, and to one that is old."""
    row = SetUp.objects.filter(pk=1, nonce_until__gt=now).exclude(nonce="").first()
    if row is None or not hmac.compare_digest(row.nonce.encode(), nonce.encode()):
        return None
    return _proof(nonce)


def read_address(text: str) -> str:
    """The address as it is kept: without a path, with https unless it is this machine. Raises ValueError."""
    text = text.strip()
    return values.web_address(text if "://" in text else f"https://{text}")


def look_at(address: str, *, now: datetime) -> list[Finding]:
    """Ask the address for what only this server can answer. With a problem among the findings it does not lead here.

    It asks the network, so no transaction may be open.
    """
    host = urlsplit(address).hostname or ""
    found = list(_look_up(host))
    if any(each.is_problem for each in found):
        return found
    nonce = make_nonce(now=now)
    try:
        with httpx.stream("GET", f"{address}{PATH}{nonce}", timeout=TIMEOUT, trust_env=False) as response:
            found += _certificate(response, host, now)
            body = next(response.iter_bytes(_LONGEST), b"").decode("utf-8", "replace").strip()
    except httpx.HTTPError as error:
        return [*found, _unreached(address, error)]
    if response.status_code in _REDIRECTS:
        return [
            *found,
            problem(
                _("%(address)s sends on to %(where)s.")
                % {"address": address, "where": response.headers.get("location", "?")[:200]},
                callers=_("A request that is sent on loses what Twilio tells: calls fail."),
                mend=_("Give the address that it sends on to, or let the proxy answer by itself."),
            ),
        ]
    if not hmac.compare_digest(body.encode(), _proof(nonce).encode()):
        return [*found, _another_server(address, response.status_code)]
    return [*found, *_reached(address, host)]


def keep_address(*, address: str, unproven: bool = False, by: Actor, now: datetime) -> list[Finding]:
    """Look at the address once more and keep it; `phonepay serve` starts anew under it.

    `unproven` keeps it whatever was found: from within some networks the own public address cannot be asked. Raises
    StepRefused with the findings, and NotAllowed.
    """
    require(by, "change_settings")
    try:
        address = read_address(address)
    except ValueError as error:
        raise StepRefused({"address": as_sentence(str(error))}) from error
    found = look_at(address, now=now)
    if any(each.is_problem for each in found) and not unproven:
        raise StepRefused(findings=found)
    if address != settings.PHONEPAY_PUBLIC_URL:
        try:
            keep_public_url(url=address, by=by, now=now)
        except AddressRefused as refused:
            raise StepRefused({"address": in_words(refused)}) from refused
    step_done(REACH, {"address": address, "unproven": unproven}, now=now)
    return found


def _proof(nonce: str) -> str:
    key = hashlib.sha256(f"phonepay.setup.reach {settings.SECRET_KEY}".encode()).digest()
    return hmac.new(key, nonce.encode(), "sha256").hexdigest()


def _look_up(host: str) -> Iterator[Finding]:
    if values.is_loopback(host):
        yield note(
            _("%(host)s is this machine alone.") % {"host": host},
            callers=_("Twilio cannot come here: only the telephone of the sandbox can."),
            mend=_("For real calls, give a domain or a tunnel."),
        )
        return
    try:
        found = sorted({str(entry[4][0]) for entry in socket.getaddrinfo(host, 443, type=socket.SOCK_STREAM)})
    except OSError:
        yield problem(
            _("The name %(host)s leads nowhere.") % {"host": host},
            callers=_NO_CALL,
            mend=_("Make an A record for it at your domain's provider, with this server's public IP address. A new "
                   "name can take some minutes."),
        )  # fmt: skip
        return
    inside = [each for each in found if not ipaddress.ip_address(each.partition("%")[0]).is_global]
    if len(inside) == len(found):
        yield problem(
            _("The name %(host)s leads to %(address)s, which exists only in your own network.")
            % {"host": host, "address": ", ".join(inside)},
            callers=_NO_CALL,
            mend=_("Let the name lead to the server's public IP address, or take a tunnel for trying."),
        )
    else:
        yield in_order(_("The name %(host)s leads to %(address)s.") % {"host": host, "address": ", ".join(found)})


def _certificate(response: httpx.Response, host: str, now: datetime) -> Iterator[Finding]:
    stream = response.extensions.get("network_stream")
    wrapped = stream.get_extra_info("ssl_object") if stream else None
    told = wrapped.getpeercert() if wrapped else None
    if not told or "notAfter" not in told:
        return
    until = datetime.fromtimestamp(ssl.cert_time_to_seconds(told["notAfter"]), tz=UTC)
    about = {"host": host, "date": f"{until:%Y-%m-%d}"}
    if until - now < _SOON:
        ends = note(
            _("The certificate of %(host)s ends on %(date)s.") % about,
            callers=_("From then on Twilio reaches nobody here."),
            mend=_("See that what made it renews it."),
        )
        yield replace(ends, certain=True)
    else:
        yield in_order(_("The certificate of %(host)s is good until %(date)s.") % about)


def _unreached(address: str, error: httpx.HTTPError) -> Finding:
    cause = f"{error} {error.__cause__ or ''}"
    if "certificate has expired" in cause:
        ended = problem(
            _("The certificate of %(address)s has ended.") % {"address": address},
            callers=_NO_CALL,
            mend=_("See why what made it did not renew it: journalctl -u caddy, or certbot renew."),
        )
        return replace(ended, certain=True)
    if "CERTIFICATE_VERIFY_FAILED" in cause or "certificate" in cause.lower():
        return problem(
            _("The certificate of %(address)s is not one that Twilio takes.") % {"address": address},
            callers=_NO_CALL,
            mend=_("Let the proxy have one from a public authority: Caddy does that by itself, certbot for nginx."),
        )
    if isinstance(error, httpx.TimeoutException):
        return problem(
            _("%(address)s does not answer within %(seconds)d seconds.") % {"address": address, "seconds": TIMEOUT},
            callers=_NO_CALL,
            mend=_("Open port 443 in the firewall of the server and of its provider. Where your router cannot reach "
                   "its own public address from within, this check cannot succeed: keep the address and let a call "
                   "prove it."),
        )  # fmt: skip
    return problem(
        _("Nobody answers at %(address)s (%(error)s).") % {"address": address, "error": type(error).__name__},
        callers=_NO_CALL,
        mend=_("Start the proxy or the tunnel, and let it pass requests on to this server."),
    )


def _another_server(address: str, status: int) -> Finding:
    return problem(
        _("Somebody else answers at %(address)s (%(status)d), not this server.")
        % {"address": address, "status": status},
        callers=_("They come to that server, and hear Twilio's own error."),
        mend=_("Let the proxy or the tunnel pass everything on to the port on which phonepay serve listens."),
    )


def _reached(address: str, host: str) -> Iterator[Finding]:
    yield in_order(
        _("%(address)s leads to this server: it answered with what was made up for it a moment ago.")
        % {"address": address}
    )
    if values.is_loopback(host):
        return
    yield note(
        _("That was asked from here, so it is no proof that the outside gets through."),
        mend=_("Twilio's first request proves it: the test call at the end."),
    )
    if host.endswith(_TUNNELS):
        yield note(
            _("A tunnel's address changes when the tunnel is started anew, unless it was reserved."),
            callers=_("With another address no call comes here."),
            mend=_("For trying it is enough. For customers, take a domain of your own."),
        )
