"""How commands are declared: one sentence of what it does, and examples, which are what people read."""

import argparse
from collections.abc import Callable, Sequence
from typing import Any, Literal, NoReturn

from phonepay.cli.refusal import WrittenWrong

Needs = Literal["nothing", "settings", "database"]
Run = Callable[[argparse.Namespace], int | None]


class Parser(argparse.ArgumentParser):
    """An argument parser that raises WrittenWrong instead of leaving the process."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault("formatter_class", argparse.RawDescriptionHelpFormatter)
        kwargs.setdefault("allow_abbrev", False)
        super().__init__(**kwargs)

    def error(self, message: str) -> NoReturn:
        raise WrittenWrong(f"{message[:1].upper()}{message[1:].rstrip('.')}. See {self.prog} --help.")


Commands = Any  # argparse names its type of sub-parsers privately


def noun(commands: Commands, name: str, *, about: str) -> Commands:
    """A noun with verbs below it; without a verb its help is shown."""
    parser = commands.add_parser(name, help=about, description=about)
    parser.set_defaults(run=_show_help(parser), needs="nothing")
    return parser.add_subparsers(title="commands", metavar="command", parser_class=Parser)


def verb(
    commands: Commands,
    name: str,
    run: Run,
    *,
    does: str,
    examples: Sequence[str],
    needs: Needs = "database",
    notes: str = "",
) -> Parser:
    """One command. `does` is a sentence; `notes` follow the examples."""
    shown = "\n".join(["examples:", *(f"  {example}" for example in examples)])
    epilog = f"{shown}\n\n{notes}" if notes else shown
    parser: Parser = commands.add_parser(name, help=does, description=does, epilog=epilog)
    parser.set_defaults(run=run, needs=needs)
    return parser


def _show_help(parser: argparse.ArgumentParser) -> Run:
    def show(_: argparse.Namespace) -> None:
        parser.print_help()

    return show
