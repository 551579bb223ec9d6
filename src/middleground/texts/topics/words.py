"""The words of short texts as numbers: which words a text has, and how much each of them tells."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from scipy import sparse

from middleground.texts.language import COMMON_WORDS
from middleground.texts.similarity import FILLERS

MOST_WORDS = 4_000
LEAST_TEXTS = 2  # a word of one text says nothing of what it shares
COMMON_SHARE = 0.25  # a word in more texts than that is the dialogue's own subject
_LEAST_LETTERS, _STEM, _FEW = 3, 7, 6

# Thai, Lao, Burmese, Khmer, Japanese and Chinese: no spaces between words, so pairs of letters.
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]+"
)
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
# English words that are in statements about anything.
_ABOUT_NOTHING_TEXT = """
able about again against all allow almost already also although always another any anyone anything
around away back because become before being believe best better between big both bring came
cannot come could current day did different doesn done don down during each easy either else
enough ensure even ever every everyone everything far feel few find first fully get getting give
given going gone good great happen hard having help high idea important including instead isn
issue issues keep kind know last later least left less let level like likely little live long look
lot made main make makes making many matter maybe mean means might most much must name near need
needed needs never new next nobody none nor not nothing now off often once one ones only other
others otherwise out over own part particular people person place plus point possible probably
problem problems provide put quite rather real really reason right said same say says see seem
seen set several shouldn simply since small someone something soon still stop such support sure
take taken tell thing things think though thought through thus together too toward towards tried
try trying turn two under understand until upon use used using usually very want way ways well
were whatever where whether while whole whom whose why wish within without won work working works
would wouldn year years yes yet
"""
_ABOUT_NOTHING = frozenset(_ABOUT_NOTHING_TEXT.split()) | FILLERS | COMMON_WORDS


@dataclass(frozen=True, slots=True)
class WeightedWords:
    """How much each word tells of each text: TF-IDF, each row of length one, or zero.

    ``weights`` is (texts, words); ``words`` names its columns as they are written most often.
    """

    weights: sparse.csr_matrix
    words: list[str]


def weighted_words(texts: Sequence[str]) -> WeightedWords:
    """Words in ``LEAST_TEXTS`` or more and in at most a quarter of the texts, most frequent first.

    The weight of a word in a text is (1 + ln f) (1 + ln((1 + n) / (1 + d))), where it is f times in
    the text and in d of the n texts.
    """
    found = [Counter(stem for stem, _ in stems(text)) for text in texts]
    in_texts = Counter(stem for text in found for stem in text)
    written = _written(texts)
    most = max(_FEW, COMMON_SHARE * len(texts))
    kept = [stem for stem, count in in_texts.items() if LEAST_TEXTS <= count <= most]
    kept = sorted(kept, key=lambda stem: (-in_texts[stem], stem))[:MOST_WORDS]
    column = {stem: place for place, stem in enumerate(kept)}
    entries = [
        (row, column[stem], (1 + np.log(count)) * _rarity(in_texts[stem], len(texts)))
        for row, text in enumerate(found)
        for stem, count in sorted(text.items())
        if stem in column
    ]
    rows, columns, values = zip(*entries, strict=True) if entries else ((), (), ())
    shape = (len(texts), len(kept))
    weights = sparse.csr_matrix((np.array(values, float), (rows, columns)), shape=shape)
    lengths = np.sqrt(np.asarray(weights.multiply(weights).sum(axis=1)).ravel())
    scale = np.divide(1.0, lengths, out=np.zeros_like(lengths), where=lengths > 0)
    return WeightedWords(sparse.diags(scale) @ weights, [written[stem] for stem in kept])


def stems(text: str) -> list[tuple[str, str]]:
    """Each telling word of the text in the form in which it is compared, and as it is written."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    pairs = [
        run[place : place + 2] for run in _UNSPACED.findall(plain) for place in range(len(run) - 1)
    ]
    words = (re.split("['’]", word)[0] for word in _WORD.findall(_UNSPACED.sub(" ", plain)))
    telling = [w for w in words if len(w) >= _LEAST_LETTERS and w not in _ABOUT_NOTHING]
    return [(pair, pair) for pair in pairs] + [(_stem(word), word) for word in telling]


@lru_cache(maxsize=20_000)
def _stem(word: str) -> str:
    """Without accents, the plural's ending, and what follows the first letters. It is crude."""
    parts = unicodedata.normalize("NFKD", word)
    bare = "".join(part for part in parts if not unicodedata.combining(part))
    if len(bare) > 4:
        bare = bare.removesuffix("s")
    if len(bare) > 3:
        bare = bare.removesuffix("e")
    if len(bare) > 3 and bare.endswith("y"):
        bare = f"{bare[:-1]}i"
    return bare[:_STEM]


def _written(texts: Sequence[str]) -> dict[str, str]:
    """How each word is written most often; of two ways, the first in the alphabet."""
    ways: dict[str, Counter[str]] = defaultdict(Counter)
    for text in texts:
        for stem, word in stems(text):
            ways[stem][word] += 1
    return {stem: min(words, key=lambda word: (-words[word], word)) for stem, words in ways.items()}


def _rarity(in_texts: int, texts: int) -> float:
    return float(1 + np.log((1 + texts) / (1 + in_texts)))
