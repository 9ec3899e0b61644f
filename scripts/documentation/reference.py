"""Pages that are not written but told: commands by their parsers, findings and errors by the code that says them."""

from __future__ import annotations

import argparse
import ast
import os
import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def pages() -> dict[str, str]:
    """The text of each page by its file's name."""
    _start_django()
    return {"commands.md": commands_page(), "errors.md": errors_page()}


def _start_django() -> None:
    """As the product is in an empty installation: nothing of the developer's is in the pages."""
    import django
    from django.apps import apps

    if apps.ready:
        return
    for name in [name for name in os.environ if name.startswith("PHONEPAY_")]:
        del os.environ[name]
    os.environ["PHONEPAY_DATA_DIR"] = tempfile.mkdtemp(prefix="phonepay-docs-data-")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "phonepay.settings")
    django.setup()


# --- commands ---


@dataclass(frozen=True)
class Command:
    """`words` as they are typed, without the program's name."""

    words: tuple[str, ...]
    parser: argparse.ArgumentParser

    @property
    def options(self) -> set[str]:
        return {option for action in self.parser._actions for option in action.option_strings}

    @property
    def has_verbs(self) -> bool:
        return any(isinstance(each, argparse._SubParsersAction) for each in self.parser._actions)


def all_commands() -> Iterator[Command]:
    """Every command that does something, in the order in which help tells them."""
    from phonepay.cli.main import parser

    yield from (each for each in _below((), parser()) if not each.has_verbs)


def _below(words: tuple[str, ...], parser: argparse.ArgumentParser) -> Iterator[Command]:
    yield Command(words, parser)
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for name, each in action.choices.items():
                yield from _below((*words, name), each)


def commands_page() -> str:
    from phonepay.cli.refusal import EXIT_CODES

    lines = [
        "# Every command",
        "",
        "Told by `phonepay COMMAND --help`. What a command ends with:",
        "",
        *(f"- {code:d}: {_plain(meaning)}" for code, meaning in EXIT_CODES.items()),
        "",
    ]
    for command in all_commands():
        parser = command.parser
        lines += [f"## phonepay {' '.join(command.words)}", "", _plain(parser.description or ""), ""]
        usage = " ".join(parser.format_usage().removeprefix("usage: ").split())
        lines += ["```usage", usage, "```", ""]
        for action in parser._actions:
            if action.help in (None, argparse.SUPPRESS) or "--help" in action.option_strings:
                continue
            lines.append(f"- `{_name(action)}`: {_plain(str(action.help))}")
        lines += ["", *_epilog(parser.epilog or "")]
    return "\n".join(lines) + "\n"


def _name(action: argparse.Action) -> str:
    if not action.option_strings:
        return str(action.metavar or action.dest)
    value = "" if action.nargs == 0 else f" {action.metavar or action.dest.upper()}"
    return ", ".join(action.option_strings) + value


def _epilog(text: str) -> list[str]:
    """Examples as they can be typed, then the notes."""
    examples, _, notes = text.partition("\n\n")
    shown = [line.strip() for line in examples.splitlines()[1:]] if examples.startswith("examples:") else []
    lines = ["```text", *shown, "```", ""] if shown else []
    return [*lines, _plain(notes if shown else text), ""]


def _plain(text: str) -> str:
    """Signs that Markdown or HTML would take for its own."""
    return re.sub(r"([<>*_\\])", r"\\\1", text).replace("\n", " ")


# --- findings ---


@dataclass(frozen=True)
class Told:
    """One finding as it is in the code; what is only known at work is an ellipsis."""

    what: str
    callers: str
    mend: str
    is_problem: bool = False


