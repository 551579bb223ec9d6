"""Small export folders written by hand, and the paths of the real ones."""

from __future__ import annotations

from pathlib import Path

from middleground.engine.votes import Votes

COMMENTS = """\
timestamp,datetime,comment-id,author-id,agrees,disagrees,moderated,comment-body
1500000000000,Fri Jul 14 02:40:00 UTC 2017,0,10,2,1,1,More trees
1500000060000,Fri Jul 14 02:41:00 UTC 2017,1,,0,2,0,"Fewer ""big"" cars,
and slower ones"
1500000120000,Fri Jul 14 02:42:00 UTC 2017,2,11,1,0,-1,Rude words
"""
VOTES = """\
timestamp,datetime,comment-id,voter-id,vote
1500000001000,x,0,10,1
1500000002000,x,0,11,1
1500000003000,x,0,12,-1
1500000004000,x,1,10,-1
1500000005000,x,1,11,-1
1500000006000,x,1,12,0
1500000007000,x,2,12,1
"""
# (participant, statement, value) of VOTES, in the order in which the reader returns votes.
TRIPLES = [
    (10, 0, 1), (10, 1, -1), (11, 0, 1), (11, 1, -1), (12, 0, -1), (12, 1, 0), (12, 2, 1),
]  # fmt: skip
PARTICIPANTS = """\
participant,group-id,n-comments,n-votes,n-agree,n-disagree,0,1,2
10,0,1,2,1,1,1,-1,
11,,1,2,1,1,1,-1,
12,1,0,3,1,1,-1,0,1
"""
SUMMARY = """\
topic,Trees and cars
url,https://example.org/1
conversation-description,"Two
lines"
"""


def make_folder(folder: Path, **files: str | bytes | None) -> Path:
    """The sample folder with files replaced (text or bytes) or left out (None)."""
    contents: dict[str, str | bytes | None] = {
        "comments": COMMENTS,
        "votes": VOTES,
        "participants_votes": PARTICIPANTS,
        "summary": SUMMARY,
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in (contents | files).items():
        if content is not None:
            data = content.encode() if isinstance(content, str) else content
            (folder / f"{name.replace('_', '-')}.csv").write_bytes(data)
    return folder


def triples(votes: Votes) -> list[tuple[int, int, int]]:
    columns = (votes.participant.tolist(), votes.statement.tolist(), votes.value.tolist())
    return list(zip(*columns, strict=True))
