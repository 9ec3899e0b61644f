"""A product whose one question is the card, and the addresses that tell what came of it."""

from __future__ import annotations

from tests.standins.twilio.product import Product, Reply

CARD = ("4242424242424242", "0330", "123", "94110")


def takes_cards(product: Product, attributes: str = 'tokenType="payment-method"', inside: str = "") -> None:
    """Let the product answer with <Pay>; after it, it says the result, or that execution fell through."""
    product.says(
        "/voice",
        f'<Pay action="/paid?attempt=7" statusCallback="/steps" timeout="10" {attributes}>{inside}</Pay>'
        "<Say>Fell through.</Say>",
    )
    product.says("/paid", lambda arrived: f"<Say>{arrived.form['Result']}</Say>")
    product.says("/steps", Reply("", 204))


def result(product: Product) -> dict[str, str]:
    """The parameters of the one request to the action."""
    (arrived,) = product.at("/paid")
    return arrived.form


def steps(product: Product) -> list[tuple[str, str, str]]:
    """The status callbacks: field, attempt, error."""
    return [
        (arrived.form["For"], arrived.form["Attempt"], arrived.form.get("ErrorType", ""))
        for arrived in product.at("/steps")
    ]


def order_of_arrival(product: Product) -> list[str]:
    """The paths in the order in which they were asked, the repeated ones once."""
    paths: list[str] = []
    for arrived in product.arrived:
        if not paths or paths[-1] != arrived.path:
            paths.append(arrived.path)
    return paths
