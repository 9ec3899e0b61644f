"""For the pages of accounts."""

from __future__ import annotations

from django import template

from phonepay.web.accounts.browsers import told

register = template.Library()


@register.filter
def browser(user_agent: str) -> str:
    return told(user_agent)
