"""Forms for rules of answers, cases and responses. A wrong entry keeps what was typed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from middleground.answers.models import AnswerRules, Case
from middleground.core.languages.typed import plain_parts
from middleground.core.page.folded_fields import FoldsFields
from middleground.deadlines.errors import InvalidDeadline
from middleground.people.models import Body, Post

# By the code of InvalidDeadline: the field, and what to do.
_INVALID = {
    "amount": ("days", _("Choose 1 to 3,650 days.")),
    "country": ("country", _("We have no calendar for it. Use two letters, such as US.")),
    "subdivision": ("subdivision", _("Leave it empty, or use a state’s letters, such as CA.")),
    "closing_days": ("closing", _("These are too many days.")),
    "day": ("closing", _("Write each day as 2026-12-24, one per line.")),
}


class RulesForm(FoldsFields, forms.ModelForm[AnswerRules]):
    """In what time concerns are answered, and which of them surely are."""

    FOLDED = frozenset(
        {"very_overdue_after", "check_days", "check_percent", "check_least", "closing"}
    )

    closing = forms.CharField(
        label=_("Days when offices are closed"),
        required=False,
        help_text=_("One per line, as 2026-12-24, besides public holidays."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    class Meta:
        model = AnswerRules
        fields = (
            "days", "counting", "country", "subdivision", "middle_ground", "agreed_by",
            "reviewed", "very_overdue_after", "check_days", "check_percent", "check_least",
        )  # fmt: skip
        widgets = {"counting": forms.RadioSelect}
        labels = {"very_overdue_after": _("“Very overdue” after this many more days")}
        help_texts = {
            "days": _("From the day the case is opened."),
            "country": _("Two letters, such as US. Its holidays and weekends count."),
            "subdivision": _("Such as CA, or empty."),
            "middle_ground": _("From the first map that shows it there."),
            "agreed_by": _("From the first map that is sure of it. Empty: no such promise."),
            "check_days": _(
                "Then those who raised it are asked for four weeks, and everyone after them."
            ),
            "check_percent": _("From 1 to 99."),
            "check_least": _("At least the smallest number this dialogue shows."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["closing"].initial = "\n".join(self.instance.closing_days)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        self.instance.closing_days = sorted(set(plain_parts(cleaned.get("closing", ""))))
        if not self.errors:
            self._check_policy(cleaned)
        return cleaned

    def _check_policy(self, cleaned: dict[str, Any]) -> None:
        """Refuse a place or a day that no calendar knows, beside the field that has it."""
        rules = AnswerRules(closing_days=self.instance.closing_days)
        for name in ("days", "counting", "country", "subdivision", "very_overdue_after"):
            setattr(rules, name, cleaned[name])
        try:
            rules.policy()
        except InvalidDeadline as trouble:
            field, words = _INVALID.get(trouble.code, _INVALID["day"])
            other = trouble.values.get("what") == "very_overdue_after"
            self.add_error("very_overdue_after" if other else field, words)
        except ValueError:
            self.add_error(*_INVALID["day"])


class CaseForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=120)
    summary = forms.CharField(
        label=_("Summary"),
        max_length=600,
        required=False,
        help_text=_("Say in neutral words what is asked."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class AssignForm(forms.Form):
    """A body, or a post of one, by one list: the post says which body it is."""

    to = forms.ChoiceField(label=_("Who answers?"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices: list[tuple[str, Any]] = [("", _("Choose…"))]
        posts = Post.objects.existing().select_related("body")
        by_body: dict[int, list[Post]] = {}
        for post in posts:
            by_body.setdefault(post.body_id, []).append(post)
        for body in Body.objects.existing().order_by("name"):
            entries = [(f"post-{post.pk}", post.title) for post in by_body.get(body.pk, [])]
            choices.append((body.name, [*entries, (f"body-{body.pk}", _("no post yet"))]))
        field = self.fields["to"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def owner(self) -> tuple[Body, Post | None]:
        kind, _dash, key = self.cleaned_data["to"].partition("-")
        if kind == "post":
            post = Post.objects.select_related("body").get(pk=key)
            return post.body, post
        return Body.objects.get(pk=key), None


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Why"),
        max_length=300,
        help_text=_("The public sees it."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ExtendForm(ReasonForm):
    days = forms.IntegerField(label=_("How many days more"), min_value=1, max_value=365)
    field_order = ("days", "reason")


class OfferForm(ReasonForm):
    to = forms.ModelChoiceField(label=_("To which body"), queryset=Body.objects.none())
    field_order = ("to", "reason")

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["to"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = Body.objects.existing().exclude(pk=case.body_id or 0).order_by("name")


class NothingForm(forms.Form):
    """A change that needs no more than to be confirmed."""
