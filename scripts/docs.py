"""Build the documentation as a site, in site/: Markdown of docs/, pages that the product itself tells, and pictures.

Strict: a link that leads nowhere, a page that is in no menu, or anything fetched from elsewhere fails it.

    make docs                          with the pictures of the last contact sheet, made now where there are none
    make docs ARGS="--pictures new"    with fresh ones (a minute)
    make docs ARGS="--pictures none"
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from scripts.documentation import links, pictures, reference  # noqa: E402 - after the path

DOCS = ROOT / "docs"
# What lies beside the docs because people look for it there, and its page.
BESIDE = {"CHANGELOG.md": "changes.md", "SECURITY.md": "reporting.md"}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--to", type=Path, default=ROOT / "site", help="the folder of the site (site)")
    parser.add_argument("--pictures", choices=("kept", "new", "none"), default="kept")
    args = parser.parse_args(arguments)
    target: Path = args.to.resolve()
    with tempfile.TemporaryDirectory(prefix="phonepay-docs-") as place:
        folder = Path(place) / "pages"
        lay_out(folder)
        pictures.put(folder, args.pictures)
        if code := build(folder, target):
            return code
    wrong = links.look_at(target)
    for line in wrong:
        print(line)
    if wrong:
        return 1
    pages = len(list(target.rglob("*.html")))
    print(f"{pages} pages in {target}: open {target / 'index.html'}.")
    return 0


def lay_out(folder: Path) -> None:
    """The pages as they are written, and those that the product tells of itself."""
    shutil.copytree(DOCS, folder, ignore=shutil.ignore_patterns("theme", "site.yml", "pictures"))
    for name, page in BESIDE.items():
        (folder / page).write_text((ROOT / name).read_text(encoding="utf-8").replace("(docs/", "("), encoding="utf-8")
        for path in folder.glob("*.md"):
            text = path.read_text(encoding="utf-8")
            path.write_text(text.replace(f"(../{name})", f"({page})"), encoding="utf-8")
    for name, text in reference.pages().items():
        (folder / name).write_text(text, encoding="utf-8")
    fonts = ROOT / "phonepay" / "web" / "panel" / "static" / "panel"
    for name in ("figtree-latin-wght-normal.woff2", "figtree-latin-ext-wght-normal.woff2", "icon.svg"):
        shutil.copy(fonts / name, folder / name)


def build(folder: Path, target: Path) -> int:
    """Let the generator make HTML of it; what it warns of is an error."""
    config = folder.parent / "properdocs.yml"
    text = (DOCS / "site.yml").read_text(encoding="utf-8")
    theme = DOCS / "theme"
    config.write_text(
        f"{text}\ndocs_dir: {folder}\nsite_dir: {target}\ntheme: {{name: null, custom_dir: {theme}}}\n", "utf-8"
    )
    # Else the date of the build would be in it: the same sources are to give the same bytes.
    environment = {"SOURCE_DATE_EPOCH": "1767225600"} | os.environ
    command = [sys.executable, "-m", "properdocs", "build", "--strict", "--quiet", "--config-file", str(config)]
    return subprocess.run(command, env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
