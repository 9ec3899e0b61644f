"""Python reads this file at its start where its folder is on the path: that process's clock is wrong by so much."""

import datetime as dt
import os

_SECONDS = float(os.environ.get("CHAOS_CLOCK_SKEW", "0"))

if _SECONDS:
    import time_machine

    _wrong = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=_SECONDS)
    time_machine.travel(_wrong, tick=True).start()
