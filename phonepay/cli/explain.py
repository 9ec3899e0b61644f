"""`phonepay help`: the environment, the exit codes, and every command's own help."""

import argparse
import textwrap

from phonepay.cli.parsing import Commands, verb
from phonepay.cli.refusal import EXIT_CODES, CommandRefused

_WIDTH = 96


def add_to(commands: Commands) -> None:
    parser = verb(
        commands,
        "help",
        _help,
        does="Explain a command, the environment or the exit codes.",
        examples=["phonepay help environment", "phonepay help exit-codes", "phonepay help payment refund"],
        needs="nothing",
    )
    parser.add_argument("topic", nargs="*", help="environment, exit-codes, or a command")


def _help(args: argparse.Namespace) -> None:
    # Here and not above: main imports this file.
    from phonepay.cli.main import parser

    if args.topic == ["environment"]:
        print(environment_table())
    elif args.topic == ["exit-codes"]:
        print("\n".join(f"{code:d}  {meaning}" for code, meaning in EXIT_CODES.items()))
    elif args.topic and args.topic[0].startswith("-"):
        raise CommandRefused("Name a command, environment or exit-codes.")
    else:
        parser().parse_args([*args.topic, "--help"])


def environment_table() -> str:
    """Each name with what it means, its default and an example."""
    from phonepay.configuration.environment import environment_rows

    lines = []
    for name, default, meaning, example in environment_rows():
        lines.append(name)
        for what, text in (("", meaning), ("default: ", default), ("example: ", example)):
            written = f"{what}{text}".replace("`", "")
            lines += textwrap.wrap(written, _WIDTH, initial_indent="    ", subsequent_indent="    ")
        lines.append("")
    return "\n".join(lines).rstrip()
