"""The compose file and what writes its secrets. `make check` holds it to the published schema as well."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from phonepay.configuration.environment import read_environment

PRODUCT = ("migrate", "phonepay", "backup")
# Whose own packages have pg_dump and psql of which major version.
CLIENT = {"trixie": "17"}


@pytest.fixture(scope="module")
def text(repository: Path) -> str:
    return (repository / "deploy/compose/compose.yaml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def compose(text: str) -> dict[str, Any]:
    return dict(yaml.safe_load(text))


@pytest.fixture(scope="module")
def written(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The names that make-env wrote."""
    folder = tmp_path_factory.mktemp("compose")
    script = shutil.copy(repository / "deploy/compose/make-env", folder)
    made = subprocess.run([script, "pay.example.com"], capture_output=True, text=True, check=True)
    assert made.stdout.endswith(f"{folder}/.env, for https://pay.example.com.\n")
    assert (folder / ".env").stat().st_mode & 0o777 == 0o600
    again = subprocess.run([script, "pay.example.com"], capture_output=True, text=True, check=False)
    assert again.returncode == 1 and "nothing was written" in again.stderr
    lines = (folder / ".env").read_text().splitlines()
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def filled(value: str, given: dict[str, str]) -> str:
    """A value with its variables replaced, as compose replaces them."""

    def one(found: re.Match[str]) -> str:
        name, operator, word = found[1], found[2] or "", found[3] or ""
        if given.get(name):
            return given[name]
        assert not operator.startswith(":?"), f"{name} is required and not written"
        return word

    return re.sub(r"\$\{(\w+)(?:(:[?-])([^}]*))?\}", one, value)


def test_what_is_referred_to_is_there(compose: dict[str, Any]) -> None:
    services = compose["services"]
    for service in services.values():
        assert set(service.get("networks", [])) <= set(compose["networks"])
        assert set(service.get("depends_on", [])) <= set(services)
        named = {volume.split(":")[0] for volume in service.get("volumes", [])}
        assert {name for name in named if not name.startswith(".")} <= set(compose["volumes"])


def test_only_the_proxy_is_reached_from_outside(compose: dict[str, Any]) -> None:
    assert [name for name, service in compose["services"].items() if "ports" in service] == ["proxy"]


def test_the_database_reaches_nobody_and_the_proxy_not_the_database(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert services["database"]["networks"] == ["inside"] and compose["networks"]["inside"]["internal"] is True
    assert services["proxy"]["networks"] == ["outside"]


@pytest.mark.parametrize("name", PRODUCT)
def test_the_product_may_do_as_little_as_it_can(compose: dict[str, Any], name: str) -> None:
    service = compose["services"][name]
    assert service["read_only"] is True and service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["volumes"] == ["data:/var/lib/phonepay"]


def test_the_database_is_brought_up_to_date_before_anything_answers(compose: dict[str, Any]) -> None:
    services = compose["services"]
    assert services["migrate"]["command"] == ["migrate"]
    assert services["migrate"]["depends_on"] == {"database": {"condition": "service_healthy"}}
    assert services["phonepay"]["depends_on"] == {"migrate": {"condition": "service_completed_successfully"}}


def test_a_backup_is_taken_each_day_by_a_client_of_the_databases_version(
    compose: dict[str, Any], repository: Path
) -> None:
    (script,) = compose["services"]["backup"]["command"]
    assert "phonepay backup backups/" in script and "sleep 86400" in script
    base = re.findall(r"-slim-(\w+)", (repository / "deploy/Containerfile").read_text(encoding="utf-8"))[-1]
    assert f"postgres:{CLIENT[base]}-" in compose["services"]["database"]["image"]


def test_charges_under_way_have_time_to_finish(compose: dict[str, Any]) -> None:
    from phonepay.cli.supervisor import STOP_SECONDS

    assert float(compose["services"]["phonepay"]["stop_grace_period"].removesuffix("s")) > STOP_SECONDS


def test_no_secret_stands_in_the_file(text: str) -> None:
    for name in ("SECRET", "PASSWORD", "TOKEN", "ENCRYPTION"):
        for value in re.findall(rf"{name}\w*: (.*)", text):
            assert value.startswith("${"), value


def test_with_what_make_env_wrote_the_product_starts(
    compose: dict[str, Any], written: dict[str, str], tmp_path: Path
) -> None:
    environment = {
        name: filled(value, written) for name, value in compose["services"]["phonepay"]["environment"].items()
    }
    read = read_environment(environment | {"PHONEPAY_DATA_DIR": str(tmp_path)})
    assert (read.public_url, read.trusted_proxies) == ("https://pay.example.com", 1)
    assert read.database.engine == "postgresql" and read.metrics_token and not read.unknown


@pytest.mark.parametrize("host", ["", "Pay Example", "https://pay.example.com", "-x", "a..b", "$(id)"])
def test_what_is_no_host_is_refused(repository: Path, tmp_path: Path, host: str) -> None:
    script = shutil.copy(repository / "deploy/compose/make-env", tmp_path)
    refused = subprocess.run([script, host], capture_output=True, text=True, check=False)
    assert refused.returncode == 2 and refused.stderr.startswith("usage: make-env HOST")
    assert not (tmp_path / ".env").exists()
