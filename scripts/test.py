"""Run all tests: whole on SQLite, those marked `database` on each server, all but the longest on a second Python.

What is not on this machine is said and left out; PHONEPAY_TEST_REQUIRE=postgresql,mariadb,python3.13 makes that a
failure. Arguments go to pytest: make test ARGS="tests/orders -x".
"""

import os
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from scripts.interpreters import find_python  # noqa: E402 - after the path
from tests.databases.servers import KINDS  # noqa: E402 - after the path

OLDEST, NEWEST = "3.11", "3.13"
NO_TESTS_COLLECTED = 5


@dataclass
class Run:
    """One run of the tests: what it is called, and how it ended."""

    name: str
    outcome: str = ""
    failed: bool = False


def main(arguments: Sequence[str]) -> int:
    required = {name.strip() for name in os.environ.get("PHONEPAY_TEST_REQUIRE", "").split(",") if name.strip()}
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    second = OLDEST if here == NEWEST else NEWEST
    known = {*KINDS, f"python{OLDEST}", f"python{NEWEST}"}
    if foreign := sorted(required - known):
        print(f"PHONEPAY_TEST_REQUIRE names {foreign[0]}: what can be required is {', '.join(sorted(known))}.")
        return 2
    # One process costs a second to start: worth it for many tests, not for one file. Each begins at a place of its own,
    # so that what a file starts for all its tests is started once, and who has ended takes from who has not.
    alone = any(part.startswith("-n") or ".py" in part for part in arguments)
    parallel = [] if alone else ["-n", "auto", "--dist", "worksteal"]
    pytest = [sys.executable, "-m", "pytest", *parallel, *arguments]

    runs = [run_tests(f"SQLite, Python {here}", pytest, {})]
    for kind, server in KINDS.items():
        if server.find():
            marked = [*pytest, "-m", "database"]
            runs.append(run_tests(kind, marked, {"PHONEPAY_TEST_DATABASE": kind}, may_be_empty=bool(arguments)))
        else:
            runs.append(left_out(kind, f"{' and '.join(server.programs)} not found", kind in required))
    runs.append(run_on_second_python(second, [*parallel, *arguments], f"python{second}" in required))
    return report(runs)


def run_tests(name: str, command: Sequence[str], extra: dict[str, str], *, may_be_empty: bool = False) -> Run:
    """Run pytest, show what it says as it says it, and keep its last line."""
    print(f"\n=== {name}", flush=True)
    environment = os.environ | extra
    if sys.stdout.isatty():
        environment |= {"FORCE_COLOR": "1"}
    started = time.monotonic()
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        assert process.stdout
        last = ""
        for line in process.stdout:
            print(line, end="", flush=True)
            last = line.strip() or last
    empty = process.returncode == NO_TESTS_COLLECTED
    failed = process.returncode != 0 and not (empty and may_be_empty)
    outcome = re.sub(r"\x1b\[[0-9;]*m", "", last).strip("= ")
    if not re.search(r"\d+ (passed|failed|error|skipped|deselected)|no tests ran", outcome):
        outcome = f"ended with {process.returncode} after {time.monotonic() - started:.0f}s"
    return Run(name, ("FAILED: " if failed else "") + outcome, failed)


def run_on_second_python(version: str, arguments: Sequence[str], required: bool) -> Run:
    """All but the longest again, in an environment of that Python's own."""
    name = f"SQLite, Python {version}"
    python = find_python(version)
    if python is None:
        return left_out(name, f"no python{version} that runs", required)
    # What a browser shows, and what goes through the same code for every page, ending or request, takes longest: what
    # differs between Pythons is in that code, and other tests run it here too.
    fewer = [] if "-m" in arguments else ["-m", "not browser and not long"]
    command = [str(ROOT / "scripts" / "bootstrap"), "test", "python", "-m", "pytest", *arguments, *fewer]
    return run_tests(name, command, {"PYTHON": str(python)})


def left_out(name: str, why: str, required: bool) -> Run:
    """What is not here: told, and a failure where it was required."""
    print(f"\n=== {name}: left out, {why}", flush=True)
    return Run(name, f"{'MISSING' if required else 'left out'} ({why})", required)


def report(runs: Sequence[Run]) -> int:
    """Say in the last lines what ran and how it ended."""
    failed = any(run.failed for run in runs)
    print("\n" + "; ".join(f"{run.name}: {run.outcome}" for run in runs))
    return 1 if failed else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
