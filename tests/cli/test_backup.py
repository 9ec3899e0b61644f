"""`phonepay backup` and `phonepay restore`, with each database's own means."""

import json
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from phonepay.cli import backup
from phonepay.configuration import kept
from phonepay.configuration.heartbeat import HEARTBEAT_FILE, Heartbeat
from phonepay.events.actors import SYSTEM
from phonepay.events.models import Event
from phonepay.orders.models import Order
from phonepay.payments import hold, stripe_side
from phonepay.payments.models import LedgerEntry, Payment
from tests.cli.conftest import Command
from tests.shop import Till, fresh, sweep_until_done

pytestmark = pytest.mark.database


@pytest.fixture(autouse=True)
def a_folder_of_its_own(settings: Settings, tmp_path: Path) -> None:
    """No worker runs in it."""
    settings.PHONEPAY_DATA_DIR = tmp_path / "data"
    settings.PHONEPAY_DATA_DIR.mkdir()


@pytest.fixture(autouse=True)
def nobody_else_is_connected(transactional_db: None) -> None:
    """On MariaDB nothing is put back while others are connected; threads of earlier tests still are."""
    if connection.vendor != "mysql":
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT id FROM information_schema.processlist WHERE db = DATABASE() AND id <> CONNECTION_ID()")
        for (identity,) in cursor.fetchall():
            cursor.execute(f"KILL {identity:d}")


@pytest.fixture
def saved(phonepay: Command, till: Till, tmp_path: Path) -> Path:
    """A backup of a shop with one paid and one unpaid order."""
    till.pay(till.order())
    till.order("1235")
    printed = phonepay("backup", str(tmp_path))
    assert printed.code == 0, printed.err
    [file] = tmp_path.glob("*.backup")
    return file


def test_the_addresses_that_were_set_here_are_said_to_be_kept_beside_it(
    phonepay: Command, settings: Settings, tmp_path: Path
) -> None:
    kept.keep(settings.PHONEPAY_DATA_DIR, "PHONEPAY_PUBLIC_URL", "https://pay.example")
    assert f"{settings.PHONEPAY_DATA_DIR / kept.KEPT_FILE}: the addresses" in phonepay("backup", str(tmp_path)).out


def test_it_is_one_file_for_its_owner_alone_and_says_of_when_it_is(saved: Path) -> None:
    assert saved.stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(saved) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    assert (manifest["engine"], manifest["format"]) == (connection.vendor, 1)
    assert manifest["taken_at"].endswith("+00:00") and "payments.0002_hold" in manifest["migrations"]


def test_what_must_be_kept_apart_from_it_is_said(phonepay: Command, till: Till, tmp_path: Path) -> None:
    printed = phonepay("backup", str(tmp_path / "mine.backup"))
    assert "PHONEPAY_ENCRYPTION_KEY" in printed.out and "Twilio and Stripe" in printed.out


def test_a_backup_is_never_overwritten(phonepay: Command, saved: Path) -> None:
    before = saved.read_bytes()
    assert phonepay("backup", str(saved)).code == 1
    assert saved.read_bytes() == before


def test_a_place_that_cannot_be_written_is_said(phonepay: Command, till: Till) -> None:
    assert "could not be written" in phonepay("backup", "/nowhere/at/all.backup").err


def test_it_is_put_back_as_it_was_and_money_is_held(phonepay: Command, saved: Path, till: Till) -> None:
    lost = till.pay(Order.objects.get(number="1235"))
    printed = phonepay("restore", str(saved), "--replace")
    assert printed.code == 0, printed.err
    assert "2 orders, 1 payments" in printed.out
    assert not Payment.objects.filter(pk=lost.pk).exists()
    assert Order.objects.get(number="1235").status == Order.Status.UNPAID
    assert LedgerEntry.objects.count() == 1
    kept = hold.current()
    assert kept is not None and kept.missing_since < kept.put_at
    assert Event.objects.filter(type="hold.put").count() == 1


