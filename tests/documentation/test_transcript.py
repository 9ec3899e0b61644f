"""The call that the documentation tells is heard like that on a real one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.journeys.conftest import bank, clock, phone, phone_with, product, shop, statements
from tests.journeys.phone import Phone
from tests.journeys.shop import VISA, Shop

__all__ = ["bank", "clock", "phone", "phone_with", "product", "shop", "statements"]


def told(repository: Path) -> list[str]:
    """What the voice says in docs/a-call.md."""
    text = (repository / "docs" / "a-call.md").read_text(encoding="utf-8")
    return re.findall(r"^\| the voice \| (.+) \|$", text, re.MULTILINE)


def in_readme(repository: Path) -> list[str]:
    """What the voice says in the README's call, its lines joined."""
    text = (repository / "README.md").read_text(encoding="utf-8")
    lines = re.findall(r"^    the voice +(.+(?:\n {16}.+)*)$", text, re.MULTILINE)
    return [" ".join(line.split()) for line in lines]


@pytest.mark.parametrize("page", [told, in_readme])
def test_what_the_voice_says_there_is_heard(page: object, phone: Phone, shop: Shop, repository: Path) -> None:
    shop.line("fixed-with-order", person_number="+15550111", person_hours="")
    shop.order("1042", 4250)
    shop.bank.hold_for_waits(1)
    heard = " ".join(phone.tell("1042#", "1", VISA))
    assert callable(page)
    lines = page(repository)
    assert len(lines) >= 5
    for line in lines:
        spoken = re.sub(r"Your confirmation number is .*", "", line).strip()
        assert spoken in heard, f"{spoken!r} is not in {heard!r}"
