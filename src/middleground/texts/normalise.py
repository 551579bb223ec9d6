"""The form in which a submitted text is stored: what its writer typed, less what could deceive.

Nothing that a reader can see is changed, and nothing that a script needs is taken out: zero-width
spaces between Thai words, joiners, flags of England, Scotland and Wales, spaces that do not break.
What is taken out is told to the writer first (``deceptive_in``).
"""

from __future__ import annotations

import re
import unicodedata

# A black flag, the letters of a region in tag characters, and their end: England, Wales, Texas.
_FLAG = "\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]+\U000e007f"
# Control characters but for white space; overrides, embeddings and isolates of direction, with
# which a text can be made to look like another one; deprecated format characters; annotations;
# lone surrogates and private characters, which have no meaning; tag characters outside a flag.
# Right-to-left languages need none of them in a sentence: U+200E, U+200F and U+061C stay.
DECEPTIVE = (
    "\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u206f\ud800-\udfff\ue000-\uf8ff"
    "\ufdd0-\ufdef\ufff9-\ufffb\ufffe\uffff\U000e0000-\U000e007f\U000f0000-\U0010ffff"
)
_FOUND = re.compile(f"({_FLAG})|[{DECEPTIVE}]")
_LINE_SPACE = "\t\n\x0b\x0c\r\x85\u2028\u2029"
_SPACES = re.compile(rf"[{_LINE_SPACE} \u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")


def normalise(text: str) -> str:
    """The text without deceptive characters, with one space between words and composed letters.

    A line break or tab counts as a space. Of several spaces one plain space is left; a single one
    stays what it is, such as the one that does not break before a French question mark.
    """
    if text.isascii() and text.isprintable():  # most texts, and much faster
        return " ".join(text.split())
    return composed(_SPACES.sub(_one_space, without_deceptive(text)).strip())


def without_deceptive(text: str) -> str:
    """The text as typed, less those characters: to give back in the field it was typed in."""
    return _FOUND.sub(lambda found: found[1] or "", text)


def deceptive_in(text: str) -> list[str]:
    """The characters that ``normalise`` takes out, each once, in the order of the text."""
    if text.isascii() and text.isprintable():
        return []
    found = (match[0] for match in _FOUND.finditer(text) if not match[1])
    return list(dict.fromkeys(found))


def code_points(characters: list[str]) -> str:
    """What characters that cannot be seen are called, such as "U+202E, U+0007"."""
    return ", ".join(f"U+{ord(character):04X}" for character in characters)


def composed(text: str) -> str:
    """Unicode's normal form C, but for characters that it would replace by others.

    Those are, for example, U+FA19 in Japanese names, which would look different, and the letters
    that Bengali and Hindi keyboards give, which would be cut into two.
    """
    if unicodedata.is_normalized("NFC", text):
        return text
    done, part = [], ""
    for character in text:
        if unicodedata.is_normalized("NFC", character):
            part += character
        else:
            done += [unicodedata.normalize("NFC", part), character]
            part = ""
    return "".join((*done, unicodedata.normalize("NFC", part)))


def _one_space(found: re.Match[str]) -> str:
    single = len(found[0]) == 1 and found[0] not in _LINE_SPACE
    return found[0] if single else " "
