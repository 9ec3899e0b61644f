"""Finding what somebody names in the terminal: the shop, a line, an order, a payment."""

import getpass
import os
import uuid

from phonepay.cli.refusal import CommandRefused
from phonepay.events import actors
from phonepay.lib import phone
from phonepay.lib.cards import looks_like_card_number
from phonepay.merchant.models import Line, Merchant
from phonepay.orders.claims import find_by_keys
from phonepay.orders.keypad import NumberRefused, to_keys
from phonepay.orders.models import Order
from phonepay.payments.models import Payment

_NO_LINE = "There is no line yet: make one with phonepay line set."


def whoever_typed() -> actors.Actor:
    """The system's account that runs the command."""
    try:
        name = getpass.getuser()
    except (KeyError, OSError):  # a container's number without a name
        name = f"uid {os.getuid()}"
    return actors.command(name)


def the_shop() -> Merchant:
    """The only merchant; the terminal knows no other."""
    there = list(Merchant.objects.all()[:2])
    if not there:
        raise CommandRefused(_NO_LINE)
    if len(there) > 1:
        raise CommandRefused("There are several shops in this database: this command is for installations of one.")
    return there[0]


def find_line(number: str | None) -> Line:
    """The line of this number in any spelling; without one the only line."""
    lines = Line.objects.select_related("merchant").order_by("phone_number")
    if number is None:
        there = list(lines)
        if len(there) > 1:
            raise CommandRefused(f"There are {len(there)} lines: say which, {_shown(there)}.")
        if not there:
            raise CommandRefused(_NO_LINE)
        return there[0]
    line = lines.filter(phone_number=_e164(number)).first()
    if line is None:
        raise CommandRefused(f"There is no line {number}. There are: {_shown(list(lines)) or 'none'}.")
    return line


def line_to_set(number: str | None) -> tuple[str, dict[str, str]]:
    """Which line `line set` means: the number it has now ("" for any), and the number to give it as a change.

    Without a number: the only line, or the first, which then answers any number. A number that no line has is given to
    the line that answers any number, if it is the only one; else it names a new line.
    """
    there = list(Line.objects.all())
    if number is None:
        return (find_line(None).phone_number if there else ""), {}
    wanted = _e164(number)
    if len(there) == 1 and not there[0].phone_number:
        return "", {"phone_number": wanted}
    return wanted, {}


def find_order(text: str) -> Order:
    """The order of this number, written in either case or as it is keyed."""
    order = _order(text)
    if order is None:
        raise CommandRefused(f"There is no order {_safe(text)}.")
    return order


def find_paid(text: str) -> Order | Payment:
    """What a refund or a look is about: `1042` or `order:1042`, a confirmation number, `payment:407219`, or an id."""
    name = text.strip()
    if name.startswith("order:"):
        return find_order(name.removeprefix("order:"))
    payment = _payment(name.removeprefix("payment:"))
    if name.startswith("payment:") and payment is None:
        raise CommandRefused(f"There is no payment {_safe(name.removeprefix('payment:'))}.")
    order = None if name.startswith("payment:") else _order(name)
    if order and payment and payment.order_id != order.pk:
        raise CommandRefused(
            f"{name} is both an order and the confirmation number of a payment for another one. "
            f"Write order:{name} or payment:{name}."
        )
    found = order or payment
    if found is None:
        raise CommandRefused(f"There is no payment or order {_safe(name)}.")
    return found


def find_paid_order(text: str) -> Order:
    """The order that is named, or that the named payment paid."""
    found = find_paid(text)
    if isinstance(found, Order):
        return found
    if found.order is None:
        raise CommandRefused("This payment did not go through, so there is no card to charge.")
    return found.order


def _order(text: str) -> Order | None:
    shop = the_shop()
    order: Order | None = Order.objects.filter(merchant=shop, number__iexact=text.strip()).first()
    if order is not None:
        return order
    try:
        order = find_by_keys(shop, to_keys(text))
    except NumberRefused:
        return None
    return None if order is None or order.status == Order.Status.RESERVED else order


def _payment(text: str) -> Payment | None:
    payments = Payment.objects.select_related("merchant", "line", "order")
    try:
        return payments.filter(pk=uuid.UUID(text)).first()
    except ValueError:
        return payments.filter(merchant=the_shop(), confirmation=text).first()


def _e164(number: str) -> str:
    shop = Merchant.objects.first()
    normal = phone.normalize(number, shop.region if shop else "US")
    if normal is None:
        raise CommandRefused(f"{_safe(number)} is not a phone number. Write it with its country code: +14155550142.")
    return normal


def _shown(lines: list[Line]) -> str:
    return ", ".join(line.phone_number or "any" for line in lines)


def _safe(text: str) -> str:
    return "of that number" if looks_like_card_number(text) else f"“{text}”"
