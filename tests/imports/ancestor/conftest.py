"""The old database, a till whose Stripe is the stand-in, and the command."""

from collections.abc import Iterator
from typing import Any

import pytest
from pytest_django import Settings

from tests.cli.conftest import Command, Printed, phonepay
from tests.databases.servers import KINDS, private_server
from tests.imports.ancestor import old as old_databases
from tests.imports.ancestor.old import Old
from tests.payments.conftest import stripe_standin, till
from tests.shop import Till

__all__ = ["phonepay", "stripe_standin", "till"]


@pytest.fixture(scope="session")
def old_server() -> Iterator[str]:
    if KINDS["mariadb"].find() is None:
        pytest.skip("mariadb is not on this machine")
    with private_server("mariadb") as url:
        yield url


@pytest.fixture
def old(old_server: str) -> Iterator[Old]:
    with old_databases.made(old_server) as made:
        yield made


@pytest.fixture
def brings(phonepay: Command, old: Old, till: Till) -> Any:
    """Run it for the line of the till; `--write` unless told otherwise."""
    assert till.line.pk

    def run(*words: str, write: bool = True) -> Printed:
        printed = phonepay("import-ancestor", old.url, *(["--write"] if write else []), *words)
        assert printed.code == 0, printed.err
        return printed

    return run


@pytest.fixture
def without_stripe(settings: Settings) -> None:
    settings.PHONEPAY_STRIPE_SECRET_KEY = ""
