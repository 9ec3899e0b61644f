"""What is typed in the set-up. The verbs of phonepay.setup read it; here stand its words and its fields."""

from __future__ import annotations

import zoneinfo
from decimal import Decimal
from typing import Any

from babel.numbers import get_currency_name
from django import forms
from django.contrib.auth.password_validation import validate_password
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from phonepay.lib import money
from phonepay.lib.speech.units import spoken_currencies
from phonepay.merchant.models import Line
from phonepay.people.models import User

LOCALE_NAMES = (
    ("en-US", _("English (United States)")),
    ("en-GB", _("English (United Kingdom)")),
    ("en-IE", _("English (Ireland)")),
    ("en-AU", _("English (Australia)")),
    ("es-US", _("Spanish (United States)")),
    ("es-MX", _("Spanish (Mexico)")),
    ("es-ES", _("Spanish (Spain)")),
)


def _text(**attributes: str) -> forms.TextInput:
    return forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"} | attributes)


def _secret() -> forms.PasswordInput:
    """A key is shown while it is typed to nobody, and never sent back. No password manager keeps it as a password."""
    return forms.PasswordInput(attrs={"autocomplete": "off", "spellcheck": "false"}, render_value=False)


def _currencies() -> list[tuple[str, str]]:
    language = (get_language() or "en").replace("-", "_")
    named = [(code, get_currency_name(code.upper(), locale=language)) for code in spoken_currencies()]
    return sorted(((code, f"{name} ({code.upper()})") for code, name in named), key=lambda each: each[1].casefold())


def _zones() -> list[tuple[str, str]]:
    return [(zone, zone.replace("_", " ")) for zone in sorted(zoneinfo.available_timezones()) if "/" in zone]


class CodeForm(forms.Form):
    code = forms.CharField(label=_("The code that phonepay serve printed"), widget=_text(autocapitalize="characters"))


