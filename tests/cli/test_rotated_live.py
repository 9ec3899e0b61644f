"""A token is rotated while real processes serve: the new one counts at once, the old one until it is removed."""

from __future__ import annotations

import http.client
import sys
import threading
from pathlib import Path
from urllib.parse import urlencode, urlsplit

import pytest

from phonepay.merchant.credential_cache import REREAD_PAUSE
from phonepay.standins.twilio.signature import sign
from tests.cli.served import PATIENCE, Served, serving

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="looks at processes through Linux's /proc")

PUBLIC, SID = "https://pay.example", "AC" + "1" * 32
OLD, NEW = "a1" * 16, "b2" * 16
KEEP = (
    "from django.utils import timezone; from phonepay.events.actors import SYSTEM; "
    "from phonepay.merchant.credentials import keep; "
    "keep({{'twilio_account_sid': '{sid}', 'twilio_auth_token': '{token}'}}, by=SYSTEM, now=timezone.now())"
)


def knock(served: Served, token: str) -> int:
    """A request signed with a token: the status of the answer."""
    form = {"AccountSid": SID, "CallSid": "CA" + "1" * 32, "To": "+12025550199", "From": "+12025550101"}
    where = urlsplit(served.url)
    connection = http.client.HTTPConnection(str(where.hostname), where.port, timeout=PATIENCE)
    headers = {
        "X-Twilio-Signature": sign(token, f"{PUBLIC}/twilio/voice", form),
        "Content-Type": "application/x-www-form-urlencoded",
        "Host": "localhost",
    }
    try:
        connection.request("POST", "/twilio/voice", urlencode(form), headers)
        return connection.getresponse().status
    finally:
        connection.close()


def kept(served: Served, token: str) -> None:
    done = served.run("django", "shell", "-c", KEEP.format(sid=SID, token=token))
    assert done.returncode == 0, done.stderr
    threading.Event().wait(REREAD_PAUSE)  # so long after a bad signature another one makes it look at nothing


def test_a_token_is_rotated_while_calls_come_in(tmp_path: Path) -> None:
    with serving("--web", "--port", "0", PHONEPAY_DATA_DIR=str(tmp_path), PHONEPAY_PUBLIC_URL=PUBLIC) as served:
        served.started()
        assert knock(served, OLD) == 403
        kept(served, OLD)
        assert knock(served, OLD) == 200
        kept(served, NEW)
        assert (knock(served, NEW), knock(served, OLD)) == (200, 200)
        assert "1 older removed" in served.run("keys", "remove", "twilio-auth-token", "--older").stdout
        assert knock(served, NEW) == 200
        assert not any(token in line for token in (OLD, NEW) for line in list_of(served))


def list_of(served: Served) -> list[str]:
    """What it wrote so far."""
    lines = []
    while not served.complained.empty():
        lines.append(served.complained.get())
    return lines
