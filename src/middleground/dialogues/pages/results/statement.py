"""One statement: its text, its results, and the participant's own vote."""

from __future__ import annotations

from dataclasses import replace

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_cache_control, patch_vary_headers
from django.views.decorators.http import conditional_page, require_safe

from middleground.core.page_cache.marks import cached_page
from middleground.core.site_files.canonical import absolute
from middleground.dialogues.identity.cookie import token_of
from middleground.dialogues.identity.keys import WrongKey
from middleground.dialogues.identity.proofs import proof
from middleground.dialogues.identity.pseudonyms import pseudonym
from middleground.dialogues.models import Dialogue, Statement, Topic, Vote
from middleground.dialogues.pages.results.embed import frame_of
from middleground.dialogues.participation.admission import may_take_part
from middleground.dialogues.participation.correcting import may_correct
from middleground.dialogues.queries import public_dialogue
from middleground.dialogues.results import figures
from middleground.dialogues.results.citing.citation import cited_statement
from middleground.dialogues.results.published import PublishedMap, newest_map
from middleground.dialogues.results.topics.by_topic import topics_of_statement
from middleground.dialogues.statements.redaction import corrected_into, public_statement


@cached_page(query=("page",))
@require_safe
@conditional_page
def show_statement(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    dialogue = public_dialogue(slug)
    phase = dialogue.phase(timezone.now())
    try:
        statement = public_statement(dialogue, number)
    except Http404:
        return _corrected(request, dialogue, number, phase)
    page: dict[str, object] = {"dialogue": dialogue, "statement": statement, "phase": phase}
    if statement.status == Statement.Status.MERGED:
        page["target"] = statement.merged_into
    else:
        page |= _figures(dialogue, statement)
        page["topics"] = _topics(page["published"], statement)
        if phase == "open":
            page |= _own_vote(request, dialogue, statement)
    return _for_its_reader(request, render(request, "dialogues/statement.html", page))


def _for_its_reader(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    if token_of(request) or request.user.is_authenticated:
        patch_cache_control(response, private=True, no_store=True)
    else:
        patch_cache_control(response, no_cache=True)
    patch_vary_headers(response, ["Cookie"])
    return response


def _corrected(request: HttpRequest, dialogue: Dialogue, number: int, phase: str) -> HttpResponse:
    """Where a text is now that its author corrected. Raises ``Http404`` for any other."""
    found = corrected_into(dialogue, number)
    shown = Statement.objects.published().filter(pk=found.pk).exists()
    page = {
        "dialogue": dialogue,
        "number": number,
        "now": found.number,
        "waits": found.status == Statement.Status.PENDING and phase != "closed",
        # So no part of the page, its head included, can tell words that are not shown.
        "corrected": found if shown else None,
    }
    return _for_its_reader(request, render(request, "dialogues/corrected.html", page))


def _figures(dialogue: Dialogue, statement: Statement) -> dict[str, object]:
    published = newest_map(dialogue)
    facts = published.facts_of(statement.pk) if published else None
    if published is None or facts is None:
        return {"published": published, "facts": None}
    minimum, found = published.minimum, published.facts
    page: dict[str, object] = {
        "published": published,
        "facts": facts,
        "shown": bool(facts.everyone.tally.seen),
        "voted": figures.counted_participants(published.total(statement.pk).low.seen, minimum),
        "votes": figures.votes_figure("votes", published, facts),
    }
    file = figures.statement_file(published, statement.number, "rates")
    rates = figures.shares_figure(published, facts, file=file)
    if rates is not None:
        page["rates"] = replace(rates, frame=frame_of(statement))
    page["divided"] = found.status == "groups"
    page |= _citing(published, statement)
    page["middle_ground"] = any(
        item.holds and item.statement == statement.pk for item in found.middle_ground
    )
    page["divisive"] = any(item.holds and item.statement == statement.pk for item in found.divisive)
    return page


def _topics(published: object, statement: Statement) -> list[Topic]:
    """Those that have a page: of a map, with this statement on it."""
    if not isinstance(published, PublishedMap) or statement.pk not in published.statements:
        return []
    if published.facts.status == "too_little":
        return []
    return topics_of_statement(statement.dialogue, statement.pk)


def _citing(published: PublishedMap, statement: Statement) -> dict[str, object]:
    cited = cited_statement(published, statement)
    if cited is None:
        return {}
    dated = cited.address != absolute(statement.get_absolute_url())
    return {"cited": cited, "cited_is_dated": dated}


def _own_vote(request: HttpRequest, dialogue: Dialogue, statement: Statement) -> dict[str, object]:
    token = token_of(request)
    try:
        if token is None or not may_take_part(dialogue, token):
            return {}
        return {
            "may_correct": statement.author_id == pseudonym(dialogue.pk, token)
            and may_correct(statement),
            **_vote_and_proof(dialogue, token, statement),
        }
    except WrongKey:  # the statement itself is shown all the same
        return {}


def _vote_and_proof(dialogue: Dialogue, token: bytes, statement: Statement) -> dict[str, object]:
    vote = Vote.objects.filter(
        participant_id=pseudonym(dialogue.pk, token), statement_id=statement.pk
    ).first()
    dealt = vote is not None and vote.dealt
    return {
        "own_vote": True,
        "statement_number": statement.number,
        "proof": proof(dialogue.pk, token, statement.pk, dealt=dealt),
        "value": vote.value if vote else None,
        "dealt": dealt,
        "source": "statement",
    }
