"""The bill of materials is what is locked and vendored today, and every licence in it is one that we may use."""

from __future__ import annotations

import json
import re
from pathlib import Path

from scripts.sbom import ACCEPTED, BILL, bill, locked, written

OTHERS_FILES = {".woff", ".woff2", ".ttf", ".bin", ".wasm", ".pdf"}


def test_the_bill_is_what_is_locked_today() -> None:
    assert BILL.read_text("utf-8") == written(bill()), "run make sbom, and look at the change"


def test_the_same_input_gives_the_same_bytes() -> None:
    assert written(bill()) == written(bill())


def test_every_package_that_a_shop_runs_is_in_it_and_none_of_the_tests() -> None:
    listed = {
        each["name"]: each["version"] for each in json.loads(BILL.read_text("utf-8"))["components"] if "purl" in each
    }
    assert locked("run").items() <= listed.items()
    assert not {"pytest", "hypothesis", "ruff"} & set(listed)


def test_every_file_of_others_in_the_project_is_in_it(repository: Path) -> None:
    listed = {each["bom-ref"] for each in json.loads(BILL.read_text("utf-8"))["components"]}
    files = {
        str(path.relative_to(repository))
        for path in (repository / "phonepay").rglob("*")
        if path.suffix in OTHERS_FILES or path.name.endswith(".min.js")
    }
    assert files <= listed


def test_every_licence_is_one_that_we_may_use() -> None:
    wrong = {}
    for each in json.loads(BILL.read_text("utf-8"))["components"]:
        for licence in each["licenses"]:
            told = licence.get("expression") or licence["license"].get("id") or licence["license"]["name"]
            if not set(re.split(r" (?:AND|OR) ", told.strip("()"))) <= ACCEPTED:
                wrong[each["name"]] = told
    assert wrong == {}
