"""`phonepay upgrade` and `phonepay rollback`."""

import argparse
import os
import tempfile
from pathlib import Path

from phonepay.cli.parsing import Commands, Parser, verb
from phonepay.cli.refusal import CommandRefused
from phonepay.upgrading import steps
from phonepay.upgrading.layout import home_of
from phonepay.upgrading.refusal import UpgradeRefused, UpgradeUndone
from phonepay.upgrading.wheels import find_wheel


def add_to(commands: Commands) -> None:
    upgrading = verb(
        commands,
        "upgrade",
        _upgrade,
        does="Go to a newer version, with calls going on; by itself back to the old one if the new is not ready.",
        examples=[
            "phonepay upgrade 0.2.0",
            "phonepay upgrade phonepay-0.2.0-py3-none-any.whl",
            "phonepay upgrade 0.2.0 --environment /etc/phonepay/environment",
        ],
        needs="nothing",
        notes="Saves the database, installs the new version beside the old with exactly what it was tested with,\n"
        "brings the database up to date, tries the new version on a free port, and only then switches. Run it as the\n"
        "user that phonepay serve runs as. For installations made as docs/installing.md says; containers run an image.",
    )
    upgrading.add_argument("to", metavar="WHEEL|VERSION", help="a file, or a version for pip to fetch")
    upgrading.add_argument("--sha256", default="", metavar="SUM", help="what the file must have")
    upgrading.add_argument("--no-backup", action="store_true", help="where another program has just saved the database")
    _add_environment(upgrading)
    back = verb(
        commands,
        "rollback",
        _rollback,
        does="Go back to the version before the last upgrade, with calls going on.",
        examples=["phonepay rollback"],
        needs="nothing",
        notes="The database stays as it is: newer tables do the older version no harm. A backup is put back only by\n"
        "phonepay restore, and is needed only where data were lost.",
    )
    _add_environment(back)


def _add_environment(parser: Parser) -> None:
    parser.add_argument(
        "--environment",
        type=Path,
        metavar="FILE",
        help="the service's EnvironmentFile, where this shell lacks its names",
    )


def _upgrade(args: argparse.Namespace) -> None:
    try:
        data_dir = _data_dir(args)
        home = home_of()
        with tempfile.TemporaryDirectory(prefix="phonepay-upgrade-") as folder:
            wheel = find_wheel(args.to, Path(folder), args.sha256)
            steps.upgrade(home=home, wheel=wheel, data_dir=data_dir, backup=not args.no_backup, say=_say)
    except (UpgradeRefused, UpgradeUndone) as error:
        raise CommandRefused(str(error)) from error


def _rollback(args: argparse.Namespace) -> None:
    try:
        data_dir = _data_dir(args)
        steps.rollback(home=home_of(), data_dir=data_dir, say=_say)
    except (UpgradeRefused, UpgradeUndone) as error:
        raise CommandRefused(str(error)) from error


def _data_dir(args: argparse.Namespace) -> Path:
    """The data folder of the service, whose environment counts from here on."""
    if args.environment:
        os.environ.update(steps.read_environment_file(args.environment))
    from phonepay.cli.startup import load_settings

    # Refuses a wrong environment with its sentences, before anything is touched.
    load_settings()
    from django.conf import settings

    folder: Path = settings.PHONEPAY_DATA_DIR
    return folder


def _say(sentence: str) -> None:
    print(sentence, flush=True)
