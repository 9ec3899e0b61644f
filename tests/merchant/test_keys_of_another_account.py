"""No token lets requests in that is not known to be of the account that counts."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone

from phonepay.merchant.credentials import current, forget, keep
from phonepay.merchant.models import Credential
from phonepay.setup.twilio_account import connect_twilio
from phonepay.standins.twilio.rest import TwilioStandIn
from tests.shop import OLIVIA

pytestmark = [pytest.mark.django_db, pytest.mark.database, pytest.mark.usefixtures("no_keys_given")]

ONE, OTHER = "AC" + "1" * 32, "AC" + "2" * 32
OLD, NEW = "1" * 32, "2" * 32


def kept(**changes: str) -> None:
    keep(changes, by=OLIVIA, now=timezone.now())


def forgotten(*names: str) -> None:
    forget(names, by=OLIVIA, now=timezone.now())


def test_another_account_takes_the_tokens_of_the_old_one_with_it() -> None:
    kept(twilio_account_sid=ONE, twilio_auth_token=OLD)
    kept(twilio_account_sid=OTHER, twilio_auth_token=NEW)
    assert (current().twilio_account_sid, current().twilio_auth_tokens) == (OTHER, (NEW,))


def test_the_same_account_keeps_its_tokens() -> None:
    kept(twilio_account_sid=ONE, twilio_auth_token=OLD)
    kept(twilio_account_sid=ONE, twilio_auth_token=NEW)
    assert current().twilio_auth_tokens == (NEW, OLD)


@pytest.mark.parametrize("account", [ONE, OTHER])
def test_after_an_account_was_taken_out_its_tokens_are_nobodys(account: str) -> None:
    kept(twilio_account_sid=ONE, twilio_auth_token=OLD)
    forgotten("twilio_account_sid")
    kept(twilio_account_sid=account, twilio_auth_token=NEW)
    assert current().twilio_auth_tokens == (NEW,)


def test_a_token_without_an_account_does_not_outlive_the_next_account() -> None:
    kept(twilio_auth_token=OLD)
    kept(twilio_account_sid=ONE)
    assert current().twilio_auth_tokens == () and not Credential.objects.filter(name="twilio_auth_token").exists()


def test_kept_tokens_count_for_nothing_beside_another_account_of_the_environment(settings: Any) -> None:
    kept(twilio_account_sid=ONE, twilio_auth_token=OLD)
    settings.PHONEPAY_TWILIO_ACCOUNT_SID = OTHER
    assert (current().twilio_auth_tokens, current().sources["twilio_auth_token"]) == ((), "")
    settings.PHONEPAY_TWILIO_ACCOUNT_SID = ONE
    assert current().twilio_auth_tokens == (OLD,)


@pytest.mark.django_db(transaction=True)
def test_connecting_the_account_again_keeps_its_token(settings: Any) -> None:
    with TwilioStandIn(account_sid=ONE, auth_token=OLD, numbers=["+15550100"]) as twilio:
        settings.PHONEPAY_TWILIO_API_BASE = twilio.url
        kept(twilio_account_sid=ONE, twilio_auth_token=OLD)
        forgotten("twilio_account_sid")
        connect_twilio(account_sid=ONE, auth_token=OLD, by=OLIVIA, now=timezone.now())
    assert (current().twilio_account_sid, current().twilio_auth_tokens) == (ONE, (OLD,))
