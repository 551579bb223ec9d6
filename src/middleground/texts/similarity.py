"""Finds statements that say nearly the same as a text, by their words, on this machine only.

It is used for the writer before a statement is sent, and for moderators. It compares letters and
words, not meaning: "we should" and "we should not" are similar on purpose, because a writer who
means the opposite can disagree with the existing statement. It is advice; nothing is decided by it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any, Generic, Protocol, TypeVar

from rapidfuzz import fuzz, process

from middleground.texts.sameness import spelt_alike

# Out of 100. Chosen on pairs of real statements; see the tests for examples on either side.
THRESHOLD = 66

# Words without a subject of their own. "not", "no" and "more" are not among them.
FILLERS_TEXT = """
a an and are as at be been being but by can could do does for from had has have he her his how i if
in into is it its just me my of on or our ought shall she should so some than that the their them
then there these they this those to too us very was we were what when which who will with would you
your el la los las de del y en que un una se es
"""
FILLERS = frozenset(FILLERS_TEXT.split())
_WORDS = re.compile(r"\w+")


class HasText(Protocol):
    text: Any  # a model's field is a descriptor, which no property matches


Found = TypeVar("Found", bound=HasText)


@dataclass(frozen=True, slots=True)
class Similar(Generic[Found]):
    """A statement and its similarity, from ``THRESHOLD`` to 100."""

    statement: Found
    score: float


def find_similar(
    text: str, candidates: Iterable[Found], limit: int = 3, threshold: float = THRESHOLD
) -> list[Similar[Found]]:
    """The candidates (anything with a ``text``) most similar to the text, most similar first.

    Equal scores keep the order of the candidates. About 30 ms for 5,000 candidates.
    """
    return SimilarityIndex(candidates).similar_to(text, limit, threshold)


class SimilarityIndex(Generic[Found]):
    """Texts to compare others with; more can be added. Their words are extracted only once."""

    def __init__(self, candidates: Iterable[Found] = ()) -> None:
        self._among: list[Found] = []
        self._keys: list[str] = []
        for candidate in candidates:
            self.add(candidate)

    def add(self, candidate: Found) -> None:
        self._among.append(candidate)
        self._keys.append(key_of(candidate.text))

    def similar_to(
        self,
        text: str,
        limit: int = 3,
        threshold: float = THRESHOLD,
        but_not: object = None,
    ) -> list[Similar[Found]]:
        """The most similar first, without ``but_not``: a text in the index is most like itself."""
        key = key_of(text)
        if not key or not self._among:
            return []
        # token_sort_ratio compares the whole texts; token_set_ratio tells whether one contains the
        # other. Either alone is misled by a very long or a very short candidate.
        whole = process.cdist([key], self._keys, scorer=fuzz.token_sort_ratio)[0]
        shared = process.cdist([key], self._keys, scorer=fuzz.token_set_ratio)[0]
        scores = (whole + shared) / 2
        order = sorted(range(len(self._among)), key=lambda place: (-scores[place], place))
        return [
            Similar(self._among[place], round(float(scores[place]), 1))
            for place in islice((p for p in order if self._among[p] != but_not), limit)
            if scores[place] >= threshold
        ]


def similarity_words(text: str) -> list[str]:
    """The words that matter, without case, accents and the most common endings."""
    return _words_of(spelt_alike(text.casefold()))


def words_either_way(text: str) -> list[str]:
    """Those words, and as they are written here: for an index of texts as they are written."""
    return sorted({*similarity_words(text), *_words_of(text.casefold())})


def _words_of(plain: str) -> list[str]:
    if not plain.isascii():
        parts = unicodedata.normalize("NFKD", plain)
        plain = "".join(part for part in parts if not unicodedata.combining(part))
    words = _WORDS.findall(plain)
    return [_stem(word) for word in words if word not in FILLERS] or words


def key_of(text: str) -> str:
    return " ".join(similarity_words(text))


@lru_cache(maxsize=20_000)
def _stem(word: str) -> str:
    for ending in ("ing", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word.removesuffix(ending)
    return word
