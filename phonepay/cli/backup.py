"""`phonepay backup` and `phonepay restore`."""

import argparse
import os
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import phonepay
from phonepay.cli import archive
from phonepay.cli.parsing import Commands, verb
from phonepay.cli.refusal import CommandRefused
from phonepay.cli.startup import migrate
from phonepay.configuration.migrations_pending import pending_migrations
from phonepay.upgrading.layout import order_of

_RUNS_WITHIN = timedelta(seconds=60)


def add_to(commands: Commands) -> None:
    saving = verb(
        commands,
        "backup",
        _backup,
        does="Save the whole database, as it is at one moment, to one file. Calls and charges go on meanwhile.",
        examples=["phonepay backup /var/backups/phonepay/", "phonepay backup before-the-update.backup"],
        notes="The file holds names, phone numbers and what was paid, and no card numbers: keep it like money.\n"
        "Keys that were set here are in it, encrypted; what opens them is not: what is to be kept apart is printed.",
    )
    saving.add_argument(
        "to", type=Path, metavar="FILE|FOLDER", help="a new file, or a folder for one named by the time"
    )
    restoring = verb(
        commands,
        "restore",
        _restore,
        does="Put a backup in the place of the database. Nothing is charged or refunded until the books agree.",
        examples=["phonepay restore phonepay-20261123T031500Z.backup"],
        needs="settings",
        notes="Stop phonepay serve first. Afterwards start it: it compares with Stripe all that happened since the\n"
        "backup, callers hear meanwhile that no card payments are taken, and the hold ends by itself.",
    )
    restoring.add_argument("source", type=Path, metavar="FILE", help="what phonepay backup made")
    restoring.add_argument("--replace", action="store_true", help="over a database that is not empty: it is lost")


def _backup(args: argparse.Namespace) -> None:
    from django.conf import settings
    from django.db import connection

    from phonepay.cli import dumping
    from phonepay.cli.finding import whoever_typed
    from phonepay.events import types
    from phonepay.events.models import record
    from phonepay.events.verifying import newest_head

    now = datetime.now(UTC)
    target: Path = args.to
    if target.is_dir():
        target /= f"phonepay-{now:%Y%m%dT%H%M%SZ}.backup"
    if target.exists():
        raise CommandRefused(f"{target} exists already. Nothing was overwritten.")
    try:
        with tempfile.TemporaryDirectory(prefix=".phonepay-", dir=target.parent) as folder:
            dump = Path(folder) / "dump"
            dumping.dump(dump)
            manifest = archive.Manifest(
                format=archive.FORMAT,
                version=phonepay.__version__,
                engine=connection.vendor,
                taken_at=now.isoformat(),
                migrations=_made_migrations(),
                member="database.sqlite3" if connection.vendor == "sqlite" else "database.sql",
                sha256=archive.digest(dump),
                size=dump.stat().st_size,
            )
            archive.write(target, manifest, dump)
    except OSError as error:
        raise CommandRefused(f"The backup could not be written ({error}). Name a place that can be.") from error
    record(types.BACKUP_TAKEN, subject=("backup", now.isoformat()), by=whoever_typed(), now=now, file=target.name[:120])
    print(f"Saved to {target}: the state of {now:%Y-%m-%d %H:%M:%S} UTC, {target.stat().st_size:,} bytes.")
    if head := newest_head():
        print(f"Head of Activity: {head} (phonepay activity verify --head … finds whether it is still in it).")
    print("Not in it, and needed beside it; keep them apart from it:")
    for line in _keys(settings.PHONEPAY_DATA_DIR):
        print(f"  {line}")


def _keys(folder: Path) -> list[str]:
    from phonepay.configuration.kept import KEPT_FILE
    from phonepay.configuration.keys import ENCRYPTION_KEY_FILE, SECRET_KEY_FILE

    wanted = (
        ("PHONEPAY_ENCRYPTION_KEY", ENCRYPTION_KEY_FILE, "without it nothing that was encrypted can be read again"),
        (
            "PHONEPAY_SECRET_KEY",
            SECRET_KEY_FILE,
            "without it everybody signs in again, sent links end, and protection knows no caller",
        ),
    )
    lines = []
    for name, file, why in wanted:
        where = folder / file
        lines.append(f"{where if where.exists() else name}: {why}")
    if (folder / KEPT_FILE).exists():
        lines.append(
            f"{folder / KEPT_FILE}: the addresses that were set in the panel; it may hold a database's password"
        )
    lines.append("the rest of the environment: the keys of Twilio and Stripe (phonepay help environment)")
    return lines


