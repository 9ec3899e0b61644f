"""The Containerfile: what it promises, and its steps done for real, without an engine."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

import phonepay
from phonepay.configuration.environment import read_environment
from tests.releases.conftest import built, wheel

__all__ = ["built", "wheel"]

Instruction = tuple[str, str]


@pytest.fixture(scope="module")
def stages(repository: Path) -> list[list[Instruction]]:
    """The instructions of each stage: name and the rest, continued lines joined."""
    text = re.sub(r"^#.*\n", "", (repository / "deploy/Containerfile").read_text(encoding="utf-8"), flags=re.MULTILINE)
    lines = [line.split(maxsplit=1) for line in text.replace("\\\n", " ").splitlines() if line.strip()]
    found: list[list[Instruction]] = [[]]
    for name, rest in lines:
        if name == "FROM":
            found.append([])
        found[-1].append((name, " ".join(rest.split())))
    return found[1:]


def given(stage: list[Instruction], name: str) -> list[str]:
    return [rest for instruction, rest in stage if instruction == name]


def test_it_runs_as_nobody_who_may_change_it(stages: list[list[Instruction]]) -> None:
    assert given(stages[-1], "USER") == ["10001:10001"]
    # What comes after USER is only told, and nothing that is copied belongs to that user.
    assert not any("--chown" in rest for rest in given(stages[-1], "COPY"))


def test_its_python_is_the_newest_that_is_supported(stages: list[list[Instruction]], repository: Path) -> None:
    assert "\nARG PYTHON=3.13\n" in (repository / "deploy/Containerfile").read_text(encoding="utf-8")
    assert all("python:${PYTHON}-slim" in rest for stage in stages for rest in given(stage, "FROM"))


def test_nothing_that_builds_is_in_the_result(stages: list[list[Instruction]]) -> None:
    result = " ".join(rest for _, rest in stages[-1])
    assert "pip uninstall" in result
    assert not re.search(r"gcc|build-essential|pip install", result)
    assert re.findall(r"apt-get install(.*?)&&", result) == [" --yes --no-install-recommends postgresql-client "]


def test_its_data_are_a_volume_and_the_folder_that_the_product_uses(stages: list[list[Instruction]]) -> None:
    (volume,) = given(stages[-1], "VOLUME")
    environment = dict(part.split("=", 1) for rest in given(stages[-1], "ENV") for part in shlex.split(rest))
    assert environment["PHONEPAY_DATA_DIR"] == volume == "/var/lib/phonepay"


def test_no_name_of_the_environment_is_unknown_to_the_product(stages: list[list[Instruction]], tmp_path: Path) -> None:
    environment = dict(part.split("=", 1) for rest in given(stages[-1], "ENV") for part in shlex.split(rest))
    assert not read_environment(environment | {"PHONEPAY_DATA_DIR": str(tmp_path)}).unknown


def test_its_health_is_asked_where_it_listens(stages: list[list[Instruction]]) -> None:
    (health,) = given(stages[-1], "HEALTHCHECK")
    (command,) = given(stages[-1], "CMD")
    (port,) = given(stages[-1], "EXPOSE")
    assert f"http://127.0.0.1:{port}/healthz" in health and f'"--port", "{port}"' in command


def test_nothing_but_the_wheel_is_sent_to_the_builder(repository: Path) -> None:
    lines = (repository / "deploy/Containerfile.dockerignore").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if not line.startswith("#")] == ["*", "!dist/phonepay-*.whl"]


@pytest.mark.skipif(sys.platform != "linux", reason="the image is of Linux")
@pytest.mark.skipif(sys.version_info[:2] != (3, 13), reason="the image has Python 3.13")
def test_its_steps_make_a_product_that_runs_and_cannot_build(
    stages: list[list[Instruction]], wheel: Path, tmp_path: Path
) -> None:
    (run,) = given(stages[0], "RUN")
    place, scratch = tmp_path / "opt", tmp_path / "scratch"
    scratch.mkdir()
    (scratch / wheel.name).write_bytes(wheel.read_bytes())
    here = run.replace("/tmp/", f"{scratch}/").replace("/opt/phonepay", str(place))  # noqa: S108 - the image's own
    base = Path(getattr(sys, "_base_executable", sys.executable)).parent
    environment = {"PATH": f"{base}:{os.environ['PATH']}", "REQUIREMENTS": "run", "HOME": str(tmp_path)}
    # Where the packages come from is the machine's business, as in an image.
    environment |= {name: value for name, value in os.environ.items() if name.startswith(("PIP_", "SSL_"))}
    done = subprocess.run(["/bin/sh", "-ec", here], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    said = subprocess.run([place / "bin/phonepay", "--version"], env={}, capture_output=True, text=True, check=True)
    assert said.stdout == f"phonepay {phonepay.__version__}\n"
    assert list(place.glob("lib/*/site-packages/phonepay/__pycache__/settings.*.pyc"))
    assert not list(place.glob("lib/*/site-packages/pip"))
