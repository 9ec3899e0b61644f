"""Upgrade and rollback: each step by itself harmless, the switch last, and the way back taken by itself."""

from __future__ import annotations

import queue
import re
import subprocess
import threading
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from phonepay.upgrading.environments import make_environment
from phonepay.upgrading.layout import Home, order_of
from phonepay.upgrading.refusal import UpgradeRefused, UpgradeUndone
from phonepay.upgrading.served import Serving, answer_of, ask_to_renew, running
from phonepay.upgrading.wheels import Wheel, read_wheel

Say = Callable[[str], None]

READY_SECONDS = 90.0  # a small machine starts slowly, and calls go on meanwhile
_LOOK_SECONDS = 0.1
BACKUPS = "backups"  # in the data folder


def install(*, home: Path, wheel: Path, say: Say) -> None:
    """The first version of an installation. Raises UpgradeRefused where there is one already."""
    place, found = Home(home.resolve()), read_wheel(wheel)
    if place.current() is not None:
        raise UpgradeRefused(f"{home} has version {place.current()} already: {place.program()} upgrade {wheel}")
    say(f"Installing {found.version} into {place.version(found.version)} …")
    make_environment(place, found)
    place.point_to(found.version, before=None)
    say(f"Installed. Start it by its steady path: {place.program()} serve")


def upgrade(*, home: Home, wheel: Wheel, data_dir: Path, backup: bool, say: Say) -> None:
    """To the version of the wheel. Raises UpgradeRefused, or UpgradeUndone where the old version runs again."""
    before = home.current()
    if before is None or order_of(wheel.version) <= order_of(before):
        raise UpgradeRefused(
            f"{wheel.version} is no newer than what runs ({before}): nothing was changed. "
            "The way back is phonepay rollback."
        )
    if backup:
        _backup(home, wheel, data_dir, say)
    try:
        _get_ready(home, wheel, before, say)
    except UpgradeRefused:
        # It is of no use, and takes room from the database.
        home.clear_away({before, home.previous() or before})
        raise
    say(f"5. Switching to {wheel.version} …")
    _switch(home, wheel.version, before, data_dir, say)
    for name in home.clear_away({wheel.version, before}):
        say(f"   Removed {name}, which nothing leads back to any more.")
    say(f"{wheel.version} runs. The way back: phonepay rollback")


def _get_ready(home: Home, wheel: Wheel, before: str, say: Say) -> None:
    say(f"2. Installing {wheel.version} beside {before} …")
    make_environment(home, wheel)
    if _output([home.program(wheel.version), "--version"]).split()[-1:] != [wheel.version]:
        raise UpgradeRefused(f"{home.program(wheel.version)} does not start: nothing was changed. {before} runs on.")
    say("3. Bringing the database up to date, while the old version goes on …")
    _do([home.program(wheel.version), "migrate"], f"The database was not brought up to date; {before} runs on")
    say("4. Starting the new version beside the old, to see whether it becomes ready …")
    _try_out(home, wheel.version, before)


def rollback(*, home: Home, data_dir: Path, say: Say) -> None:
    """To the version before. The database stays as it is: newer tables do the older code no harm."""
    before, now = home.previous(), home.current()
    if before is None or now is None:
        raise UpgradeRefused("There is no version before this one here: nothing was changed.")
    say(f"Switching from {now} back to {before} …")
    _switch(home, before, now, data_dir, say)
    say(f"{before} runs. Forward again: phonepay rollback, or phonepay upgrade with a newer one")


def _backup(home: Home, wheel: Wheel, data_dir: Path, say: Say) -> None:
    folder = data_dir / BACKUPS
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    target = folder / f"before-{wheel.version}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}.backup"
    say(f"1. Saving the database to {target} …")
    _do([home.program(), "backup", str(target)], "The backup could not be made; nothing was changed")


def _try_out(home: Home, version: str, before: str) -> None:
    """A web process of the new version on a free port, on the real data; it is ended again."""
    command = [str(home.program(version)), "serve", "--web", "--port", "0", "--web-processes", "1", "--trial"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            url, said = _first_words(process)
            ready = answer_of(url) if url else ""
        finally:
            process.terminate()
    if ready != "ready":
        why = ready or said.strip() or "it said nothing"
        raise UpgradeRefused(f"{version} does not become ready ({why}). Nothing was switched: {before} runs on.")


def _first_words(process: subprocess.Popen[str]) -> tuple[str, str]:
    """The address at which it listens, or what it complained of."""
    lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
    complaints: list[str] = []
    threading.Thread(target=lambda: complaints.extend(process.stderr or ()), daemon=True).start()

    def listen() -> None:
        for line in process.stdout or ():
            lines.put(line)
        lines.put(None)

    threading.Thread(target=listen, daemon=True).start()
    try:
        line = lines.get(timeout=READY_SECONDS)
    except queue.Empty:
        line = None
    found = re.search(r"listening on (http://\S+)", line or "")
    return (found[1] if found else ""), "".join(complaints[-5:])


def _switch(home: Home, to: str, before: str, data_dir: Path, say: Say) -> None:
    """Let the link lead to the version, ask whatever serves to follow it, and see that all become ready; else back."""
    way_back = home.previous()
    home.point_to(to, before=before)
    served = list(running(data_dir))
    mine = [each for each in served if Path(each.program).absolute() == home.program().absolute()]
    for each in served:
        if each not in mine:
            say(f"   The serve with the process id {each.pid} was started as {each.program}: restart it yourself.")
    if not mine:
        say("   No phonepay serve of this installation runs here: the next one that is started is the new version.")
        return
    failed = [why for each in mine if (why := _follow(each, to, data_dir))]
    if not failed:
        return
    home.point_to(before, before=way_back)
    still = [why for each in mine if (why := _follow(each, before, data_dir))]
    end = f"{before} runs again" if not still else f"going back to {before} failed as well: {'; '.join(still)}"
    raise UpgradeUndone(f"{to} did not become ready: {'; '.join(failed)}. {end}.")


def _follow(serving: Serving, version: str, data_dir: Path) -> str:
    """Why it did not become ready with this version; "" where it did."""
    ask_to_renew(serving)
    until = time.monotonic() + READY_SECONDS
    pause = threading.Event()
    said = "said nothing"
    while time.monotonic() < until:
        pause.wait(_LOOK_SECONDS)
        # While it becomes another it is not told of at all: what was known of it before says nothing.
        now = next((each for each in running(data_dir) if each.pid == serving.pid), None)
        if now is None:
            continue
        said = f"is {now.version}, {now.state}"
        if now.version == version and now.state == "failed":
            return now.why or "its processes ended before they answered"
        if now.version == version and now.state == "ready" and (not now.url or answer_of(now.url) == "ready"):
            return ""
    return f"process {serving.pid} was not ready after {READY_SECONDS:.0f} seconds: it {said}"


def _do(command: list[str | Path], sentence: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise UpgradeRefused(f"{sentence}:\n{done.stdout}{done.stderr}".rstrip())


def _output(command: list[str | Path]) -> str:
    try:
        return subprocess.run(command, capture_output=True, text=True, check=False).stdout
    except OSError:
        return ""


def read_environment_file(path: Path) -> Mapping[str, str]:
    """`NAME=value` lines as systemd's EnvironmentFile has them; quotes around a value are taken off."""
    found = {}
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise UpgradeRefused(f"{path} could not be read ({error.strerror}): nothing was changed.") from error
    for line in text.splitlines():
        name, equals, value = line.strip().partition("=")
        if equals and name and not name.startswith(("#", ";")):
            value = value.strip()
            quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
            found[name.strip()] = value[1:-1] if quoted else value
    return found
