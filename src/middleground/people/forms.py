"""Forms for staff accounts."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from middleground.people.models import User

# Officials get their account with their first post.
STAFF_ROLES = [choice for choice in User.Role.choices if choice[0] != User.Role.OFFICIAL]


class MemberForm(forms.ModelForm[User]):
    class Meta:
        model = User
        fields = ("email", "name", "role")
        widgets = {
            "email": forms.EmailInput(attrs={"autocomplete": "off"}),
        }
        help_texts = {
            "email": _("For signing in. Nothing is sent to it."),
            "name": _("Colleagues see it next to decisions, the public never."),
        }
        error_messages = {
            "email": {"unique": _("Somebody with this address is already on the list.")}
        }

    role = forms.ChoiceField(
        label=_("Role"),
        choices=STAFF_ROLES,
        initial=User.Role.MODERATOR,
        widget=forms.RadioSelect,
    )

    def clean_email(self) -> str:
        """Refuse addresses that differ only in case, because sign-in ignores case."""
        email: str = self.cleaned_data["email"].lower()
        if User.objects.filter(email__iexact=email).exists():
            raise forms.ValidationError(_("Somebody with this address is already on the list."))
        return email


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=STAFF_ROLES, widget=forms.RadioSelect)
