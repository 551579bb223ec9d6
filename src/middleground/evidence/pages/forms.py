"""Forms of sources and claims at the desk."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from middleground.core.languages.typed import plain_parts
from middleground.core.page.typed_fields import PlainField
from middleground.dialogues.models import Dialogue
from middleground.dialogues.texts.form_fields import TellsWhatIsTakenOut
from middleground.evidence.actions.claims import citing_numbers
from middleground.evidence.cleaning import FIELDS, clean_source, doi_in
from middleground.evidence.models import Claim, Passage, Source
from middleground.evidence.models.source import validate_partial_date, validate_web_address
from middleground.texts.normalise import normalise
from middleground.texts.sameness import has_words

_ONE_LINE = forms.TextInput(attrs={"dir": "auto"})
_LATIN = forms.TextInput(attrs={"dir": "ltr", "autocapitalize": "off", "spellcheck": "false"})
MOST_CITING = 200


class RevisedForm(TellsWhatIsTakenOut, forms.Form):
    """A form that knows which state of the object it was filled from."""

    revision = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=0)

    def clean_revision(self) -> int:
        return self.cleaned_data["revision"] or 0


class SourceForm(RevisedForm, forms.ModelForm[Source]):
    class Meta:
        model = Source
        fields = FIELDS
        widgets = {
            "kind": forms.Select,
            "title": forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
            "authors": forms.Textarea(attrs={"rows": 3, "dir": "auto"}),
            "publisher": _ONE_LINE,
            "appeared_in": _ONE_LINE,
            "funding": _ONE_LINE,
            "published": _LATIN,
            "volume": _LATIN,
            "issue": _LATIN,
            "pages": _LATIN,
            "doi": _LATIN,
            "address": forms.TextInput(attrs={"dir": "ltr", "inputmode": "url"}),
            "language": _LATIN,
        }
        labels = {
            "kind": _("Kind of source"),
            "title": _("Title"),
            "authors": _("Authors, one a line"),
            "publisher": _("Publisher"),
            "published": _("Date or year"),
            "appeared_in": _("Appeared in"),
            "volume": _("Volume"),
            "issue": _("Issue"),
            "pages": _("Pages"),
            "doi": _("DOI"),
            "address": _("Web address"),
            "language": _("Language"),
            "evidence": _("What kind of evidence it is"),
            "funding": _("Who paid for it"),
        }
        help_texts = {
            "authors": _(
                "A person: “Family name, given name”. An organization: its name, in { } if it "
                "has a comma."
            ),
            "published": _("2019, 2019-05 or 2019-05-03."),
            "appeared_in": _("The journal, newspaper or collection."),
            "address": _("Starts with http:// or https://."),
            "language": _("Its short name, such as en or es, if known."),
            "funding": _("If empty, the page says “not stated”."),
        }

    field_order = ("kind", "title", "authors", "publisher", "published", "address", "evidence")

    def clean(self) -> dict[str, Any]:
        super().clean()
        given = {name: self.cleaned_data[name] for name in FIELDS if name in self.cleaned_data}
        cleaned, problems = clean_source(given)
        self.cleaned_data.update({name: cleaned[name] for name in given})
        for name in given.keys() & problems.keys():
            self.add_error(name, problems[name])
        return self.cleaned_data

    def _post_clean(self) -> None:
        """The instance stays as it is; the fields are checked above, as those of a file are."""

    def values(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in FIELDS}


class ClaimForm(RevisedForm):
    text = forms.CharField(
        label=_("The claim"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto", "data-count": "400"}),
        help_text=_("One plain sentence that sources can support or dispute, taking no side."),
    )
    cited_by = forms.CharField(
        label=_("Statements that cite it"),
        required=False,
        max_length=1_000,
        widget=_LATIN,
        help_text=_("Numbers, separated by commas. Their pages link to the claim."),
    )
    in_background = forms.BooleanField(
        label=_("The dialogue’s own page cites it below the background"), required=False
    )

    def clean_text(self) -> str:
        text = normalise(self.cleaned_data["text"])
        if not has_words(text):
            raise ValidationError(_("Write the claim."))
        return text

    def clean_cited_by(self) -> list[int]:
        parts = plain_parts(self.cleaned_data["cited_by"])
        wrong = [part for part in parts if not re.fullmatch(r"[0-9]{1,9}", part)]
        if wrong:
            raise ValidationError(
                _("“%(part)s” is not a statement’s number."), params={"part": wrong[0][:40]}
            )
        numbers = sorted({int(part) for part in parts})
        if len(numbers) > MOST_CITING:
            raise ValidationError(
                ngettext(
                    "At most %(most)d statement can cite a claim.",
                    "At most %(most)d statements can cite a claim.",
                    MOST_CITING,
                ),
                params={"most": MOST_CITING},
            )
        return numbers

    @classmethod
    def of(cls, claim: Claim) -> dict[str, Any]:
        """The form's initial values for a claim."""
        return {
            "text": claim.text,
            "cited_by": ", ".join(map(str, citing_numbers(claim))),
            "in_background": claim.in_background,
            "revision": claim.revision,
        }


