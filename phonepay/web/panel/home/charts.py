"""What a chart draws: rectangles on a grid of numbers. Drawn by the server as SVG; its table stands beside it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from phonepay.web.panel.home.figures import Figures, Span

WIDTH, HEIGHT = 1000, 100  # of the drawing, which is stretched to its place
_GAP = 0.28  # of a bar's share


@dataclass(frozen=True, slots=True)
class Bar:
    """`back` is the part of the height that went back again."""

    span: Span
    x: float
    width: float
    y: float
    height: float
    back_y: float
    back_height: float


@dataclass(frozen=True, slots=True)
class Bars:
    """`most` is the highest bar's sum in minor units."""

    bars: Sequence[Bar]
    most: int
    figures: Figures


def bars_of(figures: Figures) -> Bars:
    """A bar for each span: what was taken, and of what went back as much as the same bar can show."""
    most = max((max(span.taken, span.back) for span in figures.spans), default=0)
    share = WIDTH / max(1, len(figures.spans))
    found = []
    for place, span in enumerate(figures.spans):
        height = _part(span.taken, most)
        back = _part(max(0, span.back), most)
        x, width = place * share + share * _GAP / 2, share * (1 - _GAP)
        found.append(
            Bar(span, round(x, 2), round(width, 2), round(HEIGHT - height, 2), height, round(HEIGHT - back, 2), back)
        )
    return Bars(found, most, figures)


def _part(amount: int, most: int) -> float:
    return round(HEIGHT * amount / most, 2) if most else 0
