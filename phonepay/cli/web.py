"""The web process: granian, and in its workers the product."""

import contextlib
import functools
import os
from multiprocessing.util import Finalize
from pathlib import Path
from typing import Any

from granian.constants import Interfaces
from granian.log import LogLevels
from granian.server import Server

from phonepay.cli.lifeline import end_with
from phonepay.cli.observing import observe

BLOCKING_THREADS = 8  # granian's own default is hundreds: each may hold a connection to the database
STOP_SECONDS = 25  # a charge takes at most 12 s with its tries, and a caller's request less


def serve(*, host: str, port: int, processes: int, logging: dict[str, Any], shared: Path | None = None) -> None:
    """Answer until SIGTERM or SIGINT. `logging` as logging.config.dictConfig takes it; `shared` is serve's folder."""
    server = Server(
        "phonepay.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=processes,
        blocking_threads=BLOCKING_THREADS,
        respawn_failed_workers=True,
        workers_kill_timeout=STOP_SECONDS,
        websockets=False,
        # It tells of every start, and at each that eight threads are many.
        log_level=LogLevels.error,
        log_dictconfig=logging,
    )
    server.serve(target_loader=functools.partial(_application, os.getpid(), shared), wrap_loader=False)


def _application(parent: int, shared: Path | None) -> Any:
    """Load the product in a worker, which ends with its parent and finishes the charges under way before it does."""
    end_with(parent)
    from phonepay.wsgi import application  # Django is ready from here on

    from django.conf import settings  # isort: skip - only now they are there

    observe(shared, settings)

    from phonepay.configuration import reporting
    from phonepay.notifications.watchman import Watchman  # isort: skip - models can be imported only now
    from phonepay.payments import pool  # isort: skip

    watchman = Watchman()
    watchman.start()

    # Not atexit: a forked process leaves without it.
    Finalize(None, pool.shut_down, exitpriority=2)
    Finalize(None, watchman.end, exitpriority=1)  # when the charges are done: what they noted is written
    Finalize(None, reporting.finish, exitpriority=0)
    _warm_up()
    return application


def _warm_up() -> None:
    """Import what is slow to import (the vendors' packages) before a caller waits for it."""
    from django.db import connection
    from django.urls import get_resolver

    from phonepay.events import audit_keys
    from phonepay.payments.gateway import NotConfigured, get_gateway

    _ = get_resolver().url_patterns
    audit_keys.warm()
    connection.close()  # of the thread that loads us, and answers nobody
    with contextlib.suppress(NotConfigured):
        get_gateway()
    connection.close()  # the keys were read with it: this thread answers nobody
