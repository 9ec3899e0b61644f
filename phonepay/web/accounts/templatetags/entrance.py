"""What the sign-in's template needs beside the panel's own."""

from __future__ import annotations

from django import template
from django.utils import timezone

from phonepay.setup import codes

register = template.Library()


@register.simple_tag
def no_owner_yet() -> str:
    """ "code" where a code was printed that opens the set-up now, "none" where it ended, "" where somebody owns it."""
    if not codes.wanted():
        return ""
    return "code" if codes.outstanding(now=timezone.now()) else "none"
