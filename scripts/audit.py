"""Ask OSV whether a locked package has a known hole: `python scripts/audit.py`, a part of `make check`.

Every locked package is asked for, the tests' and linters' too, and what docs/sbom.json says is inside others. Ends
with 0 where none is known, with 1 and what to do where one is, and with 75 and a sentence where OSV could not be asked:
no network is no hole, and no clean bill either. OSV's API: google.github.io/osv.dev/api.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from scripts.sbom import BILL, locked  # noqa: E402 - the project's own folder is first

API = "https://api.osv.dev"
COULD_NOT = os.EX_TEMPFAIL
# Looked at, and of no harm here until the day: (identity, the last day, why).
LOOKED_AT: tuple[tuple[str, date, str], ...] = ()


class CouldNotAsk(Exception):
    """Nobody answered, or not as OSV does."""


@dataclass(frozen=True)
class Hole:
    package: str
    identity: str
    summary: str
    mended: str


def packages() -> list[tuple[str, str, str]]:
    """(ecosystem, name, version) of all that is locked."""
    found = {
        ("PyPI", name, version) for file in ("extras", "test", "lint", "uv") for name, version in locked(file).items()
    }
    for each in json.loads(BILL.read_text("utf-8"))["components"]:
        if str(each.get("purl", "")).startswith("pkg:npm/"):
            found.add(("npm", each["name"], each["version"]))
    return sorted(found)


def holes(asked: Iterable[tuple[str, str, str]], *, api: str, today: date) -> list[Hole]:
    """What OSV knows of these packages. Raises CouldNotAsk."""
    asked = list(asked)
    passed_over = {identity for identity, until, _why in LOOKED_AT if today <= until}
    queries = [{"package": {"ecosystem": kind, "name": name}, "version": version} for kind, name, version in asked]
    found: list[Hole] = []
    try:
        with httpx.Client(base_url=api, timeout=httpx.Timeout(20, connect=5)) as client:
            answered = _json(client.post("/v1/querybatch", json={"queries": queries}))["results"]
            if len(answered) != len(asked):
                raise CouldNotAsk("OSV answered for other packages than it was asked for")
            for (_kind, name, version), result in zip(asked, answered, strict=True):
                for each in result.get("vulns") or ():
                    hole = _hole(f"{name} {version}", _json(client.get(f"/v1/vulns/{each['id']}")), name)
                    if hole and hole.identity not in passed_over:
                        found.append(hole)
    except (httpx.HTTPError, KeyError, TypeError) as error:
        raise CouldNotAsk(f"{type(error).__name__}: {error}") from error
    return found


def _json(response: httpx.Response) -> dict[str, Any]:
    response.raise_for_status()
    try:
        whole = response.json()
    except ValueError as error:
        raise CouldNotAsk("the answer is no JSON: something stands between us and OSV") from error
    if not isinstance(whole, dict):
        raise CouldNotAsk("the answer is not OSV's")
    return whole


def _hole(package: str, told: dict[str, Any], name: str) -> Hole | None:
    if told.get("withdrawn"):
        return None
    mended = {
        event["fixed"]
        for affected in told.get("affected") or ()
        if affected.get("package", {}).get("name", "").lower() == name.lower()
        for span in affected.get("ranges") or ()
        if span.get("type") != "GIT"
        for event in span.get("events") or ()
        if "fixed" in event
    }
    return Hole(package, told["id"], told.get("summary", ""), ", ".join(sorted(mended)))


def main(api: str = API) -> int:
    asked = packages()
    try:
        found = holes(asked, api=api, today=datetime.now(UTC).date())
    except CouldNotAsk as error:
        print(f"OSV could not be asked about {len(asked)} packages, so that nothing is known of new holes ({error}).")
        return COULD_NOT
    for each in found:
        mended = f"mended in {each.mended}: make lock UPGRADE=1" if each.mended else "not mended yet: see its page"
        print(f"{each.package}: {each.identity} {each.summary} ({mended})")
    if found:
        return 1
    print(f"{len(asked)} packages, no known hole.")
    return 0


if __name__ == "__main__":
    sys.exit(main(os.environ.get("PHONEPAY_OSV", API)))
