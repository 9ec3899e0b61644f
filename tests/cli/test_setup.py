"""`phonepay setup`: the same verbs as the pages, with options for scripts and with questions for people."""

from __future__ import annotations

import argparse
import getpass
import io
import sys
from pathlib import Path

import pytest
from pytest_django import Settings

from phonepay.cli import setup_asking, setup_steps
from phonepay.cli.refusal import CommandRefused
from phonepay.merchant import credentials
from phonepay.merchant.models import Line
from phonepay.people.models import Role, User
from phonepay.setup import codes, steps
from phonepay.setup.models import SetUp
from phonepay.standins.twilio.rest import TwilioStandIn
from tests.cli.conftest import Command
from tests.setup.conftest import NOW, NUMBER, SID, TOKEN, key, line, twilio, with_stripe, with_twilio
from tests.web.cast import person

__all__ = ["key", "line", "twilio", "with_stripe", "with_twilio"]

PASSWORD = "a long enough password"


@pytest.fixture(autouse=True)
def nothing_set(settings: Settings, db: None) -> None:
    """As on an empty machine, where not even the set-up was begun."""
    for name in ("TWILIO_ACCOUNT_SID", "STRIPE_SECRET_KEY"):
        setattr(settings, f"PHONEPAY_{name}", None)
    settings.PHONEPAY_TWILIO_AUTH_TOKENS = settings.PHONEPAY_STRIPE_WEBHOOK_SECRETS = ()
    steps.begin(now=NOW)


def file_with(tmp_path: Path, secret: str) -> str:
    path = tmp_path / "secret"
    path.write_text(f"{secret}\n")
    return str(path)


def test_what_is_to_be_done_is_told_with_the_minutes_left(phonepay: Command) -> None:
    told = phonepay("setup", "--status")
    assert told.code == 1 and "· Your account" in told.out and "minutes are left" in told.out


def test_without_a_terminal_and_without_options_nothing_is_asked(phonepay: Command) -> None:
    assert phonepay("setup").code == 1


