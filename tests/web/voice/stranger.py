"""Somebody who knocks at the doors without being Twilio, and a caller who has come as far as the card."""

import http.client
from urllib.parse import urlsplit

from tests.journeys.phone import Caller, Phone
from tests.journeys.shop import Shop

APOLOGY = "Sorry, something went wrong on our side. If you had already entered your card, please do not pay again until"


class Stranger:
    """Sends whatever it likes."""

    def __init__(self, product: str) -> None:
        self._netloc = urlsplit(product).netloc

    def sends(self, method: str, path: str, body: bytes = b"", **headers: str) -> tuple[int, str]:
        connection = http.client.HTTPConnection(self._netloc, timeout=10)
        try:
            usual = {"Content-Type": "application/x-www-form-urlencoded", "Host": "pay.example"}
            connection.request(
                method, path, body, usual | {name.replace("_", "-"): each for name, each in headers.items()}
            )
            response = connection.getresponse()
            return response.status, response.read().decode()
        finally:
            connection.close()


def at_the_card(phone: Phone, shop: Shop) -> Caller:
    caller = phone.dial()
    caller.press("1")
    return caller
