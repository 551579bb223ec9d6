"""Sealed texts are checked for each collection, whatever its name."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ledger.checking import check, failing, rewrite
from ledger.town import LA, Close, Town, some, words_of
from middleground.ledger import Report, TextOpening
from middleground.ledger.codecs.field_codecs import BadRecord
from middleground.ledger.files.publishing import publish_file
from middleground.ledger.files.texts import read_texts, texts_path, write_texts
from middleground.ledger.files.vote_list import ListedVote
from middleground.ledger.records.manifest import read_manifest


def comment(number: int, text: str = "A comment.") -> TextOpening:
    return TextOpening(bytes(16), LA, "comments", number, text)


def sentences(report: Report) -> list[str]:
    return [each.sentence for each in report.findings if each.subject == "text"]


@pytest.fixture
def commented(town: Town) -> Town:
    """Two comments are logged, and the text of one is published."""
    town.log(5_000, comment(1).sealed(), comment(2).sealed())
    publish_file(town.folder, texts_path(LA, "comments"), write_texts(LA, "comments", [comment(2)]))
    return town


def test_each_collection_is_counted_by_itself(commented: Town) -> None:
    report = check(commented)
    assert report.holds
    assert sentences(report) == [
        "The words of 1 of 2 comments are published, and as logged.",
        "The words of 4 of 6 statements are published, and as logged.",
    ]
    assert read_manifest(commented.folder, len(commented.entries)).text_files == [
        f"texts/{LA}/comments",
        f"texts/{LA}/statements",
        "texts/riverside/statements",
    ]


def test_an_altered_text_of_another_collection_is_found(commented: Town) -> None:
    rewrite(commented, f"texts/{LA}/comments", "A comment.", "Another comment.")
    found = failing(check(commented))
    assert set(found) == {"text"}
    assert found["text"].details == (f"texts/{LA}/comments: text 2 is not what was logged.",)


def test_a_text_does_not_open_the_seal_of_another_collection(commented: Town) -> None:
    """Known bad: statement 2 is published as comment 3, with the statement's text and salt."""
    moved = replace(words_of(2), collection="comments", number=3)
    commented.append(5_000, [])
    shown = write_texts(LA, "comments", [comment(2), moved])
    publish_file(commented.folder, texts_path(LA, "comments"), shown)
    assert failing(check(commented))["text"].details == (
        f"texts/{LA}/comments: text 3 is not what was logged.",
    )
    assert moved.seal() != words_of(2).seal()


def test_votes_on_the_number_of_a_comment_have_no_statement(open_town: Town) -> None:
    open_town.log(3_500, comment(9).sealed())
    close = Close(open_town)
    close.lists[9], close.opened[9] = [ListedVote(some(32, "tag"), "withheld")], None
    close.publish()
    found = failing(check(open_town))
    assert set(found) == {"list", "map"}
    entry = len(open_town.entries) - 2
    assert found["list"].details == (
        f"Statement 9 of {LA}, entry {entry}: this statement was never logged.",
    )


@pytest.mark.parametrize("path", [f"texts/{LA}", f"texts/{LA}/a b", "texts/a b/comments"])
def test_files_at_unexpected_places(commented: Town, path: str) -> None:
    if path == f"texts/{LA}":
        publish_file(commented.folder, "texts/stray", "text-openings/v1\n")
        assert check(commented).holds  # not a file of a collection, so it is not read
        return
    publish_file(commented.folder, path, write_texts(LA, "comments", [comment(2)]))
    assert set(failing(check(commented))) == {"text"}


def test_a_file_is_of_one_dialogue_and_one_collection() -> None:
    text = write_texts(LA, "comments", [comment(2), comment(1)])
    assert read_texts(text, LA, "comments") == (comment(1), comment(2))
    for dialogue, collection in ((LA, "statements"), ("riverside", "comments")):
        with pytest.raises(BadRecord):
            read_texts(text, dialogue, collection)
        with pytest.raises(BadRecord):
            write_texts(dialogue, collection, [comment(1)])
