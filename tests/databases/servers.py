"""Private database servers for tests: made in a temporary folder, reached through a socket in it, gone afterwards.

Nothing of the machine's own servers is touched. Durability is off: what these hold is worth nothing.
"""

import contextlib
import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

START_SECONDS = 60
STOP_SECONDS = 20

# Debian keeps PostgreSQL's programs off the path, one folder a version.
POSTGRESQL_FOLDERS = "/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/opt/homebrew/opt/postgresql*/bin"
SYSTEM_FOLDERS = "/usr/sbin", "/usr/local/sbin", "/usr/local/bin", "/opt/homebrew/bin"


class ServerFailed(Exception):
    """A server did not start; the message holds what it said."""


@dataclass(frozen=True)
class Kind:
    """A database that tests can run on. `programs` are found, or the kind is not here."""

    name: str
    programs: tuple[str, ...]
    folders: tuple[str, ...]
    start: Callable[[Path, dict[str, Path]], "Launch"]

    def find(self) -> dict[str, Path] | None:
        """The path of each program, or None if one is missing."""
        found = {program: find_program(program, self.folders) for program in self.programs}
        return {name: path for name, path in found.items() if path} if all(found.values()) else None


@dataclass(frozen=True)
class Launch:
    """How to make and start one server: `prepare`, then `serve` until it says `ready`."""

    prepare: Sequence[str]
    serve: Sequence[str]
    ready: str
    url: str
    stop: signal.Signals


def find_program(name: str, folders: Sequence[str]) -> Path | None:
    """A program on the path, else in the newest of the folders (which may be patterns)."""
    for pattern in folders:
        matches = sorted(Path("/").glob(pattern.lstrip("/")), key=_by_version, reverse=True)
        for folder in matches:
            if (folder / name).exists():
                return folder / name
    on_path = shutil.which(name)
    return Path(on_path) if on_path else None


@contextlib.contextmanager
def private_server(kind: str) -> Iterator[str]:
    """A fresh server of the kind ("postgresql" or "mariadb"); yields the address for PHONEPAY_DATABASE_URL."""
    with running_server(kind) as server:
        yield server.url


@contextlib.contextmanager
def running_server(kind: str, *, durable: bool = False) -> Iterator["Server"]:
    """The same, with a hand on it. `durable`: what was committed outlives a crash (PostgreSQL's, of the process)."""
    programs = KINDS[kind].find()
    if programs is None:
        raise ServerFailed(f"{kind} is not on this machine: {', '.join(KINDS[kind].programs)} are needed")
    # Short: the path of a socket has at most 107 characters.
    folder = Path(tempfile.mkdtemp(prefix="pp-", dir="/tmp"))
    try:
        account = _unprivileged()
        if account:
            os.chown(folder, account.pw_uid, account.pw_gid)
        launch = KINDS[kind].start(folder, programs)
        if durable:
            launch = replace(launch, serve=[*launch.serve, "-c", "synchronous_commit=on"])
        server = Server(launch, folder, account)
        server.prepare()
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Server:
    """A server in its folder; raises ServerFailed where it does not come up."""

    def __init__(self, launch: Launch, folder: Path, account: pwd.struct_passwd | None) -> None:
        self.url = launch.url
        self._launch, self._folder, self._account = launch, folder, account
        self._process: subprocess.Popen[str] | None = None
        self._log: _Log | None = None

    def prepare(self) -> None:
        made = _start(self._launch.prepare, self._folder, self._account)
        said, _ = made.communicate(timeout=START_SECONDS)
        if made.returncode:
            raise ServerFailed(f"{self._launch.prepare[0]} failed:\n{said}")

    def start(self) -> None:
        self._process = _start(self._launch.serve, self._folder, self._account)
        self._log = _Log(self._process, self._launch.ready)
        if not self._log.ready.wait(START_SECONDS) or not self._log.came_up:
            said = self._log.text
            self.stop()
            raise ServerFailed(f"{self._launch.serve[0]} did not come up:\n{said}")

    def crash(self) -> None:
        """End at once, as in a crash: nothing is finished, nothing is said to those connected."""
        self.stop(signal.SIGQUIT)

    def stop(self, how: signal.Signals | None = None) -> None:
        process, log = self._process, self._log
        self._process = self._log = None
        if process is None or log is None:
            return
        if process.poll() is None:
            process.send_signal(how or self._launch.stop)
        try:
            process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        log.close()


