"""scripts/bootstrap on machines that lack something: one plain sentence, with the remedy."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

BOOTSTRAP_NEEDS = ("scripts/bootstrap", "scripts/environment.py", "requirements")

# A Python as scripts/bootstrap asks it: too old or missing its venv module, and told by its answers alone.
OLD = """#!/bin/sh
case "$2" in *python_version*) echo "Python 3.9.18" ;; *) exit 1 ;; esac
"""
LYING_SHIM = "#!/bin/sh\necho 'no such version' >&2\nexit 127\n"
WITHOUT_VENV = """#!/bin/sh
if [ "$1" = -c ]; then exec "{python}" "$@"; fi
exec "{python}" -c '
import runpy, sys
sys.modules["ensurepip"] = None
sys.argv = sys.argv[1:]
runpy.run_path(sys.argv[0], run_name="__main__")
' "$@"
"""

NO_NETWORK = {"PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull}


class Machine:
    """A copy of the project's start on a machine that has only the given programs."""

    def __init__(self, folder: Path, repository: Path) -> None:
        self.project, self.programs = folder / "project", folder / "bin"
        self.programs.mkdir()
        for name in BOOTSTRAP_NEEDS:
            source, target = repository / name, self.project / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target)
            else:
                shutil.copy(source, target)
        for tool in ("sh", "dirname"):
            self.programs.joinpath(tool).symlink_to(str(shutil.which(tool)))

    def add(self, name: str, text: str) -> Path:
        """Put a program on the path."""
        program = self.programs / name
        program.write_text(text.format(python=sys.executable) if "{python}" in text else text)
        program.chmod(0o755)
        return program

    def bootstrap(self, *arguments: str, **environ: str) -> subprocess.CompletedProcess[str]:
        """Run scripts/bootstrap with nothing but these programs on the path."""
        return subprocess.run(
            [str(self.project / "scripts/bootstrap"), *arguments],
            env={"PATH": str(self.programs), "HOME": str(self.programs)} | environ,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture
def machine(tmp_path: Path, repository: Path) -> Machine:
    return Machine(tmp_path, repository)


def test_a_machine_without_python_is_told_which_it_needs(machine: Machine) -> None:
    result = machine.bootstrap("run")
    assert result.returncode == 1
    assert result.stderr.startswith("Phone Pay needs Python 3.11, 3.12 or 3.13, and this machine has no Python:")
    assert "apt install python3 python3-venv" in result.stderr


def test_a_machine_with_an_old_python_is_told_what_it_has(machine: Machine) -> None:
    machine.add("python3", OLD)
    assert "and this machine has Python 3.9.18: install one" in machine.bootstrap("run").stderr


def test_the_sentence_is_one(machine: Machine) -> None:
    assert len(machine.bootstrap("run").stderr.splitlines()) == 1


def test_a_shim_that_lies_is_passed_over(machine: Machine) -> None:
    machine.add("python3.13", LYING_SHIM)
    machine.add("python3", LYING_SHIM)
    machine.add("python3.11", WITHOUT_VENV)
    assert "has no venv module" in machine.bootstrap("run").stderr


def test_a_python_without_venv_is_told_the_package(machine: Machine) -> None:
    machine.add("python3", WITHOUT_VENV)
    result = machine.bootstrap("run")
    assert result.returncode == 1
    assert "has no venv module: install it (Debian and Ubuntu: apt install python3-venv)" in result.stderr
    assert not machine.project.joinpath(".venv").exists()


def test_a_chosen_python_that_does_not_do_is_refused(machine: Machine) -> None:
    old = machine.add("old", OLD)
    result = machine.bootstrap("run", PYTHON=str(old))
    assert result.returncode == 1
    assert result.stderr.startswith(f"PYTHON={old} is not a Python from 3.11 to 3.13 that runs:")


def test_a_chosen_python_has_an_environment_of_its_own(machine: Machine) -> None:
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    chosen = machine.add("chosen", WITHOUT_VENV)
    assert f"Preparing .venv-{version} with" in machine.bootstrap("run", PYTHON=str(chosen)).stderr


def test_an_unknown_level_is_told_how_to_be_used(machine: Machine) -> None:
    machine.add("python3", WITHOUT_VENV)
    assert "usage: scripts/bootstrap run|test|docs|check" in machine.bootstrap("everything").stderr


def test_an_environment_that_is_ready_is_left_alone(machine: Machine) -> None:
    made_ready(machine)
    result = machine.bootstrap("run", "python", "-c", "print('ran')")
    assert (result.stdout, result.stderr) == ("ran\n", "")


def test_the_command_keeps_its_words_and_its_end(machine: Machine) -> None:
    made_ready(machine)
    result = machine.bootstrap("run", "python", "-c", "import sys; print(sys.argv[1:]); sys.exit(7)", "a b", "$c")
    assert (result.stdout, result.returncode) == ("['a b', '$c']\n", 7)


def test_what_was_compiled_is_kept_though_the_machine_says_otherwise(machine: Machine) -> None:
    made_ready(machine)
    program = "import sys; print(sys.dont_write_bytecode)"
    result = machine.bootstrap("run", "python", "-c", program, PYTHONDONTWRITEBYTECODE="1")
    assert result.stdout == "False\n"


def test_changed_requirements_are_noticed_and_a_missing_network_is_told(machine: Machine) -> None:
    made_ready(machine)
    with machine.project.joinpath("requirements/run.txt").open("a") as file:
        file.write("\n# changed\n")
    result = machine.bootstrap("run", "python", "-c", "print('ran')", **NO_NETWORK)
    assert "Preparing .venv" in result.stderr
    assert "uv cannot be had" in result.stderr
    assert "The requirements could not be installed (is there a network" in result.stderr
    assert result.stdout == ""


def test_an_environment_that_was_moved_is_made_anew(machine: Machine, tmp_path: Path) -> None:
    made_ready(machine)
    machine.project = machine.project.rename(tmp_path / "elsewhere")
    assert "Preparing .venv" in machine.bootstrap("run", **NO_NETWORK).stderr


def made_ready(machine: Machine) -> None:
    """An environment as it looks after the first run, with nothing in it: what is tested is what happens next."""
    version = f"{sys.version_info.major}.{sys.version_info.minor}"
    base = Path(getattr(sys, "_base_executable", sys.executable))
    folder = machine.project / ".venv"
    subprocess.run([base, "-m", "venv", "--without-pip", folder], check=True)
    program = (
        "import sys, json; sys.path.insert(0, sys.argv[1]); import environment as e; "
        "(e.ROOT / '.venv' / 'requirements.stamp').write_text(json.dumps({'place': str(e.ROOT), **e.stamps({'run'})}))"
    )
    subprocess.run([base, "-c", program, machine.project / "scripts"], check=True, env=os.environ)
    assert folder.joinpath("bin", f"python{version}").exists()
