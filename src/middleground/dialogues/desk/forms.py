"""Forms of the host's desk."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from middleground.core.page.folded_fields import FoldsFields
from middleground.dialogues.lifecycle.actions import fixed_by_now
from middleground.dialogues.models import (
    RESERVED_SLUGS,
    Dialogue,
    RetentionHold,
    validate_not_reserved,
)
from middleground.dialogues.texts.form_fields import TellsWhatIsTakenOut
from middleground.engine import Options
from middleground.texts.normalise import normalise
from middleground.texts.sameness import has_words

MOMENT = "%Y-%m-%dT%H:%M"


def propose_slug(question: str, taken: set[str]) -> str:
    """A free slug from the question's first words; empty if it has no Latin letters."""
    words = slugify(question).split("-")
    slug = ""
    for word in words:
        if slug and len(slug) + len(word) > 40:
            break
        slug = f"{slug}-{word}".strip("-")[:50]
    if not slug:
        return ""
    candidate, number = slug, 2
    while candidate in taken or candidate in RESERVED_SLUGS:
        candidate, number = f"{slug}-{number}", number + 1
    return candidate


class MomentField(forms.DateTimeField):
    """A date and time in the installation's time zone."""

    def __init__(self, **options: Any) -> None:
        widget = forms.DateTimeInput(format=MOMENT, attrs={"type": "datetime-local"})
        super().__init__(required=False, widget=widget, **options)


