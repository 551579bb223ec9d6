"""Beginnings of answers, with places that must be replaced by one's own words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from middleground.answers.models import Resolution

# In square brackets stands what the writer has to replace (``texts/places.py``).
TEMPLATES: dict[str, str | Promise] = {
    Resolution.DONE: _("We have done this: [what was done, and when…]"),
    Resolution.WILL_DO: _("We will do this: [what, and by which day…]"),
    Resolution.IN_PART: _("We will do part of it: [which part…] We will not do [what, and why…]"),
    Resolution.ALREADY_SO: _("This is already so: [since when, and where to see it…]"),
    Resolution.DECLINED: _("We will not do this, because [the reason…]"),
    Resolution.DEFERRED: _("We will decide this later, because [what we are waiting for…]"),
    Resolution.NOT_OURS: _("This is not ours to decide. [Who decides it…]"),
}
