"""Publishing a response: one transaction with its dispositions, its event and its log record."""

from __future__ import annotations

from hashlib import sha256

from django.db import transaction

from middleground.answers.cases.asking import asking
from middleground.answers.cases.owners import check_reason, signed
from middleground.answers.cases.record import LockedCase, lock
from middleground.answers.models import (
    AnswerRules,
    Case,
    CaseEvent,
    CaseStatus,
    Concern,
    Disposition,
    Outcome,
    Resolution,
    Response,
    ResponseCitation,
    ResponseDraft,
)
from middleground.answers.responses.citations import check_cited, citations_of
from middleground.answers.responses.document import Said, document_of
from middleground.answers.responses.drafts import draft_of
from middleground.answers.responses.refusals import ResponseRefused
from middleground.core import dates
from middleground.ledger.records.entries import LoggedResponse, WithdrawnResponse
from middleground.people.bodies.queries import holder_name
from middleground.people.models import Post, User
from middleground.publiclog.append import append
from middleground.texts.places import place_left

Kind = CaseEvent.Kind
# What needs words of its own for those who raised it.
_NEEDS_WORDS = (Outcome.NOT_ACCEPTED, Outcome.IN_PART, Outcome.NOT_OURS)


@transaction.atomic
def publish_response(by: User, case: Case, post: Post, revision: int) -> Response:
    """Publish the draft as the next version. The case is answered, or its answer corrected."""
    held = lock(case)
    case, draft = held.case, draft_of(case)
    if draft.revision != revision:
        raise ResponseRefused("saved_meanwhile", name=str(draft.edited_by or ""))
    if held.state.body_id != post.body_id:
        raise ResponseRefused("not_the_owner")
    concerns = asking(case)
    _check_whole(case, draft, concerns)
    _check_reviewed(case, draft)
    correcting = held.state.status == CaseStatus.ANSWERED
    if correcting and not draft.correction.strip():
        raise ResponseRefused("no_correction")
    response = _store(by, held, post, draft, concerns)
    facts = {**signed(post), "resolution": draft.resolution, "version": response.version}
    if correcting:
        facts["reason"] = draft.correction
        held.add(Kind.CORRECTED, facts, by=by, body=post.body, post=post)
    else:
        held.add(Kind.ANSWERED, facts, by=by, body=post.body, post=post)
    draft.delete()
    return response


@transaction.atomic
def retract_response(by: User, case: Case, post: Post, reason: str) -> None:
    """Withdraw the answer that stands. It stays readable, and the case waits again."""
    check_reason(reason)
    held = lock(case)
    if held.state.body_id != post.body_id:
        raise ResponseRefused("not_the_owner")
    last = held.case.responses.order_by("-version").first()
    version = last.version if last else 0
    facts = {**signed(post), "reason": reason, "version": version}
    held.add(Kind.RETRACTED, facts, by=by, body=post.body, post=post)
    append(WithdrawnResponse(held.case.dialogue.slug, held.case.number, version))


def _check_whole(case: Case, draft: ResponseDraft, concerns: list[Concern]) -> None:
    """Refuse an answer that leaves something out, with all reasons at once."""
    reasons = []
    if not draft.resolution:
        reasons.append(ResponseRefused("no_resolution"))
    if draft.resolution == Resolution.DEFERRED and draft.until is None:
        reasons.append(ResponseRefused("no_day"))
    if not draft.summary.strip():
        reasons.append(ResponseRefused("no_summary"))
    left = place_left(draft.summary, draft.details)
    if left:
        reasons.append(ResponseRefused("template_left", words=left))
    for concern in concerns:
        outcome, words = draft.dispositions.get(str(concern.number)) or ("", "")
        if outcome not in Outcome.values:
            reasons.append(ResponseRefused("no_disposition", number=concern.number))
        elif outcome in _NEEDS_WORDS and not words.strip():
            reasons.append(ResponseRefused("no_words", number=concern.number))
    reasons += check_cited(case.dialogue, draft.cites)
    if reasons:
        raise ResponseRefused.for_all(reasons)


def _check_reviewed(case: Case, draft: ResponseDraft) -> None:
    rules = AnswerRules.objects.filter(dialogue=case.dialogue).first()
    if rules is not None and rules.reviewed and draft.reviewed_revision != draft.revision:
        raise ResponseRefused("not_reviewed")


def _store(
    by: User, held: LockedCase, post: Post, draft: ResponseDraft, concerns: list[Concern]
) -> Response:
    """Store the version with its dispositions, and give its document to the public log."""
    case = held.case
    response = Response(
        case=case,
        version=held.state.versions + 1,
        post=post,
        body_name=post.body.name,
        post_title=post.title,
        holder=holder_name(post, by, dates.today()),
        resolution=draft.resolution,
        language=draft.language,
        until=draft.until if draft.resolution == Resolution.DEFERRED else None,
        summary=draft.summary,
        details=draft.details,
        correction=draft.correction,
        published_on=dates.today(),
        by=by,
    )
    dispositions = [
        Disposition(response=response, concern=concern, outcome=outcome, words=words)
        for concern in concerns
        for outcome, words in [draft.dispositions[str(concern.number)]]
    ]
    said = [Said(each.concern.number, each.outcome, each.words) for each in dispositions]
    citations = citations_of(response, case.dialogue, draft.cites)
    document = document_of(response, held.state.title, said, citations)
    digest = sha256(document).digest()
    response.document = digest.hex()
    response.save()
    Disposition.objects.bulk_create(dispositions)
    ResponseCitation.objects.bulk_create(citations)
    append(LoggedResponse(case.dialogue.slug, case.number, response.version, digest), document)
    return response