def test_the_first_owner_is_made_with_a_password_from_stdin(phonepay: Command, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{PASSWORD}\n"))
    phonepay("setup", "--email", "olivia@example.com", "--name", "Olivia", "--password-from", "-")
    assert User.objects.get().check_password(PASSWORD) and User.objects.get().role == Role.OWNER


def test_without_a_password_a_link_is_printed(phonepay: Command) -> None:
    assert "/password/new/" in phonepay("setup", "--email", "olivia@example.com").out


def test_a_password_that_anybody_guesses_is_refused(phonepay: Command, tmp_path: Path) -> None:
    words = ["--email", "olivia@example.com", "--password-from", file_with(tmp_path, "password12")]
    assert phonepay("setup", *words).code == 1 and not User.objects.exists()


def test_a_second_owner_is_not_made_here(phonepay: Command) -> None:
    phonepay("setup", "--email", "olivia@example.com")
    refused = phonepay("setup", "--email", "mallory@example.com")
    assert refused.code == 1 and "owner already" in refused.err and User.objects.count() == 1


def test_an_installation_that_is_at_work_is_not_set_up_again(phonepay: Command) -> None:
    SetUp.objects.all().delete()
    person(Role.OWNER)
    refused = phonepay("setup", "--shop", "Mallory's")
    assert refused.code == 1 and "closed" in refused.err and not Line.objects.exists()


def test_the_shop_is_made_and_told_in_a_line(phonepay: Command) -> None:
    told = phonepay("setup", "--shop", "Harbor Garage", "--currency", "gbp", "--language", "en-GB")
    assert "✓ Harbor Garage, GBP" in told.out and Line.objects.get().currency == "gbp"


def test_a_fact_that_cannot_be_used_is_refused(phonepay: Command) -> None:
    refused = phonepay("setup", "--shop", "Harbor Garage", "--time-zone", "Mars/Olympus")
    assert refused.code == 1 and "Mars" in refused.err and not Line.objects.exists()


def test_the_data_stay_in_a_file(phonepay: Command) -> None:
    phonepay("setup", "--embedded")
    assert steps.facts_of("database")


def test_stripe_s_key_is_read_from_a_file(phonepay: Command, key: str, line: Line, tmp_path: Path) -> None:
    told = phonepay("setup", "--stripe-key-from", file_with(tmp_path, key))
    assert credentials.current().stripe_secret_key == key and "Stripe takes the key" in told.out
    assert key not in told.out + told.err


def test_a_key_in_the_command_itself_is_refused_and_not_repeated(phonepay: Command, key: str) -> None:
    refused = phonepay("setup", "--stripe-key-from", key)
    assert refused.code == 2 and key not in refused.out + refused.err


def test_twilio_s_token_is_read_from_the_environment_and_the_number_wired(
    phonepay: Command, twilio: TwilioStandIn, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OUR_TOKEN", TOKEN)
    words = ["--twilio-sid", SID, "--twilio-token-from", "env:OUR_TOKEN", "--number", "555-0100"]
    told = phonepay("setup", *words)
    assert f"Calls to {NUMBER} come here" in told.out, told
    assert str(twilio.addresses(NUMBER)["voice_url"]).startswith("https://pay.example/twilio/voice")
    assert TOKEN not in told.out + told.err


def test_a_number_that_an_application_answers_is_taken_off_only_when_told(
    phonepay: Command, with_twilio: TwilioStandIn, line: Line
) -> None:
    with_twilio.store.number(NUMBER)["voice_application_sid"] = "AP" + "3" * 32
    refused = phonepay("setup", "--number", NUMBER)
    assert refused.code == 1 and "AP333" in refused.err
    assert "come here" in phonepay("setup", "--number", NUMBER, "--take-off").out


def test_a_number_is_put_back(phonepay: Command, with_twilio: TwilioStandIn, line: Line) -> None:
    with_twilio.store.number(NUMBER)["voice_url"] = "https://old.example/answer"
    phonepay("setup", "--number", NUMBER)
    told = phonepay("line", "put-back", NUMBER)
    assert "old.example" in told.out, told
    assert with_twilio.store.number(NUMBER)["voice_url"] == "https://old.example/answer"


def test_a_connector_of_another_account_is_refused(phonepay: Command, with_stripe: str) -> None:
    refused = phonepay("setup", "--connector", "Default", "--connector-account", "acct_1Another0000")
    assert refused.code == 1 and "acct_1Another0000" in refused.err


def test_the_behavior_is_chosen_and_the_set_up_closed(phonepay: Command, line: Line) -> None:
    phonepay("setup", "--email", "olivia@example.com")
    words = ["--behavior", "fixed", "--amount", "42.50", "--overage", "ask", "--overage-cap", "50", "--finish"]
    told = phonepay("setup", *words)
    assert Line.objects.get().fixed_amount == 4250 and "closed for good" in told.out
    assert phonepay("setup", "--shop", "Other").code == 1


def test_a_live_key_and_a_live_connector_make_money_real(phonepay: Command, with_stripe: str, tmp_path: Path) -> None:
    live = with_stripe.replace("_test_", "_live_")
    account = steps.facts_of("stripe")["account"]
    words = ["--connector", "Stripe_Live", "--connector-account", account]
    told = phonepay("setup", "--live", "--stripe-key-from", file_with(tmp_path, live), *words)
    assert "money is real" in told.out and credentials.current().stripe_secret_key == live, told


def test_a_new_code_opens_the_pages(phonepay: Command) -> None:
    told = phonepay("setup", "--code")
    made = told.out.splitlines()[0].partition("code=")[2]
    assert codes.open_with(made, now=SetUp.objects.get().begun_at)


def test_there_is_no_code_where_somebody_owns_it(phonepay: Command) -> None:
    person(Role.OWNER)
    assert phonepay("setup", "--code").code == 1


# --- with questions ---


def test_it_asks_for_what_is_missing_and_can_be_left(
    phonepay: Command, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    steps.begin(now=NOW)
    answers = iter(["olivia@example.com", "Olivia", "Harbor Garage", "", "", ""])

    def typed(question: str) -> str:
        try:
            return next(answers)
        except StopIteration:
            raise EOFError from None

    monkeypatch.setattr("builtins.input", typed)
    monkeypatch.setattr(getpass, "getpass", lambda question: PASSWORD)
    assert setup_asking.ask_all() == 0
    told = capsys.readouterr().out
    assert "1 of 7. Your account" in told and "3 of 7" in told and "phonepay setup takes it up again" in told
    assert User.objects.get().check_password(PASSWORD) and Line.objects.get().merchant.name == "Harbor Garage"


def test_what_is_refused_is_asked_once_more(
    line: Line, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    steps.begin(now=NOW)
    answers = iter(["fixed", "forty", "off", "fixed", "42.50", "off"])
    monkeypatch.setattr("builtins.input", lambda question: next(answers))
    setup_asking._retried(setup_asking._behavior)
    assert "Once more" in capsys.readouterr().out and Line.objects.get().fixed_amount == 4250


def test_an_address_that_is_none_is_not_offered_to_be_kept_and_one_that_leads_nowhere_is(
    db: None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = iter(["http://pay.example", "https://nowhere.invalid", "n"])
    monkeypatch.setattr("builtins.input", lambda question: next(answers))
    with pytest.raises(CommandRefused, match="not encrypted"):
        setup_asking._reach()
    assert not capsys.readouterr().out.count("not encrypted"), "it is said once, by whoever asks again"
    with pytest.raises(CommandRefused, match="not kept"):
        setup_asking._reach()
    assert "leads nowhere" in capsys.readouterr().out


def test_a_language_without_a_country_is_told_with_those_that_there_are() -> None:
    facts = dict.fromkeys(("shop", "currency", "time_zone", "language"))
    with pytest.raises(CommandRefused) as refused:
        setup_steps.attempt(lambda: setup_steps.shop(argparse.Namespace(**facts | {"shop": "X", "language": "en"})))
    assert "en-US" in str(refused.value) and "country" not in str(refused.value)
