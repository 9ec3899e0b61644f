"""The REST calls that we make: the account, its numbers, the state of a call. Source: twilio.com/docs/voice/api."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from http import HTTPStatus
from typing import Any

from requests import RequestException
from twilio.base.exceptions import TwilioException, TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

from phonepay.merchant.credentials import current
from phonepay.telephony.addresses import Addresses, is_same, without_overrides

TIMEOUT = 8.0  # seconds
_API = "https://api.twilio.com"
_VENDOR = re.compile(r"https://[a-z-]+\.twilio\.com")
_LISTED = 200  # numbers of one account that are looked through
_COUNTED = 50  # calls and texts that tell whether an account does something else: more would say the same

# What wiring changes of a number: by the names of the REST interface, and of the package's arguments.
WIRED = {
    "VoiceUrl": "voice_url",
    "VoiceMethod": "voice_method",
    "VoiceFallbackUrl": "voice_fallback_url",
    "VoiceFallbackMethod": "voice_fallback_method",
    "StatusCallback": "status_callback",
    "StatusCallbackMethod": "status_callback_method",
    "VoiceApplicationSid": "voice_application_sid",
    "TrunkSid": "trunk_sid",
}


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
    parent: str = ""  # the account that a subaccount belongs to, or ""


@dataclass(frozen=True, slots=True)
class Number:
    sid: str
    phone_number: str  # E.164
    voice_url: str
    fallback_url: str
    status_url: str
    overridden_by: str  # a voice application or trunk that would answer instead of us, or ""
    name: str = ""  # as the console shows it
    speaks: bool = True  # it can be called: some numbers only take texts

    def comes_to(self, addresses: Addresses) -> bool:
        """Whether its calls come to us."""
        return not self.overridden_by and is_same(self.voice_url, addresses.voice())

    @property
    def goes_to(self) -> str:
        """The application, trunk or address that its calls go to; "" for nowhere."""
        return self.overridden_by or without_overrides(self.voice_url)


@dataclass(frozen=True, slots=True)
class Use:
    """What an account did lately, counted up to 50 each."""

    calls: int
    texts: int


class _At(TwilioHttpClient):
    """Twilio's own client, sent to another address: the stand-in's, or a proxy's."""

    def __init__(self, base: str) -> None:
        super().__init__(timeout=TIMEOUT)
        self._base = base.rstrip("/")

    # The package's own two classes disagree on the name of the second argument, and it is always passed by place.
    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Any:  # type: ignore[override]  # see above
        # All of its hosts: what the other address does not have, it says so, and nothing goes past it.
        return super().request(method, _VENDOR.sub(self._base, url, count=1), *args, **kwargs)


class TwilioRest:
    """Raises TwilioUnreachable from every call."""

    def __init__(self, account_sid: str, token: str, base: str = "") -> None:
        self._sid = account_sid
        http = _At(base) if base.rstrip("/") not in ("", _API) else TwilioHttpClient(timeout=TIMEOUT)
        self._client = Client(account_sid, token, http_client=http)

    def account(self) -> Account:
        found: Any = _asked(lambda: self._client.api.v2010.accounts(self._sid).fetch())
        parent = "" if found.owner_account_sid in (None, found.sid) else found.owner_account_sid
        return Account(found.sid, found.friendly_name or "", found.status, found.type == "Trial", parent)

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

    def wiring(self, number_sid: str) -> dict[str, str]:
        """Where the number's calls go now, by the names of WIRED: what `set_wiring` puts back."""
        found = _asked(lambda: self._client.incoming_phone_numbers(number_sid).fetch())
        return {name: getattr(found, part) or "" for name, part in WIRED.items()}

    def set_wiring(self, number_sid: str, values: Mapping[str, str]) -> Number:
        """Give a number what `wiring` told of it."""
        facts: Any = {WIRED[name]: value for name, value in values.items() if name in WIRED}
        return _number(_asked(lambda: self._client.incoming_phone_numbers(number_sid).update(**facts)))

    def use_since(self, since: datetime) -> Use:
        """Whether the account does anything: its calls and texts since then."""
        calls = _asked(lambda: self._client.calls.list(start_time_after=since, limit=_COUNTED))
        texts = _asked(lambda: self._client.messages.list(date_sent_after=since, limit=_COUNTED))
        return Use(len(calls), len(texts))

    def records_all_calls(self) -> bool | None:
        """Whether the account records calls by itself; None where that cannot be asked.

        Source: twilio.com/docs/configurations/recording-account-default-configuration-resource. Nobody here has seen
        its answer: what is not understood counts as not known.
        """
        try:
            found: Any = _asked(lambda: self._client.voice.v2.recording_account_default_configuration().fetch())
        except TwilioUnreachable as error:
            return False if error.status == HTTPStatus.NOT_FOUND else None
        kept = getattr(found, "configuration", None)
        features = kept.get("features") if isinstance(kept, Mapping) else None
        return None if features is None else bool(features)

    def connectors(self) -> list[str] | None:
        """The unique names of what is installed in the account, Pay connectors among them; None where not to be had.

        Source: twilio.com/docs/marketplace/api/installed-add-ons. That connectors are listed there is not documented.
        """
        try:
            found = _asked(lambda: self._client.marketplace.v1.installed_add_ons.list(limit=_LISTED))
        except TwilioUnreachable:
            return None
        return [one.unique_name for one in found if one.unique_name]

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
        name=found.friendly_name or "",
        speaks=_can_speak(found.capabilities),
    )


def _can_speak(capabilities: Any) -> bool:
    told = capabilities.get("voice") if isinstance(capabilities, Mapping) else getattr(capabilities, "voice", None)
    return True if told is None else bool(told)


def _asked(request: Any) -> Any:
    try:
        return request()
    except TwilioRestException as error:
        raise TwilioUnreachable(f"Twilio says: {error.msg}", error.status) from error
    except (TwilioException, RequestException) as error:
        raise TwilioUnreachable(f"Twilio did not answer ({type(error).__name__}).") from error
