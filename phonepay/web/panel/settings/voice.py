"""Settings, What callers hear, Voice: the names that callers hear, the languages, the voices."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from phonepay.merchant.models import Line
from phonepay.web.panel.settings.chosen import line_or_404
from phonepay.web.panel.settings.fields import Field, Languages, Phone, Select, Voices
from phonepay.web.panel.settings.languages import language_choices, language_name
from phonepay.web.panel.settings.sections import Section, sections_page

# Some of Twilio's voices, to choose from while typing; any other may be written (twilio.com/docs/voice/tts).
VOICES = (
    "Polly.Joanna-Neural", "Polly.Matthew-Neural", "Polly.Amy-Neural", "Polly.Brian-Neural", "Polly.Niamh-Neural",
    "Polly.Olivia-Neural", "Polly.Lupe-Neural", "Polly.Pedro-Neural", "Polly.Mia-Neural", "Polly.Lucia-Neural",
    "Google.en-US-Neural2-F", "Google.es-US-Neural2-A",
)  # fmt: skip

SECTIONS = (
    Section(
        "names",
        _("Names"),
        "",
        (
            Field(name="name", label=_("Your name, as callers hear it")),
            Select(
                name="order_noun",
                label=_("What a number belongs to"),
                choices=lambda: [
                    (Line.OrderNoun.ORDER, _("an order")),
                    (Line.OrderNoun.INVOICE, _("an invoice")),
                    (Line.OrderNoun.BOOKING, _("a booking")),
                    (Line.OrderNoun.BILL, _("a bill")),
                    (Line.OrderNoun.ACCOUNT, _("an account")),
                ],
                help=_("“Enter your invoice number …”"),
            ),
            Phone(
                name="shop_phone",
                label=_("Your number for help"),
                help=_("Said to callers whose card was declined to the end. Leave it empty for none."),
            ),
        ),
    ),
    Section(
        "languages",
        _("Languages"),
        _("With two languages callers choose first, which takes a few seconds more."),
        (Languages(name="locales", label=_("Languages"), choices=language_choices),),
    ),
    Section(
        "voices",
        _("Voices"),
        _("Twilio's names. Empty is Twilio's own voice, which costs nothing; others may."),
        (Voices(name="voices", label=_("Voices"), names=language_name),),
    ),
)


@require_http_methods(["GET", "HEAD", "POST"])
def voice(request: HttpRequest) -> HttpResponse:
    line, chosen = line_or_404(request)
    return sections_page(
        request,
        "panel/settings/voice.html",
        route="settings-voice",
        sections=SECTIONS,
        line=line,
        chosen=chosen,
        voices=VOICES,
    )
