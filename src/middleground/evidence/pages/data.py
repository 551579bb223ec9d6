"""Figures behind a claim: the chart for everyone, the form for staff."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from middleground.dialogues.desk.dialogues import dialogue_frame
from middleground.dialogues.models import Dialogue
from middleground.dialogues.queries import any_dialogue, public_dialogue
from middleground.dialogues.results.figures import file_of, words
from middleground.dialogues.results.picture_files import PictureFile
from middleground.evidence.actions.data import (
    MOST_BYTES,
    DataRefused,
    attach_data,
    read_rows,
    remove_data,
)
from middleground.evidence.models import Claim, ClaimData
from middleground.evidence.pages.forms import NumberedSourceForm
from middleground.evidence.queries import claim_at_desk
from middleground.people.permissions import Action, require, staff_only, staff_user
from middleground.pictures import Series, SeriesPoint, Table, series_chart, series_table
from middleground.texts.normalise import normalise


@dataclass(frozen=True, slots=True)
class ChartFigure:
    """A chart with its table, as ``dialogues/_figure.html`` shows it."""

    key: str
    svg: SafeString
    table: Table
    caption: str
    file: str = ""


class DataForm(NumberedSourceForm):
    what = forms.CharField(
        label=gettext_lazy("What was measured"),
        max_length=120,
        widget=forms.TextInput(attrs={"dir": "auto"}),
        help_text=gettext_lazy("For example: ships that called, per year."),
    )
    place = forms.CharField(
        label=pgettext_lazy("where it was measured", "Place"),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    unit = forms.CharField(
        label=gettext_lazy("Unit"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"dir": "auto"}),
    )
    table = forms.CharField(
        label=gettext_lazy("The table"),
        required=False,
        max_length=MOST_BYTES,
        widget=forms.Textarea(attrs={"rows": 8, "dir": "ltr", "spellcheck": "false"}),
        help_text=gettext_lazy(
            "CSV. First line: “period” and “value”, plus “low” and “high” for a "
            "range. Then one line per period, in order."
        ),
    )
    file = forms.FileField(
        label=gettext_lazy("Or a CSV file"), required=False, allow_empty_file=True
    )

    def clean(self) -> dict[str, Any]:
        """Read the rows of the file, or else of what was typed."""
        super().clean()
        for name in ("what", "place", "unit"):
            self.cleaned_data[name] = normalise(self.cleaned_data.get(name, ""))
        if not self.cleaned_data["what"] and "what" not in self.errors:
            self.add_error("what", _("Say what was measured."))
        file = self.cleaned_data.get("file")
        content = file.read(MOST_BYTES + 1) if file else self.cleaned_data.get("table", "").encode()
        try:
            self.cleaned_data["rows"] = read_rows(content)
        except DataRefused as refused:
            for reason in refused.reasons:
                self.add_error("file" if file else "table", reason.message)
        return self.cleaned_data


def figure_of(claim: Claim) -> ChartFigure | None:
    """The chart of the claim's figures; None without any, or if their source is withdrawn."""
    data = _data_of(claim)
    if data is None:
        return None
    series = Series(tuple(SeriesPoint(*row) for row in data.rows), data.what, data.place, data.unit)
    svg = series_chart(series, words=words())
    caption = f"{data.what}, {data.place}" if data.place else data.what
    return ChartFigure(
        "series",
        mark_safe(svg),  # noqa: S308 -- pictures escape what they draw
        series_table(series, words=words()),
        caption,
        file_of("claim-picture", claim.dialogue.slug, claim.number),
    )


def _data_of(claim: Claim) -> ClaimData | None:
    shown = ClaimData.objects.filter(claim=claim, source__withdrawn="")
    return shown.select_related("source").first()


def series_picture(slug: str, number: int) -> PictureFile:
    """The chart of a claim's figures as a file."""
    dialogue = public_dialogue(slug)
    claim = dialogue.claims.filter(number=number, withdrawn="").first()
    if claim is None:
        raise Http404
    claim.dialogue = dialogue
    figure, data = figure_of(claim), _data_of(claim)
    if figure is None or data is None:
        raise Http404
    return PictureFile(
        figure.svg,
        figure.caption,
        dialogue,
        claim.get_absolute_url(),
        timezone.localdate(),
        credit=_("Figures from: %(source)s.") % {"source": data.source.title},
    )


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def change_data(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    dialogue = any_dialogue(slug)
    require(request, Action.MODERATE, dialogue)
    claim = claim_at_desk(dialogue, number)
    form = _form(request, dialogue, claim)
    if form.is_valid():
        values = form.cleaned_data
        attach_data(
            staff_user(request),
            claim,
            values["source"],
            values["rows"],
            what=values["what"],
            place=values["place"],
            unit=values["unit"],
        )
        messages.success(request, _("The figures are attached."))
        return redirect("desk_data", slug=slug, number=number)
    page = {
        **dialogue_frame(request, dialogue),
        "claim": claim,
        "form": form,
        "figure": figure_of(claim),
    }
    return render(request, "evidence/desk/data.html", page)


@staff_only
@require_POST
def delete_data(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    dialogue = any_dialogue(slug)
    require(request, Action.MODERATE, dialogue)
    remove_data(staff_user(request), claim_at_desk(dialogue, number))
    messages.success(request, _("The figures are removed."))
    return redirect("desk_claim", slug=slug, number=number)


def _form(request: HttpRequest, dialogue: Dialogue, claim: Claim) -> DataForm:
    if request.method == "POST":
        return DataForm(dialogue, request.POST, request.FILES)
    data = ClaimData.objects.filter(claim=claim).select_related("source").first()
    if data is None:
        return DataForm(dialogue)
    lines = [",".join("" if cell is None else str(cell) for cell in row) for row in data.rows]
    given = {
        "source": data.source.number,
        "what": data.what,
        "place": data.place,
        "unit": data.unit,
        "table": "\n".join(["period,value,low,high", *lines]),
    }
    return DataForm(dialogue, initial=given)
