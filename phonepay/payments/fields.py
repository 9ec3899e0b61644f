"""StripeIdField: a text column that tells upper from lower case on every database, as Stripe's ids do."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

if TYPE_CHECKING:
    _CharField = models.CharField[str | None, str | None]
else:
    _CharField = models.CharField


class StripeIdField(_CharField):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 64)
        super().__init__(*args, **kwargs)

    def db_parameters(self, connection: BaseDatabaseWrapper) -> Any:
        parameters = super().db_parameters(connection)
        if connection.vendor == "mysql":  # its default collations fold case; SQLite and PostgreSQL compare bytes
            parameters["collation"] = "utf8mb4_bin"
        return parameters
