"""What staff can change of a body, a post or a term: the form, its texts, and the action."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from middleground.people.bodies import changes, posts, terms
from middleground.people.bodies.pages.forms import (
    AbolishForm,
    DescriptionForm,
    EndForm,
    EndTermForm,
    MergeForm,
    ParentForm,
    PostForm,
    RenameForm,
    RenamePostForm,
    VerifyForm,
)
from middleground.people.desk_change import DeskChange
from middleground.people.models import Appointment, Body, Post


def _from_today(**initial: Any) -> dict[str, Any]:
    return {**initial, "on": timezone.localdate().isoformat()}


BODY_CHANGES: Mapping[str, DeskChange[Body]] = {
    "post": DeskChange(
        _("Add a post"),
        _("Officials answer for a post, whoever holds it."),
        lambda _body, sent: PostForm(sent),
        lambda by, body, form: posts.make_post(by, body, **form.cleaned_data),
    ),
    "describe": DeskChange(
        _("Describe"),
        _("What residents read about it. Older text stays in its history."),
        # A copy, since the form fills its row before the action compares.
        lambda body, sent: DescriptionForm(sent, instance=Body.objects.get(pk=body.pk)),
        lambda by, body, form: changes.describe_body(by, body, form.cleaned_data),
    ),
    "rename": DeskChange(
        _("Rename"),
        _("What it said and promised stays, under its old name."),
        lambda body, sent: RenameForm(sent, initial=_from_today(name=body.name)),
        lambda by, body, form: changes.rename_body(by, body, **form.cleaned_data),
    ),
    "move": DeskChange(
        _("Make it part of another"),
        _("The larger body it belongs to."),
        lambda body, sent: ParentForm(sent, initial=_from_today(parent=body.parent)),
        lambda by, body, form: changes.move_body(by, body, **form.cleaned_data),
    ),
    "merge": DeskChange(
        _("Merge into another"),
        _(
            "Posts, holders and all it owes go to the other body. Its page "
            "stays and says where its duties went."
        ),
        lambda body, sent: MergeForm(sent, body=body, initial=_from_today()),
        lambda by, body, form: changes.merge_body(by, body, **form.cleaned_data),
        grave=True,
    ),
    "abolish": DeskChange(
        _("Abolish"),
        _(
            "What it owes is then nobody’s, and the page says so. If another body takes its "
            "duties, merge instead."
        ),
        lambda _body, sent: AbolishForm(sent, initial=_from_today()),
        lambda by, body, form: changes.abolish_body(by, body, **form.cleaned_data),
        grave=True,
    ),
}

POST_CHANGES: Mapping[str, DeskChange[Post]] = {
    "rename": DeskChange(
        _("Rename"),
        _("What was said for the post stays, under its old title."),
        lambda post, sent: RenamePostForm(sent, initial=_from_today(title=post.title)),
        lambda by, post, form: posts.rename_post(by, post, **form.cleaned_data),
    ),
    "end": DeskChange(
        _("End the post"),
        _("Nobody speaks for it from that day. What was said stays."),
        lambda _post, sent: EndForm(sent, initial=_from_today()),
        lambda by, post, form: posts.end_post(by, post, **form.cleaned_data),
        grave=True,
    ),
}

TERM_CHANGES: Mapping[str, DeskChange[Appointment]] = {
    "verify": DeskChange(
        _("Verify"),
        _("How did you check that the account is theirs? The public sees it."),
        lambda _term, sent: VerifyForm(
            sent, initial={"verified_on": timezone.localdate().isoformat()}
        ),
        lambda by, term, form: terms.verify_appointment(by, term, form.verification()),
    ),
    "end": DeskChange(
        _("End the term"),
        _("What they said stays with the post. The next holder owes what they owed."),
        lambda _term, sent: EndTermForm(sent, initial={"until": timezone.localdate().isoformat()}),
        lambda by, term, form: terms.end_term(by, term, **form.cleaned_data),
    ),
}
