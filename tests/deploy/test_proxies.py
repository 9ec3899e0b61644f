"""The proxies' files, run by the proxies themselves before something that tells what reached it."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import socket
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

PATIENCE = 15.0
Ask = Callable[..., tuple[int, dict[str, Any]]]


@dataclass
class Reached:
    """What came through last."""

    path: str = ""
    headers: dict[str, str] | None = None
    body: bytes = b""


@pytest.fixture
def upstream() -> Iterator[tuple[int, Reached]]:
    reached = Reached()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            length = int(self.headers.get("Content-Length", 0))
            reached.path, reached.headers, reached.body = self.path, dict(self.headers), self.rfile.read(length)
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        do_GET = do_POST = answer  # noqa: N815 - http.server's names

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the base's
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield server.server_port, reached
    server.shutdown()
    server.server_close()


@contextmanager
def running(command: list[str], port: int, **more: Any) -> Iterator[None]:
    """A proxy, from when it takes connections on."""
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, **more) as process:
        try:
            moment = threading.Event()
            for _ in range(int(PATIENCE / 0.05)):
                assert process.poll() is None, process.stderr.read() if process.stderr else ""
                try:
                    socket.create_connection(("127.0.0.1", port), 1).close()
                    break
                except OSError:
                    moment.wait(0.05)
            yield
        finally:
            process.terminate()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


@pytest.fixture(params=["caddy", "nginx"])
def proxy(
    request: pytest.FixtureRequest, repository: Path, tmp_path: Path, upstream: tuple[int, Reached]
) -> Iterator[http.client.HTTPConnection]:
    """A connection to a proxy that runs with the file of ours, its address and certificate changed for here."""
    program = shutil.which(request.param, path=f"{os.environ['PATH']}:/usr/sbin")
    if program is None:
        pytest.skip(f"there is no {request.param} here")
    port = free_port()
    start = _caddy if request.param == "caddy" else _nginx
    command, more = start(program, repository / "deploy/proxies", tmp_path, port, upstream[0])
    with running(command, port, **more):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        yield connection
        connection.close()


def _caddy(program: str, files: Path, folder: Path, port: int, upstream: int) -> tuple[list[str], dict[str, Any]]:
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "PHONEPAY_HOST": f"http://127.0.0.1:{port}",
        "PHONEPAY_UPSTREAM": f"127.0.0.1:{upstream}",
    }
    adapt = [program, "adapt", "--config", str(files / "Caddyfile")]
    adapted = subprocess.run(adapt, env=environment, capture_output=True, text=True, check=True)
    # Its own door for administrators is not ours to open on the machine of a test.
    (folder / "caddy.json").write_text(json.dumps(json.loads(adapted.stdout) | {"admin": {"disabled": True}}))
    return [program, "run", "--config", str(folder / "caddy.json")], {"env": environment}


def _nginx(program: str, files: Path, folder: Path, port: int, upstream: int) -> tuple[list[str], dict[str, Any]]:
    text = (files / "nginx.conf").read_text(encoding="utf-8")
    before, encrypted = text.split("    listen 443 ssl;\n")
    # Its second server, in clear: what it does with requests is what is looked at.
    kept = "\n".join(line for line in encrypted.splitlines() if not line.strip().startswith(("ssl_", "listen")))
    ours = before[: before.index("server {")] + f"server {{\n    listen 127.0.0.1:{port};\n{kept}"
    ours = ours.replace("127.0.0.1:8000", f"127.0.0.1:{upstream}")
    paths = " ".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    # Started by root, its workers are somebody who may not write where tests do.
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(
        f"{user} pid {folder}/pid; error_log stderr; daemon off; worker_processes 1;\nevents {{}}\n"
        f"http {{ access_log off; {paths}\n{ours}\n}}\n"
    )
    return [program, "-p", str(folder), "-e", "stderr", "-c", str(folder / "nginx.conf")], {}


def ask(connection: http.client.HTTPConnection, method: str, path: str, **facts: Any) -> int:
    connection.request(method, path, **facts)
    answer = connection.getresponse()
    answer.read()
    return answer.status


def test_a_turn_of_a_call_comes_through_as_it_was_signed(
    proxy: http.client.HTTPConnection, upstream: tuple[int, Reached]
) -> None:
    body = b"CallSid=CA1&Digits=1042%23"
    assert ask(proxy, "POST", "/twilio/input/3?locale=en-US", body=body, headers={"X-Twilio-Signature": "abc"}) == 200
    reached = upstream[1]
    assert (reached.path, reached.body) == ("/twilio/input/3?locale=en-US", body)
    assert reached.headers is not None and reached.headers["X-Twilio-Signature"] == "abc"


def test_who_asks_is_the_last_that_is_named_whatever_they_say_of_themselves(
    proxy: http.client.HTTPConnection, upstream: tuple[int, Reached]
) -> None:
    ask(proxy, "GET", "/sign-in", headers={"X-Forwarded-For": "203.0.113.9"})
    headers = upstream[1].headers or {}
    assert headers["X-Forwarded-For"].split(", ")[-1] == "127.0.0.1"


def test_the_numbers_are_not_for_the_world(proxy: http.client.HTTPConnection, upstream: tuple[int, Reached]) -> None:
    assert ask(proxy, "GET", "/metrics", headers={"Authorization": "Bearer something"}) == 404
    assert upstream[1].path == ""


def test_a_file_of_orders_comes_in_and_no_larger_thing(proxy: http.client.HTTPConnection) -> None:
    assert ask(proxy, "POST", "/load", body=bytes(25 * 1024 * 1024)) == 200
    proxy.close()
    try:
        refused = ask(proxy, "POST", "/load", body=bytes(40 * 1024 * 1024))
    except (BrokenPipeError, ConnectionResetError):
        return  # it did not even listen to the end
    assert refused in (413, 502)


@pytest.mark.skipif(
    shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin") is None, reason="there is no nginx here"
)
def test_nginx_takes_the_whole_file_with_its_certificate(repository: Path, tmp_path: Path) -> None:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    make = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    named = ["-subj", "/CN=pay.example.com", "-keyout", str(key), "-out", str(certificate)]
    subprocess.run([*make, *named], capture_output=True, check=True)
    text = (repository / "deploy/proxies/nginx.conf").read_text(encoding="utf-8")
    text = text.replace("/etc/letsencrypt/live/pay.example.com/fullchain.pem", str(certificate))
    text = text.replace("/etc/letsencrypt/live/pay.example.com/privkey.pem", str(key))
    (tmp_path / "nginx.conf").write_text(f"pid {tmp_path}/pid;\nevents {{}}\nhttp {{\naccess_log off;\n{text}\n}}\n")
    nginx = str(shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin"))
    tried = subprocess.run(
        [nginx, "-t", "-p", str(tmp_path), "-e", "stderr", "-c", str(tmp_path / "nginx.conf")],
        capture_output=True,
        text=True,
        check=False,
    )
    assert tried.returncode == 0, tried.stderr
