"""User: signs in by e-mail; Role: what they may do."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.db import models

from phonepay.events.actors import Actor


class Role(models.TextChoices):
    OWNER = "owner", "owner"
    OPERATOR = "operator", "operator"
    AUDITOR = "auditor", "auditor"


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractUser):
    """A person of the shop. The e-mail is kept in lower case: MariaDB has no conditional index to fold it for us."""

    username = None  # type: ignore[assignment]  # people sign in by e-mail; AbstractUser's column is taken away
    email = models.EmailField(unique=True)
    role = models.CharField(max_length=16, choices=Role, default=Role.AUDITOR)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserManager()  # type: ignore[assignment,misc]  # AbstractUser types its manager for usernames

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="user_role_known"),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email = self.email.strip().lower()
        super().save(*args, **kwargs)

    def as_actor(self) -> Actor:
        return Actor("person", str(self.pk), self.get_full_name() or self.email)
