"""The environment of every test, set before Django reads it, and the database they run on.

PHONEPAY_TEST_DATABASE=postgresql or =mariadb starts a private server of that kind; else it is SQLite, a file with the
product's own options for each worker.
"""

import atexit
import contextlib
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import django
import pytest
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase
from hypothesis import settings as hypothesis_settings
from pytest_django import Settings
from pytest_django.plugin import DjangoDbBlocker

from phonepay.configuration.context import About
from tests.databases.emptying import empty
from tests.databases.servers import KINDS, ServerFailed, private_server
from tests.databases.template import copy_to

TEST_ENVIRONMENT = {
    "DJANGO_SETTINGS_MODULE": "phonepay.settings",
    "PHONEPAY_PUBLIC_URL": "https://pay.example",
    "PHONEPAY_SECRET_KEY": "a-key-of-the-tests-alone-0123456789-abcdefghijklmnopqrstuvwxyz",
    "PHONEPAY_ENCRYPTION_KEY": "dGhlLXRlc3RzLW93bi1rZXktb2YtMzItYnl0ZXMhISE=",
    "PHONEPAY_TWILIO_ACCOUNT_SID": "AC" + "0123456789abcdef" * 2,
    "PHONEPAY_TWILIO_AUTH_TOKEN": "fedcba9876543210" * 2,
    "PHONEPAY_STRIPE_SECRET_KEY": "sk_test_thetestsownkey00",
    "PHONEPAY_STRIPE_WEBHOOK_SECRET": "whsec_thetestsownsecret00",
}

hypothesis_settings.register_profile("ci", deadline=None, derandomize=True, print_blob=True)
hypothesis_settings.register_profile("explore", deadline=None, max_examples=2000)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

_began = time.time()

# A folder in memory, where there is one: each commit of the product waits for the disk, in tests for nothing.
_MEMORY = Path("/dev/shm")  # noqa: S108 - in it a folder is made that nobody else can open
_ROOM = 256 * 1024 * 1024  # bytes; containers may have less

# The data folder and the database server, which go when the tests have ended.
_kept = contextlib.ExitStack()
# For the run that ends before pytest has begun.
atexit.register(_kept.close)


def _folder() -> str | None:
    """Where the tests' data folder is made."""
    if _MEMORY.is_dir() and os.access(_MEMORY, os.W_OK) and shutil.disk_usage(_MEMORY).free >= _ROOM:
        return str(_MEMORY)
    return None


def _prepare_environment() -> None:
    """Forget what the developer's shell says of Phone Pay, and say what the tests need."""
    for name in [name for name in os.environ if name.startswith("PHONEPAY_") and not name.startswith("PHONEPAY_TEST_")]:
        del os.environ[name]
    os.environ.update(TEST_ENVIRONMENT)
    os.environ["PHONEPAY_DATA_DIR"] = _kept.enter_context(
        tempfile.TemporaryDirectory(prefix="phonepay-tests-", dir=_folder(), ignore_cleanup_errors=True)
    )
    kind = os.environ.get("PHONEPAY_TEST_DATABASE", "sqlite")
    if kind == "sqlite":
        return
    if kind not in KINDS:
        pytest.exit(f"PHONEPAY_TEST_DATABASE={kind} is none of sqlite, {', '.join(KINDS)}: write one of them", 4)
    try:
        os.environ["PHONEPAY_DATABASE_URL"] = _kept.enter_context(private_server(kind))
    except ServerFailed as failure:
        pytest.exit(str(failure), 4)


# A worker of pytest-xdist inherits what the first process has prepared.
if "PYTEST_XDIST_WORKER" not in os.environ:
    _prepare_environment()

# Now, and not by pytest-django: it would come after the conftest files of the rooms, which import models.
django.setup()

# The product's own takes its time on purpose; tests/web/accounts/test_sign_in.py holds what it costs.
settings.PASSWORD_HASHERS = ["tests.hashing.QuickArgon2"]

TransactionTestCase._fixture_teardown = empty


@pytest.fixture(scope="session")
def django_db_keepdb(django_db_keepdb: bool, django_db_modify_db_settings: None) -> bool:
    """On SQLite there is a database to keep: a copy of one that was migrated before."""
    if connection.vendor != "sqlite":
        return django_db_keepdb
    copy_to(Path(connection.settings_dict["TEST"]["NAME"]))
    return True


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """A process of the product reads the key of Activity as it starts, so that no caller's turn pays for it."""
    from phonepay.events import audit_keys

    with django_db_blocker.unblock():
        audit_keys.warm()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """What tests have found that somebody may want to read (`record_property("told", …)`); where the pictures are."""
    for report in terminalreporter.stats.get("passed", []):
        for name, value in report.user_properties:
            if name == "told":
                terminalreporter.write_line(value)
    index = Path(__file__).resolve().parents[1] / ".test" / "contact-sheet" / "index.html"
    if index.exists() and index.stat().st_mtime >= _began:
        terminalreporter.write_line(f"The contact sheet: {index}")
    if fuzzed := sys.modules.get("tests.fuzz.effort"):
        for door, count in sorted(fuzzed.TRIED.items()):
            terminalreporter.write_line(f"Tried: {count:,} {door}")


def pytest_unconfigure() -> None:
    _kept.close()


@pytest.fixture(autouse=True)
def no_keys_kept() -> None:
    """Each test is a process that has just looked for kept keys, found none, and looks again where one is kept."""
    from phonepay.merchant import credentials

    credentials._cache.start_with({}, seconds=3600)


@pytest.fixture
def no_keys_given(settings: Settings) -> None:
    """The environment sets no key of any vendor, so that what is kept counts."""
    from phonepay.merchant.credential_names import NAMES

    for name in NAMES.values():
        setattr(settings, name.setting, () if name.several else None)


@pytest.fixture(autouse=True)
def nothing_in_hand() -> Iterator[None]:
    """What an earlier test worked on is not named in the log of this one."""
    with About():
        yield


@pytest.fixture(autouse=True)
def nothing_noted() -> None:
    """What an earlier test noted for alerts is not told in this one."""
    from phonepay.alerts import notes

    notes.forget()


@pytest.fixture(scope="session")
def repository() -> Path:
    """The folder that holds everything."""
    return Path(__file__).resolve().parents[1]
