"""`phonepay serve`: the web process and the worker, watched over."""

import argparse
import contextlib
import http.client
import os
import signal
import sys
import tempfile
import threading
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from phonepay.cli import becoming
from phonepay.cli.child import Child, ourselves
from phonepay.cli.lifeline import end_with
from phonepay.cli.observing import observe
from phonepay.cli.parsing import Commands, verb
from phonepay.cli.ports import reserve
from phonepay.cli.refusal import CommandRefused
from phonepay.cli.sandbox_child import SandboxWatch, be_sandbox, in_sandbox, tell_watch
from phonepay.cli.startup import code_of_the_first_set_up, leave_database, prepare_database, take_over
from phonepay.cli.supervisor import BECOME, Supervisor
from phonepay.configuration.kept import STARTED_ON
from phonepay.configuration.running import SERVED_BY, mark_ending
from phonepay.upgrading.served import RENEW

if TYPE_CHECKING:
    from phonepay.configuration.environment import Environment

_LOOK_SECONDS = 0.05
_ANSWER_SECONDS = 5.0
_LOOPBACK = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - what people may write, not what we choose


def add_to(commands: Commands) -> None:
    parser = verb(
        commands,
        "serve",
        _serve,
        does="Take calls: run the web process and the worker, and restart whichever ends.",
        examples=[
            "phonepay serve",
            "phonepay serve --host 0.0.0.0 --port 8080",
            "phonepay serve --port 0              a free port: read the line “listening on http://…”",
            "phonepay serve --web                 on machines that answer; phonepay serve --worker elsewhere",
        ],
        notes="An embedded database is migrated first; on others run phonepay migrate.\n"
        "It sees where the addresses that are kept in the data folder change, and goes on with them by itself.\n"
        "Ctrl-C ends all, and lets charges under way finish. SIGUSR2 starts it anew beside itself: phonepay upgrade.",
    )
    parser.add_argument("--host", default="127.0.0.1", help="the address to listen on (127.0.0.1)")
    parser.add_argument("--port", type=int, default=8000, help="the port to listen on (8000); 0 takes a free one")
    parser.add_argument("--web-processes", type=int, metavar="N", help="processes that answer (1 embedded, else 2)")
    apart = parser.add_mutually_exclusive_group()
    apart.add_argument("--web", action="store_true", help="only the web process")
    apart.add_argument("--worker", action="store_true", help="only the worker")
    parser.add_argument(
        "--drain", type=int, default=0, metavar="SECONDS",
        help="told to end, go on for so long while /readyz says no: behind a load balancer (0)",
    )  # fmt: skip
    # How we start our own children; the number is the process that they end with, the folder what they share.
    parser.add_argument("--child", choices=("web", "worker", "prepare", "sandbox"), help=argparse.SUPPRESS)
    parser.add_argument("--parent", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--shared", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--product", help=argparse.SUPPRESS)  # where the sandbox calls it
    # Beside one that serves, to see whether it would: nothing of what that one holds is taken from it.
    parser.add_argument("--trial", action="store_true", help=argparse.SUPPRESS)
    becoming.add_to(parser)
    parser.set_defaults(needs="settings", logs=True)


def _serve(args: argparse.Namespace) -> int:
    if args.child:
        end_with(args.parent)
        of_kind = {
            "web": lambda: _be_web(args),
            "worker": lambda: _be_worker(args.shared),
            "sandbox": lambda: be_sandbox(args.product),
            "prepare": _prepare,
        }
        return of_kind[args.child]()
    if args.web_processes is not None and args.web_processes < 1:
        raise CommandRefused("At least one web process is needed: --web-processes 1.")
    port, held = (0, None) if args.worker else reserve(args.host, args.port, shared=bool(args.after))
    with held or contextlib.nullcontext(), tempfile.TemporaryDirectory(prefix="phonepay-serve-") as folder:
        code, refused = _make_ready(args)
        if refused and not args.after:
            raise refused
        return _watch_over(args, port, Path(folder), code, refused)


