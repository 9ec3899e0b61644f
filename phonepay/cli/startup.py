"""What a command needs before it runs: the settings, and a database whose tables are there."""

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from phonepay.cli.refusal import CommandRefused, WrittenWrong
from phonepay.configuration.migrations_pending import pending_migrations


def load_settings() -> None:
    """Read the environment and make Django ready. Raises WrittenWrong with every sentence of what is wrong with it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "phonepay.settings")
    # Only now: help and usage need no Django, which takes a third of a second.
    import django
    from django.apps import apps

    from phonepay.configuration.errors import ConfigurationError

    if apps.ready:
        return
    try:
        django.setup()
    except ConfigurationError as error:
        raise WrittenWrong("\n".join(error.problems)) from error


def is_installed() -> bool:
    """Whether a database of this user's is named or there already: reading the settings would make one."""
    from phonepay.configuration.environment import default_data_dir
    from phonepay.configuration.kept import KEPT_FILE
    from phonepay.configuration.variables import DATABASE_FILE

    if os.environ.get("PHONEPAY_DATABASE_URL", "").strip():
        return True
    folder = Path(os.environ.get("PHONEPAY_DATA_DIR", "").strip() or default_data_dir(os.environ))
    return any((folder / name).exists() for name in (DATABASE_FILE, KEPT_FILE))


def prepare_database() -> None:
    """Make sure that the tables are there. An embedded database is migrated, and one whose address is kept here; for
    others it is said what to run.
    """
    from django.conf import settings

    if waits_for_rows():
        raise CommandRefused("The database is being changed for another: phonepay serve moves everything there first.")
    if not pending_migrations():
        return
    if not settings.PHONEPAY_DATABASE_OURS:
        raise CommandRefused("The database is not up to date with this version: run phonepay migrate first.")
    migrate(verbosity=0)


def waits_for_rows() -> bool:
    """Whether the kept database is a new one, into which the rows of the old one are still to be moved."""
    from django.conf import settings

    from phonepay.configuration import kept

    here = "PHONEPAY_DATABASE_URL" in settings.PHONEPAY_KEPT
    return here and kept.read(settings.PHONEPAY_DATA_DIR).move_from is not None


def take_over() -> int:
    """Move all rows into the kept database, if they wait for it; how many those were. Nobody may serve meanwhile.

    A database of Phone Pay's that has rows already is taken as it is. Raises CommandRefused, with nothing moved.
    """
    from django.conf import settings
    from django.db import DatabaseError, InterfaceError

    from phonepay.configuration import kept
    from phonepay.configuration.addresses import parse_database_url
    from phonepay.configuration.database_trial import DatabaseRefused
    from phonepay.configuration.moving import NotEmpty, move_rows

    if not waits_for_rows():
        return 0
    old = kept.read(settings.PHONEPAY_DATA_DIR).move_from or ""
    try:
        migrate(verbosity=0)
        count = move_rows(parse_database_url(old))
    except NotEmpty:
        count = 0
    except (DatabaseError, InterfaceError, DatabaseRefused) as error:
        raise CommandRefused(f"The rows could not be moved into the new database: {error}".strip()) from error
    kept.moved(settings.PHONEPAY_DATA_DIR)
    return count


def code_of_the_first_set_up() -> str | None:
    """A new one, which ends the one before; None where there is nothing to set up."""
    from django.utils import timezone

    from phonepay.setup.codes import new_code

    return new_code(now=timezone.now())


def leave_database() -> None:
    """Close every connection, a pool's threads too: for a process that only watches over others."""
    from django.db import connections

    for connection in connections.all(initialized_only=True):
        connection.close()
        if hasattr(connection, "close_pool"):  # PostgreSQL's
            connection.close_pool()


def migrate(*, verbosity: int) -> None:
    """Make all migrations that are pending; on this machine one process at a time."""
    from django.core.management import call_command

    with _alone():
        call_command("migrate", interactive=False, verbosity=verbosity)


@contextlib.contextmanager
def _alone() -> Iterator[None]:
    """Two that start at the same moment would both make the first table: the second waits and finds nothing to do."""
    from django.conf import settings

    folder = settings.PHONEPAY_DATA_DIR
    if not folder.is_dir():  # the keys come from the environment, and nothing is kept on this machine
        yield
        return
    with (folder / "migrate.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
