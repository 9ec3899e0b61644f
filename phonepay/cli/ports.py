"""The port to listen on: looked at before anything starts, so that what is wrong is one sentence."""

import errno
import socket
import sys

from phonepay.cli.refusal import CommandRefused

_WHY = {
    errno.EADDRINUSE: "somebody listens there already. End that program, or choose another port (0: a free one)",
    errno.EACCES: "ports below 1024 are not for this account. Choose one above, and let a proxy stand before it",
    errno.EADDRNOTAVAIL: "this machine has no such address. Try --host 127.0.0.1, or 0.0.0.0 for all of its addresses",
}
HIGHEST = 65535


def reserve(host: str, port: int, *, shared: bool = False) -> tuple[int, socket.socket | None]:
    """The port that can be listened on (0 takes a free one), and the socket that keeps it for us where that can be.

    `shared`: processes of ours listen there already. Raises CommandRefused with what is wrong.
    """
    if not 0 <= port <= HIGHEST:
        raise CommandRefused(f"{port} is no port: choose one from 1 to {HIGHEST}, or 0 for a free one.")
    family, address = _address(host, port)
    with socket.socket(family, socket.SOCK_STREAM) as trial:
        # Else who listens there already is noticed, also another Phone Pay. A port left a moment ago is free.
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT if shared else socket.SO_REUSEADDR, 1)
        port = _bind(trial, address, host, port)
    if sys.platform != "linux":
        return port, None
    # Bound and never listening: it takes no connection from the web processes, which share the port with it.
    held = socket.socket(family, socket.SOCK_STREAM)
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    held.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    _bind(held, (address[0], port), host, port)
    return port, held


def _address(host: str, port: int) -> tuple[socket.AddressFamily, tuple[str, int]]:
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)[0]
    except (OSError, UnicodeError) as error:
        raise CommandRefused(f"{host} is no address of this machine: try --host 127.0.0.1.") from error
    return found[0], (str(found[4][0]), port)


def _bind(sock: socket.socket, address: tuple[str, int], host: str, port: int) -> int:
    try:
        sock.bind(address)
    except OSError as error:
        why = _WHY.get(error.errno or 0, error.strerror or str(error))
        raise CommandRefused(f"Cannot listen on {host}:{port}: {why}.") from error
    return int(sock.getsockname()[1])
