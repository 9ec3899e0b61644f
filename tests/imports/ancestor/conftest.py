"""The old database, a till whose Stripe is the stand-in, and the command."""

from collections.abc import Iterator

import pytest

from tests.cli.conftest import phonepay
from tests.databases.servers import KINDS, private_server
from tests.imports.ancestor import old as old_databases
from tests.imports.ancestor.old import Old
from tests.payments.conftest import stripe_standin, till

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
