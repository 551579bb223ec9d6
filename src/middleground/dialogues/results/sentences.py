"""How strong a finding is, in a sentence or two: its margin, and what would overturn it."""

from __future__ import annotations

from django.utils.translation import gettext, ngettext

from middleground.dialogues.results.lists import and_list
from middleground.engine.facts import Finding, Robustness


def middle_ground(item: Finding) -> str:
    """The sentences on a middle ground finding; empty for a statement that does not hold."""
    if not item.holds:
        return ""
    return " ".join(filter(None, (_margin(item), _overturned(item.robustness))))


def divisive(item: Finding) -> str:
    return _overturned(item.robustness) if item.holds else ""


def _margin(item: Finding) -> str:
    """Nothing of a wide margin: the entry itself says the least that agree in every group."""
    if round(100 * item.margin) >= 1 or any(rate.rate is None for rate in item.groups):
        return ""  # or of the weakest group only a range is told
    return gettext("The margin above one half is small.")


def _overturned(robustness: Robustness) -> str:
    count = robustness.fakes_to_overturn
    if count is None:
        return ""
    if not any(robustness.groups):
        return ngettext(
            "About %(count)d extra person against it would change this.",
            "About %(count)d extra people against it would change this.",
            count,
        ) % {"count": count}
    groups = and_list(robustness.groups)
    if robustness.vote == "agree":
        sentence = ngettext(
            "About %(count)d extra person for it in group %(groups)s would change this.",
            "About %(count)d extra people for it in group %(groups)s would change this.",
            count,
        )
    else:
        sentence = ngettext(
            "About %(count)d extra person against it in group %(groups)s would change this.",
            "About %(count)d extra people against it in group %(groups)s would change this.",
            count,
        )
    return sentence % {"count": count, "groups": groups}
