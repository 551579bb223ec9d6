"""Sentences that people read are short; a longer one is here by name, with its reason."""

from __future__ import annotations

from pathlib import Path

from words.marked import Text, length, marked_texts

MOST_WORDS = 35
MEAN_WORDS = 14
# Sentences of more than ``MOST_WORDS`` words that may stay: how they begin, and why.
ALLOWED: dict[str, str] = {}


def long_sentences(texts: list[Text]) -> list[tuple[int, str, str]]:
    """Words, file and line, sentence; the longest first."""
    found = [
        (length(sentence), f"{text.file}:{text.line}", sentence)
        for text in texts
        for sentence in text.sentences
        if length(sentence) > MOST_WORDS
    ]
    return sorted(found, reverse=True)


def test_no_sentence_is_long() -> None:
    found = long_sentences(marked_texts())
    assert [row for row in found if not row[2].startswith(tuple(ALLOWED))] == []


def test_each_exception_is_needed() -> None:
    found = [sentence for _words, _place, sentence in long_sentences(marked_texts())]
    for begins in ALLOWED:
        assert any(sentence.startswith(begins) for sentence in found), begins


def test_most_sentences_are_much_shorter() -> None:
    """Whole sentences only: what ends with a mark; labels and titles would lower the mean."""
    texts = marked_texts()
    whole = [
        length(sentence)
        for text in texts
        for sentence in text.sentences
        if sentence.endswith((".", "?", "…")) and length(sentence) > 3
    ]
    assert len(whole) > 1500
    assert sum(whole) / len(whole) <= MEAN_WORDS
    assert sum(words > 20 for words in whole) / len(whole) <= 0.03


def test_a_long_sentence_would_be_found(tmp_path: Path) -> None:
    folder = tmp_path / "templates"
    folder.mkdir()
    long = "word " * 36
    (folder / "page.html").write_text(
        f'{{% translate "Short. {long}" %}}'
        f"{{% blocktranslate count n=n %}}One.{{% plural %}}{long}{{% endblocktranslate %}}"
    )
    (tmp_path / "refusals.py").write_text(
        f'SAID = _("Short." " {long}")\nNOT_MARKED = "{long}"\nMANY = ngettext("One.", "{long}", n)'
    )
    found = long_sentences(marked_texts(tmp_path))
    assert sorted(place for _words, place, _sentence in found) == [
        "refusals.py:1", "refusals.py:3", "templates/page.html:1", "templates/page.html:1",
    ]  # fmt: skip
    assert {words for words, _place, _sentence in found} == {36}


def test_sentences_are_told_apart() -> None:
    text = Text(
        "x.py", 1, "It is due on %(day)s. <b>{{ n }}</b> people said “no”; e.g. 3.5\u00a0km away?"
    )
    assert text.sentences == ["It is due on x.", "x people said “no”;", "e.g. 3.5 km away?"]
    assert [length(sentence) for sentence in text.sentences] == [5, 4, 4]