class NumberedSourceForm(TellsWhatIsTakenOut, forms.Form):
    """A form that names a source of the dialogue by its number."""

    source = forms.IntegerField(
        label=_("Number of the source"), min_value=1, widget=forms.NumberInput
    )

    def __init__(self, dialogue: Dialogue, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._dialogue = dialogue

    def clean_source(self) -> Source:
        number = self.cleaned_data["source"]
        source = None
        if number < 2**31:
            source = Source.objects.filter(dialogue=self._dialogue, number=number).first()
        if source is None or source.withdrawn:
            raise ValidationError(_("There is no source with this number. Add it first."))
        return source


class PassageForm(NumberedSourceForm):
    side = forms.ChoiceField(
        label=_("How the source relates to the claim"),
        choices=Passage.Side.choices,
        widget=forms.RadioSelect,
    )
    quote = forms.CharField(
        label=_("Quote"),
        max_length=1_500,
        widget=forms.Textarea(attrs={"rows": 4, "dir": "auto"}),
        help_text=_("The source’s own words, for readers to check."),
    )
    place = forms.CharField(
        label=_("Page or place"), max_length=60, required=False, widget=_ONE_LINE
    )

    def clean_quote(self) -> str:
        lines = (normalise(line) for line in self.cleaned_data["quote"].splitlines())
        quote = "\n".join(line for line in lines if line)
        if not has_words(quote):
            raise ValidationError(_("Write the quote."))
        return quote

    def clean_place(self) -> str:
        return normalise(self.cleaned_data["place"])


class WithdrawForm(TellsWhatIsTakenOut, forms.Form):
    reason = forms.CharField(
        label=_("Why it is withdrawn"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}),
        help_text=_("Readers see this instead. The number stays."),
    )

    def clean_reason(self) -> str:
        reason = normalise(self.cleaned_data["reason"])
        if not has_words(reason):
            raise ValidationError(_("Write a reason."))
        return reason


class ProposalForm(TellsWhatIsTakenOut, forms.Form):
    """What a participant proposes as a source."""

    address = forms.CharField(
        label=_("Web address or DOI"),
        required=False,
        max_length=500,
        widget=forms.TextInput(attrs={"dir": "ltr", "inputmode": "url", "autocomplete": "off"}),
        help_text=_("Starts with http:// or https://. Or a DOI, such as 10.1000/182."),
    )
    title = forms.CharField(
        label=_("Title"),
        required=False,
        max_length=300,
        widget=_ONE_LINE,
        help_text=_("An address or a title is enough. Both are better."),
    )
    kind = forms.ChoiceField(label=_("Kind of source"), choices=Source.Kind.choices)
    authors = forms.CharField(label=_("Author"), required=False, max_length=300, widget=_ONE_LINE)
    publisher = forms.CharField(
        label=_("Publisher"), required=False, max_length=200, widget=_ONE_LINE
    )
    published = PlainField(
        label=_("Date or year"),
        required=False,
        max_length=10,
        widget=_LATIN,
        validators=[validate_partial_date],
        help_text=_("2019, 2019-05 or 2019-05-03."),
    )
    shows = forms.CharField(
        label=_("What it shows, in one sentence"),
        max_length=400,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto", "autocomplete": "off"}),
        help_text=_("About the matter, not a person. Nothing that shows who someone is."),
        error_messages={"required": _("Say what it shows in one sentence.")},
    )

    def clean(self) -> dict[str, Any]:
        super().clean()
        values = {name: normalise(text) for name, text in self.cleaned_data.items()}
        values["doi"] = doi_in(values.get("address", ""))
        if values["doi"]:
            values["address"] = ""
        elif values.get("address"):
            try:
                validate_web_address(values["address"])
            except ValidationError as wrong:
                self.add_error("address", wrong)
        if not self.errors and not any(
            has_words(values[name]) for name in ("address", "doi", "title")
        ):
            self.add_error("address", _("Give its address or title, so people can find it."))
        if "shows" in values and not has_words(values["shows"]):
            self.add_error("shows", _("Say what it shows in one sentence."))
        return values

    def parts(self) -> dict[str, str]:
        """The cleaned values by field, and ``doi``."""
        return dict(self.cleaned_data)

    def typed(self) -> str:
        """All that was typed, for a page that can only give it back."""
        names = [name for name in self.fields if name != "kind"]
        return "\n".join(self.data[name] for name in names if self.data.get(name))
