"""Which texts are the same to a reader, and which differ only in signs, capitals or spelling.

Only the same text is refused as sent already. "By 5 percent" and "by -5 percent" are not the same,
nor are "less ICE" and "less ice"; whoever writes one is shown the other, and can send it all the
same (docs/decisions/0073).
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache

from middleground.core.languages.typed import plain_signs
from middleground.texts.normalise import composed, normalise

_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63"
_LOOK_ALIKE = str.maketrans(
    dict.fromkeys(_DASHES, "-")
    | dict.fromkeys("\u2018\u2019\u201a\u201b\u02bc\u00b4`\u2032", "'")
    | dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033", '"')
)
# Nothing of them can be seen, or only another style of the same sign: soft hyphens, marks of
# direction, zero-width spaces, selectors of variants; and the line that stretches Arabic words.
_UNSEEN = (
    "\u00ad\u034f\u061c\u0640\u200b\u200e\u200f\u2060-\u2064\ufe00-\ufe0f\ufeff"
    "\U000e0100-\U000e01ef"
)
_NEVER_SEEN = re.compile(f"[{_UNSEEN}]")
_JOINERS = "\u200c\u200d"  # shape Persian and Indic words, and make one emoji of several
# Those, joiners wherever they stand, and what else Unicode lets fonts leave out: fillers of Hangul,
# vowels of Khmer and selectors of Mongolian that are not drawn, formats of shorthand and music.
# Within a word of another script they hide it from a search.
UNSEEN = re.compile(
    f"[{_UNSEEN}{_JOINERS}\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a]"
)
# Arabic yeh, alef maksura and kaf, and the Persian letters for them.
_SAME_LETTERS = str.maketrans("\u064a\u0649\u0643", "\u06cc\u06cc\u06a9")
# Signs that Unicode keeps for older encodings and draws like others.
_SHAPES = frozenset({"<wide>", "<narrow>", "<initial>", "<medial>", "<final>", "<isolated>"})
_COMPATIBLE = re.compile(
    "[\u00b5\u0132\u0133\u0149\u01c4-\u01cc\u01f1-\u01f3\u0587\u0e33\u0eb3\u2026\u2e9f\u2ef3"
    "\u2f00-\u2fd5\ufb00-\ufb06\ufb13-\ufb17]"
)
# The ends of a sentence that is no question, in the scripts that have their own.
_END = ".!\u0589\u06d4\u0964\u0965\u104a\u104b\u1362\u17d4\u17d5\u1803\u3002"
_BEFORE_SIGN = re.compile(r" +(?=[?!;:\u061f\u037e\u055e\u1367]+( |$))")
# Letters to look at, but blank: fillers of Hangul, and the empty pattern of Braille.
_BLANK = frozenset("\u115f\u1160\u3164\uffa0\u2800")

# What ``near_hash`` has always left out. Identities of sources are made with it and stored.
_LEFT_OUT = frozenset(
    (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200B, 0x2060, 0xFEFF, 0x00AD, 0x180E)
) | frozenset(range(0xE0000, 0xE0080))


def has_words(text: str) -> bool:
    """Whether there is anything to read: a letter, a number or a sign such as an emoji."""
    return any(
        unicodedata.category(character)[0] in "LNS" and character not in _BLANK
        for character in text
    )


def dedup_hash(text: str) -> str:
    """A hash shared by texts that are the same to a reader. Stored beside each text."""
    return hashlib.sha256(f"same\n{same_key(text)}".encode()).hexdigest()


def same_key(text: str) -> str:
    """The text without the differences that no reader sees as one.

    These are: full and half width, kinds of dashes and quotation marks, characters that cannot be
    seen, the capital that begins it, and a full stop or exclamation mark that ends it.
    """
    plain = "".join(map(_plain, normalise(text))).translate(_LOOK_ALIKE)
    plain = unicodedata.normalize("NFC", _without_idle_joiners(_NEVER_SEEN.sub("", plain)))
    plain = _BEFORE_SIGN.sub("", " ".join(plain.split()))
    plain = plain.rstrip(_END + " ").lstrip("\u00a1\u00bf ")
    return _without_first_capital(plain)


@lru_cache(maxsize=10_000)
def _plain(character: str) -> str:
    shape = unicodedata.decomposition(character).partition(" ")[0]
    if shape in _SHAPES or _COMPATIBLE.match(character):
        return unicodedata.normalize("NFKC", character)
    return character


def _without_idle_joiners(text: str) -> str:
    """Without joiners that join nothing: between Latin letters, digits, spaces."""
    if not any(joiner in text for joiner in _JOINERS):
        return text
    padded = f" {text} "
    return "".join(
        character
        for before, character, after in zip(padded, text, padded[2:], strict=False)
        if character not in _JOINERS or (_may_join(before) and _may_join(after))
    )


def _may_join(character: str) -> bool:
    return unicodedata.category(character) in {"Lo", "Mn", "Mc", "So", "Sk"}


def _without_first_capital(text: str) -> str:
    """With a small letter at its beginning. Not I, whose small letter depends on the language."""
    for place, character in enumerate(text):
        if character.isalpha():
            small = character.lower()
            if len(small) == 1 and character != "I":
                return text[:place] + small + text[place + 1 :]
            break
    return text


def spelt_alike(text: str) -> str:
    """The text without what depends on the keyboard: to search and to compare, never to show.

    These are: characters that nobody sees, wide letters, digits of other scripts, and the letters
    yeh and kaf, which a Persian and an Arabic keyboard write as different characters.
    """
    if text.isascii():
        return text
    plain = plain_signs(UNSEEN.sub("", text)).translate(_SAME_LETTERS)
    return unicodedata.normalize("NFKC", plain)


def signs_hash(text: str) -> str:
    """A hash shared by texts that differ only in signs, capitals, spaces or what nobody sees.

    Texts with the same ``dedup_hash`` share it, too.
    """
    return near_hash(spelt_alike(same_key(text)))


def near_hash(text: str) -> str:
    """The same as it was first: some unseen characters cut a word. For identities of sources."""
    kept = "".join(
        " " if unicodedata.category(character) in {"Cc", "Zl", "Zp", "Zs"} else character
        for character in text
        if ord(character) not in _LEFT_OUT and unicodedata.category(character) not in {"Cs", "Co"}
    )
    folded = unicodedata.normalize("NFKC", composed(" ".join(kept.split()))).casefold()
    words = "".join(
        character if unicodedata.category(character)[0] in "LNMS" else " " for character in folded
    ).split()
    return hashlib.sha256(" ".join(words).encode()).hexdigest()
