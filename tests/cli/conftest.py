"""The terminal: one command in this process, its exit code and what it printed."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from types import SimpleNamespace

import pytest

from phonepay.cli import finding
from phonepay.cli.main import main

# A shop whose Stripe is the stand-in, as the tests of the money have it.
from tests.payments.conftest import stripe_standin, till

__all__ = ["stripe_standin", "till"]


@dataclass(frozen=True)
class Printed:
    code: int
    out: str
    err: str


Command = Callable[..., Printed]


@pytest.fixture
def phonepay(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Command:
    """Run `phonepay` with these words; `typed` is what is answered to its question."""
    # Not LOGNAME: pytest names its folders after it.
    monkeypatch.setattr(finding, "getpass", SimpleNamespace(getuser=lambda: "olga"))

    def run(*words: str, typed: str | None = None) -> Printed:
        def answer(question: str) -> str:
            sys.stdout.write(f"{question}\n")
            if typed is None:
                raise EOFError
            return typed

        monkeypatch.setattr("builtins.input", answer)
        code = main(words)
        return Printed(code, *capsys.readouterr())

    return run
