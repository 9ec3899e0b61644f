"""Pictures of the panel for the site: from the contact sheet, whose full shop is some days of the demo's month.

A page asks for one by a line of its own, `[picture home] The words below it.`; without Chromium it is left out.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SHEET = ROOT / ".test" / "contact-sheet" / "full"
ASKED = re.compile(r"^\[picture (?P<name>[a-z]+)\] (?P<words>.+)$", re.MULTILINE)
THEMES = ("light", "dark")

# On the site, and which shot of tests/browser/sheet/shots.py it is, at which width.
PICTURES = {
    "home": ("home", "desk"),
    "payment": ("payment", "desk"),
    "refund": ("payment-refund", "desk"),
    "call": ("call", "desk"),
    "settings": ("settings", "desk"),
    "phone": ("home", "phone"),
}


def put(folder: Path, which: str) -> int:
    """Put each picture where a page asks for it; returns how many there are. `which` is kept, new or none."""
    if which == "new" or (which == "kept" and len(_made()) < len(PICTURES)):
        take()
    made = _made() if which != "none" else {}
    for path in folder.glob("*.md"):
        text = path.read_text(encoding="utf-8")
        shown = ASKED.sub(lambda asked: _figure(asked["name"], asked["words"], made), text)
        if shown != text:
            path.write_text(shown, encoding="utf-8")
    (folder / "pictures").mkdir(exist_ok=True)
    for name, files in made.items():
        for theme, file in files.items():
            shutil.copy(file, folder / "pictures" / f"{name}-{theme}.png")
    return len(made)


def _figure(name: str, words: str, made: dict[str, dict[str, Path]]) -> str:
    if name not in PICTURES:
        raise SystemExit(f"There is no picture {name}: name one of {', '.join(PICTURES)}.")
    if name not in made:
        return ""
    kind = "narrow" if PICTURES[name][1] == "phone" else "wide"
    return (
        f'<figure class="{kind}"><picture>'
        f'<source media="(prefers-color-scheme: dark)" srcset="pictures/{name}-dark.png">'
        f'<img src="pictures/{name}-light.png" alt="{escape(words)}" loading="lazy"></picture>'
        f"<figcaption>{escape(words)}</figcaption></figure>"
    )


def _made() -> dict[str, dict[str, Path]]:
    found = {}
    for name, (shot, width) in PICTURES.items():
        files = {theme: SHEET / f"{shot}--{width}--{theme}.png" for theme in THEMES}
        if all(file.is_file() for file in files.values()):
            found[name] = files
    return found


def take() -> None:
    """Make the shots; says so where it cannot."""
    shots = " ".join(sorted({shot for shot, _ in PICTURES.values()}))
    command = [sys.executable, "-m", "pytest", "tests/browser/test_contact_sheet.py", "-q", "-k", "full"]
    # The tests set up their own: what the reference's pages were made under is not theirs.
    own = ("PHONEPAY_", "DJANGO_")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(own)}
    environment["PHONEPAY_TEST_SHOTS"] = shots
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    missing = ", ".join(PICTURES.keys() - _made().keys())
    if done.returncode or missing:
        last = (done.stdout.strip().splitlines() or ["pytest said nothing"])[-1]
        print(f"Not all pictures of the panel are new ({last}). Missing on the site: {missing or 'none'}.")
