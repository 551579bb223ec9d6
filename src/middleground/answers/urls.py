"""URLs of answers. They come before those of dialogues."""

from __future__ import annotations

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from middleground.answers.checks.page import show_check, show_done_check
from middleground.answers.commitments.pages import commitments_file
from middleground.answers.commitments.pages import public as commitments
from middleground.answers.desk import commitments as owed
from middleground.answers.desk import inbox, staff
from middleground.answers.desk.case_changes import POST_CHANGES, STAFF_CHANGES
from middleground.answers.desk.commitments import COMMITMENT_CHANGES
from middleground.answers.pages import answers_file, case, coverage, feed
from middleground.answers.parts.bodies import show_calendar
from middleground.answers.parts.threads import comment_on_case
from middleground.dialogues.pages.picture_files import picture_paths


class CaseVerb(StringConverter):
    regex = "|".join(STAFF_CHANGES)


class OfficeVerb(StringConverter):
    regex = "|".join(POST_CHANGES)


class CommitmentVerb(StringConverter):
    regex = "|".join(COMMITMENT_CHANGES)


register_converter(CaseVerb, "case_verb")
register_converter(OfficeVerb, "office_verb")
register_converter(CommitmentVerb, "commitment_verb")

urlpatterns = [
    path("bodies/<slug:slug>/deadlines.ics", show_calendar, name="body_deadlines"),
    path("d/<slug:slug>/answers/", coverage.show_coverage, name="answers"),
    *picture_paths("d/<slug:slug>/answers/flow", coverage.flow_picture, "answers-picture"),
    path("d/<slug:slug>/answers/answers.json", answers_file.show_answers_file, name="answers_file"),
    path("d/<slug:slug>/answers/rules.json", answers_file.show_rules_file, name="rules_file"),
    path("d/<slug:slug>/answers/feed.atom", feed.show_feed, name="answers_feed"),
    path("d/<slug:slug>/answers/<int:number>/", case.show_case, name="case"),
    path("d/<slug:slug>/answers/<int:number>/check/", show_check, name="resident-check"),
    path("d/<slug:slug>/commitments/", commitments.show_commitments, name="commitments"),
    *picture_paths("d/<slug:slug>/commitments/due", commitments.due_picture, "commitments-picture"),
    *picture_paths(
        "d/<slug:slug>/commitments/<int:number>/due", commitments.due_picture, "commitment-picture"
    ),
    path(
        "d/<slug:slug>/commitments/commitments.json",
        commitments_file.show_commitments_file,
        name="commitments_file",
    ),
    path("d/<slug:slug>/commitments/<int:number>/", commitments.show_commitment, name="commitment"),
    path(
        "d/<slug:slug>/commitments/<int:number>/check/<int:event>/",
        show_done_check,
        name="done-check",
    ),
    path("d/<slug:slug>/answers/<int:number>/comment/", comment_on_case, name="comment_on_case"),
    path("desk/inbox/", inbox.show_inbox, name="inbox"),
    path("desk/inbox/<int:case_id>/", inbox.answer_case, name="inbox_case"),
    path("desk/inbox/<int:case_id>/<office_verb:verb>/", inbox.change_case, name="inbox_change"),
    path(
        "desk/inbox/commitments/<int:commitment_id>/",
        owed.show_commitment,
        name="inbox_commitment",
    ),
    path(
        "desk/inbox/commitments/<int:commitment_id>/<commitment_verb:verb>/",
        owed.change_commitment,
        name="inbox_commitment_change",
    ),
    path("desk/<slug:slug>/cases/", staff.triage, name="desk_cases"),
    path("desk/<slug:slug>/cases/rules/", staff.edit_rules, name="desk_answer_rules"),
    path("desk/<slug:slug>/cases/<int:number>/", staff.show_case, name="desk_case"),
    path(
        "desk/<slug:slug>/cases/<int:number>/<case_verb:verb>/",
        staff.change_case,
        name="desk_change_case",
    ),
    path(
        "desk/<slug:slug>/cases/<int:number>/concerns/<int:concern>/release/",
        staff.release_concern,
        name="desk_release_concern",
    ),
    path(
        "desk/<slug:slug>/concerns/<int:concern>/take-up/",
        staff.take_up_concern,
        name="desk_take_up",
    ),
]
