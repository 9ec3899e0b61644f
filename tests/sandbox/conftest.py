"""An installation on its first day, and the sandbox on it."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django import Settings

from phonepay.calls import ending
from phonepay.cli import sandbox_child
from phonepay.ivr import turn
from phonepay.setup.sandbox import is_on
from tests.journeys.conftest import product
from tests.sandbox.playing import Sandbox, playing, without_keys

__all__ = ["product"]


@pytest.fixture
def first_day(settings: Settings, tmp_path: Path, transactional_db: None) -> Path:
    without_keys(settings, tmp_path)
    return tmp_path


@pytest.fixture
def sandbox(first_day: Path, product: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sandbox]:
    """The sandbox as it runs; what its callers were told is held against the money in the end."""
    # A person takes as long to read; a test would only wait.
    monkeypatch.setattr(turn, "EARLIEST_ANSWER", 0.0)
    monkeypatch.setattr(ending, "UNHEARD", timedelta(0))
    monkeypatch.setattr(sandbox_child, "HEARD_AFTER", 0.0)
    monkeypatch.setattr("phonepay.setup.sandbox.GONE_WITHIN", 0.0)  # here no serve ends them
    with playing(product) as sandbox:
        yield sandbox
        if is_on():  # a test that leaves it judges before
            sandbox.judge()
