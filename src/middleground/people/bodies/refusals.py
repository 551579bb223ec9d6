"""Why a change of a body, a post or an appointment was refused."""

from __future__ import annotations

from http import HTTPStatus

from django.utils.translation import gettext_lazy as _

from middleground.core.refusals import RefusalText, Refused


class BodyRefused(Refused):
    """Nothing was changed."""

    refusals = {
        "ended": RefusalText(_("%(name)s no longer exists. Its history stays as it is.")),
        "name_taken": RefusalText(
            _("A %(level)s body with this name is already on the list. Choose another name."),
            HTTPStatus.UNPROCESSABLE_ENTITY,
        ),
        "title_taken": RefusalText(
            _("%(body)s already has a post with this title."), HTTPStatus.UNPROCESSABLE_ENTITY
        ),
        "in_the_future": RefusalText(
            _("Enter a change on its day or later."),
            HTTPStatus.UNPROCESSABLE_ENTITY,
        ),
        "before_another": RefusalText(
            _("On %(day)s something later was entered. Choose that day or a later one."),
            HTTPStatus.UNPROCESSABLE_ENTITY,
        ),
        "own_parent": RefusalText(
            _("%(name)s is part of this body, so this body cannot be part of it."),
            HTTPStatus.UNPROCESSABLE_ENTITY,
        ),
        "into_itself": RefusalText(
            _("A body cannot be merged into itself."), HTTPStatus.UNPROCESSABLE_ENTITY
        ),
        "staff": RefusalText(
            _(
                "%(name)s is on the host’s staff. Staff do not speak for bodies. Enter another "
                "e-mail address."
            )
        ),
        "holds_already": RefusalText(_("%(name)s already holds this post on these days.")),
        "ends_before": RefusalText(
            _("The term would end before it starts on %(day)s. Choose a later day."),
            HTTPStatus.UNPROCESSABLE_ENTITY,
        ),
        "other_term": RefusalText(
            _(
                "The list has another term with this id: %(name)s, from %(day)s. "
                "Give it its own id, or correct the list at the desk."
            )
        ),
        "over": RefusalText(_("This term is over.")),
    }
