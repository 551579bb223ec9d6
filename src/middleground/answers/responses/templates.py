"""Beginnings of answers, with places that must be replaced by one's own words."""

from __future__ import annotations

import re

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from middleground.answers.models import Resolution

# In square brackets stands what the writer has to replace.
_PLACE = re.compile(r"\[[^\[\]]{1,80}…\]")

TEMPLATES: dict[str, str | Promise] = {
    Resolution.DONE: _("We have done this: [what was done, and when…]"),
    Resolution.WILL_DO: _("We will do this: [what, and by which day…]"),
    Resolution.IN_PART: _("We do a part of it: [which part…] We do not do [what, and why…]"),
    Resolution.ALREADY_SO: _("This is so already: [since when, and where to see it…]"),
    Resolution.DECLINED: _("We do not do this, because [the reason…]"),
    Resolution.DEFERRED: _("We decide this later, because [what is waited for…]"),
    Resolution.NOT_OURS: _("This is not for us to decide. [Who decides it…]"),
}


def left_of_a_template(*texts: str) -> str:
    """A place of a template that nobody has replaced yet, or an empty string."""
    found = _PLACE.search("\n".join(texts))
    return found.group() if found else ""
