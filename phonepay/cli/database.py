"""`phonepay migrate` and `phonepay django`."""

import argparse
import os
import sys
from collections.abc import Sequence

from phonepay.cli.parsing import Commands, verb
from phonepay.cli.startup import load_settings, migrate
from phonepay.configuration.migrations_pending import pending_migrations


def add_to(commands: Commands) -> None:
    verb(
        commands,
        "migrate",
        _migrate,
        does="Make the database's tables, or bring them up to date with this version.",
        examples=["phonepay migrate"],
        needs="settings",
        notes="An embedded database is migrated by phonepay serve; on others run this before each new version.",
    )
    # Only for the help: main() passes it on before anything is parsed, because its options are Django's own.
    verb(
        commands,
        "django",
        _migrate,
        does="Run one of Django's own commands.",
        examples=["phonepay django shell", "phonepay django dumpdata events --output events.json"],
        needs="nothing",
    )


def _migrate(args: argparse.Namespace) -> None:
    pending = pending_migrations()
    if not pending:
        print("The database is up to date.")
        return
    migrate(verbosity=0)
    print(f"Made {len(pending)} migrations: {', '.join(pending)}.")


def django(words: Sequence[str]) -> int:
    """Pass the words on to Django's own commands, which end the process by themselves where they fail."""
    load_settings()
    from django.core.management import execute_from_command_line

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "phonepay.settings")
    execute_from_command_line([f"{sys.argv[0]} django", *words])
    return 0
