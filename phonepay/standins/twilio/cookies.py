"""The cookies that Twilio keeps for the length of a call."""

from __future__ import annotations

from http.cookies import CookieError, SimpleCookie
from urllib.parse import urlsplit


class Cookies:
    """Cookies by host and path; what the product sets on one turn comes back on the next."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, str, str], str] = {}

    def keep(self, url: str, headers: list[str]) -> None:
        """Keep what ``Set-Cookie`` headers of an answer from ``url`` say; Max-Age=0 forgets."""
        parts = urlsplit(url)
        for header in headers:
            cookie: SimpleCookie = SimpleCookie()
            try:
                cookie.load(header)
            except CookieError:
                continue
            for name, morsel in cookie.items():
                key = (parts.netloc, morsel["path"] or "/", name)
                if morsel["max-age"] == "0":
                    self._kept.pop(key, None)
                else:
                    self._kept[key] = morsel.coded_value

    def header(self, url: str) -> str:
        """The ``Cookie`` header for a request to ``url``, or an empty string."""
        parts = urlsplit(url)
        path = parts.path or "/"
        return "; ".join(
            f"{name}={value}"
            for (host, prefix, name), value in self._kept.items()
            if host == parts.netloc and path.startswith(prefix)
        )
