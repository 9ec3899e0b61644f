"""A line in the terminal."""

from datetime import datetime
from typing import Any

from phonepay.cli.output import moment, money, print_facts
from phonepay.lib.phone import format_number
from phonepay.merchant.facts import LINE_FACTS, MERCHANT_FACTS
from phonepay.merchant.hours import format_hours
from phonepay.merchant.models import Line

ANY_NUMBER = "any number that is called"


def print_line(line: Line, now: datetime) -> None:
    """What callers hear first, then what bounds it."""
    shop, currency = line.merchant, line.currency
    print_facts([
        ("Line", _number(line)),
        ("Shop", shop.name),
        ("State", "paused" if line.paused else "takes payments"),
        ("Callers hear", f"{line.get_behavior_display()}, {_since(line, now)}"),
        ("Amount", money(line.fixed_amount, currency) if line.fixed_amount and line.has_fixed_amount else ""),
        ("Callers can pay", f"{money(line.floor, currency)} to {money(line.ceiling, currency)}"),
        ("Usually", money(line.usual_amount, currency) if line.usual_amount else ""),
        ("Amounts are keyed", "4250# for 42.50" if line.amounts_keyed == "minor" else ""),
        ("Unknown numbers", "can be paid" if line.accepts_unknown_orders else "are refused"),
        ("Told of an order", _second_fact(line)),
        ("Card testing", f"limits: {line.protection}{'' if line.protection_may_pause else ', never pauses itself'}"),
        ("Numbers belong to", f"{line.order_noun}s"),
        ("Order prefix", shop.order_prefix),
        ("Cards", ", ".join(line.cards)),
        ("Postal code", "" if line.asks_postal_code else "not asked"),
        ("Extra charges", _overage(line)),
        ("Languages", ", ".join(line.locales)),
        ("Voices", ", ".join(f"{locale} {voice}" for locale, voice in line.voices.items())),
        ("Own words", ", ".join(f"{locale} {key}" for locale, own in line.words.items() for key in own)),
        ("A person", f"{line.person_number}, {format_hours(line.person_hours)}" if line.person_number else "none"),
        ("Shop's phone", shop.shop_phone and format_number(shop.shop_phone, shop.region)),
        ("Time zone", shop.time_zone),
        ("Connector", line.connector),
        ("Telephone orders", "marked (MOTO)" if line.moto else ""),
    ])  # fmt: skip


def line_row(line: Line) -> tuple[str, ...]:
    amount = money(line.fixed_amount, line.currency) if line.fixed_amount and line.has_fixed_amount else "caller's"
    state = "paused" if line.paused else "takes payments"
    return (line.phone_number or "any", line.behavior, amount, line.currency, line.overage, state)


def line_json(line: Line) -> dict[str, Any]:
    """Every fact by the name that `set_line` knows it by, amounts in minor units."""
    facts = {name: getattr(line, name) for name in LINE_FACTS}
    shop = {name: getattr(line.merchant, name) for name in MERCHANT_FACTS}
    since = {"behavior_since": line.behavior_since, "behavior_by": line.behavior_by}
    return facts | shop | since | {"order_prefix": line.merchant.order_prefix}


def _number(line: Line) -> str:
    return line.phone_number or ANY_NUMBER


def _since(line: Line, now: datetime) -> str:
    return f"since {moment(line.behavior_since, line.merchant.time_zone, now)}, by {line.behavior_by}"


def _second_fact(line: Line) -> str:
    if line.second_fact == Line.SecondFact.OFF:
        return ""
    without = "or where it has none" if line.second_fact_passes else "else nothing"
    return f"after its {line.get_second_fact_display()}, {without}"


def _overage(line: Line) -> str:
    if line.overage == Line.Overage.OFF:
        return "off"
    how = "asked for" if line.overage == Line.Overage.ASK else "a condition of paying"
    return f"{how}, up to {money(line.overage_cap, line.currency)} in {line.overage_days} days"
