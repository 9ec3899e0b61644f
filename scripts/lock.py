"""Renew the locked requirements from pyproject.toml: with hashes, and without the address they came from.

`--upgrade` takes the newest that pyproject.toml allows; else what is locked stays where it can.
"""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
OLDEST = "3.11"

# The runtime is locked alone, so that the tests' needs never decide what a shop runs.
FILES = {
    "run": ["pyproject.toml"],
    "extras": ["pyproject.toml", "--all-extras", "--constraint", "requirements/run.txt"],
    "test": ["pyproject.toml", "--group", "test", "--constraint", "requirements/extras.txt"],
    # Its own: who builds the site needs the product too, to ask it.
    "docs": ["pyproject.toml", "--group", "docs", "--constraint", "requirements/test.txt"],
    # The linters live in the tests' environment, and beside those.
    "lint": ["pyproject.toml", "--group", "lint", "--constraint", "requirements/docs.txt"],
}


def main(options: list[str]) -> None:
    for name, sources in FILES.items():
        compile_requirements(name, [*sources, *options])
    installed = subprocess.run(
        [sys.executable, "-m", "uv", "--version"], capture_output=True, text=True, check=True
    ).stdout.split()[1]
    # The installer is moved by hand: edit the version in requirements/uv.txt, run this, and see the hashes follow.
    first = (ROOT / "requirements" / "uv.txt").read_text(encoding="utf-8").split(maxsplit=1)[0]
    compile_requirements("uv", ["-"], given=first)
    print(f"Locked with uv {installed}: see git diff --stat requirements/")


def compile_requirements(name: str, sources: list[str], given: str = "") -> None:
    command = [
        sys.executable, "-m", "uv", "--quiet", "pip", "compile", *sources,
        "--universal", "--python-version", OLDEST, "--python", sys.executable,
        "--generate-hashes", "--no-header", "--no-annotate", "--no-emit-index-url",
        "--output-file", f"requirements/{name}.txt",
    ]  # fmt: skip
    environment = os.environ | {"UV_PYTHON_DOWNLOADS": "never"}
    subprocess.run(command, cwd=ROOT, env=environment, input=given, text=True, check=True, stdout=subprocess.DEVNULL)


if __name__ == "__main__":
    main(sys.argv[1:])
