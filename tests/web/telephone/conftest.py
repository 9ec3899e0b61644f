"""The sandbox behind the pages, and an owner before the telephone."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from django.test import Client

from phonepay.people.models import Role
from tests.sandbox.conftest import first_day, product, sandbox
from tests.sandbox.playing import Sandbox
from tests.web.cast import person, signed_in

__all__ = ["first_day", "product", "sandbox"]
PAGE, NOW = "/try-the-line/telephone", "/try-the-line/telephone/now"


@dataclass
class Caller:
    """Somebody at the page, without its script: each thing done is a form that is sent."""

    client: Client
    html: str = ""

    def does(self, act: str, **facts: str) -> Caller:
        """Do it, and look until the line listens again."""
        self.html = self.client.post(PAGE, {"act": act} | facts, headers={"HX-Request": "true"}).content.decode()
        for _ in range(200):
            if self.state != "busy":
                break
            answer = self.client.get(NOW, {"mark": self.mark}, headers={"HX-Request": "true"})
            self.html = answer.content.decode() or self.html
        return self

    def press(self, keys: str) -> Caller:
        return self.does("press", keys=keys)

    def reaches_the_card(self, number: str = "1042") -> Caller:
        return self.does("call").press(f"{number}#").press("1").press("2")

    @property
    def state(self) -> str:
        return self._fact("state")

    @property
    def mark(self) -> str:
        return self._fact("mark")

    @property
    def heard(self) -> list[str]:
        """The words of the voice, in order."""
        return re.findall(r'<li class="voice"><p lang="[^"]*">([^<]*)</p>', self.html)

    @property
    def keyed(self) -> list[str]:
        return re.findall(r'<li class="keys"><p><span[^>]*>[^<]*</span>([^<]*)</p>', self.html)

    def _fact(self, name: str) -> str:
        found = re.search(rf'data-{name}="([^"]*)"', self.html)
        return found[1] if found else ""


Sits = Callable[..., Caller]


@pytest.fixture
def sits(sandbox: Sandbox) -> Sits:
    """Somebody of the shop's sits down at the telephone."""

    def make(role: str = Role.OWNER, **facts: Any) -> Caller:
        return Caller(signed_in(person(role, **facts)))

    return make