def findings() -> list[Told]:
    """Each `problem(…)` and `note(…)` of the doctor's, and each check of the configuration."""
    found: dict[str, Told] = {}
    shared = _constants(ast.parse((ROOT / "phonepay" / "setup" / "findings.py").read_text(encoding="utf-8")))
    for path in sorted((ROOT / "phonepay").rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        if "setup.findings import" in text or "checks import CheckMessage" in text:
            for told in _told_in(ast.parse(text), shared):
                found.setdefault(told.what, told)
    return sorted(found.values(), key=lambda each: each.what)


def _constants(tree: ast.Module) -> dict[str, ast.expr]:
    return {
        target.id: node.value
        for node in tree.body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }


def _told_in(tree: ast.Module, shared: dict[str, ast.expr]) -> Iterator[Told]:
    constants = shared | _constants(tree)
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = (
            node.func.id
            if isinstance(node.func, ast.Name)
            else node.func.attr
            if isinstance(node.func, ast.Attribute)
            else ""
        )
        if name not in ("problem", "note", "Error", "Warning") or not node.args:
            continue
        given = {keyword.arg: keyword.value for keyword in node.keywords}
        words = [
            _words(each, constants)
            for each in (node.args[0], given.get("callers"), given.get("mend", given.get("hint")))
        ]
        if words[0].strip("… "):
            yield Told(*words, is_problem=name in ("problem", "Error"))


def _words(node: ast.expr | None, constants: dict[str, ast.expr]) -> str:
    """The sentence that an expression makes, as far as it is written down."""
    if isinstance(node, ast.Constant):
        return re.sub(r"%\(\w+\)[sd]", "…", str(node.value)) if node.value is not None else ""
    if isinstance(node, ast.JoinedStr):
        return "".join(_words(each, constants) if isinstance(each, ast.Constant) else "…" for each in node.values)
    if isinstance(node, ast.Name) and node.id in constants:
        return _words(constants[node.id], {})
    if isinstance(node, ast.BinOp):
        left = _words(node.left, constants)
        return left + _words(node.right, constants) if isinstance(node.op, ast.Add) else left
    if isinstance(node, ast.IfExp):
        return f"{_words(node.body, constants)} / {_words(node.orelse, constants)}"
    if isinstance(node, ast.Call):
        if isinstance(node.func, ast.Attribute) and node.func.attr in ("strip", "format"):
            return _words(node.func.value, constants)
        return _words(node.args[0], constants) if node.args else "…"
    return "" if node is None else "…"


def errors_page() -> str:
    from phonepay.alerts.pay_errors import PAY_ERRORS

    lines = [
        "# Every error, and how to mend it",
        "",
        "## What phonepay check and Connections find",
        "",
        "An ellipsis (…) stands for what only your machine knows. `phonepay check` says which of these are yours.",
        "",
    ]
    for told in findings():
        lines += [f"**{_plain(told.what)}**", ""]
        lines += [f"- For callers: {_plain(told.callers)}"] * bool(told.callers)
        lines += [f"- To mend it: {_plain(told.mend)}"] * bool(told.mend)
        lines += [""]
    lines += [
        "## Twilio's errors of the card door",
        "",
        "Twilio names a number between 64000 and 64199 where `<Pay>` fails. The caller hears that nothing was charged,",
        "and is passed to a person where there is one. Twilio explains its other errors at",
        "[twilio.com/docs/api/errors](https://www.twilio.com/docs/api/errors).",
        "",
        "| number | what Twilio means | to mend it |",
        "|---|---|---|",
    ]
    lines += [
        f"| {code} | {_plain(str(error.name))} | {_plain(str(error.mend))} |" for code, error in PAY_ERRORS.items()
    ]
    lines += ["", *_alerts(), "", *_mail_failures()]
    return "\n".join(lines) + "\n"


def _alerts() -> Iterator[str]:
    """Each kind of alert, as it is told on Home and by e-mail."""
    from phonepay.alerts.kinds import KINDS

    yield from (
        "## Alerts",
        "",
        "On Home, under Settings, Connections, Alerts, and by e-mail, once and then more seldom.",
        "",
    )
    for kind in KINDS.values():
        yield f"**{_plain(_known_at_work(str(kind.title)))}.** {_plain(_known_at_work(str(kind.what)))}"
        yield ""
        if (means := _known_at_work(str(kind.means))).strip("… "):
            yield f"- For callers and money: {_plain(means)}"
        if (mend := _known_at_work(str(kind.mend))).strip("… "):
            yield f"- To mend it: {_plain(mend)}"
        yield ""


def _mail_failures() -> Iterator[str]:
    from phonepay.merchant.mail_account import read
    from phonepay.notifications.smtp import FAILURES, sentence

    example = read("smtp://user:password@mail.example.com:587", "pay@example.com", "")
    assert example is not None
    yield from ("## E-mail that does not go out", "", "What `phonepay email test` and [Send a test] say of it.", "")
    for name in FAILURES:
        yield f"- {_plain(sentence(name, example))}"


def _known_at_work(text: str) -> str:
    return re.sub(r"%\(\w+\)[sd]", "…", text)
