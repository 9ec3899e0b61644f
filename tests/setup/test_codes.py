"""The code of the first set-up opens once, for an hour, and only while nobody owns the installation."""

from __future__ import annotations

import re
import threading
from datetime import timedelta

import pytest
from django.db import connection

from phonepay.people.models import Role
from phonepay.setup import codes
from phonepay.setup.models import SetUp
from phonepay.setup.owner import OwnerRefused, let_in_to_try, make_first_owner
from phonepay.setup.steps import finish
from tests.setup.conftest import NOW, OLIVIA
from tests.web.cast import person

PASSWORD = "a long enough password"


def code() -> str:
    made = codes.new_code(now=NOW)
    assert made is not None
    return made


def test_it_has_a_hundred_random_bits() -> None:
    assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{5}-){3}[0-9A-HJKMNP-TV-Z]{5}", code())


def test_it_is_kept_as_a_hash_alone() -> None:
    made = code()
    row = SetUp.objects.get()
    assert len(row.code_hash) == 64
    assert made not in str(vars(row)) and made.replace("-", "") not in str(vars(row))


def test_it_opens_once() -> None:
    made = code()
    assert codes.is_marked(codes.open_with(made, now=NOW))
    assert codes.open_with(made, now=NOW) is None


@pytest.mark.parametrize("write", [str.lower, lambda made: made.replace("-", " "), lambda made: made.replace("0", "o")])
def test_it_may_be_written_as_people_write(write: object) -> None:
    assert codes.open_with(write(code()), now=NOW)  # type: ignore[operator]


def test_another_one_opens_nothing() -> None:
    made = code()
    other = "0" * 20 if not made.startswith("0") else "1" * 20
    assert codes.open_with(other, now=NOW) is None and codes.open_with("", now=NOW) is None


def test_it_ends_after_an_hour() -> None:
    made = code()
    assert codes.open_with(made, now=NOW + codes.HOLDS) is None
    assert codes.open_with(made, now=NOW + codes.HOLDS - timedelta(seconds=1))


def test_a_new_one_ends_the_one_before_and_its_session() -> None:
    first = code()
    mark = codes.open_with(first, now=NOW)
    second = code()
    assert not codes.is_marked(mark) and codes.open_with(first, now=NOW) is None and codes.open_with(second, now=NOW)


def test_where_somebody_owns_it_there_is_none() -> None:
    made = code()
    person(Role.OWNER)
    assert codes.new_code(now=NOW) is None and codes.open_with(made, now=NOW) is None
    assert not codes.outstanding(now=NOW)


def test_who_tries_the_sandbox_owns_nothing() -> None:
    let_in_to_try(now=NOW)
    assert codes.open_with(code(), now=NOW)


def test_a_session_of_the_code_ends_with_the_first_owner() -> None:
    mark = codes.open_with(code(), now=NOW)
    make_first_owner(email="olivia@example.com", name="Olivia", password=PASSWORD, now=NOW)
    assert not codes.is_marked(mark)


@pytest.mark.parametrize("mark", [None, "", "x" * 43, 7, "taken"])
def test_no_session_is_marked_by_guessing(mark: object) -> None:
    codes.open_with(code(), now=NOW)
    assert not codes.is_marked(mark)


def test_once_it_was_finished_nothing_opens_it_again() -> None:
    make_first_owner(email="olivia@example.com", name="Olivia", password=PASSWORD, now=NOW)
    assert finish(by=OLIVIA, now=NOW)
    SetUp.objects.update(code_hash=codes._hash("A" * 20), code_until=NOW + codes.HOLDS)
    assert codes.new_code(now=NOW) is None and codes.open_with("A" * 20, now=NOW) is None
    assert not finish(by=OLIVIA, now=NOW)


def test_it_is_not_finished_while_nobody_owns_it() -> None:
    assert not finish(by=OLIVIA, now=NOW)


# --- the first owner ---


def test_the_first_owner_is_made_once() -> None:
    owner = make_first_owner(email=" Olivia@Example.com ", name="Olivia", password=PASSWORD, now=NOW)
    assert (owner.email, owner.role) == ("olivia@example.com", Role.OWNER) and owner.check_password(PASSWORD)
    with pytest.raises(OwnerRefused) as refused:
        make_first_owner(email="mallory@example.com", name="Mallory", password=PASSWORD, now=NOW)
    assert refused.value.reason == "owned"


@pytest.mark.database
def test_of_two_at_the_same_moment_one_is_the_owner(transactional_db: None) -> None:
    code()
    outcomes: list[str] = []
    ready = threading.Barrier(2)

    def make(name: str) -> None:
        ready.wait()
        try:
            outcomes.append(make_first_owner(email=f"{name}@example.com", name=name, password=PASSWORD, now=NOW).email)
        except OwnerRefused as refused:
            outcomes.append(refused.reason)
        finally:
            connection.close()

    threads = [threading.Thread(target=make, args=(name,)) for name in ("olivia", "mallory")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert outcomes.count("owned") == 1


def test_who_tried_the_sandbox_becomes_the_owner() -> None:
    tried = let_in_to_try(now=NOW)
    owner = make_first_owner(email="olivia@example.com", name="Olivia", password=PASSWORD, now=NOW)
    assert owner.pk == tried.pk and owner.has_usable_password()


def test_nobody_tries_what_somebody_owns() -> None:
    make_first_owner(email="olivia@example.com", name="Olivia", password=PASSWORD, now=NOW)
    with pytest.raises(OwnerRefused):
        let_in_to_try(now=NOW)


def test_who_tried_the_sandbox_is_taken_out_where_somebody_else_came_to_own_it() -> None:
    tried = let_in_to_try(now=NOW)
    person()
    assert finish(by=OLIVIA, now=NOW)
    tried.refresh_from_db()
    assert not tried.is_active and tried.sessions_ended == 1
