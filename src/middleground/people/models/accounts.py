"""Accounts of staff and officials. Participants have none (see ``dialogues.models``)."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AbstractUser, UserManager
from django.contrib.sessions.models import Session
from django.db import models
from django.utils.translation import gettext_lazy as _


class StaffManager(UserManager["User"]):
    """Manager of accounts identified by e-mail address instead of username."""

    def _create_user_object(
        self, _username: str, email: str, password: str | None, **extra: Any
    ) -> User:
        user = self.model(email=self.normalize_email(email), **extra)
        user.set_password(password)
        return user

    def create_user(self, email: str, password: str | None, **extra: Any) -> User:  # type: ignore[override]
        user = self._create_user_object("", email, password, **extra)
        user.full_clean(exclude=["password"])
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None, **extra: Any) -> User:  # type: ignore[override]
        return self.create_user(
            email, password, is_staff=True, is_superuser=True, role=User.Role.FACILITATOR, **extra
        )

    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email__iexact=username)


class User(AbstractUser):
    """A member of the host's staff, or an official, who acts for posts of bodies only."""

    class Role(models.TextChoices):
        FACILITATOR = "facilitator", _("facilitator: may do everything with dialogues")
        MODERATOR = "moderator", _("moderator: decides about statements")
        GUEST = "guest", _("guest: has a role in chosen dialogues only")
        OFFICIAL = "official", _("official: acts for posts of bodies")

    username = None  # type: ignore[assignment]
    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name shown to colleagues"), max_length=80, blank=True)
    role = models.CharField(_("role"), max_length=12, choices=Role.choices, default=Role.MODERATOR)
    # A colleague has seen an initial password, so the desk first asks for a new one.
    password_is_initial = models.BooleanField(default=False, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects: ClassVar[StaffManager] = StaffManager()

    class Meta:
        verbose_name = _("member of staff")
        verbose_name_plural = _("staff")

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Save; a deactivated account's sessions end, and do not live again with the account."""
        super().save(*args, **kwargs)
        if not self.is_active:
            self.end_sessions()

    def end_sessions(self) -> None:
        """Sign the member out everywhere. There are few sessions, since only staff have any."""
        for session in Session.objects.iterator():
            if session.get_decoded().get(SESSION_KEY) == str(self.pk):
                session.delete()

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_official(self) -> bool:
        return self.role == self.Role.OFFICIAL

    def get_full_name(self) -> str:
        return str(self)

    def get_short_name(self) -> str:
        return str(self)


class Membership(models.Model):
    """A role in one object only, such as a dialogue.

    Each kind of object has its own subclass and table, whose foreign key to the object has the
    related name ``memberships``, by which ``permissions.py`` reads it.
    """

    class Role(models.TextChoices):
        FACILITATOR = "facilitator", _("facilitator: may do everything with it")
        MODERATOR = "moderator", _("moderator: decides about statements")
        TRANSLATOR = "translator", _("translator: translates texts, and checks translations")
        HELPER = "helper", _("helper: enters what people say by telephone, at the door or on paper")

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    role = models.CharField(max_length=12, choices=Role.choices)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.user}: {self.role}"