class DialogueForm(FoldsFields, TellsWhatIsTakenOut, forms.ModelForm[Dialogue]):
    FOLDED = frozenset({
        "vote_goal", "votes_before_writing", "statements_an_hour", "statement_limit",
        "votes_before_commenting", "minimum_shown", "map_minutes", "key_days",
    })  # fmt: skip
    opens_at = MomentField(label=_("Opens"))
    closes_at = MomentField(label=_("Closes"))

    class Meta:
        model = Dialogue
        fields = (
            "question", "background", "promise", "host_name", "slug", "opens_at", "closes_at",
            "open_participation", "moderation", "moderation_policy", "vote_goal",
            "votes_before_writing", "statements_an_hour", "statement_limit", "takes_comments",
            "votes_before_commenting", "minimum_shown", "map_minutes", "key_days",
        )  # fmt: skip
        widgets = {
            "question": forms.Textarea(attrs={"rows": 2, "data-count": "200", "dir": "auto"}),
            "background": forms.Textarea(attrs={"rows": 10, "dir": "auto"}),
            "promise": forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
            "moderation_policy": forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
            "host_name": forms.TextInput(attrs={"dir": "auto"}),
            "moderation": forms.RadioSelect,
        }
        labels = {
            "question": _("Question"),
            "background": _("Background"),
            "promise": _("What happens with the answers"),
            "host_name": _("Who hosts it"),
            "slug": _("Address"),
            "open_participation": _("Everyone may take part, without a code"),
            "vote_goal": _("Goal: statements to vote on"),
            "moderation": _("When staff look at statements"),
            "moderation_policy": _("What is not shown"),
            "votes_before_writing": _("Statements to vote on before writing one"),
            "statements_an_hour": _(
                "New statements and comments per hour before they wait for staff"
            ),
            "statement_limit": _("Longest statement, in characters"),
            "takes_comments": _("Comments below statements"),
            "votes_before_commenting": _("Statements to vote on before writing a comment"),
            "minimum_shown": _("Smallest number of people shown"),
            "map_minutes": _("Minutes between checks for a new map"),
            "key_days": _("Days until the key is destroyed"),
        }
        help_texts = {
            "question": _("Open, favoring no answer."),
            "background": _(
                "What everyone should know first, fair to each side. Markdown works: "
                "*emphasis*, ## heading, - list, [link](https://…)."
            ),
            "promise": _(
                "Who reads the result, by when, and what they will do. Promise only what you "
                "will keep."
            ),
            "host_name": _("Shown below the question."),
            "slug": _("Small letters, digits, hyphens. Empty: from the question."),
            "open_participation": _(
                "They do a small computation or wait first, and are shown apart from invited "
                "ones. If not checked, everyone needs a code."
            ),
            "moderation_policy": _(
                "Shown where people write. Markdown works. Empty: the usual reasons. At most "
                "2,000 characters."
            ),
            "vote_goal": _(
                "3–100, or all statements if there are fewer. Most people manage about 20, "
                "and may stop earlier or go on."
            ),
            "votes_before_writing": _(
                "0–50. Above 0, people must also be confirmed. With 0, statements of "
                "unconfirmed people wait for a moderator."
            ),
            "statements_an_hour": _("Also where staff read statements later. 1–1000."),
            "statement_limit": _("140 reads well on a phone. 40–1000."),
            "takes_comments": _(
                "Arguments for and against each statement. Moderators must read every "
                "comment. If turned off later, old comments stay."
            ),
            "votes_before_commenting": _("As for statements. 0–50."),
            "minimum_shown": _(
                "For every group and count. 5–100. While people take part, you can only raise it."
            ),
            "map_minutes": _(
                "0: hourly, or sooner if several hundred take part. For a meeting: 5 or 10. "
                "At most 1440, one day. A new map also needs enough new people."
            ),
            "key_days": _(
                "After the final map. Until then people can look at their own votes. Then "
                "nobody can tell whose a vote was, not even you. 0–90. While people take "
                "part, you can only shorten it."
            ),
        }

        error_messages = {
            "slug": {"invalid": _("Use only small letters, digits and hyphens, or leave it empty.")}
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        zone = {"zone": timezone.get_default_timezone_name()}
        self.fields["opens_at"].help_text = (
            _("Empty: when you open it. Time zone: %(zone)s.") % zone
        )
        self.fields["closes_at"].help_text = (
            _("Empty: when you close it. Time zone: %(zone)s.") % zone
        )
        self.fields["vote_goal"].help_text += " " + _(
            "The opinion map needs %(votes)d votes of a person on statements chosen for them."
        ) % {"votes": Options().min_votes}
        self.fields["slug"].required = False
        for name in ("opens_at", "closes_at"):
            self.fields[name].error_messages["invalid"] = _(
                "Write day and time like 2027-03-31 18:00, or leave it empty."
            )

    def clean_question(self) -> str:
        question = normalise(self.cleaned_data["question"])
        if not has_words(question):
            raise forms.ValidationError(_("Write the question."))
        return question

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"] or self.instance.slug
        if not slug:
            taken = Dialogue.objects.exclude(pk=self.instance.pk).values_list("slug", flat=True)
            slug = propose_slug(self.cleaned_data.get("question", ""), set(taken))
        if not slug:
            raise forms.ValidationError(
                _(
                    "We cannot make an address from this question. Write one with "
                    "letters from a to z."
                )
            )
        validate_not_reserved(slug)
        return slug

    def clean(self) -> dict[str, Any]:
        values: dict[str, Any] = super().clean() or self.cleaned_data
        opens_at, closes_at = values.get("opens_at"), values.get("closes_at")
        if opens_at and closes_at and opens_at >= closes_at:
            self.add_error("closes_at", _("It must close after it opens."))
        if self.instance.pk:
            stored = Dialogue.objects.get(pk=self.instance.pk)
            for name in ("opens_at", "closes_at"):
                # The input has no seconds, so losing them is not a change.
                before, now = getattr(stored, name), values.get(name)
                if before and now == before.replace(second=0, microsecond=0):
                    values[name] = before
            for name, problem in fixed_by_now(stored, values).items():
                self.add_error(name, problem.message)
        return values

    def values(self) -> dict[str, Any]:
        """The cleaned values, for ``lifecycle.actions``."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}


class SeedForm(forms.Form):
    lines = forms.CharField(
        label=_("Statements, one on each line"),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 12, "dir": "auto"}),
        help_text=_(
            "One sentence each to agree or disagree with. Bring all sides in equal number and "
            "tone, and some in between."
        ),
    )
    file = forms.FileField(
        label=_("Or a table"),
        required=False,
        allow_empty_file=True,
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.ods,.xls,.csv,.txt"}),
        help_text=_(
            "XLSX, ODS, XLS, UTF-8 CSV or Excel’s “Unicode text”, up to 1 MB. The first line "
            "names a column “text” or “comment-body”."
        ),
    )


class HoldForm(forms.Form):
    what = forms.ChoiceField(
        label=_("What is to be kept longer"),
        choices=RetentionHold.What.choices,
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
        help_text=_("Only staff read it. Name no person: a number or the court is enough."),
    )
