"""Rows that are written once: the ORM refuses to change or delete them, so that no verb does it by mistake."""

from __future__ import annotations

from typing import Any, NoReturn, TypeVar

from django.db import models

Row_co = TypeVar("Row_co", bound=models.Model, covariant=True)


class NeverChanged(TypeError):
    """What was recorded stays as it is; a correction is a further row."""


class AppendOnlyQuerySet(models.QuerySet[Row_co]):
    def update(self, **changes: Any) -> NoReturn:
        raise NeverChanged(f"{self.model.__name__} is append-only")

    def delete(self) -> NoReturn:
        raise NeverChanged(f"{self.model.__name__} is append-only")


class AppendOnly(models.Model):
    objects = AppendOnlyQuerySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise NeverChanged(f"{type(self).__name__} is append-only")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise NeverChanged(f"{type(self).__name__} is append-only")
