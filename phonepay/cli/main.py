"""`phonepay`: reads the command line, makes ready what the command needs, and says refusals as sentences."""

import argparse
import logging
import sys
from collections.abc import Sequence

import phonepay
from phonepay.cli import (
    activity,
    backup,
    books,
    call,
    check,
    database,
    demo,
    email,
    explain,
    fallback,
    figures,
    hold,
    import_ancestor,
    keys,
    line,
    order,
    payment,
    person,
    protection,
    sandbox,
    serve,
    setup,
    standin,
    upgrade,
    user,
)
from phonepay.cli.parsing import Parser
from phonepay.cli.refusal import CommandRefused, Exit
from phonepay.cli.startup import load_settings, prepare_database

_INTERRUPTED = 130  # as shells count a process ended by Ctrl-C


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; `argv` without the program's name. Returns the exit code (see phonepay.cli)."""
    words = list(sys.argv[1:] if argv is None else argv)
    try:
        if words[:1] == ["django"]:
            return database.django(words[1:])
        args = parser().parse_args(words)
        return _run(args, quiet=argv is None)
    except SystemExit as leaving:  # argparse leaves so after --help and --version
        return int(leaving.code or 0)
    except CommandRefused as refused:
        return _say(str(refused), refused.code)
    except KeyboardInterrupt:
        return _INTERRUPTED
    except BrokenPipeError:  # whoever read us has enough: phonepay order list | head
        sys.stderr.close()
        return Exit.DONE


def parser() -> Parser:
    """All commands."""
    top = Parser(
        prog="phonepay",
        description="Card payments by phone call.",
        epilog="First: phonepay serve prints an address, and the set-up is behind it. Or in the terminal:\n"
        "  phonepay setup\n"
        "  phonepay sandbox start\n\n"
        "Single things:\n"
        "  phonepay line set --behavior fixed-with-order --amount 42.50 --name 'Harbor Garage'\n"
        "  phonepay order add 1234 42.50\n"
        "  phonepay check\n\n"
        "More: phonepay help environment, phonepay help exit-codes, phonepay COMMAND --help.",
    )
    top.add_argument("--version", action="version", version=f"phonepay {phonepay.__version__}")
    top.set_defaults(run=lambda _: top.print_help(), needs="nothing")
    commands = top.add_subparsers(title="commands", metavar="command", parser_class=Parser)
    for room in (
        serve,
        setup,
        sandbox,
        demo,
        line,
        order,
        payment,
        person,
        call,
        check,
        books,
        figures,
        hold,
        activity,
        protection,
        email,
        fallback,
        backup,
        import_ancestor,
        upgrade,
        keys,
        database,
        standin,
        user,
        explain,
    ):
        room.add_to(commands)
    return top


def _run(args: argparse.Namespace, *, quiet: bool) -> int:
    if args.needs == "nothing":
        return args.run(args) or Exit.DONE
    load_settings()
    if quiet and not getattr(args, "logs", False):
        # What matters to whoever typed the command is printed; the log is for what runs unseen.
        logging.getLogger().setLevel(logging.CRITICAL)
    # Only now that Django is ready; models and their errors can be imported from here on.
    from django.db import DatabaseError, InterfaceError

    from phonepay.lib.money import MoneyError
    from phonepay.merchant.refusals import LineRefused
    from phonepay.orders.operations import OrderRefused
    from phonepay.payments.overage import OverageRefused
    from phonepay.payments.refunds import RefundRefused

    try:
        if args.needs == "database":
            prepare_database()
        return args.run(args) or Exit.DONE
    except (LineRefused, OrderRefused, RefundRefused, OverageRefused, MoneyError) as refused:
        return _say(str(refused), Exit.REFUSED)
    except (DatabaseError, InterfaceError) as error:
        return _say(f"The database did not do it: {error}. See phonepay check.", Exit.REFUSED)


def _say(sentence: str, code: int) -> int:
    print(sentence, file=sys.stderr)
    return code
