"""The counts in the files decide which number means agree, and the decision is reported."""

from __future__ import annotations

import re
from pathlib import Path

from middleground.polis import Sign, read_export
from polis.folders import COMMENTS, PARTICIPANTS, TRIPLES, VOTES, make_folder, triples

VOTES_TURNED = re.sub(r",(-?)1$", lambda m: ",1" if m[1] else ",-1", VOTES, flags=re.MULTILINE)
CELLS_TURNED = "participant,n-agree,n-disagree,0,1,2\n10,1,1,-1,1,\n11,2,0,-1,-1,\n12,1,1,1,0,-1\n"


def test_participants_counts_decide_first(tmp_path: Path) -> None:
    # Participant 7 agrees twice and never disagrees; 10, 11 and 12 are even and decide nothing.
    participants = PARTICIPANTS + "7,,0,2,2,0,1,1,\n"
    more = "1500000008000,x,0,7,{0}\n1500000009000,x,1,7,{0}\n"
    straight = read_export(
        make_folder(tmp_path / "a", votes=VOTES + more.format(1), participants_votes=participants)
    )
    turned = read_export(
        make_folder(
            tmp_path / "b", votes=VOTES_TURNED + more.format(-1), participants_votes=participants
        )
    )
    assert straight == turned
    source = "participants-votes.csv"
    what = "means agree by 1 of 1 participants' own counts"
    assert straight.sign == Sign(False, source, f"+1 {what}")
    assert turned.sign == Sign(True, source, f"-1 {what}")


def test_comments_counts_decide_second(tmp_path: Path) -> None:
    straight = read_export(make_folder(tmp_path / "a", participants_votes=None))
    turned = read_export(make_folder(tmp_path / "b", votes=VOTES_TURNED, participants_votes=None))
    assert triples(straight.votes) == triples(turned.votes) == TRIPLES
    what = "means agree by 3 of 3 statements' agrees and disagrees"
    assert straight.sign == Sign(False, "comments.csv", f"+1 {what}")
    assert turned.sign == Sign(True, "comments.csv", f"-1 {what}")


def test_stale_counts_of_a_few_statements_are_outvoted(tmp_path: Path) -> None:
    stale = COMMENTS.replace(",0,10,2,1,1,", ",0,10,1,2,1,")
    export = read_export(make_folder(tmp_path, comments=stale, participants_votes=None))
    assert export.sign.reason == "+1 means agree by 2 of 3 statements' agrees and disagrees"
    assert triples(export.votes) == TRIPLES


def test_stale_counts_of_all_statements_still_decide(tmp_path: Path) -> None:
    head = "comment-id,agrees,disagrees,comment-body\n"
    lean = [(9, 4), (9, 2), (7, 3), (2, 8), (1, 6), (3, 4)]
    votes = [
        (k, p, 1 if (p < 3) == (a > d) else -1) for k, (a, d) in enumerate(lean) for p in range(4)
    ]
    for turn, flipped, means in ((1, False, "+1"), (-1, True, "-1")):
        folder = make_folder(
            tmp_path / means,
            comments=head + "".join(f"{k},{a},{d},t\n" for k, (a, d) in enumerate(lean)),
            votes="comment-id,voter-id,vote\n"
            + "".join(f"{k},{p},{v * turn}\n" for k, p, v in votes),
            participants_votes=None,
        )
        reason = f"{means} means agree by 6 of 6 leanings of statements' agrees and disagrees"
        assert read_export(folder).sign == Sign(flipped, "comments.csv", reason)


def test_a_few_differences_do_not_reverse_the_signs(tmp_path: Path) -> None:
    comments = "comment-id,agrees,disagrees,comment-body\n0,9,4,a\n1,5,1,b\n"
    votes = "comment-id,voter-id,vote\n0,1,-1\n1,1,-1\n"
    folder = make_folder(tmp_path, comments=comments, votes=votes, participants_votes=None)
    assert read_export(folder).sign.evidence == "none"


