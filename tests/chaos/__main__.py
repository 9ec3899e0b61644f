"""`python -m tests.chaos`: one run for each database; exits with 1 where something is not true in the end."""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from tests.databases.servers import KINDS

SETTLE_SECONDS = 240


def main() -> int:
    options = _options()
    if options.database == "both":
        return max(_apart(options, kind) for kind in ("postgresql", "sqlite"))
    if options.database != "sqlite" and KINDS[options.database].find() is None:
        print(f"{options.database} is not on this machine: this run is left out.")
        return 0
    # Told to end, it ends what it started too: nothing of it may run on.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    folder = Path(tempfile.mkdtemp(prefix="phonepay-chaos-"))
    code = 1
    try:
        code = _run(options, folder)
    finally:
        if code and not options.keep:
            print(f"The logs are in {folder}.")
        elif not options.keep:
            shutil.rmtree(folder, ignore_errors=True)
    return code


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make chaos", description=__doc__)
    parser.add_argument("--seed", type=int, help="of the plan; without it a new one, which is printed")
    parser.add_argument("--calls", type=int, default=120, help="calls in all (120)")
    parser.add_argument("--seconds", type=float, default=40.0, help="over which they begin (40)")
    parser.add_argument("--every", type=float, default=1.5, help="seconds between two breakages (1.5)")
    parser.add_argument("--people", type=int, default=3, help="people at work in the panel (3)")
    parser.add_argument("--at-once", type=int, default=60, help="callers on the line at once, at most (60)")
    parser.add_argument("--share", type=float, default=0.3, help="of a call's seconds that really pass (0.3)")
    parser.add_argument("--database", choices=("both", "sqlite", "postgresql"), default="both")
    parser.add_argument("--keep", action="store_true", help="keep the folder with the logs")
    options = parser.parse_args()
    if options.seed is None:
        options.seed = random.SystemRandom().randrange(1_000_000)
    return options


def _apart(options: argparse.Namespace, kind: str) -> int:
    """Django knows one database in its life: each run has a process of its own."""
    words = [
        f"--{name.replace('_', '-')}={value}"
        for name, value in vars(options).items()
        if name not in ("database", "keep")
    ]
    more = ["--keep"] if options.keep else []
    return subprocess.run(
        [sys.executable, "-m", "tests.chaos", *words, *more, f"--database={kind}"], check=False
    ).returncode


def _run(options: argparse.Namespace, folder: Path) -> int:
    from tests.chaos.stage import laid

    rng = random.Random(options.seed)
    print(f"{options.database}, seed {options.seed}: {options.calls} calls over {options.seconds:g} s …", flush=True)
    began = time.monotonic()
    with laid(options.database, folder, rng) as stage:
        from tests.chaos.play import Play

        play = Play(stage, options, rng)
        play.run()
        seconds = time.monotonic() - began
        wrong = play.settle(SETTLE_SECONDS)
        print(play.report())
    settling = time.monotonic() - began - seconds
    print(f"  {seconds:.0f} s of trouble, {settling:.0f} s until the books were held against Stripe")
    for line in wrong:
        print(f"NOT TRUE: {line}")
    if wrong:
        again = f"--seed {options.seed} --calls {options.calls} --seconds {options.seconds:g} --every {options.every:g}"
        print(f'The same plan again: make chaos ARGS="{again} --database {options.database}"')
        return 1
    print(f"All true. 1 passed, 0 failed ({options.database}, seed {options.seed}).")
    return 0


if __name__ == "__main__":
    # Whoever waits for this process must not wait for threads that hang: all are daemons, and nothing is owed by them.
    result = main()
    sys.stdout.flush()
    assert threading.current_thread() is threading.main_thread()
    os._exit(result)
