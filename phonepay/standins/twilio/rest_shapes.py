"""The JSON shapes of Twilio's resources, as its OpenAPI description names their properties."""

from __future__ import annotations

from datetime import datetime
from email.utils import format_datetime
from typing import Any

from phonepay.standins.twilio.parameters import API_VERSION, new_sid

#: One resource as it is answered.
Shape = dict[str, Any]


def moment(when: datetime) -> str:
    """A moment as Twilio writes it (RFC 2822, UTC)."""
    return format_datetime(when)


def account(sid: str, auth_token: str, now: datetime) -> Shape:
    """The account itself."""
    uri = f"/{API_VERSION}/Accounts/{sid}"
    names = ("calls", "incoming_phone_numbers", "messages", "notifications")
    paths = {"calls": "Calls", "incoming_phone_numbers": "IncomingPhoneNumbers", "messages": "Messages"}
    return {
        "auth_token": auth_token,
        "date_created": moment(now),
        "date_updated": moment(now),
        "friendly_name": "Stand-in account",
        "owner_account_sid": sid,
        "sid": sid,
        "status": "active",
        "subresource_uris": {name: f"{uri}/{paths.get(name, 'Notifications')}.json" for name in names},
        "type": "Full",
        "uri": f"{uri}.json",
    }


def phone_number(account_sid: str, number: str, now: datetime) -> Shape:
    """A number of the account, with no addresses yet."""
    sid = new_sid("PN")
    empty = "address_sid bundle_sid emergency_address_sid identity_sid trunk_sid"
    shape: Shape = dict.fromkeys(empty.split())
    return shape | {
        "account_sid": account_sid,
        "address_requirements": "none",
        "api_version": API_VERSION,
        "beta": False,
        "capabilities": {"voice": True, "sms": True, "mms": False, "fax": False},
        "date_created": moment(now),
        "date_updated": moment(now),
        "emergency_address_status": "unregistered",
        "emergency_status": "Inactive",
        "friendly_name": number,
        "origin": "twilio",
        "phone_number": number,
        "sid": sid,
        "sms_application_sid": "",
        "sms_fallback_method": "POST",
        "sms_fallback_url": "",
        "sms_method": "POST",
        "sms_url": "",
        "status": "in-use",
        "status_callback": "",
        "status_callback_method": "POST",
        "type": "local",
        "uri": f"/{API_VERSION}/Accounts/{account_sid}/IncomingPhoneNumbers/{sid}.json",
        "voice_application_sid": "",
        "voice_caller_id_lookup": False,
        "voice_fallback_method": "POST",
        "voice_fallback_url": "",
        "voice_method": "POST",
        "voice_receive_mode": "voice",
        "voice_url": "",
    }


def call(*, account_sid: str, sid: str, caller: str, called: str, direction: str, now: datetime) -> Shape:
    """A call that begins."""
    uri = f"/{API_VERSION}/Accounts/{account_sid}/Calls/{sid}"
    empty = (
        "parent_call_sid phone_number_sid start_time end_time duration price answered_by forwarded_from group_sid"
        " caller_name trunk_sid"
    )
    shape: Shape = dict.fromkeys(empty.split())
    return shape | {
        "account_sid": account_sid,
        "api_version": API_VERSION,
        "date_created": moment(now),
        "date_updated": moment(now),
        "direction": direction,
        "from": caller,
        "from_formatted": caller,
        "price_unit": "USD",
        "queue_time": "0",
        "sid": sid,
        "status": "ringing" if direction == "inbound" else "queued",
        "subresource_uris": {
            name: f"{uri}/{name.title()}.json" for name in ("notifications", "payments", "recordings", "events")
        },
        "to": called,
        "to_formatted": called,
        "uri": f"{uri}.json",
    }


def message(account_sid: str, form: dict[str, str], now: datetime) -> Shape:
    """A message that was accepted; it is delivered at once, as the next look at it shows."""
    sid = new_sid("MM" if "MediaUrl" in form else "SM")
    uri = f"/{API_VERSION}/Accounts/{account_sid}/Messages/{sid}"
    body = form.get("Body", "")
    return {
        "account_sid": account_sid,
        "api_version": API_VERSION,
        "body": body,
        "date_created": moment(now),
        "date_sent": None,
        "date_updated": moment(now),
        "direction": "outbound-api",
        "error_code": None,
        "error_message": None,
        "from": form.get("From"),
        "messaging_service_sid": form.get("MessagingServiceSid"),
        "num_media": "1" if "MediaUrl" in form else "0",
        "num_segments": str(segments(body)),
        "price": None,
        "price_unit": "USD",
        "sid": sid,
        "status": "accepted" if "MessagingServiceSid" in form else "queued",
        "subresource_uris": {"media": f"{uri}/Media.json"},
        "to": form["To"],
        "uri": f"{uri}.json",
    }


def notification(*, account_sid: str, call_sid: str, code: int, text: str, about: tuple[str, str], log: int) -> Shape:
    """An error (log 0) or a warning (log 1) of a call; ``about`` is the method and address of the request."""
    sid = new_sid("NO")
    return {
        "account_sid": account_sid,
        "api_version": API_VERSION,
        "call_sid": call_sid,
        "error_code": str(code),
        "log": str(log),
        "message_text": text,
        "more_info": f"https://www.twilio.com/docs/errors/{code}",
        "request_method": about[0],
        "request_url": about[1],
        "sid": sid,
        "uri": f"/{API_VERSION}/Accounts/{account_sid}/Notifications/{sid}.json",
    }


def segments(body: str) -> int:
    """How many texts a message is sent as: 160 characters of ASCII (153 in a series), else 70 (67)."""
    single, series = (160, 153) if body.isascii() else (70, 67)
    return 1 if len(body) <= single else -(-len(body) // series)
