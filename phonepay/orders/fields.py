"""BytewiseField: text that every database orders by its code points, so that a prefix is a range of an index."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Q

if TYPE_CHECKING:
    _CharField = models.CharField[str, str]
else:
    _CharField = models.CharField

_COLLATIONS = {"postgresql": "C", "mysql": "utf8mb4_bin"}
_LAST = "\U0010ffff"


class BytewiseField(_CharField):
    def db_parameters(self, connection: BaseDatabaseWrapper) -> Any:
        parameters = super().db_parameters(connection)
        if connection.vendor in _COLLATIONS:
            parameters["collation"] = _COLLATIONS[connection.vendor]
        return parameters


def begins_with(column: str, words: str) -> Q:
    """Rows whose LOWER()ed column begins so, in any case: each spelling that LOWER() may have left is a range.

    SQLite's LOWER knows ASCII alone: an "Á" stays as it was written.
    """
    found = Q()
    spellings = (words, words.lower(), words.upper(), words.capitalize(), words.title())
    for folded in {"".join(each.lower() if each.isascii() else each for each in spelling) for spelling in spellings}:
        found |= Q(**{f"{column}__gte": folded, f"{column}__lt": folded + _LAST})
    return found
