"""Twilio's errors of `<Pay>` by name, and what mends each: twilio.com/docs/api/errors, 64000 to 64199."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Words = str | Promise


@dataclass(frozen=True, slots=True)
class PayError:
    """`name` says what Twilio means, `mend` what to do, where something can be done."""

    name: Words
    mend: Words


_WAIT = _("It passes by itself. Where it does not, see status.twilio.com.")
_OURS = _("This is a fault of Phone Pay: tell its makers, with the time of the call.")
_CAPTURE = PayError(_("the card form was asked for wrongly"), _OURS)

PAY_ERRORS: dict[str, PayError] = {
    "64001": PayError(
        _("the pay connector lost its connection to Stripe"),
        _("Open the pay connector in Twilio's console, under Voice, Pay Connectors, and connect it to Stripe again."),
    ),
    "64002": PayError(_("Twilio or Stripe did not answer it"), _WAIT),
    "64003": PayError(_("the amount was not taken"), _OURS),
    "64004": PayError(
        _("there is no pay connector of that name"),
        _("Compare its name in Twilio's console, under Voice, Pay Connectors, with the one under Amounts and cards."),
    ),
    "64005": PayError(
        _("the pay connector cannot hand over cards"),
        _("Choose the name of a Stripe pay connector under Amounts and cards."),
    ),
    "64006": PayError(
        _("the pay connector does not hand over cards in the form that is needed"),
        _("Choose the name of a Stripe pay connector under Amounts and cards."),
    ),
    "64007": PayError(_("the pay connector cannot charge"), _OURS),
    "64008": PayError(_("Stripe refused a charge that Twilio sent"), _OURS),
    "64009": PayError(
        _("Twilio may no longer use your Stripe account"),
        _("Open the pay connector in Twilio's console, under Voice, Pay Connectors, and connect it to Stripe again."),
    ),
    "64010": PayError(
        _("Stripe did not take the card's details"),
        _("A mistyped card does this. Where all cards do it, look at the pay connector in Twilio's console."),
    ),
    "64011": PayError(
        _("the pay connector does not take this currency"),
        _("Choose a currency that your Stripe account takes, under Amounts and cards."),
    ),
    "64012": PayError(
        _("Stripe refused the card"),
        _("One caller's card does this. Where all cards do it, look at the pay connector in Twilio's console."),
    ),
    "64013": PayError(
        _("the pay connector does not take cards"),
        _("Choose the name of a Stripe pay connector under Amounts and cards."),
    ),
    "64014": PayError(_("the pay connector wants a fact more"), _OURS),
    "64015": PayError(
        _("the pay connector wants a parameter that only others than Stripe need"),
        _("Choose the name of a Stripe pay connector under Amounts and cards."),
    ),
    "64016": PayError(
        _("the public address is not encrypted"),
        _("Twilio sends cards to addresses with https only: set a public address that has it."),
    ),
    "64017": _CAPTURE,
    "64018": _CAPTURE,
    "64019": _CAPTURE,
    "64020": _CAPTURE,
    "64021": _CAPTURE,
    "64022": PayError(
        _("the pay connector is in test mode, and the card was a real one"),
        _("Switch the pay connector to live mode in Twilio's console, and use Stripe's live key with it."),
    ),
    "64023": _CAPTURE,
}

UNNAMED = PayError(
    _("an error that Twilio has not named"),
    _("Look the number up at twilio.com/docs/api/errors, and at the call in Twilio's console."),
)


def pay_error(code: str) -> PayError:
    """What Twilio's code means; a code that is not known is said to be so."""
    return PAY_ERRORS.get(code, UNNAMED)
