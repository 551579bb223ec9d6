"""Page to add the host's own statements, with a preview; refused lines stay in the form."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from middleground.dialogues.desk.dialogues import dialogue_frame
from middleground.dialogues.desk.forms import SeedForm
from middleground.dialogues.models import Dialogue, Statement
from middleground.dialogues.queries import any_dialogue
from middleground.dialogues.statements.list_marks import without_list_marks
from middleground.dialogues.statements.seed_import import (
    MOST_LINES,
    TableRefused,
    look_at,
    read_lines,
    read_table,
)
from middleground.dialogues.statements.seeds import SeedsRefused, add_statements, remove_statement
from middleground.people.permissions import Action, require, staff_only, staff_user


@staff_only
@require_http_methods(["GET", "HEAD", "POST"])
def add_seeds(request: HttpRequest, slug: str) -> HttpResponse:
    dialogue = any_dialogue(slug)
    require(request, Action.FACILITATE, dialogue)
    if request.method != "POST":
        return _page(request, dialogue, SeedForm())
    form = SeedForm(request.POST, request.FILES)
    texts = _texts(form)
    typed = request.POST.get("lines", "")
    if form.errors:
        return _page(request, dialogue, _kept(form, typed))
    if "add" not in request.POST or request.FILES:
        # Only when they are looked at: who types a mark back and then adds, keeps it.
        texts, marked = without_list_marks(texts)
        kept = SeedForm(initial={"lines": "\n".join(texts)})
        return _page(request, dialogue, kept, texts, marked)
    try:
        added, rest = add_statements(staff_user(request), dialogue, texts)
    except SeedsRefused as refused:
        messages.error(request, refused.message)
        return _page(request, dialogue, _kept(form, typed))
    if added:
        done = ngettext("%(n)d statement was added.", "%(n)d statements were added.", added)
        messages.success(request, done % {"n": added})
    if not rest:
        return redirect("desk_seeds", slug=slug)
    messages.warning(request, _("Lines that could not be added are below."))
    left = [candidate.text for candidate in rest]
    return _page(request, dialogue, SeedForm(initial={"lines": "\n".join(left)}), left)


def _texts(form: SeedForm) -> list[str]:
    """Texts of lines and file together; problems are added to the form's errors."""
    form.is_valid()
    texts = read_lines(form.cleaned_data.get("lines", ""))
    file = form.cleaned_data.get("file")
    if file:
        try:
            texts += read_table(file.read(), file.name or "")
        except TableRefused as refused:
            for reason in refused.reasons:
                form.add_error("file", reason.message)
    if not texts and not form.errors:
        form.add_error("lines", _("Write at least one statement, or choose a file."))
    if len(texts) > MOST_LINES:
        form.add_error(
            "lines",
            _("These are %(have)d statements. Add at most %(limit)d at a time.")
            % {"have": len(texts), "limit": MOST_LINES},
        )
    return texts


def _kept(form: SeedForm, typed: str) -> SeedForm:
    """The form with its errors and the typed lines. Browsers do not keep a chosen file."""
    form.initial["lines"] = typed
    return form


def _page(
    request: HttpRequest,
    dialogue: Dialogue,
    form: SeedForm,
    texts: list[str] | None = None,
    marked: int = 0,
) -> HttpResponse:
    candidates = look_at(dialogue, texts) if texts else []
    own = dialogue.statements.filter(origin=Statement.Origin.SEED).exclude(
        status=Statement.Status.MERGED
    )
    page = {
        **dialogue_frame(request, dialogue),
        "form": form,
        "candidates": candidates,
        "good": sum(not candidate.problem for candidate in candidates),
        "list_marks": marked,
        "own": own.order_by("number"),
        "removable": dialogue.state == Dialogue.State.DRAFT,
    }
    return render(request, "dialogues/desk/seeds.html", page)


@staff_only
@require_POST
def remove_seed(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    dialogue = any_dialogue(slug)
    require(request, Action.FACILITATE, dialogue)
    statement = dialogue.statements.filter(number=number).first()
    if statement is None:
        raise Http404
    try:
        remove_statement(staff_user(request), statement)
    except SeedsRefused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, _("Statement %(number)d was removed.") % {"number": number})
    return redirect("desk_seeds", slug=slug)