def test_a_tie_or_missing_counts_are_reported_as_an_assumption(tmp_path: Path) -> None:
    bare = re.sub(r",agrees,disagrees|(?<=,1[01]),\d,\d|(?<=,,)\d,\d,", "", COMMENTS)
    export = read_export(make_folder(tmp_path, comments=bare, participants_votes=None))
    assert len(export.statements) == 3
    assert export.sign == Sign(
        False, "none", "nothing in the folder tells; +1 is taken to mean agree"
    )


def test_the_more_frequent_answer_is_no_evidence(tmp_path: Path) -> None:
    votes = "comment-id,voter-id,vote\n" + "".join(f"0,{k},-1\n" for k in range(50))
    comments = "comment-id,comment-body\n0,text\n"
    export = read_export(
        make_folder(tmp_path, comments=comments, votes=votes, participants_votes=None)
    )
    assert (export.sign.flipped, export.sign.evidence) == (False, "none")


def test_the_callers_sign_takes_precedence(tmp_path: Path) -> None:
    folder = make_folder(tmp_path)
    minus = read_export(folder, sign="agree_is_minus")
    assert triples(minus.votes) == [(p, s, -v) for p, s, v in TRIPLES]
    assert minus.sign == Sign(True, "caller", "told that -1 means agree")
    assert read_export(folder, sign="agree_is_plus").sign.evidence == "caller"


def test_cells_of_participants_votes_have_a_sign_of_their_own(tmp_path: Path) -> None:
    export = read_export(make_folder(tmp_path, votes=None, participants_votes=CELLS_TURNED))
    assert export.sign == Sign(
        True, "participants-votes.csv", "-1 means agree by 1 of 1 participants' own counts"
    )
    assert triples(export.votes)[:2] == [(10, 0, 1), (10, 1, -1)]


def test_the_last_vote_is_compared_not_the_earlier_ones(tmp_path: Path) -> None:
    votes = "comment-id,voter-id,vote\n0,1,-1\n0,1,-1\n0,1,1\n"
    participants = "participant,n-agree,n-disagree\n1,1,0\n"
    export = read_export(make_folder(tmp_path, votes=votes, participants_votes=participants))
    assert export.sign.flipped is False
    assert export.sign.evidence == "participants-votes.csv"


CONVENTION = "vote-convention,agree={};disagree={};pass=0;format=polis-export/1\n"


def test_what_the_export_declares_is_believed(tmp_path: Path) -> None:
    for name, turned, signs in (("a", False, ("+1", "-1")), ("b", True, ("-1", "+1"))):
        folder = make_folder(
            tmp_path / name,
            votes=VOTES_TURNED if turned else VOTES,
            summary=CONVENTION.format(*signs),
            participants_votes=None,
        )
        export = read_export(folder)
        assert triples(export.votes) == TRIPLES
        assert export.sign == Sign(turned, "summary.csv", f"summary.csv says {signs[0]} is agree")
        assert export.notes == ()


def test_format_json_declares_it_without_a_summary(tmp_path: Path) -> None:
    folder = make_folder(tmp_path, summary=None)
    (folder / "format.json").write_text('{"vote-convention": "agree=+1;disagree=-1;pass=0"}')
    assert read_export(folder).sign.evidence == "format.json"


def test_counts_against_a_declaration_are_told(tmp_path: Path) -> None:
    folder = make_folder(
        tmp_path, votes=VOTES_TURNED, summary=CONVENTION.format("+1", "-1"), participants_votes=None
    )
    export = read_export(folder)
    assert triples(export.votes) == [(p, s, -v) for p, s, v in TRIPLES]
    assert export.notes == (
        "summary.csv says that +1 is agree, but by the counts -1 means agree by 3 of 3 statements'"
        " agrees and disagrees. It was believed; if it is wrong, say so with --agree-is.",
    )


def test_a_declaration_that_says_nothing_leaves_it_to_the_counts(tmp_path: Path) -> None:
    for name, said in (("a", "agree=2;pass=0"), ("b", "agree=+1;disagree=+1"), ("c", "?")):
        folder = make_folder(
            tmp_path / name, summary=f"vote-convention,{said}\n", participants_votes=None
        )
        export = read_export(folder)
        assert (export.sign.flipped, export.sign.evidence) == (False, "comments.csv")
        assert "summary.csv says of the sign of votes cannot be understood" in export.notes[0]
