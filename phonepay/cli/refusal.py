"""What a command cannot do, as a sentence for whoever typed it; and what its exit codes mean."""

from enum import IntEnum


class Exit(IntEnum):
    """What the shell is told."""

    DONE = 0
    REFUSED = 1
    WRITTEN_WRONG = 2
    NOT_KNOWN_YET = 3


EXIT_CODES = {
    Exit.DONE: "done",
    Exit.REFUSED: "refused, or not in order: the sentence on stderr says why and what to do",
    Exit.WRITTEN_WRONG: "the command or the environment is written wrong",
    Exit.NOT_KNOWN_YET: "not known yet: Stripe has not answered, and the worker finds out",
}


class CommandRefused(Exception):
    """Nothing was done. The message says what, why and what now."""

    code = Exit.REFUSED


class WrittenWrong(CommandRefused):
    """The command or the environment cannot be read."""

    code = Exit.WRITTEN_WRONG
