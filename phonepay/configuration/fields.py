"""A column that compares byte for byte on every database."""

from typing import Any

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper


class ExactCharField(models.CharField[str, str]):
    """Text of another system's making, such as Stripe's and Twilio's ids: `pi_1A` and `pi_1a` are two.

    MariaDB and MySQL compare text without regard to case by default, which would make one of two payments look like
    a repetition of the other; there the column gets a binary collation. The other databases compare exactly anyway.
    """

    def db_parameters(self, connection: BaseDatabaseWrapper) -> dict[str, Any]:
        parameters: dict[str, Any] = dict(super().db_parameters(connection))
        if connection.vendor == "mysql":
            parameters["collation"] = "utf8mb4_bin"
        return parameters
