"""Hold the shape of the code: format, lint, types, the walls between the rooms, security, known holes, house rules."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]

CHECKS = (
    ("format", ["ruff", "format", "--check", "--quiet", "."]),
    ("lint", ["ruff", "check", "--quiet", "."]),
    ("types", ["mypy"]),
    ("walls", ["lint-imports", "--no-logo"]),
    ("security", ["bandit", "--quiet", "--configfile", "pyproject.toml", "--recursive", "phonepay", "scripts"]),
    ("containers", ["hadolint", "deploy/Containerfile"]),
    ("compose", ["check-jsonschema", "--builtin-schema", "vendor.compose-spec", "deploy/compose/compose.yaml"]),
    ("known holes", [sys.executable, "scripts/audit.py"]),
    ("house rules", [sys.executable, "scripts/house_rules.py"]),
    ("migrations", [sys.executable, "-m", "django", "makemigrations", "--check", "--dry-run"]),
)


def main() -> int:
    failed: list[str] = []
    with tempfile.TemporaryDirectory(prefix="phonepay-check-") as folder:
        # Django is loaded by two of them: with no address, no key and no file of the developer's.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("PHONEPAY_")}
        environment |= {
            "PHONEPAY_DATA_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "phonepay.settings",
            "PYTHONPATH": str(ROOT),
        }
        for name, command in CHECKS:
            if shutil.which(command[0]) is None:
                print(f"{name}: left out, there is no {command[0]} for this machine", flush=True)
                continue
            started = time.monotonic()
            result = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
            taken = f"{time.monotonic() - started:.1f} s"
            if result.returncode == 0:
                print(f"{name}: in order ({taken})", flush=True)
                continue
            if result.returncode == os.EX_TEMPFAIL:
                print(f"{name}: NOT CHECKED ({taken}). {result.stdout.strip()}", flush=True)
                continue
            failed.append(name)
            print(f"{name}: FAILED ({taken})\n{result.stdout}{result.stderr}", flush=True)
    if failed:
        print(f"Not in order: {', '.join(failed)}.")
        return 1
    print("All in order.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