def _restore(args: argparse.Namespace) -> None:
    from django.conf import settings
    from django.db import connection
    from django.utils import timezone

    from phonepay.cli import dumping
    from phonepay.cli.finding import whoever_typed
    from phonepay.events import audit_keys, types
    from phonepay.events.heads import HEAD_FILE, KeptHead
    from phonepay.events.models import record
    from phonepay.payments import hold

    with tempfile.TemporaryDirectory(prefix=".phonepay-", dir=_folder(args.source)) as folder:
        manifest, dump = archive.read(args.source, Path(folder))
        _check(manifest, connection.vendor)
        if not args.replace:
            _refuse_if_occupied()
        _refuse_if_running(settings.PHONEPAY_DATA_DIR)
        now = timezone.now()
        dumping.put_back(dump, missing_since=manifest.moment, now=now)
        audit_keys.forget()
    if pending_migrations():
        migrate(verbosity=0)
    hold.put(why=hold.Hold.Why.RESTORE, missing_since=manifest.moment, by=whoever_typed(), now=now)
    record(types.BACKUP_RESTORED, subject=("backup", manifest.taken_at), by=whoever_typed(), now=now)
    KeptHead(settings.PHONEPAY_DATA_DIR / HEAD_FILE).forget()
    print(f"Restored: the state of {manifest.moment:%Y-%m-%d %H:%M:%S} UTC. {_contents()}")
    print("Nothing is charged or refunded until all that Stripe did since then was compared (phonepay hold show).")
    print("Start phonepay serve: it does that by itself.")


def _folder(source: Path) -> Path | None:
    """Where there was room for the backup there is room for what is in it; the system's own place may be small."""
    return source.parent if os.access(source.parent, os.W_OK) else None


def _check(manifest: archive.Manifest, vendor: str) -> None:
    if manifest.engine != vendor:
        raise CommandRefused(
            f"This backup is of {manifest.engine}, and this installation uses {vendor}. Nothing was changed."
        )
    unknown = set(manifest.migrations) - _known_migrations()
    # After a rollback this very version runs on the newer one's tables, and so it does on a backup of them.
    if unknown and order_of(manifest.version) > order_of(phonepay.__version__):
        raise CommandRefused(
            f"This backup was made by Phone Pay {manifest.version}, which is newer than this one: install that version "
            f"first. Nothing was changed."
        )


def _refuse_if_occupied() -> None:
    """Any person, line, order, payment or call is worth a question."""
    from django.apps import apps
    from django.db import connection

    there = set(connection.introspection.table_names())
    for name in ("people.User", "merchant.Line", "orders.Order", "payments.Payment", "calls.Call"):
        model = apps.get_model(name)
        if model._meta.db_table in there and model._default_manager.exists():
            raise CommandRefused(
                "The database is not empty: what is in it would be lost. Make a backup of it, then add --replace."
            )


def _refuse_if_running(folder: Path) -> None:
    from django.utils import timezone

    from phonepay.cli import dumping
    from phonepay.configuration.heartbeat import HEARTBEAT_FILE, Heartbeat

    last = Heartbeat(folder / HEARTBEAT_FILE).last()
    others = dumping.others_connected()
    if others or (last is not None and timezone.now() - last < _RUNS_WITHIN):
        raise CommandRefused(
            "Phone Pay runs, or ran within the last minute: stop phonepay serve everywhere and try again in a minute. "
            "Nothing was changed."
        )


def _contents() -> str:
    from phonepay.calls.models import Call
    from phonepay.orders.models import Order
    from phonepay.payments.models import Payment

    return f"{Order.objects.count():,} orders, {Payment.objects.count():,} payments, {Call.objects.count():,} calls."


def _made_migrations() -> list[str]:
    from django.db import connection
    from django.db.migrations.recorder import MigrationRecorder

    return sorted(f"{app}.{name}" for app, name in MigrationRecorder(connection).applied_migrations())


def _known_migrations() -> set[str]:
    from django.db.migrations.loader import MigrationLoader

    return {f"{app}.{name}" for app, name in MigrationLoader(None).disk_migrations}
