"""Importing and exporting files of sources at the desk."""

from __future__ import annotations

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from middleground.core.languages.first import in_first_language
from middleground.dialogues.desk.dialogues import dialogue_frame
from middleground.dialogues.queries import any_dialogue
from middleground.evidence.exchange.entries import FileFormat, FileRefused
from middleground.evidence.exchange.files import (
    ENDINGS,
    ImportReport,
    import_sources,
    read_file,
    write_file,
)
from middleground.people.permissions import Action, require, staff_only, staff_user

MOST_BYTES = 2_500_000
SHOWN_PROBLEMS = 200


class ImportForm(forms.Form):
    file = forms.FileField(
        label=gettext_lazy("File"),
        help_text=gettext_lazy("BibTeX, RIS or CSL-JSON, up to 2.5 MB."),
        allow_empty_file=True,
    )
    strict = forms.BooleanField(
        label=gettext_lazy("Import nothing if any entry is bad"), required=False
    )


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def import_file(request: HttpRequest, slug: str) -> HttpResponse:
    """Look at a file, or import it; bad entries are listed with their place and the reason."""
    dialogue = any_dialogue(slug)
    require(request, Action.MODERATE, dialogue)
    form = ImportForm(request.POST, request.FILES) if request.method == "POST" else ImportForm()
    report: ImportReport | None = None
    looked = "import" not in request.POST
    if form.is_valid():
        try:
            content = form.cleaned_data["file"].read(MOST_BYTES + 1)
            if len(content) > MOST_BYTES:
                raise FileRefused("too_large")
            report = import_sources(
                staff_user(request),
                dialogue,
                read_file(content),
                strict=form.cleaned_data["strict"],
                dry_run=looked,
            )
        except FileRefused as refused:
            form.add_error("file", refused.message)
    if report and not looked and not report.problems:
        messages.success(request, _said(report))
        return redirect("desk_sources", slug=slug)
    page = {
        **dialogue_frame(request, dialogue),
        "form": form,
        "report": report,
        "said": _said(report) if report else "",
        "looked": looked,
        "problems": report.problems[:SHOWN_PROBLEMS] if report else [],
        "more_problems": max(0, len(report.problems) - SHOWN_PROBLEMS) if report else 0,
    }
    return render(request, "evidence/desk/import.html", page)


def _said(report: ImportReport) -> str:
    new = ngettext("%(n)d source is new", "%(n)d sources are new", report.added)
    known = ngettext("%(n)d was there already", "%(n)d were there already", report.known)
    return f"{new % {'n': report.added}}, {known % {'n': report.known}}."


@staff_only
@require_safe
@in_first_language
def export_file(request: HttpRequest, slug: str, format_: str) -> HttpResponse:
    dialogue = any_dialogue(slug)
    require(request, Action.MODERATE, dialogue)
    chosen = FileFormat(format_)
    kind = "application/json" if chosen is FileFormat.CSL_JSON else "text/plain; charset=utf-8"
    response = HttpResponse(write_file(dialogue, chosen), content_type=kind)
    name = f"{dialogue.slug}-sources.{ENDINGS[chosen]}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
