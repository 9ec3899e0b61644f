"""Twilio, Stripe and the health check pay for nothing that people need."""

from __future__ import annotations

from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory
from pytest_django import DjangoAssertNumQueries, Settings

from phonepay.web.middleware import PeopleOnly

PEOPLE = {"Content-Security-Policy", "Set-Cookie", "Vary", "Content-Language"}
VOICE = ("/twilio/voice", "/twilio/status", "/stripe/webhook", "/healthz", "/readyz", "/metrics")


MET: list[str] = []


def trap(get_response: Any) -> Any:
    """A middleware that remembers whom it met."""

    def around(request: Any) -> Any:
        MET.append(request.path_info)
        return get_response(request)

    return around


@pytest.mark.parametrize("path", [*VOICE, "/payments"])
def test_a_machine_meets_no_middleware_of_people(path: str, settings: Settings) -> None:
    settings.PHONEPAY_PEOPLE_MIDDLEWARE = [f"{__name__}.trap"]
    MET.clear()
    around = PeopleOnly(lambda request: HttpResponse())
    around(RequestFactory().post(path))
    assert ([] if path in VOICE else [path]) == MET


@pytest.mark.django_db
def test_the_health_check_asks_the_database_nothing(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with django_assert_num_queries(0):
        response = Client(headers={"Cookie": "phonepay_session=something"}).get("/healthz")
    assert response.status_code == 200 and not PEOPLE & set(response.headers)


@pytest.mark.django_db
@pytest.mark.parametrize("path", VOICE)
def test_a_machine_gets_no_cookie_and_no_policy(path: str) -> None:
    assert not PEOPLE & set(Client().post(path).headers)


@pytest.mark.django_db
def test_a_page_has_the_whole_policy_and_nothing_inline() -> None:
    response = Client().get("/sign-in")
    policy = response.headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    page = response.content.decode()
    assert "<style" not in page and " style=" not in page and " onclick=" not in page
