"""`phonepay call`: the telephone in the terminal."""

import io
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from phonepay.events.actors import SYSTEM
from phonepay.merchant.credentials import keep
from phonepay.standins.twilio.signature import sign
from tests.cli.conftest import Command
from tests.standins.twilio.product import running_product


def test_any_address_that_answers_twiml_can_be_called(phonepay: Command) -> None:
    with running_product() as product:
        product.says("/voice", '<Gather action="/next" numDigits="1"><Say>Press one.</Say></Gather>')
        product.says("/next", "<Say>Thank you.</Say>")
        printed = phonepay("call", "--url", f"{product.base}/voice", "--script", "1")
        assert product.at("/next")[0].form["Digits"] == "1"
    assert printed.code == 0 and "Press one." in printed.out and "Thank you." in printed.out


@pytest.mark.django_db
def test_any_address_is_called_with_the_token_that_is_kept(
    phonepay: Command, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PHONEPAY_TWILIO_AUTH_TOKEN")
    settings.PHONEPAY_TWILIO_AUTH_TOKENS, settings.PHONEPAY_TWILIO_ACCOUNT_SID = (), None
    sid, token = "AC" + "7" * 32, "1234567890abcdef" * 2
    keep({"twilio_account_sid": sid, "twilio_auth_token": token}, by=SYSTEM, now=timezone.now())
    with running_product() as product:
        product.says("/voice", "<Say>Thank you.</Say>")
        assert phonepay("call", "--url", f"{product.base}/voice", "--script", "").code == 0
        (request,) = product.at("/voice")
    assert request.form["AccountSid"] == sid
    assert request.headers["x-twilio-signature"] == sign(token, f"{product.base}/voice", request.form)


def test_where_nothing_is_installed_nothing_is_made_for_a_call(
    phonepay: Command, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("PHONEPAY_TWILIO_AUTH_TOKEN")
    monkeypatch.delenv("PHONEPAY_DATABASE_URL", raising=False)
    monkeypatch.setenv("PHONEPAY_DATA_DIR", str(tmp_path / "none"))
    with running_product() as product:
        product.says("/voice", "<Say>Thank you.</Say>")
        assert phonepay("call", "--url", f"{product.base}/voice", "--script", "").code == 0
    assert not (tmp_path / "none").exists()


def test_a_call_by_hand_hangs_up_where_nobody_types(phonepay: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(""))
    with running_product() as product:
        product.says("/voice", "<Gather><Say>Press one.</Say></Gather>")
        assert phonepay("call", "--url", f"{product.base}/voice").code == 0


def test_a_script_that_cannot_be_read_is_refused(phonepay: Command) -> None:
    assert phonepay("call", "--url", "http://127.0.0.1:9/voice", "--script", "shout").code == 1


def test_what_is_no_address_is_written_wrong(phonepay: Command) -> None:
    assert phonepay("call", "--url", "somewhere").code == 2


@pytest.mark.django_db
def test_there_must_be_a_line_to_call(phonepay: Command) -> None:
    assert "phonepay line set" in phonepay("call").err


@pytest.mark.django_db
def test_a_product_that_lets_no_call_in_is_not_called(phonepay: Command, settings: Settings) -> None:
    phonepay("line", "set", "--behavior", "fixed", "--amount", "42.50")
    settings.PHONEPAY_PUBLIC_URL = None
    assert "PHONEPAY_PUBLIC_URL" in phonepay("call").err
