"""The REST calls themselves: which address does what, and the errors that Twilio answers with."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlencode

from phonepay.standins.twilio import rest_tables as tables
from phonepay.standins.twilio.parameters import API_VERSION
from phonepay.standins.twilio.rest_shapes import Shape, moment
from phonepay.standins.twilio.rest_store import Store

_NUMBER = re.compile(r"\+[1-9][0-9]{4,14}")
_MOST = 1000


class Refused(Exception):
    """An error answer: HTTP status, Twilio's number, and its sentence."""

    def __init__(self, status: int, code: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.shape: Shape = {
            "code": code,
            "message": sentence,
            "more_info": f"https://www.twilio.com/docs/errors/{code}",
            "status": status,
        }


@dataclass(frozen=True)
class Asked:
    """One REST request: the identifier in its address (or none), and its parameters."""

    store: Store
    path: str
    sid: str
    form: dict[str, str]


def answer(store: Store, method: str, path: str, form: dict[str, str]) -> tuple[int, Shape]:
    """Perform a request whose sender is known; raises Refused."""
    if beside := _BESIDE.get((method, path)):
        return beside(Asked(store, path, "", form))
    for verb, pattern, perform in _ROUTES:
        found = re.fullmatch(pattern, path)
        if found is None or verb != method:
            continue
        if found["account"] != store.account_sid:
            raise Refused(404, 20404, f"The requested resource {path} was not found")
        sid = found.groupdict().get("sid") or ""
        return perform(Asked(store, path, sid, form))
    if any(re.fullmatch(pattern, path) for _, pattern, _ in _ROUTES):
        raise Refused(405, 20004, f"The method {method} is not allowed on this resource")
    raise Refused(404, 20404, f"The requested resource {path} was not found")


def _account(asked: Asked) -> tuple[int, Shape]:
    _take(asked.form, frozenset())
    return 200, asked.store.account


def _numbers(asked: Asked) -> tuple[int, Shape]:
    found = _filter(asked.form, list(asked.store.numbers.values()), tables.NUMBER_FILTERS, {})
    return 200, _page(asked, "incoming_phone_numbers", found)


def _number(asked: Asked) -> tuple[int, Shape]:
    _take(asked.form, frozenset())
    return 200, _known(asked, asked.store.numbers)


def _update_number(asked: Asked) -> tuple[int, Shape]:
    _take(asked.form, frozenset(tables.UPDATE_NUMBER))
    with asked.store.lock:
        shape = _known(asked, asked.store.numbers)
        changes: Shape = {tables.UPDATE_NUMBER[name]: value for name, value in asked.form.items()}
        if "voice_caller_id_lookup" in changes:
            changes["voice_caller_id_lookup"] = changes["voice_caller_id_lookup"].lower() == "true"
        for name in ("VoiceUrl", "VoiceFallbackUrl", "StatusCallback", "SmsUrl", "SmsFallbackUrl"):
            _address(name, asked.form.get(name, ""))
        shape |= changes
        shape["date_updated"] = moment(asked.store.now())
    return 200, shape


def _calls(asked: Asked) -> tuple[int, Shape]:
    found = _filter(asked.form, asked.store.all_calls(), tables.CALL_FILTERS, tables.CALL_DATES)
    return 200, _page(asked, "calls", found)


def _call(asked: Asked) -> tuple[int, Shape]:
    _take(asked.form, frozenset())
    _known(asked, asked.store.calls)
    return 200, asked.store.call(asked.sid)


def _create_call(asked: Asked) -> tuple[int, Shape]:
    _take(asked.form, tables.CREATE_CALL, required=("To", "From"))
    if not any(asked.form.get(name) for name in ("Url", "Twiml", "ApplicationSid")):
        raise Refused(400, 21205, "Url parameter is required.")
    _telephone_number(asked.form["To"], 21211, "To")
    if not any(number["phone_number"] == asked.form["From"] for number in asked.store.numbers.values()):
        raise Refused(400, 21210, f"The source phone number provided, {asked.form['From']}, is not yet verified")
    for name in ("Url", "FallbackUrl", "StatusCallback"):
        _address(name, asked.form.get(name, ""))
    return 201, asked.store.place_call(asked.form)


def _update_call(asked: Asked) -> tuple[int, Shape]:
    _take(asked.form, tables.UPDATE_CALL)
    _known(asked, asked.store.calls)
    status = asked.form.get("Status")
    if status not in ("completed", "canceled"):
        raise Refused(400, 20001, "The stand-in can only end a call: Status=completed or Status=canceled.")
    ended = asked.store.end_call(asked.sid, status)
    if ended is None:
        raise Refused(400, 21220, "Call is not in-progress. Cannot redirect.")
    return 200, ended


def _messages(asked: Asked) -> tuple[int, Shape]:
    kept = list(reversed(asked.store.messages.values()))
    return 200, _page(asked, "messages", _filter(asked.form, kept, tables.MESSAGE_FILTERS, tables.MESSAGE_DATES))


def _message(asked: Asked) -> tuple[int, Shape]:
    _take(asked.form, frozenset())
    return 200, _known(asked, asked.store.messages)


def _create_message(asked: Asked) -> tuple[int, Shape]:
    form = asked.form
    _take(form, tables.CREATE_MESSAGE, required=("To",))
    _telephone_number(form["To"], 21211, "To")
    if not form.get("From") and not form.get("MessagingServiceSid"):
        raise Refused(400, 21603, "A 'From' phone number is required.")
    if not any(form.get(name) for name in ("Body", "MediaUrl", "ContentSid")):
        raise Refused(400, 21602, "Message body is required.")
    if len(form.get("Body", "")) > 1600:
        raise Refused(400, 21617, "The concatenated message body exceeds the 1600 character limit.")
    if form.get("From") and not any(number["phone_number"] == form["From"] for number in asked.store.numbers.values()):
        raise Refused(400, 21606, f"The 'From' phone number provided ({form['From']}) is not one of the account.")
    return 201, asked.store.add_message(form)


def _notifications(asked: Asked) -> tuple[int, Shape]:
    found = _filter(asked.form, list(asked.store.notifications), tables.NOTIFICATION_FILTERS, tables.NOTIFICATION_DATES)
    return 200, _page(asked, "notifications", found)


def _recording_default(asked: Asked) -> tuple[int, Shape]:
    """Voice's own interface (v2): whether the account records every call."""
    _take(asked.form, frozenset())
    if not asked.store.records_all_calls:
        raise Refused(404, 20404, f"The requested resource {asked.path} was not found")
    features = [{"type": "call-recording", "enabled": True}]
    configuration = {"configurationType": "Recording", "features": features}
    return 200, {"account_sid": asked.store.account_sid, "description": None, "configuration": configuration}


def _add_ons(asked: Asked) -> tuple[int, Shape]:
    """Marketplace's interface (v1): what is installed, as far as the package reads it."""
    _take(asked.form, tables.PAGING)
    shown = [
        {"sid": f"XE{place:032x}", "account_sid": asked.store.account_sid, "unique_name": name, "friendly_name": name}
        for place, name in enumerate(asked.store.connectors)
    ]
    return 200, {"installed_add_ons": shown, "meta": {"key": "installed_add_ons", "next_page_url": None}}


def _take(form: dict[str, str], known: frozenset[str], required: Iterable[str] = ()) -> None:
    """Refuse parameters that the call does not have, values that are none, and the absence of a required one."""
    for name, value in form.items():
        if name not in known:
            raise Refused(400, 20001, f"Unknown parameter: {name}")
        if name in tables.VALUES and value not in tables.VALUES[name]:
            raise Refused(400, 20001, f"Invalid value of {name}: {value}")
    for name in required:
        if not form.get(name):
            raise Refused(400, 21604 if name == "To" else 21603, f"A '{name}' phone number is required.")


def _known(asked: Asked, kept: dict[str, Shape]) -> Shape:
    if asked.sid not in kept:
        raise Refused(404, 20404, f"The requested resource {asked.path} was not found")
    return kept[asked.sid]


def _telephone_number(number: str, code: int, name: str) -> None:
    if not _NUMBER.fullmatch(number):
        raise Refused(400, code, f"Invalid '{name}' Phone Number: {number}")


def _address(name: str, url: str) -> None:
    if url and not re.fullmatch(r"https?://[^\s/_]+(/\S*)?", url):
        raise Refused(400, 21402, f"{name} is not a valid URL: {url}")


def _filter(form: dict[str, str], shapes: list[Shape], filters: dict[str, str], dates: dict[str, str]) -> list[Shape]:
    _take(form, tables.list_parameters(filters, dates))
    if form.get("Status", "completed") not in tables.CALL_STATUSES:
        raise Refused(400, 20001, f"Invalid value of Status: {form['Status']}")
    for name, part in filters.items():
        if name in form:
            shapes = [shape for shape in shapes if str(shape[part]).lower() == form[name].lower()]
    for name, part in dates.items():
        for sign in ("", "<", ">"):
            if name + sign in form:
                shapes = [shape for shape in shapes if _is_in(shape[part], sign, form[name + sign])]
    return shapes


def _is_in(property_: str | None, sign: str, asked: str) -> bool:
    """Whether a moment is on the day (or at the moment) asked for, not after it ("<"), or not before it (">")."""
    try:
        limit = datetime.fromisoformat(asked).replace(tzinfo=UTC)
    except ValueError:
        raise Refused(400, 20001, f"Invalid date: {asked}") from None
    if not property_:
        return False
    when = parsedate_to_datetime(property_)
    if len(asked) == len("2026-11-23"):
        when = when.replace(hour=0, minute=0, second=0)
    return {"": when == limit, "<": when <= limit, ">": when >= limit}[sign]


def _page(asked: Asked, name: str, found: list[Shape]) -> Shape:
    size = _whole(asked.form, "PageSize", 50)
    page = _whole(asked.form, "Page", 0)
    if not 1 <= size <= _MOST:
        raise Refused(400, 20001, f"PageSize is from 1 to {_MOST}.")
    start = page * size
    shown = found[start : start + size]

    def uri(number: int) -> str:
        kept = {name: value for name, value in asked.form.items() if name not in tables.PAGING}
        return f"{asked.path}?{urlencode(kept | {'PageSize': size, 'Page': number})}"

    return {
        name: shown,
        "end": start + len(shown) - 1 if shown else start,
        "first_page_uri": uri(0),
        "next_page_uri": uri(page + 1) if start + size < len(found) else None,
        "page": page,
        "page_size": size,
        "previous_page_uri": uri(page - 1) if page else None,
        "start": start,
        "uri": uri(page),
    }


def _whole(form: dict[str, str], name: str, default: int) -> int:
    given = form.get(name)
    if given is None:
        return default
    if not (given.isascii() and given.isdigit() and len(given) < 10):
        raise Refused(400, 20001, f"{name} is not a whole number: {given}")
    return int(given)


_ACCOUNT = rf"/{API_VERSION}/Accounts/(?P<account>AC[0-9a-f]{{32}})"
_Perform = Callable[[Asked], tuple[int, Shape]]
_ROUTES: tuple[tuple[str, str, _Perform], ...] = (
    ("GET", rf"{_ACCOUNT}\.json", _account),
    ("GET", rf"{_ACCOUNT}/IncomingPhoneNumbers\.json", _numbers),
    ("GET", rf"{_ACCOUNT}/IncomingPhoneNumbers/(?P<sid>PN[0-9a-f]{{32}})\.json", _number),
    ("POST", rf"{_ACCOUNT}/IncomingPhoneNumbers/(?P<sid>PN[0-9a-f]{{32}})\.json", _update_number),
    ("GET", rf"{_ACCOUNT}/Calls\.json", _calls),
    ("POST", rf"{_ACCOUNT}/Calls\.json", _create_call),
    ("GET", rf"{_ACCOUNT}/Calls/(?P<sid>CA[0-9a-f]{{32}})\.json", _call),
    ("POST", rf"{_ACCOUNT}/Calls/(?P<sid>CA[0-9a-f]{{32}})\.json", _update_call),
    ("GET", rf"{_ACCOUNT}/Messages\.json", _messages),
    ("POST", rf"{_ACCOUNT}/Messages\.json", _create_message),
    ("GET", rf"{_ACCOUNT}/Messages/(?P<sid>(?:SM|MM)[0-9a-f]{{32}})\.json", _message),
    ("GET", rf"{_ACCOUNT}/Notifications\.json", _notifications),
)
# Of Twilio's other interfaces, without the account in their addresses.
_BESIDE: dict[tuple[str, str], _Perform] = {
    ("GET", "/v2/AccountDefaultConfiguration/Recording"): _recording_default,
    ("GET", "/v1/InstalledAddOns"): _add_ons,
}
