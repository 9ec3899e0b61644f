"""scripts/test.py: what it says of what ran, and what it does about what is not here."""

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import pytest

from scripts.interpreters import find_python


@pytest.fixture
def runner(repository: Path) -> ModuleType:
    # Not by its name: a module called test is Python's own.
    spec = importlib.util.spec_from_file_location("phonepay_test_runner", repository / "scripts" / "test.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def says(sentence: str, code: int = 0) -> list[str]:
    return [sys.executable, "-c", f"print({sentence!r}); raise SystemExit({code})"]


def test_what_ran_is_told_in_pytests_own_words(runner: ModuleType) -> None:
    run = runner.run_tests("SQLite", says("=== 12 passed, 1 skipped in 3.00s ==="), {})
    assert (run.outcome, run.failed) == ("12 passed, 1 skipped in 3.00s", False)


def test_a_failure_is_told_and_fails_the_whole(runner: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    run = runner.run_tests("SQLite", says("1 failed, 11 passed in 3.00s", 1), {})
    assert runner.report([run]) == 1
    assert capsys.readouterr().out.endswith("SQLite: FAILED: 1 failed, 11 passed in 3.00s\n")


def test_no_test_at_all_is_a_failure(runner: ModuleType) -> None:
    assert runner.run_tests("mariadb", says("no tests ran in 0.01s", 5), {}).failed


def test_no_test_among_those_that_were_asked_for_is_none(runner: ModuleType) -> None:
    assert not runner.run_tests("mariadb", says("no tests ran in 0.01s", 5), {}, may_be_empty=True).failed


def test_an_end_without_a_word_is_told(runner: ModuleType) -> None:
    assert "ended with 3" in runner.run_tests("SQLite", says("a crash", 3), {}).outcome


def test_what_is_not_here_is_left_out(runner: ModuleType) -> None:
    run = runner.left_out("mariadb", "mariadbd not found", False)
    assert runner.report([run]) == 0


def test_what_is_required_must_be_here(runner: ModuleType) -> None:
    run = runner.left_out("mariadb", "mariadbd not found", True)
    assert runner.report([run]) == 1
    assert run.outcome == "MISSING (mariadbd not found)"


def test_a_requirement_that_nobody_knows_is_refused(runner: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PHONEPAY_TEST_REQUIRE", "oracle")
    assert runner.main([]) == 2


def test_a_python_is_found_by_running_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shim = tmp_path / "python3.99"
    shim.write_text("#!/bin/sh\nexit 127\n")
    shim.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_python("3.99") is None


def test_a_python_that_a_version_manager_keeps_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = tmp_path / "versions" / "3.99.1" / "bin" / "python3.99"
    kept.parent.mkdir(parents=True)
    kept.write_text("#!/bin/sh\necho 3.99\n")
    kept.chmod(0o755)
    monkeypatch.setenv("PYENV_ROOT", str(tmp_path))
    assert find_python("3.99") == kept
