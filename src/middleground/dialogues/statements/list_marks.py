"""Marks of a list in front of pasted lines: “• ”, “- ”, “1. ”, “b) ”."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

# A mark needs a space after it: “-5 degrees” and “*free* buses” begin with none.
_BULLET = re.compile(r"^\s*[-*+•‣⁃◦▪▫●○■□–—·]\s+(?=\S)")
_COUNTED = re.compile(r"^\s*\(?(?P<count>\d{1,3}|[A-Za-z])[.)]\s+(?=\S)")


def without_list_marks(lines: Sequence[str]) -> tuple[list[str], int]:
    """The lines without the marks of their list, and how many had one.

    A bullet is a mark on any line. Numbers and letters are marks only where they count up from one
    line to the next through the whole list, because a statement may begin with “2030. By then …”.
    """
    kept = [_BULLET.sub("", line, count=1) for line in lines]
    if _counts_up(lines):
        kept = [_COUNTED.sub("", line, count=1) for line in lines]
    marked = sum(before != after for before, after in zip(lines, kept, strict=True))
    return kept, marked


def _counts_up(lines: Sequence[str]) -> bool:
    found = [_COUNTED.match(line) for line in lines]
    counts = [match["count"].lower() for match in found if match]
    if len(lines) < 2 or len(counts) < len(lines):
        return False
    places = [int(count) if count.isdigit() else ord(count) for count in counts]
    return all(after == before + 1 for before, after in itertools.pairwise(places))
