"""What was keyed in one <Pay>: judged field by field, and told only as far as Twilio tells it."""

from __future__ import annotations

from datetime import date

from phonepay.standins.twilio.cards import Card, Kind, is_whole, kind_of, masked, passes_check_digit
from phonepay.standins.twilio.pay_order import PayOrder
from phonepay.standins.twilio.switches import MaskedFormat


class Keyed:
    """The fields that were accepted so far; ``today`` is what an expiration date is held against."""

    def __init__(self, order: PayOrder, today: date) -> None:
        self._order = order
        self._today = today
        self._fields: dict[str, str] = {}

    @property
    def kind_name(self) -> str:
        """Twilio's word for the kind of card, or an empty string while there is none."""
        return self._kind.name if self._kind else ""

    @property
    def postal_code(self) -> str:
        """The postal code that the document gave, or else the one keyed."""
        return self._order.literal_postal_code or self._fields.get("postal-code", "")

    @property
    def card(self) -> Card:
        """The whole card, for the connector alone."""
        return Card(
            number=self._fields["payment-card-number"],
            expiry=self._fields["expiration-date"],
            code=self._fields.get("security-code", ""),
            postal_code=self.postal_code,
        )

    def is_whole(self, field: str, keys: str) -> bool:
        """Whether a caller who keyed this much in a field is taken to be done with it."""
        if field == "payment-card-number":
            return is_whole(keys)
        lengths = {"expiration-date": 4, "security-code": self._code_digits}
        return len(keys) == lengths.get(field, max(5, self._order.shortest_postal_code))

    def take(self, field: str, keys: str) -> str:
        """Accept a field and return an empty string, or the error in the words of <Prompt>."""
        error = self._judge(field, keys)
        if not error:
            self._fields[field] = keys
        return error

    def form(self, shape: MaskedFormat) -> dict[str, str]:
        """What is known of the card, masked where Twilio masks it."""
        form = {"PaymentMethod": "credit-card"}
        if number := self._fields.get("payment-card-number"):
            form["PaymentCardNumber"] = masked(number, shape)
            form["PaymentCardType"] = self.kind_name
        if expiry := self._fields.get("expiration-date"):
            form["ExpirationDate"] = expiry
        if code := self._fields.get("security-code"):
            form["SecurityCode"] = "*" * len(code)
        if self.postal_code:
            form["PaymentCardPostalCode"] = self.postal_code
        return form

    def _judge(self, field: str, keys: str) -> str:
        if not keys:
            return "timeout"
        if field == "payment-card-number":
            return self._judge_number(keys)
        if field == "expiration-date":
            return "" if _is_to_come(keys, self._today) else "invalid-date"
        if field == "security-code":
            return "" if len(keys) == self._code_digits else "invalid-security-code"
        return "" if len(keys) >= self._order.shortest_postal_code else "invalid-postal-code"

    def _judge_number(self, number: str) -> str:
        kind = kind_of(number)
        if kind is None or len(number) not in kind.lengths or not passes_check_digit(number):
            return "invalid-card-number"
        return "" if kind.name in self._order.kinds else "invalid-card-type"

    @property
    def _kind(self) -> Kind | None:
        return kind_of(self._fields.get("payment-card-number", ""))

    @property
    def _code_digits(self) -> int:
        return self._kind.code_digits if self._kind else 3


def _is_to_come(expiry: str, today: date) -> bool:
    """Whether MMYY is a month that is not over yet."""
    if len(expiry) != 4 or not 1 <= int(expiry[:2]) <= 12:
        return False
    return (2000 + int(expiry[2:]), int(expiry[:2])) >= (today.year, today.month)
