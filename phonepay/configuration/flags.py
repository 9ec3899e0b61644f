"""A yes or no is compared, never asked bare: only so is it part of an index's key.

Django writes `filter(livemode=True)` as `WHERE livemode`. SQLite and MariaDB enter an index by equality alone, so that
an index on (merchant, livemode, status) would be gone through from its start: a million rows for one. PostgreSQL takes
both.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import BooleanField
from django.db.models.expressions import Col
from django.db.models.lookups import BuiltinLookup, Exact


class Compared(Exact):
    def as_sql(self, compiler: Any, connection: BaseDatabaseWrapper) -> Any:
        if isinstance(self.lhs, Col) and isinstance(self.rhs, bool):
            return BuiltinLookup.as_sql(self, compiler, connection)
        return super().as_sql(compiler, connection)


def compare_flags() -> None:
    BooleanField.register_lookup(Compared)
