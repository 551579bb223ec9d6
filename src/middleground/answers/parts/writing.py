"""Where people write: the box by which they let themselves be asked later about an answer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from middleground.answers.models import AnswerRules


def on_writing(page: Mapping[str, Any]) -> Mapping[str, Any] | None:
    """Only where the host promises answers: nobody is asked without one."""
    promised = AnswerRules.objects.filter(dialogue=page["dialogue"]).exists()
    return {} if promised else None
