"""The house's own rules, which no linter knows; each break is one line: where, and what to do."""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDERS = ("phonepay", "scripts", "tests")

LONGEST_FILE = 300
NAMELESS = {"utils.py", "helpers.py", "misc.py", "common.py"}

# Only doors speak HTTP. Here and not in import-linter, which sees a foreign package as one: all of Django or none.
HTTP_MODULES = ("django.http", "django.shortcuts", "django.views")
HTTP_PLACES = ("phonepay/web/",)


def main() -> int:
    found = [
        line for folder in FOLDERS for path in sorted((ROOT / folder).rglob("*.py")) for line in broken_rules(path)
    ]
    for line in found:
        print(line)
    return 1 if found else 0


def broken_rules(path: Path, root: Path = ROOT) -> Iterator[str]:
    """What is wrong with one file."""
    where = path.relative_to(root).as_posix()
    if "/migrations/" in where:
        return
    text = path.read_text(encoding="utf-8")
    if path.name in NAMELESS:
        yield f"{where}: says nothing of what is in it: name it after its noun"
    if (lines := text.count("\n")) > LONGEST_FILE:
        yield f"{where}: has {lines} lines, {LONGEST_FILE} at most: split it by noun"
    if where.startswith("phonepay/") and not where.startswith(HTTP_PLACES):
        for line, module in imported(text):
            if module.startswith(HTTP_MODULES):
                yield f"{where}:{line}: imports {module}: only the doors in phonepay/web speak HTTP"


def imported(text: str) -> Iterator[tuple[int, str]]:
    """Line and full name of each import."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from ((node.lineno, f"{node.module}.{name.name}") for name in node.names)


if __name__ == "__main__":
    sys.exit(main())
