"""Every page is fine at the desk and on a phone, in the light and in the dark."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.conftest import THEMES, WIDTHS, Visitor
from tests.shop import Till
from tests.web.cast import a_day, person


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_pages_of_a_day_are_fine(till: Till, visit: Callable[..., Visitor], width: str, theme: str) -> None:
    day = a_day(till)
    visitor = visit(width=width, theme=theme)
    visitor.sign_in(person())
    pages = {
        "home": "/",
        "payments": "/payments",
        "payments-filtered": "/payments?status=declined&period=7",
        "payments-nothing": "/payments?kind=extra&status=declined&period=yesterday",
        "payment": f"/payments/{day.partly.pk}",
        "payment-extra": f"/payments/{day.with_extra.pk}",
        "payment-refund": f"/payments/{day.partly.pk}/refund",
        "payment-charge": f"/payments/{day.with_extra.pk}/charge",
        "payment-declined": f"/payments/{day.declined.pk}",
        "search": "/search?q=42.50",
        "search-nothing": "/search?q=nobody",
        "account": "/account",
        "two-factor": "/account/two-factor",
        "app": "/account/two-factor/app",
        "passkey": "/account/passkeys/add",
        "sessions": "/account/sessions",
        "password": "/account/password",
        "people": "/settings/people",
    }
    for name, path in pages.items():
        visitor.open(path)
        visitor.is_fine(f"{name}-{width}-{theme}")


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_pages_of_the_first_day_are_fine(
    transactional_db: None, visit: Callable[..., Visitor], width: str, theme: str
) -> None:
    visitor = visit(person(), width=width, theme=theme)
    for name, path in {"first-home": "/", "first-payments": "/payments", "not-there": "/nothing"}.items():
        visitor.open(path)
        if name == "not-there":
            visitor.said.clear()  # Chromium itself says that the page answered 404
        visitor.is_fine(f"{name}-{width}-{theme}")


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", WIDTHS)
def test_the_pages_of_who_is_not_signed_in_are_fine(
    transactional_db: None, visit: Callable[..., Visitor], width: str, theme: str
) -> None:
    visitor = visit(width=width, theme=theme)
    for name, path in {"sign-in": "/", "forgotten": "/password/forgotten"}.items():
        visitor.open(path)
        visitor.is_fine(f"{name}-{width}-{theme}")
