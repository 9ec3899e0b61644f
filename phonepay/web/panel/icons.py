"""The drawings: ours, on a grid of 24, drawn with a line of 1.75 that takes the color of the text beside it."""

from __future__ import annotations

from django.utils.safestring import SafeString, mark_safe

_PATHS = {
    "home": "M4 11.5 12 5l8 6.5M6 10v9h12v-9M10 19v-5h4v5",
    "card": "M4 6.5h16a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1H4a1 1 0 0 1-1-1v-9a1 1 0 0 1 1-1ZM3 10.5h18M6.5 14.5h4",
    "list": "M9 6.5h11M9 12h11M9 17.5h11M4.5 6.5h.01M4.5 12h.01M4.5 17.5h.01",
    "phone": "M6.5 4h3l1.5 4-2 1.6a11 11 0 0 0 5.4 5.4l1.6-2 4 1.5v3a1.6 1.6 0 0 1-1.7 1.5A15.5 15.5 0 0 1 5 5.7"
             "1.6 1.6 0 0 1 6.5 4Z",
    "dialpad": "M6 5h.01M12 5h.01M18 5h.01M6 11h.01M12 11h.01M18 11h.01M6 17h.01M12 17h.01M18 17h.01M12 21h.01",
    "sliders": "M4 7h9M17 7h3M4 17h3M11 17h9M15 5v4M9 15v4",
    "more": "M5 12h.01M12 12h.01M19 12h.01",
    "search": "M11 5a6 6 0 1 0 0 12 6 6 0 0 0 0-12ZM15.5 15.5 20 20",
    "person": "M12 5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7ZM5 20c.6-3.6 3.4-5.5 7-5.5s6.4 1.9 7 5.5",
    "close": "M6 6l12 12M18 6 6 18",
    "back": "M14.5 6 8.5 12l6 6",
    "forward": "M9.5 6l6 6-6 6",
    "copy": "M9 9h10v11H9zM15 9V4H5v11h4",
    "check": "M5 12.5l4.5 4.5L19 7.5",
    "refund": "M8 5 4 9l4 4M4 9h10.5a5 5 0 0 1 0 10H9",
    "download": "M12 4v11M7.5 10.5 12 15l4.5-4.5M5 19.5h14",
    "upload": "M12 15V4M7.5 8.5 12 4l4.5 4.5M5 19.5h14",
    "plus": "M12 5v14M5 12h14",
    "sound": "M4 10v4h3l4.5 3.5v-11L7 10H4ZM15 9.5a3.5 3.5 0 0 1 0 5M17.5 7a7 7 0 0 1 0 10",
    "key": "M8.5 8a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9ZM12 11l8-7M16 7.5l2.5 2.5",
}  # fmt: skip

ICONS: dict[str, SafeString] = {name: mark_safe(f'<path d="{path}"/>') for name, path in _PATHS.items()}  # noqa: S308 - ours
