"""Up and back, for real: wheels of this tree under other versions, in a folder of their own, under a running `serve`.

Only where packages come from is faked: what the wheels require is lent by the tests' own environment.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from phonepay.upgrading.layout import Home
from phonepay.upgrading.served import Serving, answer_of, running
from scripts.dist import build, package_files
from tests.cli.served import PATIENCE, Served, all_answered, serving

pytestmark = [
    pytest.mark.skipif(sys.platform != "linux", reason="processes of two versions share one port"),
    # It takes a minute, and processes are the same on every Python.
    pytest.mark.skipif(sys.version_info[:2] != (3, 11), reason="runs on the oldest Python alone"),
]

# Installs requirements by lending them, and wheels as uv does.
LENDER = """#!{python}
import pathlib, subprocess, sys
words = sys.argv[1:]
target = pathlib.Path(words[words.index("--python") + 1]).parents[1]
if "-r" in words:
    (packages,) = target.glob("lib/*/site-packages")
    (packages / "lent.pth").write_text("{packages}\\n")
    sys.exit(0)
sys.exit(subprocess.call(["{python}", "-m", "uv", *words]))
"""

# A version that becomes ready by itself, and not where it is to take over.
_BROKEN = """    for each in fresh if args.after else ():
        each.command = [sys.executable, "-c", "raise SystemExit(7)"]
    commands = {"""


@dataclass
class Site:
    """A server with one installation."""

    folder: Path
    repository: Path
    home: Home
    environment: dict[str, str]
    built: dict[str, Path] = field(default_factory=dict)

    @property
    def data(self) -> Path:
        return self.folder / "data"

    def wheel(self, version: str, change: tuple[str, str, str] | None = None) -> Path:
        """This tree as another version; `change` is a file, and a text in it with its replacement."""
        if version not in self.built:
            tree = self.folder / f"tree-{version}"
            for name in (*package_files(self.repository), "pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md"):
                (tree / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(self.repository / name, tree / name)
            for name in ("docs", "deploy", "requirements"):
                shutil.copytree(self.repository / name, tree / name)
            (tree / "phonepay/__init__.py").write_text(f'"""A test."""\n\n__version__ = "{version}"\n')
            if change:
                path, old, new = change
                text = (tree / path).read_text()
                assert old in text
                (tree / path).write_text(text.replace(old, new, 1))
            self.built[version] = build(tree, self.folder / f"dist-{version}")[1]
        return self.built[version]

    def run(self, *words: object) -> subprocess.CompletedProcess[str]:
        command = [str(self.home.program()), *map(str, words)]
        return subprocess.run(
            command, env=self.environment, cwd=self.folder, capture_output=True, text=True, check=False
        )

    def serving(self) -> Serving:
        (found,) = running(self.data)
        return found


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, repository: Path) -> Site:
    """Version 0.1.0 of this tree, installed by the wheel itself."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "bin").mkdir()
    lender = folder / "bin" / "uv"
    lender.write_text(LENDER.format(python=sys.executable, packages=sysconfig.get_path("purelib")))
    lender.chmod(0o755)
    environment = {
        "PATH": f"{folder / 'bin'}:{os.environ['PATH']}",
        "HOME": str(folder),
        "PHONEPAY_DATA_DIR": str(folder / "data"),
    }
    site = Site(folder, repository, Home(folder / "opt"), environment)
    first = site.wheel("0.1.0")
    installed = subprocess.run(
        [sys.executable, "-m", "phonepay.upgrading", site.home.folder, first],
        env=environment | {"PYTHONPATH": str(first)},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert installed.returncode == 0, installed.stderr
    assert f"{site.home.program()} serve" in installed.stdout
    return site


@pytest.fixture
def served(site: Site) -> Iterator[Served]:
    """It serves, with whatever version counts."""
    environment = {name: value for name, value in site.environment.items() if name != "PATH"}
    with serving("--port", "0", installed=site.home.program(), **environment) as served:
        yield served.started(patience=4 * PATIENCE)


def test_up_and_back_with_every_request_answered(site: Site, served: Served) -> None:
    pid, next_one = served.process.pid, site.wheel("0.2.0")

    def up_and_back() -> None:
        upgraded = site.run("upgrade", next_one)
        assert upgraded.returncode == 0, upgraded.stdout + upgraded.stderr
        assert "0.2.0 runs. The way back: phonepay rollback" in upgraded.stdout
        assert (site.serving().version, site.serving().pid, site.home.current()) == ("0.2.0", pid, "0.2.0")
        back = site.run("rollback")
        assert back.returncode == 0, back.stdout + back.stderr

    assert all_answered(served, up_and_back)
    assert (site.serving().version, site.serving().pid, site.home.current()) == ("0.1.0", pid, "0.1.0")
    assert answer_of(served.url) == "ready"
    (saved,) = (site.data / "backups").glob("before-0.2.0-*.backup")
    assert saved.stat().st_size > 0


def test_a_version_that_does_not_become_ready_is_left_again_by_itself(site: Site, served: Served) -> None:
    broken = site.wheel("0.3.0", ("phonepay/cli/becoming.py", "    commands = {", _BROKEN))
    refused: list[subprocess.CompletedProcess[str]] = []
    way_back = site.home.previous()
    assert all_answered(served, lambda: refused.append(site.run("upgrade", broken, "--no-backup")))
    assert refused[0].returncode == 1
    assert "0.3.0 did not become ready" in refused[0].stderr and "0.1.0 runs again" in refused[0].stderr
    assert (site.serving().version, site.home.current()) == ("0.1.0", "0.1.0")
    assert answer_of(served.url) == "ready"
    assert site.home.previous() == way_back  # no rollback leads to what did not work


def test_a_version_that_does_not_even_start_is_never_switched_to(site: Site, served: Served) -> None:
    broken = site.wheel("0.4.0", ("phonepay/wsgi.py", "import os\n", 'raise RuntimeError("no such thing")\n'))
    refused = site.run("upgrade", broken, "--no-backup")
    assert refused.returncode == 1
    assert "Nothing was switched: 0.1.0 runs on." in refused.stderr
    assert site.serving().version == "0.1.0" and served.get("/healthz") == 200
    assert not site.home.version("0.4.0").exists()


def test_what_is_older_or_the_same_is_refused(site: Site) -> None:
    refused = site.run("upgrade", site.wheel("0.1.0"))
    assert refused.returncode == 1 and "0.1.0 is no newer than what runs (0.1.0)" in refused.stderr


def test_a_file_with_another_sum_is_refused(site: Site) -> None:
    refused = site.run("upgrade", site.wheel("0.2.0"), "--sha256", "0" * 64)
    assert refused.returncode == 1 and "it is another file" in refused.stderr


def test_a_second_first_installation_is_refused(site: Site) -> None:
    wheel = site.wheel("0.2.0")
    refused = subprocess.run(
        [sys.executable, "-m", "phonepay.upgrading", site.home.folder, wheel],
        env=site.environment | {"PYTHONPATH": str(wheel)},
        cwd=site.folder,
        capture_output=True,
        text=True,
        check=False,
    )
    assert refused.returncode == 1 and "has version 0.1.0 already" in refused.stderr
