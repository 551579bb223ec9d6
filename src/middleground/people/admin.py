"""Django's admin, for rare tasks that the desk lacks. It uses the same sign-in as the desk."""

from __future__ import annotations

from typing import Any

import allauth.account.admin
import allauth.mfa.admin
import django.contrib.auth.admin  # noqa: F401
from allauth.account.decorators import secure_admin_login
from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.models import Group
from django.forms import TypedChoiceField
from django.http import HttpRequest

from middleground.people.forms import STAFF_ROLES
from middleground.people.models import User

# The admin's own login form would not ask for the second factor.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]
admin.site.site_header = "middleground"
admin.site.site_title = "middleground"

# Hides secrets of second factors, and unused e-mail addresses and groups. The modules imported
# above register these models, which must happen before they are unregistered.
for unused in (Authenticator, EmailAddress, Group):
    admin.site.unregister(unused)
if settings.OPENID_SERVICES:
    import allauth.socialaccount.admin  # noqa: F401
    from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken

    for not_shown in (SocialAccount, SocialApp, SocialToken):
        admin.site.unregister(not_shown)


@admin.register(User)
class UserAdmin(admin.ModelAdmin[User]):
    """What only administrators decide. Accounts are created and reset at the desk."""

    list_display = ("email", "name", "role", "is_active", "is_staff", "is_superuser")
    fields = ("email", "name", "role", "is_active", "is_staff", "is_superuser", "last_login")
    readonly_fields = ("email", "last_login")
    search_fields = ("email", "name")

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """An official is never staff: neither speaks for the other."""
        fields = super().get_readonly_fields(request, obj)
        fixed = ("role", "is_staff", "is_superuser") if obj and obj.is_official else ()
        return (*fields, *fixed)

    def formfield_for_choice_field(
        self, db_field: Any, request: HttpRequest, **kwargs: Any
    ) -> TypedChoiceField | None:
        if db_field.name == "role":
            kwargs["choices"] = STAFF_ROLES
        return super().formfield_for_choice_field(db_field, request, **kwargs)

    def has_add_permission(self, request: HttpRequest) -> bool:  # noqa: ARG002
        return False

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:  # noqa: ARG002
        return False
