"""The parts of an upgrade by themselves: order of versions, wheels that are none, the folder, the environment file."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from phonepay.upgrading import environments
from phonepay.upgrading.layout import Home, home_of, order_of
from phonepay.upgrading.refusal import UpgradeRefused
from phonepay.upgrading.served import Entry, Serving, running
from phonepay.upgrading.steps import read_environment_file, rollback
from phonepay.upgrading.wheels import Wheel, find_wheel, read_wheel

numbers = st.integers(0, 999)


@given(st.lists(st.tuples(numbers, numbers, numbers), min_size=2, max_size=6))
def test_versions_are_in_the_order_of_their_numbers(versions: list[tuple[int, int, int]]) -> None:
    written = [".".join(map(str, each)) for each in versions]
    assert sorted(written, key=order_of) == [".".join(map(str, each)) for each in sorted(versions)]


def test_what_comes_before_a_release_is_older_than_it() -> None:
    rising = ["0.9.9", "0.10.0", "1.0.0a2", "1.0.0b1", "1.0.0rc1", "1.0.0rc2", "1.0.0", "1.0.1"]
    assert sorted([*rising[4:], *rising[:4]], key=order_of) == rising


@pytest.mark.parametrize("version", ["", "1.0", "v1.0.0", "1.0.0-dev", "../../etc", "1.0.0\n"])
def test_what_is_no_version_is_refused(version: str) -> None:
    with pytest.raises(UpgradeRefused):
        order_of(version)


def wheel(path: Path, name: str = "phonepay", *, locked: bool = True) -> Path:
    with zipfile.ZipFile(path, "w") as files:
        files.writestr(f"{name}-1.0.0.dist-info/METADATA", f"Name: {name}\nVersion: 1.0.0\n")
        if locked:
            files.writestr("phonepay/requirements/run.txt", "")
    return path


def test_a_wheel_says_its_version(tmp_path: Path) -> None:
    assert read_wheel(wheel(tmp_path / "a.whl")).version == "1.0.0"


@pytest.mark.parametrize("kind", ["other", "unlocked", "text", "cut", "folder"])
def test_what_is_no_wheel_of_ours_is_refused(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a.whl"
    if kind == "folder":
        path.mkdir()
    elif kind == "text":
        path.write_text("no archive")
    else:
        wheel(path, "django" if kind == "other" else "phonepay", locked=kind != "unlocked")
        if kind == "cut":
            path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(UpgradeRefused, match="nothing was changed"):
        read_wheel(path)


def test_neither_a_file_nor_a_version_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UpgradeRefused, match="neither a file nor a version"):
        find_wheel("newest", tmp_path)


def test_a_link_changes_in_one_step_and_remembers_the_way_back(tmp_path: Path) -> None:
    home = Home(tmp_path)
    for version in ("1.0.0", "1.1.0"):
        home.version(version).mkdir(parents=True)
        home.mark_whole(version)
    home.point_to("1.0.0", before=None)
    assert (home.current(), home.previous()) == ("1.0.0", None)
    home.point_to("1.1.0", before="1.0.0")
    assert (home.current(), home.previous()) == ("1.1.0", "1.0.0")
    assert home_of(str(home.folder / "current")) == home


def test_a_version_without_a_way_back_has_none(tmp_path: Path) -> None:
    home = Home(tmp_path)
    for version in ("1.0.0", "1.1.0"):
        home.version(version).mkdir(parents=True)
        home.mark_whole(version)
    home.point_to("1.1.0", before="1.0.0")
    home.point_to("1.0.0", before=None)
    assert (home.current(), home.previous()) == ("1.0.0", None)


def test_an_environment_is_taken_again_only_for_the_wheel_that_it_was_made_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    filled: list[str] = []
    monkeypatch.setattr(environments, "_fill", lambda folder, one: (folder.mkdir(), filled.append(one.sha256)))
    monkeypatch.setattr(environments, "SPACE", 0)
    for sha256 in ("a", "a", "b"):
        environments.make_environment(Home(tmp_path), Wheel(tmp_path / "a.whl", "1.0.0", sha256))
    assert filled == ["a", "b"]


def test_an_environment_by_itself_is_no_such_installation(tmp_path: Path) -> None:
    with pytest.raises(UpgradeRefused, match=r"is one environment.*docs/installing.md"):
        home_of(str(tmp_path))


def test_without_a_version_before_there_is_no_way_back(tmp_path: Path) -> None:
    home = Home(tmp_path)
    home.version("1.0.0").mkdir(parents=True)
    home.point_to("1.0.0", before=None)
    with pytest.raises(UpgradeRefused, match="no version before this one"):
        rollback(home=home, data_dir=tmp_path, say=print)


def test_only_the_versions_that_something_leads_to_are_kept(tmp_path: Path) -> None:
    home = Home(tmp_path)
    for version in ("1.0.0", "1.1.0", "1.2.0"):
        home.version(version).mkdir(parents=True)
    assert home.clear_away({"1.1.0", "1.2.0"}) == ["1.0.0"]
    assert sorted(each.name for each in (tmp_path / "versions").iterdir()) == ["1.1.0", "1.2.0"]


def test_an_environment_file_is_read_as_systemd_does(tmp_path: Path) -> None:
    path = tmp_path / "environment"
    path.write_text("# a comment\nPHONEPAY_PUBLIC_URL=https://pay.example\n\nA=\"two words\"\nB='x=y'\n; another\nC=\n")
    assert read_environment_file(path) == {
        "PHONEPAY_PUBLIC_URL": "https://pay.example",
        "A": "two words",
        "B": "x=y",
        "C": "",
    }


def test_an_environment_file_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UpgradeRefused, match="could not be read"):
        read_environment_file(tmp_path / "none")


def test_a_process_is_told_of_while_it_holds_its_file(tmp_path: Path) -> None:
    entry = Entry(tmp_path, Serving(1, "/opt/phonepay/current/bin/phonepay", "1.0.0", "http://127.0.0.1:8000"))
    entry.say("ready")
    (found,) = running(tmp_path)
    assert (found.pid, found.state) == (1, "ready")
    entry.close()
    assert list(running(tmp_path)) == []


def test_a_folder_that_cannot_be_written_keeps_nobody_from_serving(tmp_path: Path) -> None:
    (tmp_path / "serving").write_text("no folder")
    entry = Entry(tmp_path, Serving(1, "phonepay", "1.0.0", ""))
    entry.say("ready")
    entry.close()
