"""What staff and officials can do with a case: the form, its texts, and the action."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from middleground.answers.cases import clocks, endings, gathering, owners
from middleground.answers.commitments.keeping import make_commitment
from middleground.answers.desk.commitment_forms import PromiseForm
from middleground.answers.desk.forms import (
    AssignForm,
    CaseForm,
    ExtendForm,
    NothingForm,
    OfferForm,
    ReasonForm,
)
from middleground.answers.models import Case
from middleground.answers.responses.publish import retract_response
from middleground.people.desk_change import DeskChange
from middleground.people.models import Post


@dataclass(frozen=True, slots=True)
class PostCase:
    """A case, and the post for which somebody acts in it."""

    case: Case
    post: Post

    def __str__(self) -> str:
        return str(self.case)


STAFF_CHANGES: Mapping[str, DeskChange[Case]] = {
    "assign": DeskChange(
        _("Give it to a body"),
        _("The clock is this body’s from then on. The due day stays."),
        lambda _case, sent: AssignForm(sent),
        lambda by, case, form: owners.assign(by, case, *form.owner()),
    ),
    "describe": DeskChange(
        _("Change title or summary"),
        _("Use neutral words that each side would accept."),
        lambda case, sent: CaseForm(sent, initial={"title": case.title, "summary": case.summary}),
        lambda by, case, form: gathering.describe_case(by, case, **form.cleaned_data),
    ),
    "reopen": DeskChange(
        _("Reopen"),
        _("It waits for an answer again, and its clock starts over. The old answer stays."),
        lambda _case, sent: ReasonForm(sent),
        lambda by, case, form: endings.reopen(by, case, **form.cleaned_data),
    ),
    "close": DeskChange(
        _("Close"),
        _("Nothing more is expected. Unanswered, it counts as withdrawn."),
        lambda _case, sent: ReasonForm(sent),
        lambda by, case, form: endings.close(by, case, **form.cleaned_data),
    ),
}


def _act(verb: Any) -> Any:
    return lambda by, held, form: verb(by, held.case, held.post, **form.cleaned_data)


POST_CHANGES: Mapping[str, DeskChange[PostCase]] = {
    "acknowledge": DeskChange(
        _("Acknowledge"),
        _("Tells people that you read it. It is no answer, and the clock keeps running."),
        lambda _held, sent: NothingForm(sent),
        _act(owners.acknowledge),
    ),
    "pause": DeskChange(
        _("Pause the clock"),
        _("While you wait for somebody else. The public sees for whom."),
        lambda _held, sent: ReasonForm(sent),
        _act(clocks.pause_clock),
    ),
    "resume": DeskChange(
        _("Let the clock run again"),
        _("What you were waiting for has arrived."),
        lambda _held, sent: NothingForm(sent),
        _act(clocks.resume_clock),
    ),
    "extend": DeskChange(
        _("Take more time"),
        _("Only before the due day. The public sees the reason."),
        lambda _held, sent: ExtendForm(sent),
        _act(clocks.extend_clock),
    ),
    "offer": DeskChange(
        _("Offer it to another body"),
        _("The clock stays yours until that body takes it. It has two weeks."),
        lambda held, sent: OfferForm(sent, case=held.case),
        _act(owners.offer),
    ),
    "accept": DeskChange(
        _("Take it over"),
        _("The clock is yours from then on. The due day stays."),
        lambda _held, sent: NothingForm(sent),
        _act(owners.accept),
    ),
    "refuse": DeskChange(
        _("Do not take it"),
        _("It goes back to the sender. The public sees your reason."),
        lambda _held, sent: ReasonForm(sent),
        _act(owners.refuse),
    ),
    "promise": DeskChange(
        _("Promise something by a day"),
        _("It goes into the public log. You cannot edit it later."),
        lambda _held, sent: PromiseForm(sent),
        _act(make_commitment),
    ),
    "retract": DeskChange(
        _("Withdraw the answer"),
        _("It stays readable, and the case waits for an answer again."),
        lambda _held, sent: ReasonForm(sent),
        _act(retract_response),
    ),
}
