"""What comparing a file or a page of the site with the final map finds."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True)
class SiteFindings:
    """What contradicts the final map, and what could not be compared with it, in words."""

    wrong: list[str] = field(default_factory=list)
    unchecked: list[str] = field(default_factory=list)