def _make_ready(args: argparse.Namespace) -> tuple[str | None, CommandRefused | None]:
    """Bring the database to where it has to be, then leave it: the first set-up's code, and why it could not be."""
    try:
        if not args.trial:
            take_over()
        prepare_database()
        if args.worker or args.trial:
            return None, None
        tell_watch()
        return None if args.after else code_of_the_first_set_up(), None
    except CommandRefused as refused:
        return None, refused
    finally:
        leave_database()


def _watch_over(
    args: argparse.Namespace, port: int, shared: Path, code: str | None, refused: CommandRefused | None
) -> int:
    """The children, or first those of the version before, which go on if the database refused this one."""
    from django.conf import settings

    from phonepay.cli.renewing import Renewing  # it reads the environment, and help does not

    renewing = Renewing(lambda settings: _children(args, port, shared, settings), shares_port=not args.worker)
    children, entry = renewing.children(), becoming.entry(settings.PHONEPAY_DATA_DIR, _url(args, port))
    old = becoming.adopted(args, children)
    first = becoming.Becoming(old, children, entry)
    supervisor = Supervisor(
        old or children,
        say=_complain,
        ending=lambda: mark_ending(shared),
        drain=args.drain,
        renewal=lambda: first.renewal(renewing.renewal) if old and not refused else renewing.renewal(),
        becomes=RENEW,
    )

    def when_ready() -> None:
        if not old:
            entry.say("ready")
            _tell_where(args, port, code)
        elif refused:
            entry.say("failed", str(refused))
        else:
            supervisor.renew()

    alone = args.worker or args.trial
    sandbox = contextlib.nullcontext() if alone else SandboxWatch(supervisor, _local(args.host, port))
    with renewing.watching(supervisor.renew), sandbox:
        ended = supervisor.run(when_ready=when_ready)
    becoming.clear_leftover(args)
    if ended == BECOME:
        becoming.become(args, port, supervisor.children, shared)
    entry.close()
    return ended


def _local(host: str, port: int) -> str:
    """Where the web process is reached from this very machine."""
    host = _LOOPBACK.get(host, host)
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"


def _children(args: argparse.Namespace, port: int, shared: Path, environment: "Environment") -> list[Child]:
    worker = [] if args.web else [worker_child(shared)]
    if args.worker:
        return worker
    processes = args.web_processes or (1 if environment.database.embedded else 2)
    return [web_child(args.host, port, processes, shared, stamp=environment.kept_stamp), *worker]


def web_child(
    host: str, port: int, processes: int | None = None, shared: Path | None = None, *, stamp: str = ""
) -> Child:
    """The web process, or so many of them behind one port, as a child of this process.

    It is ready once the process answers that started on what was kept under `stamp`, and shares that folder.
    """
    from django.conf import settings

    # SQLite has one writer at a time: a second process would only wait for it.
    processes = processes or (1 if settings.PHONEPAY_DATABASE_EMBEDDED else 2)
    words = ["--host", host, "--port", str(port), "--web-processes", str(processes)]
    command = _child("web", shared, *words)
    told = {STARTED_ON: stamp, SERVED_BY: shared.name if shared else ""}
    return Child("web", command, ready=lambda ended: _answers(host, port, told, ended))


def worker_child(shared: Path | None = None) -> Child:
    """The worker, as a child of this process."""
    return Child("worker", _child("worker", shared))


def _child(kind: str, shared: Path | None, *words: str) -> list[str]:
    with_folder = ["--shared", str(shared)] if shared else []
    return ourselves("serve", "--child", kind, "--parent", str(os.getpid()), *with_folder, *words)


def _prepare() -> int:
    """Make the database of new settings ready, while nobody serves."""
    moved = take_over()
    prepare_database()
    print(f"{moved} rows were moved." if moved else "Nothing was to be moved.", flush=True)
    return 0


