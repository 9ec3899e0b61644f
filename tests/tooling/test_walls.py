"""The walls between the rooms do hold: each contract finds the import that breaks it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

if shutil.which("lint-imports", path=f"{Path(sys.executable).parent}") is None:
    pytest.skip("import-linter is not in this environment: make check has it", allow_module_level=True)

BREAKS = [
    ("lib/doorstep.py", "import phonepay.orders.models", "Each room imports only what lies below it"),
    ("orders/doorstep.py", "import phonepay.payments.models", "Each room imports only what lies below it"),
    ("standins/doorstep.py", "import phonepay.lib.cards", "Each room imports only what lies below it"),
    ("attic/__init__.py", "", "Each room imports only what lies below it"),
    ("web/stripe/doorstep.py", "import phonepay.web.voice", "The doors never import each other"),
    ("orders/doorstep.py", "import stripe", "Only payments.stripe_gateway imports stripe"),
    ("payments/doorstep.py", "import stripe", "Only payments.stripe_gateway imports stripe"),
    ("calls/doorstep.py", "import twilio.rest", "Only telephony imports twilio"),
    ("ivr/doorstep.py", "import django.db", "The conversation, the library and the stand-ins are plain Python"),
    ("standins/doorstep.py", "import django.db", "The conversation, the library and the stand-ins are plain Python"),
    ("calls/doorstep.py", "import phonepay.standins.twilio", "Only the command"),
]


@pytest.mark.parametrize(("file", "line", "contract"), BREAKS)
def test_an_import_through_a_wall_is_found(
    tmp_path: Path, repository: Path, file: str, line: str, contract: str
) -> None:
    shutil.copytree(repository / "phonepay", tmp_path / "phonepay", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(repository / "pyproject.toml", tmp_path)
    broken = tmp_path / "phonepay" / file
    broken.parent.mkdir(exist_ok=True)
    broken.write_text(f"{line}\n")
    result = subprocess.run(
        [Path(sys.executable).parent / "lint-imports", "--no-cache", "--no-logo"],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(tmp_path), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 1
    assert any(line.startswith(contract) and "BROKEN" in line for line in result.stdout.splitlines())
