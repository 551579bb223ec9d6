"""A statement's figures as they were on one published map, for whoever cited them then."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from middleground.core.changes import note_until
from middleground.core.page_cache.marks import cached_page
from middleground.dialogues.models import Statement
from middleground.dialogues.queries import public_dialogue
from middleground.dialogues.results import figures
from middleground.dialogues.results.citing.dated import SOON, dated_figures, dated_map
from middleground.dialogues.results.published import newest_map
from middleground.dialogues.statements.redaction import public_statement


@cached_page()
@require_safe
def show_statement_as_of(request: HttpRequest, slug: str, number: int, code: str) -> HttpResponse:
    dialogue = public_dialogue(slug)
    statement = public_statement(dialogue, number)
    row = dated_map(dialogue, code)
    if row is None:
        raise Http404
    if statement.status == Statement.Status.MERGED:  # its own page says into which
        return redirect(statement)
    row.dialogue = dialogue
    then = dated_figures(row, statement)
    if not then.known:
        note_until(timezone.now() + SOON)
    published = newest_map(dialogue)
    is_newest = published is not None and published.document_hash == row.document_hash
    page: dict[str, object] = {
        "dialogue": dialogue,
        "statement": statement,
        "then": then,
        "is_newest": is_newest,
        "published": published,
    }
    if then.rates:
        page["rates_then"] = figures.rates_figure("then", then.rates, then.minimum)
    now = published.facts_of(statement.pk) if published and not is_newest else None
    if published and now and now.everyone.tally.seen:
        rates = now.groups if published.facts.status == "groups" else (now.everyone,)
        page["rates_now"] = figures.rates_figure("now", rates, published.minimum)
    response = render(request, "dialogues/statement_as_of.html", page)
    patch_cache_control(response, no_cache=True)
    return response