class OwnerForm(forms.Form):
    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(
        label=_("E-mail"),
        help_text=_("You sign in with it. Nothing is sent to it yet."),
        widget=forms.EmailInput(attrs={"autocomplete": "username"}),
    )
    password = forms.CharField(
        label=_("A password, ten characters or more"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        if facts.get("password"):
            about = User(email=facts.get("email", ""), name=facts.get("name", ""))
            try:
                validate_password(facts["password"], about)
            except forms.ValidationError as error:
                self.add_error("password", error)
        return facts


class ShopForm(forms.Form):
    name = forms.CharField(
        label=_("Your shop's name, as callers hear it"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    currency = forms.ChoiceField(label=_("Currency"), choices=_currencies)
    time_zone = forms.ChoiceField(
        label=_("Time zone"), choices=_zones, help_text=_("Days begin and end on this clock.")
    )
    locale = forms.ChoiceField(
        label=_("Language that callers hear"),
        choices=LOCALE_NAMES,
        help_text=_("A second one, for callers to choose, can be added later."),
    )


class ReachForm(forms.Form):
    address = forms.CharField(
        label=_("Public address"),
        widget=_text(inputmode="url", placeholder="https://pay.example.com"),
        help_text=_("The name that leads to this server, with https."),
    )
    unproven = forms.BooleanField(
        label=_("Keep it although it could not be reached from here: a call will prove it"), required=False
    )


class DatabaseForm(forms.Form):
    where = forms.ChoiceField(
        label=_("Where the data are kept"),
        widget=forms.RadioSelect,
        choices=(
            ("embedded", _("Here, in a file of this server. Right for one server, and nothing to look after.")),
            ("own", _("In a PostgreSQL, MySQL or MariaDB database of yours.")),
        ),
    )
    address = forms.CharField(
        label=_("The database's address"),
        required=False,
        strip=True,
        widget=_secret(),
        help_text=_("As postgresql://user:password@host/name, mysql://… or mariadb://…. It is kept in a file that only "
                    "this server reads."),
    )  # fmt: skip


class StripeForm(forms.Form):
    key = forms.CharField(
        label=_("Secret key of the test mode"),
        required=False,
        widget=_secret(),
        help_text=_("It begins with sk_test_, or rk_test_ for a restricted one."),
    )


class GoLiveForm(forms.Form):
    key = forms.CharField(
        label=_("Secret key of the live mode"),
        required=False,
        widget=_secret(),
        help_text=_("It begins with sk_live_, or rk_live_ for a restricted one. Stripe shows it once."),
    )
    name = forms.CharField(
        label=_("Unique name of the live connector"), max_length=64, widget=_text(), help_text=_("As Twilio shows it.")
    )
    account = forms.CharField(
        label=_("The account beside it"),
        max_length=80,
        widget=_text(placeholder="acct_…"),
        help_text=_("It begins with acct_."),
    )

    def __init__(self, *args: Any, already: bool, fixed: bool, **kwargs: Any) -> None:
        """`already`: it is live, and changes to another account. `fixed`: the environment has the key."""
        super().__init__(*args, **kwargs)
        if not already:
            self.fields["name"].initial = "Default"
        else:
            self.fields["key"].help_text = _("Left empty, the key stays, and the connector alone changes.")
        if fixed:
            del self.fields["key"]


class TwilioForm(forms.Form):
    twilio_account_sid = forms.CharField(label=_("Account SID"), required=False, widget=_text(placeholder="AC…"))
    twilio_auth_token = forms.CharField(
        label=_("Auth token"),
        required=False,
        widget=_secret(),
        help_text=_("32 letters and digits. An API key (SK…) will not do: only the token can tell Twilio's requests."),
    )


class ConnectorForm(forms.Form):
    name = forms.CharField(
        label=_("Unique name of the connector"),
        max_length=64,
        widget=_text(),
        help_text=_("Default, if you left it so."),
    )
    account = forms.CharField(
        label=_("The account beside it"),
        max_length=80,
        widget=_text(placeholder="acct_…"),
        help_text=_("It begins with acct_."),
    )
    mode = forms.ChoiceField(
        label=_("Its mode"),
        widget=forms.RadioSelect,
        choices=(("test", _("Test")), ("live", _("Live"))),
    )


class BehaviorForm(forms.Form):
    behavior = forms.ChoiceField(
        label=_("What callers are asked"),
        widget=forms.RadioSelect,
        choices=(
            (Line.Behavior.FIXED_WITH_ORDER, _("Their order number. All pay the same, or what your list says.")),
            (Line.Behavior.FIXED, _("Nothing: everybody pays the same.")),
            (Line.Behavior.CALLER_WITH_ORDER, _("Their order number, and the amount if your list does not say it.")),
            (Line.Behavior.CALLER, _("The amount.")),
        ),
    )
    fixed_amount = forms.CharField(
        label=_("The amount that is the same for all"),
        required=False,
        max_length=20,
        widget=_text(inputmode="decimal"),
    )
    overage = forms.ChoiceField(
        label=_("May you charge the card again later, for more?"),
        widget=forms.RadioSelect,
        choices=(
            (Line.Overage.OFF, _("No. Callers are not asked.")),
            (Line.Overage.ASK, _("Yes, if the caller agrees when asked.")),
            (Line.Overage.CONDITION, _("Yes, and who does not agree cannot pay by phone.")),
        ),
    )
    overage_cap = forms.CharField(
        label=_("At most so much more"),
        required=False,
        max_length=20,
        widget=_text(inputmode="decimal"),
        help_text=_("Callers hear it when they are asked."),
    )
    overage_days = forms.IntegerField(label=_("Within so many days"), required=False, min_value=1, max_value=365)

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        facts = money.currency(currency)
        example = f"{Decimal(4250).scaleb(-facts.shown_decimals)}"
        for name in ("fixed_amount", "overage_cap"):
            field = self.fields[name]
            field.label = f"{field.label}, {currency.upper()}"
            field.widget.attrs["placeholder"] = example

    def clean(self) -> dict[str, Any]:
        facts = super().clean() or {}
        if facts.get("overage") == Line.Overage.OFF:
            self.errors.pop("overage_days", None)  # it is not shown then, and counts for nothing
        return facts


class EmailForm(forms.Form):
    email_url = forms.CharField(
        label=_("Mail server"),
        widget=_secret(),
        help_text=_("As smtps://user:password@mail.example.com, from your mail provider."),
    )
    email_from = forms.CharField(
        label=_("From"),
        widget=_text(placeholder="Harbor Garage <pay@example.com>"),
        help_text=_("Whom customers see as the sender."),
    )
