"""The columns of export files, and the other names under which exporters write them.

Sources: ``docs/export-format.md`` and ``server/src/report.ts`` of compdemocracy/polis for today's
names; ``math/src/polismath/darwin/export.clj`` for its older table for spreadsheets, with its
spelling; ``conversationExport/generators/comments.ts`` of zkorum/agora for ``comment_text``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

COMMENTS: Mapping[str, str] = {
    "author": "author-id",
    "aggrees": "agrees",
    "comment-text": "comment-body",
}
VOTES: Mapping[str, str] = {"voter": "voter-id"}
PARTICIPANTS: Mapping[str, str] = {
    "comments": "n-comments",
    "votes": "n-votes",
    "agrees": "n-agree",
    "disagrees": "n-disagree",
}


def standard_names(names: Sequence[str], variants: Mapping[str, str]) -> tuple[str, ...]:
    """The names with variants replaced, except where the standard name is there, too."""
    return tuple(
        variants[name] if name in variants and variants[name] not in names else name
        for name in names
    )
