"""A form that is none (JSON, XML, a broken file, a body of no kind) breaks no route, and changes nothing."""

from __future__ import annotations

import pytest

from phonepay.people.models import Role, User
from phonepay.web.panel.access import ROWS
from tests.shop import make_line, make_shop
from tests.web.cast import person, signed_in
from tests.web.panel.test_access import address

pytestmark = [pytest.mark.django_db, pytest.mark.long]
BODIES = [
    ("application/json", b'{"role": "owner", "email": "eve@example.com"}'),
    ("text/xml", b"<?xml version='1.0'?><!DOCTYPE x [<!ENTITY e SYSTEM 'file:///etc/passwd'>]><x>&e;</x>"),
    ("multipart/form-data; boundary=x", b'--x\r\nContent-Disposition: form-data; name="file"; filename="a"\r\n\r\n'),
    ("multipart/form-data", b"no boundary"),
    ("application/x-www-form-urlencoded; charset=utf-16", b"email=eve@example.com"),
    ("application/octet-stream", bytes(range(256))),
    ("application/x-www-form-urlencoded", b"&".join(b"a%d=1" % each for each in range(1500))),
]


@pytest.mark.parametrize(("kind", "body"), BODIES, ids=[str(place) for place in range(len(BODIES))])
def test_no_route_breaks(kind: str, body: bytes) -> None:
    make_line(make_shop())
    client = signed_in(person(Role.OWNER))
    client.raise_request_exception = False
    for route in ROWS:
        if route != "account_logout":
            response = client.post(address(route), body, content_type=kind)
            assert response.status_code < 500, (route, response.status_code)
    assert [user.role for user in User.objects.all()] == [Role.OWNER]
