"""Write docs/sbom.json, the bill of materials: every package and file of others that an installation runs.

CycloneDX 1.6 (cyclonedx.org), made of the locked requirements and of the files that stand in the project. The same
input gives the same bytes: no time, no serial number by chance. `make sbom`; `make lock` does it too.
"""

from __future__ import annotations

import importlib.metadata
import json
import re
import sys
import tomllib
import uuid
from hashlib import sha256
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from phonepay import __version__  # noqa: E402 - the project's own folder is first

BILL = ROOT / "docs" / "sbom.json"
# Permissive ones, and two that ask for their own sources alone: nothing of theirs is changed here.
ACCEPTED = {
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "ISC", "LGPL-3.0-only", "MIT", "MIT-0", "MPL-2.0",
    "OFL-1.1", "PSF-2.0", "Unlicense", "Zlib",
}  # fmt: skip
# Where the package's own words are not SPDX's, or are on another platform's machine only. Read in its licence file.
READ = {
    "colorama": "BSD-3-Clause",
    "django-csp": "BSD-3-Clause",
    "fido2": "BSD-2-Clause AND Apache-2.0 AND MPL-2.0",
    "protobuf": "BSD-3-Clause",
    "pysqlite3": "Zlib",
    "qrcode": "BSD-3-Clause",
    "sqlparse": "BSD-3-Clause",
}
WORDS = {
    "Apache 2.0": "Apache-2.0", "Apache License 2.0": "Apache-2.0", "Apache Software License": "Apache-2.0",
    "MIT License": "MIT", "Python Software Foundation License": "PSF-2.0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}  # fmt: skip
# Others' files that stand in the project or come inside a package.
FILES = (
    ("figtree", "OFL-1.1", "phonepay/web/panel/static/panel/figtree-latin-wght-normal.woff2"),
    ("figtree", "OFL-1.1", "phonepay/web/panel/static/panel/figtree-latin-ext-wght-normal.woff2"),
    ("leaked passwords", "CC0-1.0 AND MIT", "phonepay/people/leaked_passwords.bin"),
)
INSIDE = (("htmx.org", "django_htmx/static/django_htmx/htmx-2.min.js", r'version:"([0-9.]+)"', "0BSD"),)


def locked(name: str) -> dict[str, str]:
    """The packages of one file of requirements, with their versions."""
    text = (ROOT / "requirements" / f"{name}.txt").read_text("utf-8")
    return dict(re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", text, re.MULTILINE))


def license_of(name: str) -> str:
    """A package's licence as SPDX writes it; "" where nothing is known."""
    if name in READ:
        return READ[name]
    try:
        facts = importlib.metadata.metadata(name)
    except importlib.metadata.PackageNotFoundError:
        return ""
    classes = [each.rsplit("::", 1)[-1].strip() for each in facts.get_all("Classifier") or () if "License ::" in each]
    for each in (facts.get("License-Expression"), facts.get("License"), *classes):
        if each and len(each) < 100:
            return WORDS.get(each, each)
    return ""


def component(name: str, version: str, *, optional: bool) -> dict[str, Any]:
    purl = f"pkg:pypi/{name}@{version}"
    return {
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "version": version,
        "scope": "optional" if optional else "required",
        "licenses": _licenses(license_of(name)),
        "purl": purl,
    }


def file_component(name: str, spdx: str, path: str) -> dict[str, Any]:
    content = (ROOT / path).read_bytes()
    return {
        "type": "data" if path.endswith(".bin") else "file",
        "bom-ref": path,
        "name": f"{name}: {Path(path).name}",
        "hashes": [{"alg": "SHA-256", "content": sha256(content).hexdigest()}],
        "licenses": _licenses(spdx),
    }


def inside_component(name: str, path: str, pattern: str, spdx: str) -> dict[str, Any]:
    content = Path(str(importlib.metadata.distribution(path.split("/", maxsplit=1)[0]).locate_file(path))).read_bytes()
    found = re.search(pattern.encode(), content)
    assert found is not None, f"{path} tells no version"
    version = found[1].decode()
    return {
        "type": "library",
        "bom-ref": f"pkg:npm/{name}@{version}",
        "name": name,
        "version": version,
        "hashes": [{"alg": "SHA-256", "content": sha256(content).hexdigest()}],
        "licenses": _licenses(spdx),
        "purl": f"pkg:npm/{name}@{version}",
    }


def _licenses(spdx: str) -> list[dict[str, Any]]:
    if re.search(r" (AND|OR|WITH) ", spdx):
        return [{"expression": spdx}]
    return [{"license": {"id": spdx} if spdx in ACCEPTED else {"name": spdx or "not known"}}]


def bill() -> dict[str, Any]:
    """The whole bill."""
    run, all_of_it = locked("run"), locked("extras")
    parts = [component(name, version, optional=name not in run) for name, version in sorted(all_of_it.items())]
    parts += [file_component(*each) for each in FILES]
    parts += [inside_component(*each) for each in INSIDE]
    root = f"pkg:pypi/phonepay@{__version__}"
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    direct = {re.split(r"[\[<>=!;~ ]", each, maxsplit=1)[0].lower() for each in project["dependencies"]}
    whole = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": root,
                "name": "phonepay",
                "version": __version__,
                "licenses": [{"license": {"id": project["license"]}}],
                "purl": root,
            }
        },
        "components": parts,
        "dependencies": [
            {"ref": root, "dependsOn": sorted(each["bom-ref"] for each in parts if each["name"].lower() in direct)}
        ],
    }
    serial = uuid.uuid5(uuid.NAMESPACE_URL, json.dumps(whole, sort_keys=True))
    return {"bomFormat": "CycloneDX", "specVersion": "1.6", "serialNumber": f"urn:uuid:{serial}", **whole}


def written(whole: dict[str, Any]) -> str:
    return json.dumps(whole, indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    BILL.write_text(written(bill()), "utf-8")
    print(f"docs/sbom.json: {len(bill()['components'])} components")
