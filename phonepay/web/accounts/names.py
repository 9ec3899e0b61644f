"""Names that people give themselves and their things: no card number is one."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext as _

from phonepay.lib.cards import looks_like_card_number


def no_card_number(text: str) -> None:
    """A validator of a form's field. Raises ValidationError."""
    if looks_like_card_number(text):
        raise forms.ValidationError(_("This looks like a card number, and is not kept. Write something else."))