def _be_web(args: argparse.Namespace) -> int:
    from django.conf import settings

    from phonepay.cli import web  # granian is for those who serve

    web.serve(
        host=args.host, port=args.port, processes=args.web_processes, logging=settings.LOGGING, shared=args.shared
    )
    return 0


def _be_worker(shared: Path | None) -> int:
    from django.conf import settings
    from django.db import DatabaseError, InterfaceError
    from django.utils import timezone

    from phonepay.configuration import reporting
    from phonepay.configuration.heartbeat import HEARTBEAT_FILE, Heartbeat
    from phonepay.configuration.presence import WORKER, Presence
    from phonepay.events.heads import HEAD_FILE, KeptHead
    from phonepay.lib.stopping import STOPPING
    from phonepay.worker import work

    observe(shared, settings)
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: STOPPING.set())
    heartbeat = Heartbeat(settings.PHONEPAY_DATA_DIR / HEARTBEAT_FILE)
    head = KeptHead(settings.PHONEPAY_DATA_DIR / HEAD_FILE)
    presence = Presence(WORKER, timezone.now())

    def beat(now: datetime) -> None:
        heartbeat.beat(now)
        head.keep()
        presence.beat(now)

    work(STOPPING, beat=beat)
    with contextlib.suppress(DatabaseError, InterfaceError):
        presence.end(timezone.now())
    reporting.finish()
    return 0


def _answers(host: str, port: int, told: Mapping[str, str], ended: threading.Event) -> bool:
    """Wait until the web process answers that says these headers; False where it ended first."""
    while not ended.is_set():
        connection = http.client.HTTPConnection(_LOOPBACK.get(host, host), port, timeout=_ANSWER_SECONDS)
        try:
            connection.request("GET", "/healthz", headers={"Host": "localhost"})
            answer = connection.getresponse()
            if answer.status == http.client.OK and all(answer.headers.get(name, "") == told[name] for name in told):
                return True
        except OSError:
            pass  # not yet: nobody listens, or the listener had just begun
        finally:
            connection.close()
        ended.wait(_LOOK_SECONDS)
    return False


def _tell_where(args: argparse.Namespace, port: int, code: str | None) -> None:
    from django.conf import settings

    if args.worker:
        print("The worker runs. Ctrl-C ends it.", flush=True)
        return
    # The first line is for programs: it comes when calls can come.
    print(f"listening on {_url(args, port)}", flush=True)
    public = settings.PHONEPAY_PUBLIC_URL
    if in_sandbox():
        print("In the sandbox: nothing leaves this machine. Call from Try the line.")
    else:
        told = f"Twilio and Stripe reach it at {public}." if public else "No call is let in yet: see phonepay check."
        if public or not code:  # else the next lines say what is to be done first
            print(told)
    if code:
        _tell_the_code(args.host, port, public, code)
    print("Ctrl-C ends it.", flush=True)


def _tell_the_code(host: str, port: int, public: str | None, code: str) -> None:
    """Where the first set-up is opened, which takes a key over plain http on this machine alone."""
    here = f"http://{_LOOPBACK.get(host.strip('[]'), host)}:{port}"
    print(f"\nNobody has set it up yet. Open this, once, within an hour:\n\n    {public or here}/setup?code={code}\n")
    if not public:
        print(f"From another machine: https://YOUR-DOMAIN/setup?code={code}")
        print("through a proxy with a certificate; or the address above, once your own computer has")
        print(f"ssh -L {port}:127.0.0.1:{port} THIS-SERVER. In the terminal: phonepay setup.\n")


def _url(args: argparse.Namespace, port: int) -> str:
    """Where it listens; "" where only a worker runs."""
    if args.worker:
        return ""
    return f"http://[{args.host}]:{port}" if ":" in args.host else f"http://{args.host}:{port}"


def _complain(sentence: str) -> None:
    print(sentence, file=sys.stderr, flush=True)
