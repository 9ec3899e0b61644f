"""A browser is told as its person knows it."""

from __future__ import annotations

import pytest
from django.test import Client

from phonepay.web.accounts.browsers import told
from tests.web.cast import PASSWORD, person

SEEN = {
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0": "Firefox on Windows",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36 "
    "Edg/140.0.0.0": "Edge on Windows",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 "
    "Mobile/15E148 Safari/604.1": "Safari on iPhone",
    "Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile "
    "Safari/537.36": "Chrome on Android",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 "
    "Safari/605.1.15": "Safari on Mac",
    "curl/8.9.1": "curl/8.9.1",
    "": "A browser that tells no name",
}


@pytest.mark.parametrize("agent", SEEN)
def test_it_is_told_in_words(agent: str) -> None:
    assert told(agent) == SEEN[agent]


@pytest.mark.django_db
def test_the_sessions_are_told_so_and_nothing_of_a_name_is_markup() -> None:
    person()
    client = Client(headers={"User-Agent": "<b>odd</b>"})
    client.post("/sign-in", {"login": "owner@example.com", "password": PASSWORD})
    assert "&lt;b&gt;odd&lt;/b&gt;" in client.get("/account/sessions").content.decode()
