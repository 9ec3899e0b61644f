"""Which line a page of Settings is about. With one line nobody is asked, and the word does not appear."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import Http404, HttpRequest
from django.urls import reverse

from phonepay.lib.phone import format_number
from phonepay.merchant.models import Line
from phonepay.web.panel.shop import the_shop


@dataclass(frozen=True, slots=True)
class Chosen:
    """`lines` are all of them, in the picker's order; `line` is None where there is none yet."""

    line: Line | None
    lines: tuple[Line, ...]

    @property
    def several(self) -> bool:
        return len(self.lines) > 1

    @property
    def query(self) -> str:
        """What an address needs so that the same line stays chosen: nothing where there is only one."""
        return f"?line={self.line.pk}" if self.several and self.line else ""

    def url(self, route: str, *args: object) -> str:
        return reverse(route, args=args) + self.query


def chosen_line(request: HttpRequest) -> Chosen:
    """The line named in the address, else the first. Raises Http404 for a line that is not this shop's."""
    shop = the_shop(request)
    if shop is None:
        return Chosen(None, ())
    lines = tuple(shop.lines.select_related("merchant").order_by("phone_number", "pk"))
    asked = request.GET.get("line", "")
    if not asked:
        return Chosen(lines[0] if lines else None, lines)
    for line in lines:
        if str(line.pk) == asked:
            return Chosen(line, lines)
    raise Http404


def line_or_404(request: HttpRequest) -> tuple[Line, Chosen]:
    """For pages about something of a line's: without one there is no such thing."""
    chosen = chosen_line(request)
    if chosen.line is None:
        raise Http404
    return chosen.line, chosen


def name_of(line: Line) -> str:
    """A line as people tell it from another: its number as they write it."""
    return format_number(line.phone_number, line.merchant.region) if line.phone_number else ""
