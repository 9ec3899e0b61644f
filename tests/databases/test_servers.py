"""The private servers that the tests start: their own folder, their own socket, and nothing left."""

import os
import subprocess
import sys
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.databases import servers
from tests.databases.servers import KINDS, ServerFailed, find_program, private_server


def folder_of(url: str) -> Path:
    options = parse_qs(urlsplit(url).query)
    return Path(options["host"][0]) if "host" in options else Path(options["unix_socket"][0]).parent


@pytest.fixture(params=sorted(KINDS))
def kind(request: pytest.FixtureRequest) -> str:
    if KINDS[request.param].find() is None:
        pytest.skip(f"{request.param} is not on this machine")
    return str(request.param)


def test_a_server_is_gone_with_its_folder_when_the_tests_end(kind: str) -> None:
    with private_server(kind) as url:
        folder = folder_of(url)
        assert folder.is_dir()
    assert not folder.exists()
    assert not running_in(folder)


def test_a_server_ends_with_tests_that_are_killed(kind: str, repository: Path) -> None:
    program = (
        "import sys\n"
        "from tests.databases.servers import private_server\n"
        f"with private_server({kind!r}) as url:\n"
        "    print(url, flush=True)\n"
        "    sys.stdin.read()\n"
    )
    if sys.platform != "linux":
        pytest.skip("only Linux tells a child that its parent has died")
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=repository, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as tests:
        assert tests.stdout is not None
        folder = folder_of(tests.stdout.readline().strip())
        (server,) = [process for process in running_in(folder) if parent_of(process) == tests.pid]
        ended = os.pidfd_open(server)
        tests.kill()
    try:
        assert ends_within(ended, seconds=30)
    finally:
        os.close(ended)
        subprocess.run(["rm", "-rf", str(folder)], check=True)


def test_a_server_that_is_not_here_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(servers, "find_program", lambda name, folders: None)
    with pytest.raises(ServerFailed, match="mariadb is not on this machine"), private_server("mariadb"):
        pass


def test_the_newest_of_several_versions_is_taken(tmp_path: Path) -> None:
    for version in ("9", "15", "14"):
        (tmp_path / version / "bin").mkdir(parents=True)
        (tmp_path / version / "bin" / "postgres").touch()
    assert find_program("postgres", [f"{tmp_path}/*/bin"]) == tmp_path / "15" / "bin" / "postgres"


def running_in(folder: Path) -> list[int]:
    """The processes whose command names the folder."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if str(folder).encode() in (process / "cmdline").read_bytes():
                found.append(int(process.name))
        except OSError:
            continue  # it has ended meanwhile
    return found


def parent_of(process: int) -> int:
    stat = Path(f"/proc/{process}/stat").read_text(encoding="utf-8")
    return int(stat.rsplit(")", 1)[1].split()[1])


def ends_within(process: int, *, seconds: int) -> bool:
    """Whether the process behind the descriptor ends in time (pidfd_open(2): it becomes readable)."""
    import select

    return bool(select.select([process], [], [], seconds)[0])
