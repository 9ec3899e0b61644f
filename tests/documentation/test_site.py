"""The site: built without a complaint, whole, and with nothing from elsewhere."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

from phonepay.alerts.pay_errors import PAY_ERRORS
from phonepay.configuration.variables import VARIABLES
from scripts.documentation import links, pictures, reference

needs_generator = pytest.mark.skipif(
    importlib.util.find_spec("properdocs") is None, reason="the generator is installed by make docs"
)


@pytest.fixture(scope="module")
def site(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "scripts/docs.py", "--to", folder, "--pictures", "none"]
    made = subprocess.run(command, cwd=repository, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stdout + made.stderr
    return folder


@needs_generator
def test_every_page_is_there_and_leads_on(site: Path, repository: Path) -> None:
    written = {path.stem for path in (repository / "docs").glob("*.md")} | {"commands", "errors", "changes"}
    assert {path.stem for path in site.glob("*.html")} >= written
    assert links.look_at(site) == []


@needs_generator
def test_every_setting_command_and_error_is_on_it(site: Path) -> None:
    settings = (site / "environment.html").read_text(encoding="utf-8")
    assert all(f"<code>{variable.name}</code>" in settings for variable in VARIABLES)
    commands = (site / "commands.html").read_text(encoding="utf-8")
    assert all(f">phonepay {' '.join(each.words)}</h2>" in commands for each in reference.all_commands())
    errors = (site / "errors.html").read_text(encoding="utf-8")
    assert all(f"<td>{code}</td>" in errors for code in PAY_ERRORS)


def test_findings_come_with_their_mends() -> None:
    found = {told.what: told for told in reference.findings()}
    assert len(found) > 12
    assert "phonepay serve" in found["No worker runs. / No worker runs: one was last seen at … UTC, on …."].mend
    assert [told.what for told in found.values() if told.is_problem and not told.mend] == []


@pytest.mark.parametrize(
    ("body", "complaint"),
    [
        ('<a href="gone.html">x</a>', "gone.html leads nowhere"),
        ('<a href="#gone">x</a>', "#gone leads to a page without that place"),
        ('<script src="https://cdn.example/x.js"></script>', "https://cdn.example/x.js is fetched from elsewhere"),
        ('<link href="//fonts.example/x.css">', "//fonts.example/x.css is fetched from elsewhere"),
        ('<img src="gone.png">', "gone.png is not there"),
    ],
)
def test_what_leads_nowhere_or_comes_from_elsewhere_is_noticed(tmp_path: Path, body: str, complaint: str) -> None:
    (tmp_path / "index.html").write_text(f"<p id=here>{body}</p>")
    assert links.look_at(tmp_path) == [f"index.html: {complaint}"]


def test_links_that_lead_somewhere_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text(
        '<p id="a"><a href="#a"></a><a href="b.html#c"></a><a href="https://x.example">'
    )
    (tmp_path / "b.html").write_text('<p id="c"><a href="index.html"></a>')
    assert links.look_at(tmp_path) == []


def test_a_picture_that_there_is_not_is_left_out_and_one_that_nobody_takes_is_refused(tmp_path: Path) -> None:
    page = tmp_path / "index.md"
    page.write_text("before\n\n[picture home] Home.\n\nafter\n")
    assert pictures.put(tmp_path, "none") == 0
    assert page.read_text() == "before\n\n\n\nafter\n"
    page.write_text("[picture moon] The moon.\n")
    with pytest.raises(SystemExit, match="There is no picture moon"):
        pictures.put(tmp_path, "none")
