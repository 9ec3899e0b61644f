"""The encryption key is rotated: at no moment something cannot be read, and what was broken off goes on."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.utils import timezone

from phonepay.configuration import encryption
from phonepay.configuration.keys import new_encryption_key, read_keys, write_keys
from phonepay.events import audit_keys
from phonepay.events.actors import SYSTEM
from phonepay.merchant import credentials
from phonepay.merchant.credentials import current, keep
from phonepay.merchant.models import Credential, Merchant
from phonepay.orders.loading import kept_file
from phonepay.orders.loading.models import Load
from phonepay.people.permissions import NotAllowed
from phonepay.setup import rotation
from tests.setup.conftest import OSCAR
from tests.web.cast import person, signed_in

KEY = "rk_live_ofthetests00000000"
SEED = "JBSWY3DPEHPK3PXP"


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> Path:
    """The keys are those of the data folder."""
    settings.PHONEPAY_GIVEN = frozenset()
    settings.PHONEPAY_DATA_DIR = tmp_path
    write_keys(tmp_path / "encryption_key", settings.PHONEPAY_ENCRYPTION_KEYS)
    audit_keys.forget()
    return tmp_path


@pytest.fixture
def load() -> Load:
    """Something of each kind that is encrypted."""
    keep({"stripe_secret_key": KEY}, by=SYSTEM, now=timezone.now())
    olivia = person()
    TOTP.activate(olivia, SEED)
    RecoveryCodes.activate(olivia)
    load = Load.objects.create(
        merchant=Merchant.objects.create(name="Shop"), file_name="orders.csv", created_at=timezone.now()
    )
    kept_file.keep(load, b"1042,42.50\n" * 1000)
    return load


def rotate() -> rotation.Rotated:
    rotation.begin(by=SYSTEM, now=timezone.now())
    return rotation.encrypt_anew(by=SYSTEM)


def all_is_there(load: Load) -> bool:
    credentials._cache.forget()
    codes = Authenticator.objects.get(type=Authenticator.Type.RECOVERY_CODES)
    seed = Authenticator.objects.get(type=Authenticator.Type.TOTP).data["secret"]
    return (
        current().stripe_secret_key == KEY
        and encryption.decrypt(seed.encode()).decode() == SEED
        and len(RecoveryCodes(codes).generate_codes()) > 0
        and kept_file.kept(load).startswith(b"1042")
    )


def test_nobody_has_to_sign_in_again(folder: Path) -> None:
    client = signed_in(person())
    done = rotate()
    assert done.anew == 1 and rotation.give_up_older(by=SYSTEM) == 1
    assert client.get("/payments").status_code == 200


def test_everything_is_readable_before_between_and_after(load: Load, folder: Path) -> None:
    assert all_is_there(load)
    rotation.begin(by=SYSTEM, now=timezone.now())
    assert all_is_there(load) and len(encryption.keys_now()) == 2
    done = rotation.encrypt_anew(by=SYSTEM)
    assert (done.anew, done.lost, done.older) == (4, 0, 1) and all_is_there(load)
    old = read_keys(folder / "encryption_key")[1]
    assert rotation.give_up_older(by=SYSTEM) == 1 and all_is_there(load)
    assert old not in (folder / "encryption_key").read_text()
    assert (folder / "encryption_key").stat().st_mode & 0o777 == 0o600


def test_a_rotation_that_was_broken_off_goes_on_with_the_same_key(load: Load, folder: Path) -> None:
    rotation.begin(by=SYSTEM, now=timezone.now())
    keys = read_keys(folder / "encryption_key")
    rotation.begin(by=SYSTEM, now=timezone.now())
    assert read_keys(folder / "encryption_key") == keys
    assert rotation.encrypt_anew(by=SYSTEM).anew == 4
    assert rotation.encrypt_anew(by=SYSTEM).anew == 0


def test_the_old_key_stays_while_anything_needs_it(load: Load) -> None:
    rotation.begin(by=SYSTEM, now=timezone.now())
    assert rotation.give_up_older(by=SYSTEM) == 0
    assert len(encryption.keys_now()) == 2 and all_is_there(load)


def test_what_no_key_can_read_is_counted_and_keeps_no_old_key(load: Load) -> None:
    Credential.objects.update(value="of a key that was lost")
    assert rotate().lost == 1
    assert rotation.give_up_older(by=SYSTEM) == 1


def test_the_chain_of_activity_goes_on(load: Load) -> None:
    audit_keys.key_for_sealing(timezone.now(), high=0)
    before = audit_keys.readable()
    rotate()
    rotation.give_up_older(by=SYSTEM)
    assert {number: key.secret for number, key in audit_keys.readable().items()} == {
        number: key.secret for number, key in before.items()
    }


def test_only_owners_rotate_it() -> None:
    for verb in (rotation.encrypt_anew, rotation.give_up_older):
        with pytest.raises(NotAllowed):
            verb(by=OSCAR)
    with pytest.raises(NotAllowed):
        rotation.begin(by=OSCAR, now=timezone.now())


def test_keys_of_the_environment_are_those_of_the_environment(settings: Any) -> None:
    settings.PHONEPAY_GIVEN = frozenset({"PHONEPAY_ENCRYPTION_KEY"})
    settings.PHONEPAY_ENCRYPTION_KEYS = (new_encryption_key(),)
    assert rotation.in_environment() and encryption.keys_now() == settings.PHONEPAY_ENCRYPTION_KEYS
