"""The REST stand-in held to Twilio's OpenAPI description, where it is at hand."""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from phonepay.standins.twilio import Telephone, TwilioStandIn, rest_routes
from phonepay.standins.twilio import rest_tables as tables
from tests.standins.twilio.conftest import ACCOUNT, TOKEN
from tests.standins.twilio.product import Product

DESCRIPTION = Path(__file__).resolve().parents[3] / "../shared/facts/twilio-rest-openapi.json"
pytestmark = pytest.mark.skipif(not DESCRIPTION.exists(), reason="Twilio's OpenAPI description is not at hand")
ROOT = "/2010-04-01/Accounts/{AccountSid}"


@cache
def description() -> dict[str, Any]:
    """Twilio's description as it is."""
    read: dict[str, Any] = json.loads(DESCRIPTION.read_text(encoding="utf-8"))
    return read


def form_of(path: str) -> set[str]:
    """The parameters that a POST takes."""
    content = description()["paths"][path]["post"]["requestBody"]["content"]
    return set(content["application/x-www-form-urlencoded"]["schema"]["properties"])


def query_of(path: str) -> set[str]:
    """The parameters that a list takes."""
    return {item["name"] for item in description()["paths"][path]["get"]["parameters"] if item["in"] == "query"}


@pytest.mark.parametrize(
    ("path", "known"),
    [
        ("/Calls.json", tables.CREATE_CALL),
        ("/Calls/{Sid}.json", tables.UPDATE_CALL),
        ("/Messages.json", tables.CREATE_MESSAGE),
        ("/IncomingPhoneNumbers/{Sid}.json", frozenset(tables.UPDATE_NUMBER)),
    ],
)
def test_a_form_has_the_described_parameters(path: str, known: frozenset[str]) -> None:
    assert known == form_of(ROOT + path)


@pytest.mark.parametrize(
    ("path", "filters", "dates"),
    [
        ("/Calls.json", tables.CALL_FILTERS, tables.CALL_DATES),
        ("/Messages.json", tables.MESSAGE_FILTERS, tables.MESSAGE_DATES),
        ("/IncomingPhoneNumbers.json", tables.NUMBER_FILTERS, {}),
        ("/Notifications.json", tables.NOTIFICATION_FILTERS, tables.NOTIFICATION_DATES),
    ],
)
def test_a_list_has_the_described_parameters(path: str, filters: dict[str, str], dates: dict[str, str]) -> None:
    assert tables.list_parameters(filters, dates) == query_of(ROOT + path)


@pytest.mark.parametrize(
    ("name", "schema"),
    [
        ("EmergencyStatus", "incoming_phone_number_enum_emergency_status"),
        ("VoiceReceiveMode", "incoming_phone_number_enum_voice_receive_mode"),
        ("ContentRetention", "message_enum_content_retention"),
        ("AddressRetention", "message_enum_address_retention"),
        ("TrafficType", "message_enum_traffic_type"),
        ("ScheduleType", "message_enum_schedule_type"),
        ("RiskCheck", "message_enum_risk_check"),
    ],
)
def test_a_choice_has_the_described_values(name: str, schema: str) -> None:
    assert tables.VALUES[name] == set(description()["components"]["schemas"][schema]["enum"])


def test_the_statuses_of_a_call_are_the_described_ones() -> None:
    assert set(description()["components"]["schemas"]["call_enum_status"]["enum"]) == tables.CALL_STATUSES


def ask(standin: TwilioStandIn, method: str, path: str, **form: str) -> dict[str, Any]:
    """One call of the stand-in, without the network."""
    return rest_routes.answer(standin.store, method, f"/2010-04-01/Accounts/{ACCOUNT}{path}", form)[1]


def check(shape: dict[str, Any], name: str) -> None:
    """Hold a resource to its described properties, types, patterns and values."""
    schema = description()["components"]["schemas"][name]["properties"]
    assert set(shape) == set(schema)
    for part, described in schema.items():
        check_value(f"{name}.{part}", shape[part], described)


def check_value(name: str, value: Any, described: dict[str, Any]) -> None:
    """Hold one value to its description."""
    if "$ref" in described:
        described = description()["components"]["schemas"][described["$ref"].rpartition("/")[2]]
    if value is None:
        assert described.get("nullable"), name
        return
    kinds = {"string": str, "integer": int, "boolean": bool, "object": dict}
    assert isinstance(value, kinds[described["type"]]), name
    if value and "pattern" in described:
        assert re.fullmatch(described["pattern"], value), name
    if "enum" in described:
        assert value in described["enum"], name


def test_every_resource_has_the_described_shape(product: Product) -> None:
    product.says("/voice", "<Redirect>/missing</Redirect>")
    with TwilioStandIn(account_sid=ACCOUNT, auth_token=TOKEN) as standin:
        Telephone(f"{product.base}/voice", auth_token=TOKEN, rest=standin).dial()
        ask(standin, "POST", "/Messages.json", To="+15550199", From="+15550100", Body="a")
        ask(standin, "POST", "/Calls.json", To="+15550199", From="+15550100", Url="https://pay.example/")
        check(ask(standin, "GET", ".json"), "api.v2010.account")
        lists = {
            "IncomingPhoneNumbers": ("incoming_phone_numbers", "api.v2010.account.incoming_phone_number"),
            "Calls": ("calls", "api.v2010.account.call"),
            "Messages": ("messages", "api.v2010.account.message"),
            "Notifications": ("notifications", "api.v2010.account.notification"),
        }
        for path, (part, schema) in lists.items():
            page = ask(standin, "GET", f"/{path}.json")
            described = description()["paths"][f"{ROOT}/{path}.json"]["get"]["responses"]["200"]["content"]
            assert set(page) == set(described["application/json"]["schema"]["properties"])
            assert page[part]
            for shape in page[part]:
                check(shape, schema)