def test_after_it_no_order_is_charged_again_before_stripe_was_compared(
    phonepay: Command, saved: Path, till: Till
) -> None:
    till.pay(Order.objects.get(number="1235"))
    phonepay("restore", str(saved), "--replace")
    order = Order.objects.get(number="1235")
    again = till.agree(order)
    assert till.charge(again).status == Payment.Status.FAILED
    assert till.at_stripe == 2 * 4250
    assert hold.lift(reconciled_until=timezone.now(), by=SYSTEM, now=timezone.now())
    assert not hold.is_held()


def test_a_charge_under_way_at_the_backup_is_found_out_and_never_sent_again(
    phonepay: Command, till: Till, tmp_path: Path
) -> None:
    payment = till.agree(till.order())
    till.claim(payment)
    phonepay("backup", str(tmp_path / "a.backup"))
    stripe_side.send_charge(payment)
    assert (fresh(payment).status, till.confirms_of(payment)) == (Payment.Status.SUCCEEDED, 1)
    stolen = fresh(payment).intent_id
    phonepay("restore", str(tmp_path / "a.backup"), "--replace")
    assert fresh(payment).status == Payment.Status.CHARGING
    sweep_until_done(timedelta(hours=1))
    assert till.at_stripe == 4250
    assert sum(each["id"] == stolen and each["status"] == "succeeded" for each in till.account.payment_intents) == 1


def test_a_database_that_is_not_empty_is_not_lost_unless_it_is_said(phonepay: Command, saved: Path) -> None:
    printed = phonepay("restore", str(saved))
    assert printed.code == 1 and "--replace" in printed.err
    assert not hold.is_held()


def test_into_an_empty_one_it_goes_without_a_word(phonepay: Command, saved: Path) -> None:
    connection.close()
    call_command("flush", interactive=False, verbosity=0)
    printed = phonepay("restore", str(saved))
    assert printed.code == 0, printed.err
    assert Order.objects.count() == 2


@pytest.mark.parametrize("at", [0.2, 0.5, 0.9])
def test_a_damaged_backup_changes_nothing(phonepay: Command, saved: Path, at: float) -> None:
    whole = bytearray(saved.read_bytes())
    whole[int(len(whole) * at)] ^= 0xFF
    saved.write_bytes(whole)
    assert phonepay("restore", str(saved), "--replace").code == 1
    assert Order.objects.count() == 2 and not hold.is_held()


def test_what_is_no_backup_is_said(phonepay: Command, till: Till, tmp_path: Path) -> None:
    (tmp_path / "photo.jpg").write_bytes(b"no backup at all")
    assert "cannot be read as a backup" in phonepay("restore", str(tmp_path / "photo.jpg")).err


def test_it_is_refused_while_phone_pay_runs(phonepay: Command, saved: Path, settings: Settings) -> None:
    Heartbeat(settings.PHONEPAY_DATA_DIR / HEARTBEAT_FILE).beat(timezone.now())
    printed = phonepay("restore", str(saved), "--replace")
    assert printed.code == 1 and "stop phonepay serve" in printed.err


def test_a_backup_of_a_newer_version_is_refused(
    phonepay: Command, saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backup, "_known_migrations", lambda: {"people.0001_initial"})
    monkeypatch.setattr(backup.phonepay, "__version__", "0.0.9")
    assert "newer than this one" in phonepay("restore", str(saved), "--replace").err


def test_a_backup_made_after_a_rollback_is_put_back_by_the_version_that_made_it(
    phonepay: Command, saved: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    known = backup._known_migrations()
    monkeypatch.setattr(backup, "_known_migrations", lambda: known - {"setup.0002_rounds"})
    printed = phonepay("restore", str(saved), "--replace")
    assert printed.code == 0, printed.err


def test_a_hold_that_was_on_at_the_backup_goes_on_from_where_it_began(
    phonepay: Command, till: Till, tmp_path: Path
) -> None:
    phonepay("hold", "on", "--since", "2026-01-02T03:04+00:00")
    phonepay("backup", str(tmp_path / "a.backup"))
    hold.lift_by_hand(by=SYSTEM, now=timezone.now())
    phonepay("restore", str(tmp_path / "a.backup"), "--replace")
    kept = hold.current()
    assert kept is not None and f"{kept.missing_since:%Y-%m-%d %H:%M}" == "2026-01-02 03:04"
    assert hold.Hold.objects.count() == 1
