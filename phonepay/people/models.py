"""User: signs in by e-mail; Role: what they may do; Invitation; SignInPolicy: what the shop asks of everybody."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.contrib.auth.base_user import BaseUserManager
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.crypto import salted_hmac


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
    """A person of the shop. The e-mail is kept in lower case: MariaDB has no conditional index to fold it for us.

    `language`, `time_zone` and `theme` are "" where the browser, the shop and the device decide.
    """

    class Theme(models.TextChoices):
        DEVICE = "", "as the device"
        LIGHT = "light", "light"
        DARK = "dark", "dark"

    username = None  # type: ignore[assignment]  # people sign in by e-mail; AbstractUser's column is taken away
    first_name = None  # type: ignore[assignment]  # a name is one text: not everybody has two
    last_name = None  # type: ignore[assignment]  # the same
    email = models.EmailField(unique=True)
    name = models.CharField(max_length=120, blank=True)
    role = models.CharField(max_length=16, choices=Role, default=Role.AUDITOR)
    language = models.CharField(max_length=8, blank=True)
    time_zone = models.CharField(max_length=64, blank=True)
    theme = models.CharField(max_length=8, choices=Theme, default=Theme.DEVICE, blank=True)
    shortcuts = models.BooleanField(default=True)  # single keys; WCAG 2.1.4 wants them to be turned off
    wants_alerts = models.BooleanField(null=True)  # by e-mail; null: owners do, others do not
    last_seen_at = models.DateTimeField(null=True)  # to within some minutes: not every page is a write
    # Counted up where all sessions end although the password stays: another role, taken out, let in again.
    sessions_ended = models.PositiveIntegerField(default=0, db_default=0)

    # From where the present request of theirs comes; the panel's door says it, and no column keeps it.
    asked_from: str = ""

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = UserManager()  # type: ignore[assignment,misc]  # AbstractUser types its manager for usernames

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="user_role_known"),
        ]

    def __str__(self) -> str:
        return self.get_full_name()

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.email = self.email.strip().lower()
        super().save(*args, **kwargs)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What each session carries; a session with another one is of nobody. Until a first end it is Django's own."""
        own = super()._get_session_auth_hash(secret=secret)  # type: ignore[misc]  # its stubs leave it out
        if not self.sessions_ended:
            return str(own)
        return salted_hmac("phonepay.people.sessions", f"{own}:{self.sessions_ended}", secret=secret).hexdigest()

    def get_full_name(self) -> str:
        return self.name or self.email

    def get_short_name(self) -> str:
        return self.get_full_name()


class Invitation(models.Model):
    """A place for somebody who has no account yet. The link is made of `id` and a signature, and works once."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField()
    name = models.CharField(max_length=120, blank=True)
    role = models.CharField(max_length=16, choices=Role)
    invited_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, related_name="+")
    invited_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="invitation_role_known"),
        ]

    def __str__(self) -> str:
        return self.email


class SignInPolicy(models.Model):
    """What the owner asks of everybody who signs in. One row: the installation's."""

    two_factor_required = models.BooleanField(default=False)

    def __str__(self) -> str:
        return "sign-in policy"
