"""Cases of a dialogue, as staff and officials would enter them."""

from __future__ import annotations

from middleground.answers.cases.asking import asking
from middleground.answers.cases.gathering import open_case
from middleground.answers.cases.owners import assign
from middleground.answers.models import AnswerRules, Case, Response
from middleground.answers.responses.drafts import DraftText, draft_of, save_draft
from middleground.answers.responses.publish import publish_response
from middleground.dialogues.models import Dialogue
from middleground.people.models import Appointment, User


def make_case(
    staff: User, dialogue: Dialogue, *numbers: int, title: str = "Patrols at the quay"
) -> Case:
    """A case about the statements of these numbers; the dialogue has rules for answers."""
    AnswerRules.objects.get_or_create(dialogue=dialogue, defaults={"days": 10})
    return open_case(
        staff, dialogue, title=title, summary="Several ask for it.", numbers=numbers or (1, 2)
    )


def answer_case(case: Case, term: Appointment, **fields: object) -> Response:
    """The term's holder publishes an answer; the case is given to their body first if need be."""
    assert term.user
    case.refresh_from_db()
    if case.body_id != term.post.body_id:
        assign(term.user, case, term.post.body, term.post)
    values = {
        "resolution": "will do",
        "summary": "Patrols begin in June.",
        "details": "## How\n\nTwo officers **on foot**, each evening.",
        "dispositions": {str(each.number): ["accepted", ""] for each in asking(case)},
    }
    text = DraftText(**{**values, **fields})  # type: ignore[arg-type]
    draft = save_draft(term.user, case, text, draft_of(case).revision)
    return publish_response(term.user, case, term.post, draft.revision)


def make_answered_case(staff: User, dialogue: Dialogue, term: Appointment) -> Case:
    """A case about statements 1 and 2 with an answer, a correction of it, and one more version."""
    case = make_case(staff, dialogue, 1, 2)
    answer_case(case, term)
    said = {"1": ["accepted", ""], "2": ["not accepted", "The quay is private ground."]}
    answer_case(case, term, dispositions=said, correction="The quay is private ground.")
    return case
