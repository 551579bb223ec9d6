"""Files that verifiers compare with the log: all versions of all answers, and their rules."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from middleground.answers.cases.rules import shown_rules
from middleground.answers.models import (
    AnswerRules,
    CaseEvent,
    Disposition,
    Response,
    ResponseCitation,
)
from middleground.answers.responses.document import Said, content_of
from middleground.core.languages.first import in_first_language
from middleground.core.page_cache.marks import cached_page
from middleground.dialogues.models import Dialogue
from middleground.dialogues.queries import public_dialogue

ANSWERS, RULES = "middleground-answers/1", "middleground-rules/1"
Kind = CaseEvent.Kind
_NAMING, _ANSWERS = (Kind.OPENED, Kind.DESCRIBED), (Kind.ANSWERED, Kind.CORRECTED)
ByVersion = dict[tuple[int, int], str]  # by the case's primary key and the version
_KINDS = (*_NAMING, *_ANSWERS, Kind.RETRACTED)


@cached_page()
@require_safe
@in_first_language
def show_answers_file(request: HttpRequest, slug: str) -> HttpResponse:  # noqa: ARG001
    """One line for each response, so that two copies can be compared by lines."""
    dialogue = public_dialogue(slug)
    head = _json({"format": ANSWERS, "dialogue": dialogue.slug}).removesuffix("}")
    responses = ",\n".join(map(_json, _responses(dialogue)))
    content = f'{head}, "responses": [\n{responses}\n]}}\n'
    return HttpResponse(content, content_type="application/json")


@cached_page()
@require_safe
@in_first_language
def show_rules_file(request: HttpRequest, slug: str) -> HttpResponse:  # noqa: ARG001
    dialogue = public_dialogue(slug)
    rules = AnswerRules.objects.filter(dialogue=dialogue).select_related("dialogue")
    content = {
        "format": RULES,
        "dialogue": dialogue.slug,
        "rules": [shown_rules(each) for each in rules],
    }
    return JsonResponse(content, json_dumps_params={"ensure_ascii": False, "indent": 1})


def _json(content: dict[str, Any]) -> str:
    # Without an indent the encoder is the one in C, which takes a tenth of the time.
    return json.dumps(content, ensure_ascii=False)


def _responses(dialogue: Dialogue) -> Iterator[dict[str, Any]]:
    """By case and version; what is not in the document says what the log says elsewhere.

    Dispositions and events are read as values: as thousands of objects they take ten times as long.
    """
    found = Response.objects.filter(case__dialogue=dialogue).select_related("case")
    # First, so that the others have what belongs to each, also of one that is published meanwhile.
    responses = list(found.order_by("case__number", "version"))
    titles, withdrawn = _from_events(dialogue)
    said, cited = _said(dialogue), _cited(dialogue)
    for response in responses:
        response.case.dialogue = dialogue
        key = response.case_id, response.version
        content = content_of(response, titles[key], said[response.pk], cited[response.pk])
        beside = {"withdrawn": key in withdrawn, "withdrawn_on": withdrawn.get(key, "")}
        yield {**content, **beside}


def _said(dialogue: Dialogue) -> dict[int, list[Said]]:
    """By the response's primary key."""
    said: defaultdict[int, list[Said]] = defaultdict(list)
    found = Disposition.objects.filter(response__case__dialogue=dialogue).order_by("pk")
    fields = ("response_id", "concern__number", "outcome", "words")
    for key, number, outcome, words in found.values_list(*fields):
        said[key].append(Said(number, outcome, words))
    return said


def _cited(dialogue: Dialogue) -> dict[int, list[ResponseCitation]]:
    """By the response's primary key."""
    cited: defaultdict[int, list[ResponseCitation]] = defaultdict(list)
    found = ResponseCitation.objects.filter(response__case__dialogue=dialogue)
    for each in found.select_related("claim", "source"):
        cited[each.response_id].append(each)
    return cited


def _from_events(dialogue: Dialogue) -> tuple[ByVersion, ByVersion]:
    """What the case was called then, and on which day the answer was withdrawn, if it was."""
    found = CaseEvent.objects.filter(case__dialogue=dialogue, kind__in=_KINDS).order_by("pk")
    return _titles_and_withdrawn(found.values_list("case_id", "kind", "facts", "on"))


def _titles_and_withdrawn(
    events: Iterable[tuple[int, str, dict[str, Any], date]],
) -> tuple[ByVersion, ByVersion]:
    title_of: dict[int, str] = {}
    titles: ByVersion = {}
    withdrawn: ByVersion = {}
    for case, kind, facts, on in events:
        if kind in _NAMING:
            title_of[case] = facts["title"]
        elif kind in _ANSWERS:
            titles[case, facts["version"]] = title_of[case]
        else:
            withdrawn[case, facts["version"]] = on.isoformat()
    return titles, withdrawn
