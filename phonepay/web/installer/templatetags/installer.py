"""What the set-up's templates need beside the panel's own."""

from __future__ import annotations

from django import template
from django.forms import BoundField
from django.utils.safestring import SafeString

from phonepay.setup.findings import worst_first

register = template.Library()

register.filter(worst_first)


@register.filter
def described(field: BoundField) -> SafeString:
    """The field's control, told what is written below it and whether that is a refusal."""
    attributes: dict[str, str | bool] = {}
    if field.errors or field.help_text:
        attributes["aria-describedby"] = f"{field.id_for_label}_about"
    if field.errors:
        attributes["aria-invalid"] = "true"
    return field.as_widget(attrs=attributes)
