"""The environment of every test, set before Django reads it; one SQLite file for each worker."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings as hypothesis_settings

pytest_plugins: list[str] = []

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


def _prepare_environment() -> None:
    """Forget what the developer's shell says of Phone Pay, and say what the tests need."""
    for name in [name for name in os.environ if name.startswith("PHONEPAY_") and not name.startswith("PHONEPAY_TEST_")]:
        del os.environ[name]
    os.environ.update(TEST_ENVIRONMENT)
    # On a database server the runner gives the address; pytest-django then makes a database for each worker.
    if address := os.environ.get("PHONEPAY_TEST_DATABASE_URL"):
        os.environ["PHONEPAY_DATABASE_URL"] = address
    os.environ["PHONEPAY_DATA_DIR"] = tempfile.mkdtemp(prefix="phonepay-tests-")


_prepare_environment()


def pytest_unconfigure() -> None:
    shutil.rmtree(os.environ["PHONEPAY_DATA_DIR"], ignore_errors=True)


@pytest.fixture(scope="session")
def repository() -> Iterator[Path]:
    """The folder that holds everything."""
    yield Path(__file__).resolve().parents[1]