def _postgresql(folder: Path, programs: dict[str, Path]) -> Launch:
    data = folder / "data"
    options = {
        "listen_addresses": "",
        "unix_socket_directories": str(folder),
        "fsync": "off",
        "synchronous_commit": "off",
        "full_page_writes": "off",
        "max_connections": "200",
        "shared_buffers": "64MB",
    }
    settings = [part for name, value in options.items() for part in ("-c", f"{name}={value}")]
    return Launch(
        prepare=[str(programs["initdb"]), "-D", str(data), "-U", "phonepay", "--auth=trust", "--no-sync", "-E", "UTF8",
                 "--locale=C.UTF-8"],
        serve=[str(programs["postgres"]), "-D", str(data), *settings],
        ready="ready to accept connections",
        url=f"postgresql://phonepay@/phonepay?host={folder}",
        # Fast shutdown: it does not wait for those connected.
        stop=signal.SIGINT,
    )  # fmt: skip


def _mariadb(folder: Path, programs: dict[str, Path]) -> Launch:
    data, socket = folder / "data", folder / "socket"
    common = ["--no-defaults", f"--datadir={data}"]
    options = [
        f"--socket={socket}",
        f"--pid-file={folder / 'pid'}",
        "--skip-networking",
        "--skip-log-bin",
        "--innodb-flush-log-at-trx-commit=0",
        "--innodb-doublewrite=0",
        "--innodb-buffer-pool-size=64M",
        "--max-connections=200",
        "--character-set-server=utf8mb4",
    ]
    return Launch(
        prepare=[str(programs["mariadb-install-db"]), *common, "--auth-root-authentication-method=normal",
                 "--skip-test-db", "--skip-name-resolve"],
        serve=[str(programs["mariadbd"]), *common, *options],
        ready="ready for connections",
        url=f"mariadb://root@/phonepay?unix_socket={socket}",
        stop=signal.SIGTERM,
    )  # fmt: skip


KINDS = {
    "postgresql": Kind("postgresql", ("initdb", "postgres"), POSTGRESQL_FOLDERS, _postgresql),
    "mariadb": Kind("mariadb", ("mariadb-install-db", "mariadbd"), SYSTEM_FOLDERS, _mariadb),
}


class _Log:
    """Reads what the server says, so that it never waits for a reader, and tells when it is ready or has ended."""

    def __init__(self, server: "subprocess.Popen[str]", ready: str) -> None:
        self.ready = threading.Event()
        self.came_up = False
        self.lines: list[str] = []
        self._server, self._sign = server, ready
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    @property
    def text(self) -> str:
        return "".join(self.lines[-40:])

    def close(self) -> None:
        self._thread.join()
        assert self._server.stdout
        self._server.stdout.close()

    def _read(self) -> None:
        assert self._server.stdout
        for line in self._server.stdout:
            self.lines.append(line)
            if self._sign in line:
                self.came_up = True
                self.ready.set()
        self.ready.set()


def _start(command: Sequence[str], folder: Path, account: pwd.struct_passwd | None) -> "subprocess.Popen[str]":
    # What names a server in the developer's shell must not reach ours.
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PG", "MYSQL", "MARIADB"))}
    return subprocess.Popen(
        command,
        cwd=folder,
        env=environment | {"HOME": str(folder), "TMPDIR": str(folder), "LC_ALL": "C.UTF-8"},
        user=account.pw_uid if account else None,
        group=account.pw_gid if account else None,
        extra_groups=[] if account else None,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
        # A Ctrl-C is for the tests; they stop the server after they are done with it.
        start_new_session=True,
        preexec_fn=_end_with_parent if sys.platform == "linux" else None,  # noqa: PLW1509 - one system call, no lock
    )


def _end_with_parent() -> None:
    """Ask Linux to end the server if the tests are killed and cannot (prctl(2), PR_SET_PDEATHSIG)."""
    set_parent_death_signal = 1
    ctypes.CDLL(None).prctl(set_parent_death_signal, signal.SIGTERM)


def _unprivileged() -> pwd.struct_passwd | None:
    """Who runs the server where the tests run as root, which servers refuse; None: oneself."""
    if os.getuid() != 0:
        return None
    for name in ("postgres", "nobody"):
        with contextlib.suppress(KeyError):
            return pwd.getpwnam(name)
    raise ServerFailed("run as root, but there is neither a user postgres nor a user nobody for the servers")


def _by_version(folder: Path) -> tuple[int, ...]:
    digits = "".join(letter if letter.isdigit() else " " for letter in str(folder)).split()
    return tuple(int(part) for part in digits)
