"""The public address and the database's: kept by an owner, never over what the environment sets."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from phonepay.configuration import kept
from phonepay.events.models import Event
from phonepay.people.permissions import NotAllowed
from phonepay.setup import addresses
from phonepay.setup.addresses import AddressRefused, keep_database_url, keep_public_url
from tests.shop import AISHA, OLIVIA

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    settings.PHONEPAY_DATA_DIR = tmp_path
    settings.PHONEPAY_GIVEN = frozenset()
    settings.PHONEPAY_KEPT_STAMP = ""
    return tmp_path


def test_the_public_address_is_kept_and_told(folder: Path) -> None:
    assert addresses.in_force()
    keep_public_url(url=" https://pay.example.com/ ", by=OLIVIA, now=timezone.now())
    assert kept.read(folder).values == {"PHONEPAY_PUBLIC_URL": "https://pay.example.com"}
    assert not addresses.in_force()
    event = Event.objects.get()
    assert (event.type, event.data) == ("address.kept", {"address": "https://pay.example.com"})


@pytest.mark.parametrize("url", ["http://pay.example.com", "pay.example.com", "https://pay.example.com/twilio"])
def test_an_address_that_cannot_be_used_is_refused(folder: Path, url: str) -> None:
    with pytest.raises(AddressRefused) as refused:
        keep_public_url(url=url, by=OLIVIA, now=timezone.now())
    assert refused.value.reason == "form" and kept.read(folder) == kept.Kept()
    assert not Event.objects.exists()


def test_what_the_environment_sets_is_left_to_it(folder: Path, settings: Any) -> None:
    settings.PHONEPAY_GIVEN = frozenset({"PHONEPAY_PUBLIC_URL", "PHONEPAY_DATABASE_URL"})
    with pytest.raises(AddressRefused, match="PHONEPAY_PUBLIC_URL is set in the environment"):
        keep_public_url(url="https://pay.example.com", by=OLIVIA, now=timezone.now())
    with pytest.raises(AddressRefused, match="PHONEPAY_DATABASE_URL is set in the environment"):
        keep_database_url(url="postgresql://127.0.0.1/x", by=OLIVIA, now=timezone.now())
    assert kept.read(folder) == kept.Kept()


def test_only_owners_change_them() -> None:
    with pytest.raises(NotAllowed):
        keep_public_url(url="https://pay.example.com", by=AISHA, now=timezone.now())
    with pytest.raises(NotAllowed):
        keep_database_url(url="postgresql://127.0.0.1/x", by=AISHA, now=timezone.now())


def test_a_folder_that_cannot_be_written_leaves_no_event(settings: Any) -> None:
    settings.PHONEPAY_DATA_DIR = Path("/proc/nowhere")
    with pytest.raises(AddressRefused, match="cannot be kept in /proc/nowhere"):
        keep_public_url(url="https://pay.example.com", by=OLIVIA, now=timezone.now())
    assert not Event.objects.exists()


def test_another_database_is_tried_before_it_is_kept(folder: Path) -> None:
    with pytest.raises(AddressRefused) as refused:
        keep_database_url(url="postgresql://me:secret@127.0.0.1:1/phonepay", by=OLIVIA, now=timezone.now())
    assert refused.value.reason == "unreachable" and "secret" not in str(refused.value)
    assert kept.read(folder) == kept.Kept()


def test_an_empty_database_gets_the_rows_that_are_here(folder: Path) -> None:
    url = f"sqlite:///{folder}/another.sqlite3"
    assert keep_database_url(url=url, by=OLIVIA, now=timezone.now()).state == "empty"
    now = kept.read(folder)
    assert now.values == {"PHONEPAY_DATABASE_URL": url}
    assert now.move_from == f"sqlite:///{folder}/phonepay.sqlite3"
    assert Event.objects.get().data["place"].startswith("SQLite")


def test_the_same_database_again_changes_nothing(folder: Path) -> None:
    keep_database_url(url=f"sqlite:///{folder}/phonepay.sqlite3", by=OLIVIA, now=timezone.now())
    assert kept.read(folder) == kept.Kept()
