"""Sessions as they are kept: whoever reads the database, or a backup of it, finds none that a browser could carry.

A cookie carries a secret. The row is named by that secret's digest, and so is all that speaks of the row (allauth's
list of somebody's sessions). What is in it is encrypted: a second step that is being set up, a link for a new password
that was followed.
"""

from __future__ import annotations

from hashlib import sha256
from typing import Any

from django.conf import settings
from django.contrib.sessions import middleware
from django.contrib.sessions.backends import db
from django.http import HttpRequest, HttpResponse

from phonepay.configuration.encryption import Unreadable, decrypt, encrypt

_NAMED = "row-"  # no secret has a dash
_LENGTH = 40  # of the columns


def name_of(secret: str) -> str:
    """The name of the row that a cookie's secret opens."""
    # A secret has 165 random bits: a slow hash would guard nothing more.
    return f"{_NAMED}{sha256(secret.encode()).hexdigest()}"[:_LENGTH]


class SessionStore(db.SessionStore):
    """`session_key` is the row's name; `secret` what the cookie carries, known where a browser sent it or it is new."""

    def __init__(self, session_key: str | None = None) -> None:
        """Of a row's name, as allauth has it, or of a cookie's secret, as Django's tools do."""
        self.secret = ""
        if session_key and not session_key.startswith(_NAMED):
            self.secret, session_key = session_key, name_of(session_key)
        super().__init__(session_key)

    @classmethod
    def brought(cls, secret: str) -> SessionStore:
        """What a browser brought: never a row's name, whatever it looks like."""
        store = cls(name_of(secret) if secret else None)
        store.secret = secret
        return store

    def _get_new_session_key(self) -> str:
        self.secret = super()._get_new_session_key()  # type: ignore[misc]  # its stubs leave it out
        return name_of(self.secret)

    def encode(self, session_dict: dict[str, Any]) -> str:
        return encrypt(super().encode(session_dict).encode()).decode()

    def decode(self, session_data: bytes | str) -> dict[str, Any]:
        sealed = session_data.encode() if isinstance(session_data, str) else session_data
        try:
            opened: dict[str, Any] = super().decode(decrypt(sealed).decode())
        except Unreadable:
            return {}
        return opened


class SessionMiddleware(middleware.SessionMiddleware):
    """Django's, but that the cookie carries the secret and not the row's name."""

    def process_request(self, request: HttpRequest) -> None:
        brought = request.COOKIES.get(settings.SESSION_COOKIE_NAME, "")
        request.session = SessionStore.brought(brought)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        answer = super().process_response(request, response)
        sent = answer.cookies.get(settings.SESSION_COOKIE_NAME)
        if sent is not None and sent.value:
            answer.cookies[settings.SESSION_COOKIE_NAME] = request.session.secret  # type: ignore[attr-defined]  # ours
        return answer
