"""What stands around: serving until told to stop, real seconds, and the table of switches."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import fields
from inspect import cleandoc

from phonepay.standins.twilio import Switches, Telephone
from tests.standins.twilio.product import Product

SERVING = "from phonepay.standins.twilio.rest import serve; serve(0, account_sid='AC' + '1' * 32, auth_token='a')"


def test_it_serves_until_it_is_told_to_stop() -> None:
    with subprocess.Popen([sys.executable, "-c", SERVING], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline().startswith("Twilio stand-in at http://127.0.0.1:")
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=20) == 0


def test_the_seconds_can_really_pass(product: Product, telephone: Callable[..., Telephone]) -> None:
    product.says("/voice", "<Hangup/>")
    before = time.monotonic()
    telephone(real_time=True, switches=Switches(network_seconds=0.05)).dial()
    assert time.monotonic() - before >= 0.05


def test_every_switch_is_in_the_table() -> None:
    rows = {line.split()[0] for line in cleandoc(Switches.__doc__ or "").splitlines() if line.strip()}
    assert [field.name for field in fields(Switches) if field.name not in rows] == []


def test_the_variants_change_one_switch_each() -> None:
    changed = [
        [field.name for field in fields(Switches) if getattr(variant, field.name) != field.default]
        for variant in Switches.variants()
    ]
    assert changed[0] == []
    assert all(len(names) == 1 for names in changed[1:])
    assert [name for names in changed for name in names if name == "status_callbacks"] == ["status_callbacks"] * 3
