"""The form of a response, with one choice and words for each concern of the case."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from middleground.answers.models import Concern, Outcome, Resolution, ResponseDraft
from middleground.answers.models.response import DETAILS_LETTERS, SUMMARY_LETTERS
from middleground.answers.responses.citations import citable
from middleground.answers.responses.drafts import DraftText
from middleground.answers.responses.templates import TEMPLATES
from middleground.core.page.day_field import DayField
from middleground.dialogues.models import Dialogue
from middleground.dialogues.results.figures import Figure, rates_figure
from middleground.dialogues.results.published import PublishedMap, newest_map
from middleground.dialogues.translations.languages import ask_language


@dataclass(frozen=True, slots=True)
class ConcernFields:
    """A concern with its figure and its two fields, as the page shows them."""

    concern: Concern
    outcome: forms.BoundField
    words: forms.BoundField
    figure: Figure | None  # how sure it is who agrees; None before there is a map


class DraftForm(forms.Form):
    """Everything may be left out while it is a draft; publishing says what is missing."""

    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    resolution = forms.ChoiceField(
        label=_("What will you do about it?"),
        choices=[("", _("Choose…"))]
        + [each for each in Resolution.choices if each[0] != Resolution.WITHDRAWN],
        required=False,
    )
    until = DayField(label=_("Deferred until"), required=False)
    language = forms.ChoiceField(label=_("Language of your text"), required=False)
    summary = forms.CharField(
        label=_("The answer in one sentence"),
        max_length=SUMMARY_LETTERS,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    details = forms.CharField(
        label=_("Details"),
        max_length=DETAILS_LETTERS,
        required=False,
        help_text=_("Markdown: **bold**, lists, links to sources."),
        widget=forms.Textarea(attrs={"rows": 8}),
    )
    correction = forms.CharField(
        label=_("What you correct, and why"), max_length=300, required=False
    )

    data: QueryDict

    def __init__(
        self, *args: Any, concerns: Sequence[Concern], dialogue: Dialogue, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.concerns = concerns
        ask_language(self, dialogue)
        sent = self.data.getlist("cites") if self.is_bound else self.initial.get("cites", ())
        self.fields["cites"] = forms.MultipleChoiceField(
            label=_("Claims and sources of this dialogue"),
            choices=citable(dialogue, sent),
            required=False,
            widget=forms.CheckboxSelectMultiple,
        )
        for concern in concerns:
            self.fields[f"outcome-{concern.number}"] = forms.ChoiceField(
                label=_("What the answer means for this concern"),
                choices=[("", _("Choose…")), *Outcome.choices],
                required=False,
            )
            self.fields[f"words-{concern.number}"] = forms.CharField(
                label=pgettext_lazy("what an answer means", "In words"),
                max_length=600,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    @classmethod
    def of(cls, draft: ResponseDraft, concerns: Sequence[Concern], dialogue: Dialogue) -> DraftForm:
        """A form that shows the draft."""
        initial: dict[str, Any] = {
            "revision": draft.revision,
            "resolution": draft.resolution,
            "until": draft.until,
            "summary": draft.summary,
            "details": draft.details,
            "correction": draft.correction,
            "cites": draft.cites,
            **({"language": draft.language} if draft.pk else {}),
        }
        for number, (outcome, words) in draft.dispositions.items():
            initial[f"outcome-{number}"], initial[f"words-{number}"] = outcome, words
        return cls(initial=initial, concerns=concerns, dialogue=dialogue)

    def rebase(self, draft: ResponseDraft) -> None:
        """Let what was sent be saved next on top of this draft."""
        sent = self.data.copy()
        sent["revision"] = str(draft.revision)
        self.data = sent

    def by_concern(self) -> Iterator[ConcernFields]:
        published = newest_map(self.concerns[0].dialogue) if self.concerns else None
        for concern in self.concerns:
            fields = (self[f"outcome-{concern.number}"], self[f"words-{concern.number}"])
            yield ConcernFields(concern, *fields, _figure(published, concern))

    def begin_with_template(self) -> None:
        """Put the beginning of such an answer before the details that were sent."""
        words = TEMPLATES.get(self.data.get("resolution", ""), "")
        sent = self.data.copy()
        sent["details"] = "\n\n".join(filter(None, (str(words), sent.get("details", ""))))
        self.data = sent

    def text(self) -> DraftText:
        cleaned = self.cleaned_data
        said = {
            str(each.number): [cleaned[f"outcome-{each.number}"], cleaned[f"words-{each.number}"]]
            for each in self.concerns
        }
        return DraftText(
            resolution=cleaned["resolution"],
            until=cleaned["until"],
            summary=cleaned["summary"],
            details=cleaned["details"],
            correction=cleaned["correction"],
            dispositions={number: both for number, both in said.items() if any(both)},
            cites=cleaned["cites"],
            language=cleaned.get("language", ""),
        )


def _figure(published: PublishedMap | None, concern: Concern) -> Figure | None:
    """Who agrees with the concern, by group, with the uncertainty of it."""
    facts = published.facts_of(concern.statement_id or 0) if published else None
    if published is None or facts is None or not facts.everyone.tally.seen:
        return None
    rates = [facts.everyone, *facts.groups]
    return rates_figure(f"concern-{concern.number}", rates, published.minimum)
