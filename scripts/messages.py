"""Collect what the pages say, keep the catalogues of translations in step with it, and compile them.

    python scripts/messages.py           writes phonepay/locale/*/LC_MESSAGES/django.po and .mo
    python scripts/messages.py --check   says what is missing, and changes nothing

Needs no gettext on the machine: Babel reads and writes the files, Django's own parser reads the templates.
"""

import ast
import io
import re
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parents[1]
# Rooms too have sentences that pages show: why something was refused, what was found.
CODE = ROOT / "phonepay"
LOCALES = CODE / "locale"
LANGUAGES = ("es",)

_SINGULAR = {"_", "gettext", "gettext_lazy", "gettext_noop"}
_PLURAL = {"ngettext", "ngettext_lazy"}
_CONTEXT = {"pgettext", "pgettext_lazy"}

Found = tuple[str | tuple[str, str], str | None, str]  # the message, its context, where it is


def found_messages() -> Iterator[Found]:
    """Every string that is translated, in code and in templates."""
    for path in sorted(CODE.rglob("*.py")):
        yield from _in_code(path)
    for path in sorted([*CODE.rglob("templates/**/*.html"), *CODE.rglob("templates/**/*.txt")]):
        yield from _in_template(path)


def _in_code(path: Path) -> Iterator[Found]:
    where, code = path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")
    if "django.utils.translation" not in code:
        return
    for node in ast.walk(ast.parse(code)):
        if not isinstance(node, ast.Call):
            continue
        name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
        texts = [each.value for each in node.args if isinstance(each, ast.Constant) and isinstance(each.value, str)]
        if name in _SINGULAR and texts:
            yield texts[0], None, where
        elif name in _PLURAL and len(texts) > 1:
            yield (texts[0], texts[1]), None, where
        elif name in _CONTEXT and len(texts) > 1:
            yield texts[1], texts[0], where


def _in_template(path: Path) -> Iterator[Found]:
    where = path.relative_to(ROOT).as_posix()
    text = re.sub(r"\{#.*?#\}", "", path.read_text(encoding="utf-8"))
    for found in re.finditer(r"""\{%-?\s*trans(?:late)?\s+(["'])(.+?)\1(?:\s+context\s+(["'])(.+?)\3)?""", text):
        yield found[2], found[4], where
    # `_("…")` as the argument of another tag, or in a value: {% include "…" with label=_("Account") %}.
    for tag in re.finditer(r"\{%(.+?)%\}|\{\{(.+?)\}\}", text):
        for found in re.finditer(r"""(?<!\w)_\((["'])(.+?)\1\)""", tag[0]):
            yield found[2], None, where
    block = r"\{%\s*blocktrans(?:late)?\b(.*?)%\}(.*?)\{%\s*endblocktrans(?:late)?\s*%\}"
    for found in re.finditer(block, text, re.DOTALL):
        context = re.search(r"""\bcontext\s+["'](.+?)["']""", found[1])
        parts = [_as_message(part) for part in re.split(r"\{%\s*plural\s*%\}", found[2])]
        message: str | tuple[str, str] = parts[0] if len(parts) == 1 else (parts[0], parts[1])
        yield message, context[1] if context else None, where


def _as_message(text: str) -> str:
    return re.sub(r"\{\{\s*([\w.]+)\s*\}\}", r"%(\1)s", text.replace("%", "%%"))


def fresh_catalogue(language: str) -> Catalog:
    """The catalogue as it should be: what the pages say now, with the translations that are there."""
    path = _po(language)
    old = read_po(io.BytesIO(path.read_bytes()), locale=language) if path.exists() else Catalog(locale=language)
    # Without a date of its own, and below without line numbers: the files change only where words do.
    day = datetime(2026, 1, 1, tzinfo=UTC)
    fresh = Catalog(
        locale=language, project="Phone Pay", charset="utf-8", fuzzy=False, creation_date=day, revision_date=day
    )
    for message, context, where in found_messages():
        known = old.get(message[0] if isinstance(message, tuple) else message, context=context)
        flags = ["python-format"] if "%(" in str(message) else []
        # A sentence that got a plural, or lost its own, is translated anew.
        blank = ("", "") if isinstance(message, tuple) else ""
        text = known.string if known and isinstance(known.string, type(blank)) else blank
        fresh.add(message, text, locations=[(where, 0)], flags=flags, context=context)
    return fresh


def untranslated(catalogue: Catalog) -> list[Message]:
    return [each for each in catalogue if each.id and not all(_forms(each))]


def _forms(message: Message) -> tuple[str, ...]:
    return message.string if isinstance(message.string, tuple) else (message.string,)


def written(catalogue: Catalog) -> bytes:
    out = io.BytesIO()
    write_po(out, catalogue, sort_output=True, include_lineno=False, omit_header=False, width=100)
    return out.getvalue()


def compiled(catalogue: Catalog) -> bytes:
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def _po(language: str) -> Path:
    return LOCALES / language / "LC_MESSAGES" / "django.po"


def main(arguments: list[str]) -> int:
    missing = 0
    for language in LANGUAGES:
        fresh, path = fresh_catalogue(language), _po(language)
        gaps = untranslated(fresh)
        missing += len(gaps)
        for each in gaps:
            print(f"{language}: not translated: {each.id!r}")
        if "--check" in arguments:
            stale = not path.exists() or path.read_bytes() != written(fresh)
            stale = stale or path.with_suffix(".mo").read_bytes() != compiled(fresh)
            if stale:
                print(f"{language}: the catalogue is behind the pages: python scripts/messages.py")
            missing += stale
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(written(fresh))
        path.with_suffix(".mo").write_bytes(compiled(fresh))
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
