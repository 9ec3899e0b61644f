"""Keys that are planted are found nowhere: not in the database, pages, events, logs, errors, nor in a backup."""

from __future__ import annotations

import io
import logging
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils import timezone

from phonepay.configuration.logs import JsonLines, MaskCardNumbers
from phonepay.events.actors import SYSTEM
from phonepay.merchant.credential_names import NAMES
from phonepay.merchant.credentials import KeyRefused, current, keep
from phonepay.merchant.credentials_shown import ENDING
from phonepay.setup.doctor import examine
from tests.cli.conftest import Command, phonepay, stripe_standin, till
from tests.web.cast import person, signed_in

__all__ = ["phonepay", "stripe_standin", "till"]

pytestmark = pytest.mark.django_db(transaction=True)

PLANTED = {
    "twilio_account_sid": "AC" + "12" * 16,
    "twilio_auth_token": "deadbeefcafe0123" * 2,
    "stripe_secret_key": "sk_live_PlantedPlantedPlanted01",
    "stripe_webhook_secret": "whsec_PlantedPlantedPlanted02",
    "email_url": "smtps://mailer:PlantedPassword03@mail.example.com",
}
SECRETS = [*(value for name, value in PLANTED.items() if NAMES[name].secret), "PlantedPassword03"]


@pytest.fixture
def log(settings: Any, no_keys_given: None) -> Any:
    """All that is written, down to the least."""
    settings.PHONEPAY_STRIPE_API_BASE = settings.PHONEPAY_TWILIO_API_BASE = "http://127.0.0.1:1"
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(JsonLines())
    handler.addFilter(MaskCardNumbers())
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.INFO)
    yield written
    root.removeHandler(handler)
    root.setLevel(level)


def found_in(text: str) -> list[str]:
    return [secret for secret in SECRETS if secret in text]


def test_planted_keys_are_found_nowhere(log: io.StringIO, phonepay: Command, settings: Any, tmp_path: Path) -> None:
    settings.PHONEPAY_DATA_DIR = tmp_path / "data"
    settings.PHONEPAY_DATA_DIR.mkdir()
    keep(PLANTED, by=SYSTEM, now=timezone.now())
    assert current().stripe_secret_key == PLANTED["stripe_secret_key"]

    findings = "\n".join(str(finding) for finding in examine())
    browser = signed_in(person())
    pages = "".join(
        browser.get(path, follow=True).content.decode()
        for path in ("/", "/settings/connections", "/settings/connections?look=now", "/settings/activity")
    )
    listed = phonepay("keys", "list").out + phonepay("check").out
    rows = io.StringIO()
    call_command("dumpdata", stdout=rows, exclude=["contenttypes"])
    saved = phonepay("backup", str(tmp_path))
    (file,) = tmp_path.glob("*.backup")
    with zipfile.ZipFile(file) as archive:
        backed_up = "".join(archive.read(name).decode("latin-1") for name in archive.namelist())
    with pytest.raises(KeyRefused) as refused:
        keep({"stripe_secret_key": "pk_live_PlantedPlantedPlanted01"}, by=SYSTEM, now=timezone.now())
    logging.getLogger("phonepay").warning("what counts: %s", current())

    everywhere = {
        "findings": findings,
        "pages": pages,
        "commands": listed + saved.out + saved.err,
        "database": rows.getvalue(),
        "backup": backed_up,
        "refusal": f"{refused.value} {refused.value.facts}",
        "log": log.getvalue(),
    }
    assert {where: found_in(text) for where, text in everywhere.items() if found_in(text)} == {}
    # The search itself finds what is there.
    assert all(len(text) > 10 for text in everywhere.values()) and ENDING == 4
    assert PLANTED["stripe_secret_key"][-4:] in listed and "merchant.credential" in everywhere["database"]
