"""Forms for bodies, posts and appointments. A wrong entry keeps what was typed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from middleground.core.page.day_field import DayField
from middleground.core.page.typed_fields import MailField
from middleground.people.bodies.terms import Verification
from middleground.people.models import Appointment, Body


class DescriptionForm(forms.ModelForm[Body]):
    """What a body says of itself."""

    website = forms.URLField(
        label=_("Website"), required=False, max_length=300, assume_scheme="https"
    )

    class Meta:
        model = Body
        fields = ("level", "duties", "website", "contact", "place")
        widgets = {
            "level": forms.RadioSelect,
            "duties": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts = {
            "level": _("A community organization is always marked as such."),
            "duties": _("What residents can ask it for."),
            "contact": _("How the public reaches it: counter, telephone, e-mail."),
            "place": _("If known. It tells other software which area this is."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        level = self.fields["level"]
        assert isinstance(level, forms.ChoiceField)
        level.choices = Body._meta.get_field("level").choices or ()


class BodyForm(DescriptionForm):
    """A new body."""

    class Meta(DescriptionForm.Meta):
        fields = ("name", "level", "parent", "duties", "website", "contact", "place")  # type: ignore[assignment]
        help_texts = {
            **DescriptionForm.Meta.help_texts,
            "name": _("As it calls itself."),
            "parent": _("The larger body it belongs to, if any."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _only_existing(self.fields["parent"])


class RenameForm(forms.Form):
    name = forms.CharField(label=_("New name"), max_length=160)
    on = DayField(label=pgettext_lazy("day", "From"))


class ParentForm(forms.Form):
    parent = forms.ModelChoiceField(
        label=_("Part of"), queryset=Body.objects.none(), required=False, empty_label=_("no other")
    )
    on = DayField(label=pgettext_lazy("day", "From"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _only_existing(self.fields["parent"])


class MergeForm(forms.Form):
    into = forms.ModelChoiceField(label=pgettext_lazy("body", "Into"), queryset=Body.objects.none())
    on = DayField(label=pgettext_lazy("day", "From"))

    def __init__(self, *args: Any, body: Body, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _only_existing(self.fields["into"], but=body)


class AbolishForm(forms.Form):
    reason = forms.CharField(
        label=_("Why"),
        max_length=300,
        help_text=_("One sentence. The public sees it."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    on = DayField(label=pgettext_lazy("day", "From"))


class PostForm(forms.Form):
    title = forms.CharField(
        label=pgettext_lazy("post", "Title"),
        max_length=120,
        help_text=_("Such as “Chief of Police”."),
    )


class RenamePostForm(PostForm):
    on = DayField(label=pgettext_lazy("day", "From"))


class EndForm(forms.Form):
    on = DayField(label=pgettext_lazy("day", "From"))


class VerifyForm(forms.Form):
    proof = forms.ChoiceField(
        label=_("How did you make sure?"),
        choices=Appointment.Proof.choices,
        widget=forms.RadioSelect,
    )
    verified_on = DayField(label=_("When"))

    def verification(self) -> Verification:
        return Verification(self.cleaned_data["proof"], self.cleaned_data["verified_on"])


class AppointForm(forms.ModelForm[Appointment]):
    """Somebody who is to act for a post."""

    email = MailField(
        label=_("E-mail address"),
        required=False,
        help_text=_(
            "For signing in. If there is no account, we make one. Without it, nobody answers "
            "for the post here."
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
    )
    since = DayField(label=_("First day"))
    until = DayField(
        label=_("Last day"), required=False, help_text=_("Empty: until further notice.")
    )
    proof = forms.ChoiceField(
        label=_("How did you check who they are?"),
        choices=[("", _("not yet")), *Appointment.Proof.choices],
        required=False,
        help_text=_("The public sees it. Until then they draft, but cannot publish."),
        widget=forms.RadioSelect,
    )

    class Meta:
        model = Appointment
        fields = ("email", "name", "role", "since", "until", "proof")
        widgets = {"role": forms.RadioSelect}
        help_texts = {
            "name": _("If empty, the public sees only the post."),
        }

    field_order = ("email", "name", "role", "since", "until", "proof")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("email") and not cleaned.get("name") and not self.errors:
            raise forms.ValidationError(_("Enter an e-mail address, a name, or both."))
        return cleaned

    def _post_clean(self) -> None:
        """Leave checks of the row to the action, which knows the post."""

    def facts(self) -> dict[str, Any]:
        """The arguments of ``appoint``."""
        facts = dict(self.cleaned_data)
        proof = facts.pop("proof")
        verification = Verification(proof, timezone.localdate()) if proof else None
        return {**facts, "verification": verification}


class EndTermForm(forms.Form):
    until = DayField(label=_("Last day"))


def _only_existing(field: forms.Field, but: Body | None = None) -> None:
    assert isinstance(field, forms.ModelChoiceField)
    bodies = Body.objects.existing().order_by("name")
    field.queryset = bodies.exclude(pk=but.pk) if but else bodies
