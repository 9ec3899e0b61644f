"""How fast a call passes in the terminal: the telephone's clock is its own, but the product's is the real one."""

import threading

SHARE = 0.12  # of the telephone's seconds: a call passes before one's eyes, and a bank still has time to answer
# Whoever answers sooner than this after a question was sent cannot have heard it, and the product knows that.
SECONDS_TO_HEAR = 1.7


class Pace:
    """`advance`, given to the telephone as `on_time`, lets a share of its seconds pass; `listen` hears a question."""

    def __init__(self) -> None:
        self._never = threading.Event()

    def advance(self, seconds: float) -> None:
        """The telephone's clock moved."""
        self._never.wait(seconds * SHARE)

    def listen(self) -> None:
        """Keys are about to be pressed."""
        self._never.wait(SECONDS_TO_HEAR)
