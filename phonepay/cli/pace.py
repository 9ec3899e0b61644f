"""How fast a call passes in the terminal: the telephone's clock is its own, but the product's is the real one."""

import threading
from typing import Any

# Twice as fast as this, a key would come before anyone can have heard the question, and not be taken as its answer.
SHARE = 0.25
# Keying a card is only shown; nothing listens to how long it takes.
SHARE_IN_PAY = 0.02


class Pace:
    """Lets a share of the telephone's seconds really pass; give it to the telephone as `on_time`."""

    def __init__(self) -> None:
        self._never = threading.Event()
        self.phone: Any = None  # the Telephone, known only after it was made

    def __call__(self, seconds: float) -> None:
        paying = self.phone is not None and self.phone.calls and self.phone.calls[-1].state == "paying"
        self._never.wait(seconds * (SHARE_IN_PAY if paying else SHARE))
