"""How far the set-up of a world has come: to the end, hardly begun, or with the longest of everything found."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from phonepay.setup.models import NumberWiring, SetUp
from tests.browser.sheet.worlds import World
from tests.shop import Till

NUMBER = "+14155550142"


def set_up(till: Till, world: World, *, done: int, word: str = "Harbor Garage") -> None:
    """So many of the seven steps are done; the number that the shop's line has did something else before."""
    now = timezone.now()
    steps: dict[str, dict[str, Any]] = {
        "owner": {"email": f"{word.replace(' ', '.').lower()}@example.com"},
        "shop": {"name": word, "currency": "usd", "time_zone": "America/New_York"},
        "reach": {"address": "https://pay.example"},
        "database": {"engine": "SQLite", "embedded": True},
        "stripe": {"account": "acct_1QbFPjC1vPrW4L1hP", "name": word, "live": False},
        "twilio": {"number": NUMBER, "number_sid": "PN" + "0" * 32, "line": till.line.pk},
        "behavior": {"behavior": "fixed-with-order", "amount": 4250, "currency": "usd", "overage": "ask"},
    }
    kept = {name: steps[name] | {"at": now.isoformat()} for name in list(steps)[:done]}
    SetUp.objects.update_or_create(pk=1, defaults={"begun_at": now, "steps": kept})
    till.line.phone_number = till.line.phone_number or NUMBER
    till.line.save()
    NumberWiring.objects.create(
        number_sid="PN" + "0" * 32,
        phone_number=till.line.phone_number,
        before={"VoiceUrl": f"https://old.example/{word.replace(' ', '-')}", "VoiceMethod": "POST", "TrunkSid": ""},
        wired_at=now,
    )
    world.rows["line"] = till.line.pk
