"""The mail server that e-mail goes out by, read from its address: `smtp://user:password@mail.example.com:587`.

`smtp://` is encrypted by STARTTLS before anything is said (RFC 3207), `smtps://` from the first byte (RFC 8314). In the
clear goes only what stays on this machine, or what a server without encryption takes without a password.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from email.utils import formataddr, parseaddr
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from django.conf import settings

from phonepay.configuration.values import is_loopback
from phonepay.merchant import credentials

PORTS = {"smtp": 587, "smtps": 465}


@dataclass(frozen=True, slots=True)
class MailAccount:
    """`sender` is the bare address that letters come from, `sender_name` the name beside it ("": the shop's)."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    starttls: bool
    tls: bool
    sender: str
    sender_name: str = ""

    @property
    def domain(self) -> str:
        """What follows the @ of the sender."""
        return self.sender.rpartition("@")[2]


def current() -> MailAccount | None:
    """The account that e-mail goes out by now; None where none is set up, or nobody is named whom it could be from.

    In the sandbox nothing leaves this machine, and no letter either. No statement in the usual case:
    credentials.current() keeps what it read.
    """
    keys = credentials.current()
    if not keys.email_url:
        return None
    account = read(keys.email_url, keys.email_from or "", settings.PHONEPAY_PUBLIC_URL or "")
    return None if account and stays_in(account) else account


def stays_in(account: MailAccount) -> bool:
    """Whether nothing may go out by it, as this is a sandbox and it is on another machine."""
    return credentials.current().stays_here and not is_loopback(account.host)


@lru_cache(maxsize=4)
def read(url: str, sender: str, public_url: str) -> MailAccount | None:
    """The account of an address that configuration.values.email_url has let pass.

    Without a sender the user is it, where that is an e-mail address; else phonepay at the public address's host.
    """
    parts = urlsplit(url)
    host, user = parts.hostname or "", unquote(parts.username or "")
    public = urlsplit(public_url).hostname or ""
    name, bare = parseaddr(sender)
    bare = bare or (user if "@" in user else f"phonepay@{public}" if "." in public else "")
    if not bare:
        return None
    return MailAccount(
        host=host,
        port=parts.port or PORTS[parts.scheme],
        user=user,
        password=unquote(parts.password or ""),
        starttls=parts.scheme == "smtp" and not is_loopback(host),
        tls=parts.scheme == "smtps",
        sender=bare,
        sender_name=name,
    )


def shown(account: MailAccount, shop: str) -> str:
    """Who a letter is from, as its header has it."""
    return formataddr((account.sender_name or shop, account.sender))
