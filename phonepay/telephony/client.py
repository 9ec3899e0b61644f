"""The REST calls that we make: the account, its numbers, the state of a call. Source: twilio.com/docs/voice/api."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from requests import RequestException
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from phonepay.merchant.credentials import current
from phonepay.telephony.addresses import Addresses

TIMEOUT = 8.0  # seconds
_VENDOR = "https://api.twilio.com"
_LISTED = 200  # numbers of one account that are looked through


class TwilioUnreachable(Exception):
    """No answer, or an answer that says no; the message is for the owner, `status` the HTTP status or 0."""

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class Account:
    sid: str
    name: str
    status: str  # active, suspended or closed
    trial: bool


@dataclass(frozen=True, slots=True)
class Number:
    sid: str
    phone_number: str  # E.164
    voice_url: str
    fallback_url: str
    status_url: str
    overridden_by: str  # a voice application or trunk that would answer instead of us, or ""


class _At(TwilioHttpClient):
    """Twilio's own client, sent to another address: the stand-in's, or a proxy's."""

    def __init__(self, base: str) -> None:
        super().__init__(timeout=TIMEOUT)
        self._base = base.rstrip("/")

    # The package's own two classes disagree on the name of the second argument, and it is always passed by place.
    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:  # type: ignore[override]
        return super().request(method, url.replace(_VENDOR, self._base, 1), *args, **kwargs)


class TwilioRest:
    """Raises TwilioUnreachable from every call."""

    def __init__(self, account_sid: str, token: str, base: str = "") -> None:
        self._sid = account_sid
        http = _At(base) if base else TwilioHttpClient(timeout=TIMEOUT)
        self._client = Client(account_sid, token, http_client=http)

    def account(self) -> Account:
        found: Any = _asked(lambda: self._client.api.v2010.accounts(self._sid).fetch())
        return Account(found.sid, found.friendly_name or "", found.status, found.type == "Trial")

    def numbers(self) -> list[Number]:
        return [_number(one) for one in _asked(lambda: self._client.incoming_phone_numbers.list(limit=_LISTED))]

    def wire(self, number: Number, addresses: Addresses, *, locale: str) -> Number:
        """Send the number's calls to us; an application or trunk that would come first is taken off it."""
        return _number(
            _asked(
                lambda: self._client.incoming_phone_numbers(number.sid).update(
                    voice_url=addresses.voice(),
                    voice_method="POST",
                    voice_fallback_url=addresses.fallback(locale),
                    voice_fallback_method="POST",
                    status_callback=addresses.status(),
                    status_callback_method="POST",
                    voice_application_sid="",
                    trunk_sid="",
                )
            )
        )

    def call_status(self, call_sid: str) -> tuple[str, int | None]:
        """Twilio's word for where a call is (`in-progress`, `completed` …) and its seconds, once it has ended."""
        found: Any = _asked(lambda: self._client.calls(call_sid).fetch())
        return str(found.status), int(found.duration) if found.duration else None


def get_client() -> TwilioRest | None:
    """Twilio, with the configured account; None without one."""
    keys = current()
    if not keys.twilio_account_sid or not keys.twilio_auth_tokens:
        return None
    return TwilioRest(keys.twilio_account_sid, keys.twilio_auth_tokens[0], keys.twilio_api_base)


def _number(found: Any) -> Number:
    return Number(
        sid=found.sid,
        phone_number=found.phone_number,
        voice_url=found.voice_url or "",
        fallback_url=found.voice_fallback_url or "",
        status_url=found.status_callback or "",
        overridden_by=found.voice_application_sid or found.trunk_sid or "",
    )


def _asked(request: Any) -> Any:
    try:
        return request()
    except TwilioRestException as error:
        raise TwilioUnreachable(f"Twilio says: {error.msg}", error.status) from error
    except (TwilioException, RequestException) as error:
        raise TwilioUnreachable(f"Twilio did not answer ({type(error).__name__}).") from error
