"""What is released: all of the product, nothing else, the same bytes each time, and at work in an empty environment."""

from __future__ import annotations

import email
import re
import subprocess
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

import phonepay
from phonepay.standins.stripe import StripeStandIn
from scripts.dist import build, look_at, package_files
from tests.cli.served import PATIENCE, Served, serving


@pytest.fixture(scope="module")
def served(installed: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A shop that takes calls with what the wheel brought."""
    with StripeStandIn() as stripe:
        environment = {
            "HOME": str(tmp_path_factory.mktemp("home")),
            "PHONEPAY_PUBLIC_URL": "https://pay.example",
            "PHONEPAY_TWILIO_ACCOUNT_SID": "AC" + "1" * 32,
            "PHONEPAY_TWILIO_AUTH_TOKEN": "1" * 32,
            "PHONEPAY_STRIPE_SECRET_KEY": "sk_test_fromthewheel00",
            "PHONEPAY_STRIPE_API_BASE": stripe.url,
            "PHONEPAY_TWILIO_API_BASE": "http://127.0.0.1:9",  # nobody
        }
        with serving("--port", "0", installed=installed / "phonepay", **environment) as served:
            # Nothing of it is compiled yet, of which every module has to be now.
            yield served.started(patience=4 * PATIENCE)


def page(served: Served, path: str, language: str = "en") -> str:
    request = urllib.request.Request(f"{served.url}{path}", headers={"Accept-Language": language})  # noqa: S310 - loopback
    with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310 - the same
        return str(answer.read().decode())


def test_it_holds_every_file_of_the_package_and_none_of_the_rest(wheel: Path, repository: Path) -> None:
    with zipfile.ZipFile(wheel) as files:
        names = {name for name in files.namelist() if ".dist-info/" not in name}
    locked = {"phonepay/requirements/run.txt", "phonepay/requirements/extras.txt"}
    assert names == set(package_files(repository)) | locked


def test_a_file_that_is_missing_is_noticed(wheel: Path, repository: Path, tmp_path: Path) -> None:
    poorer = tmp_path / wheel.name
    with zipfile.ZipFile(wheel) as files, zipfile.ZipFile(poorer, "w") as fewer:
        for name in files.namelist():
            if not name.endswith("django.mo"):
                fewer.writestr(name, files.read(name))
        fewer.writestr("tests/test_something.py", "")
    assert look_at(poorer, repository) == [
        "missing: phonepay/locale/es/LC_MESSAGES/django.mo",
        "does not belong there: tests/test_something.py",
    ]


def test_built_again_it_has_the_same_bytes(built: tuple[Path, Path], repository: Path, tmp_path: Path) -> None:
    again = build(repository, tmp_path)
    assert [path.read_bytes() for path in again] == [path.read_bytes() for path in built]


def test_it_says_what_it_is(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as files:
        (name,) = [name for name in files.namelist() if name.endswith(".dist-info/METADATA")]
        facts = email.message_from_bytes(files.read(name))
    assert (facts["Name"], facts["Version"]) == ("phonepay", phonepay.__version__)
    assert facts["Summary"].startswith("Phone Pay: card payments by phone call")
    assert set(facts.get_all("Provides-Extra", [])) == {"otel", "sentry"}


def test_the_version_stands_in_one_place(repository: Path) -> None:
    assert re.fullmatch(r"\d+\.\d+\.\d+((a|b|rc)\d+)?", phonepay.__version__)
    assert phonepay.__version__ not in (repository / "pyproject.toml").read_text(encoding="utf-8")


def test_the_command_runs_where_nothing_else_is(installed: Path, tmp_path: Path) -> None:
    said = subprocess.run(
        [installed / "phonepay", "--version"], cwd=tmp_path, env={}, capture_output=True, text=True, check=True
    )
    assert said.stdout == f"phonepay {phonepay.__version__}\n"


def test_a_caller_pays(served: Served) -> None:
    served.run("line", "set", "--behavior", "fixed", "--amount", "42.50")
    call = served.run("call", "--local", served.url, "--script", "1 card:4242424242424242/0333/123/94110")
    assert "You have paid" in call.stdout, call.stderr


def test_check_says_what_is_in_order(served: Served) -> None:
    assert "Stripe takes the key (test" in served.run("check").stdout


def test_pages_come_with_their_looks_and_in_both_languages(served: Served) -> None:
    english, spanish = page(served, "/sign-in"), page(served, "/sign-in", "es")
    assert 'lang="en"' in english and 'lang="es"' in spanish
    styles = re.findall(r'href="(/static/[^"]+\.css)"', english)
    assert styles and all(page(served, path) for path in styles)
