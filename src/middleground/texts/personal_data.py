"""Finds likely personal data in a text by its shape, on this machine only.

It warns the writer before a text is sent and shows moderators where to look. It is advice and
prefers misses to false alarms: general talk about streets, officials, years and amounts must pass.
Public offices ("Mayor Bass") and toll-free numbers are not flagged.

``phonenumbers`` finds phone numbers of all countries. ``python-stdnum`` checks the check digits of
cards and bank accounts. The patterns for streets, persons and documents are our own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

import phonenumbers
from phonenumbers import PhoneNumberMatcher, PhoneNumberType
from stdnum import iban, luhn

from middleground.core.languages.typed import plain_digits
from middleground.texts.sameness import UNSEEN

# Numbers without a country code are read as numbers of this region.
REGION = "US"


class Kind(Enum):
    """What a stretch of text looks like."""

    PHONE = "phone"
    EMAIL = "email"
    ADDRESS = "address"
    PLATE = "plate"
    HANDLE = "handle"
    NUMBER = "number"
    BIRTH = "birth"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class PersonalDatum:
    """``text[start:end]`` looks like personal data of this kind."""

    kind: Kind
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text, with the kind of personal data it looks like, if any."""

    text: str
    kind: Kind | None


def find(text: str) -> list[PersonalDatum]:
    """What looks like personal data in the text, in text order, without overlaps.

    It is looked for as a reader sees the text: a character that cannot be seen hides
    nothing, nor do digits of another script.
    """
    text = plain_digits(text)
    seen = [place for place, character in enumerate(text) if not UNSEEN.match(character)]
    if len(seen) == len(text):
        readable = list(_all(text))
    else:
        readable = [
            PersonalDatum(each.kind, seen[each.start], seen[each.end - 1] + 1)
            for each in _all("".join(text[place] for place in seen))
        ]
    found = sorted(readable, key=lambda finding: (finding.start, -finding.end))
    kept: list[PersonalDatum] = []
    for finding in found:
        if not kept or finding.start >= kept[-1].end:
            kept.append(finding)
    return kept


def pieces(text: str, findings: list[PersonalDatum]) -> list[Piece]:
    """The whole text cut at the findings, for a page that marks them."""
    cut: list[Piece] = []
    at = 0
    for finding in findings:
        if finding.start > at:
            cut.append(Piece(text[at : finding.start], None))
        cut.append(Piece(text[finding.start : finding.end], finding.kind))
        at = finding.end
    if at < len(text):
        cut.append(Piece(text[at:], None))
    return cut


def _all(text: str) -> Iterator[PersonalDatum]:
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            start, end = match.span("it") if "it" in pattern.groupindex else match.span()
            yield PersonalDatum(kind, start, end)
    for match in _CARD.finditer(text):
        if luhn.is_valid(re.sub(r"\D", "", match.group())):
            yield PersonalDatum(Kind.NUMBER, *match.span())
    for match in _IBAN.finditer(text):
        if iban.is_valid(match.group()):
            yield PersonalDatum(Kind.NUMBER, *match.span())
    yield from _phones(text)


def _phones(text: str) -> Iterator[PersonalDatum]:
    for match in PhoneNumberMatcher(text, REGION):
        if phonenumbers.number_type(match.number) != PhoneNumberType.TOLL_FREE:
            yield PersonalDatum(Kind.PHONE, match.start, match.end)


_CARD = re.compile(r"(?<![\w.,$€£-])\d(?:[ -]?\d){12,18}(?![\w-])")
_IBAN = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?(?!\w)")

_NAME = r"(?:[A-Z]['’])?[A-Z][a-zà-öø-ÿ]+(?:[-'’][A-Z]?[a-zà-öø-ÿ]+)?"
_INITIAL = r"(?:\s+[A-Z]\.?(?=\s|[,.!?]|$))?"
# Capitalised words that follow a title or a relation without naming anyone.
_NO_NAME = (
    r"(?!(?:President|Mayor|Speaker|Chair|Orange|Training|Involved|King|Martin|Monday|Tuesday"
    r"|Wednesday|Thursday|Friday|Saturday|Sunday|January|February|March|April|May|June|July|August"
    r"|September|October|November|December|American|Mexican|Latin[oa]|Latinx|Asian|African|Black"
    r"|White|Jewish|Muslim|Christian|Catholic|Republican|Democrat|Trump|Biden|Obama|We|They|The"
    r"|But|And|Who|Is|Are|Was|Have|Has|In|On|At|If|It|This|That|Should|Can|Will|Do|Does|Not|No)\w*)"
)
_RELATION = (
    r"(?:neighbou?r|landlord|landlady|boss|co-?worker|colleague|teacher|manager|employer|employee"
    r"|tenant|roommate|friend|ex|husband|wife|brother|sister|son|daughter|cousin|uncle|aunt|nanny"
    r"|gardener|cleaner|housekeeper|barber|doctor|nurse|pastor|priest|coach)"
)
_STREET = (
    r"(?:(?:Street|Avenue|Boulevard|Drive|Road|Lane|Court|Place|Way|Terrace|Circle|Parkway|Trail)"
    r"\b|(?:St|Ave|Blvd|Dr|Rd|Ln|Ct|Pl|Cir|Pkwy)\b\.?)"
)
_SIDE = r"(?:[NSEW]\.?|(?i:north|south|east|west|northeast|northwest|southeast|southwest))"
_WITHOUT_PAPERS = (
    r"(?:(?:is|are|was|were|'s|’s)\s+(?:all\s+|probably\s+)?"
    r"(?:undocumented|illegals?|an\s+illegal|here\s+illegally|in\s+the\s+country\s+illegally"
    r"|without\s+papers)\b|(?:has|have|got)\s+no\s+papers\b|overstayed\b)"
)


def _pattern(kind: Kind, *parts: str, any_case: bool = False) -> tuple[Kind, re.Pattern[str]]:
    return kind, re.compile("".join(parts), re.IGNORECASE if any_case else 0)


_PATTERNS = (
    _pattern(
        Kind.EMAIL,
        r"(?<![\w.+-])[\w.+-]{1,64}@[a-z0-9](?:[a-z0-9-]{0,60}[a-z0-9])?(?:\.[a-z0-9-]{2,60}){1,4}",
        any_case=True,
    ),
    _pattern(
        Kind.EMAIL,
        r"\b[\w.+-]{2,64}\s*[\[(]?\s*\bat\b\s*[\])]?\s*(?:gmail|hotmail|yahoo|outlook|icloud"
        r"|proton|protonmail)\s*(?:[\[(]?\s*dot\s*[\])]?|\.)\s*(?:com|me|org|net)\b",
        any_case=True,
    ),
    # A number without its area code counts only near a word such as "call".
    _pattern(
        Kind.PHONE,
        r"\b(?:call|text|phone|tel|cell|mobile|whatsapp|reach)\b[^.!?\d]{0,25}"
        r"(?P<it>[2-9]\d\d[ .-]?\d{4}|0\d{2,5}[ /-]?\d{4,9})(?![\w-])",
        any_case=True,
    ),
    _pattern(Kind.NUMBER, r"(?<![\w-])(?!000|666|9)\d{3}-(?!00)\d\d-(?!0000)\d{4}(?![\w-])"),
    _pattern(
        Kind.NUMBER,
        r"\b(?:ssn|social security(?: (?:number|no\.?|#))?)\s*(?:is|:|#)?\s*"
        r"(?P<it>\d{3}[ -]?\d\d[ -]?\d{4})\b",
        any_case=True,
    ),
    # An alien registration number, and the receipt number of an immigration case (USCIS).
    _pattern(Kind.NUMBER, r"\bA[ #-]{0,2}(?:\d{8,9}|\d{2,3}[ -]\d{3}[ -]\d{3})\b"),
    _pattern(Kind.NUMBER, r"\b(?:EAC|WAC|LIN|SRC|MSC|IOE|NBC|YSC|VSC)[ -]?\d{10}\b"),
    _pattern(
        Kind.NUMBER,
        r"\b(?:passport|driver['’]?s? licen[cs]e|badge|green card|visa|case|booking|inmate)"
        r"(?:\s+(?:number|no\.?|id))?\s*(?:is|:|#)?\s*(?P<it>#?[A-Z]{0,3}\d{5,12})\b",
        any_case=True,
    ),
    _pattern(
        Kind.BIRTH,
        r"\b(?:born(?: on)?|dob:?|date of birth:?|birthday(?: is| on)?:?)\s*"
        r"(?P<it>\d{1,4}[/.-]\d{1,2}[/.-]\d{1,4})\b",
        any_case=True,
    ),
    _pattern(
        Kind.ADDRESS,
        r"(?<![\w$€£.,/-])\d{1,5}(?:-\d{1,4})?[A-Za-z]?\s+",
        rf"(?:{_SIDE}\s+)?(?:(?!Hour|Way|Lane|New|More)[A-Z][\w'’.-]*\s+|\d+(?:st|nd|rd|th)\s+){{1,4}}?",
        rf"{_STREET}(?:,?\s+(?i:apt|apartment|unit|suite|#)\.?\s*#?\w{{1,5}}\b)?",
    ),
    # In lower case only with a full street word, and at the end of a phrase.
    _pattern(
        Kind.ADDRESS,
        rf"(?<![\w$€£.,/-])\d{{2,5}}\s+(?:{_SIDE}\s+)?",
        r"(?!(?:new|more|major|different|of|percent|miles?|feet|minutes?|years?|hours?|days?"
        r"|lane|block|people|other)\b)",
        r"[a-z][a-z'’]{2,20}\s+(?:street|avenue|boulevard|road|drive)\b",
        r"(?=\s*(?:[.,;:!?)]|$|apt|apartment|unit|in\b|near\b|is\b|has\b))",
    ),
    _pattern(
        Kind.ADDRESS,
        r"\b(?:apt|apartment)\.?\s*#?\d{1,4}[A-Z]?(?=\s*(?:[.,;:!?)]|$|at\b|on\b|in\b|is\b|of\b))",
        any_case=True,
    ),
    _pattern(
        Kind.ADDRESS,
        r"\b[A-ZÄÖÜ][a-zäöüß-]{2,30}(?:straße|strasse|str\.|weg|platz|gasse|allee)"
        r"\s+\d{1,4}[a-z]?\b",
    ),
    _pattern(
        Kind.ADDRESS,
        r"\b(?:Calle|Avenida|Paseo|Callejón)\s+(?:(?:de|del|la|las|los)\s+)*",
        rf"{_NAME}(?:\s+{_NAME})?,?\s+(?:n[.º°]\s*)?\d{{1,5}}\b",
    ),
    _pattern(Kind.PLATE, r"(?<![\w-])\d[A-Z]{3}\d{3}(?![\w-])"),
    _pattern(Kind.PLATE, r"(?<![\w-])[A-ZÄÖÜ]{1,3}-[A-Z]{1,2} ?[1-9]\d{1,3}(?![\w-])"),
    _pattern(
        Kind.PLATE,
        r"\b[Pp]late(?:\s+(?:number|no\.?))?\s*(?:is|was|:|#)?\s*"
        r"(?P<it>(?=[A-Z -]*\d)[A-Z0-9]{2,4}[ -]?[A-Z0-9]{2,4})\b",
    ),
    _pattern(Kind.HANDLE, r"(?<![\w@./+-])@[A-Za-z_][\w.]{0,28}\w"),
    _pattern(
        Kind.HANDLE,
        r"\b(?:facebook|instagram|tiktok|twitter|linkedin|threads|snapchat)\.(?:com|net)/\S*\w"
        r"|\b(?:x\.com|t\.me|wa\.me|bsky\.app)/\S*\w|(?<![\w/])/?u/[\w-]{3,20}\b",
        any_case=True,
    ),
    _pattern(
        Kind.HANDLE,
        r"\b(?:insta|instagram|snap|snapchat|telegram|tiktok|discord|facebook)\s*(?:is|:)\s*"
        r"(?P<it>(?=[\w.]*[\d_])[\w.]{3,30})",
        any_case=True,
    ),
    _pattern(
        Kind.PERSON,
        r"\b(?:Mr|Mrs|Ms|Miss|Mx|Officer|Deputy|Agent|Dr|Señora?|Herr|Frau)\.?\s+",
        rf"{_NO_NAME}{_NAME}(?:\s+{_NAME}){{0,2}}",
    ),
    _pattern(
        Kind.PERSON,
        rf"\b(?:[Mm]y|[Oo]ur|[Hh]is|[Hh]er|[Tt]heir)\s+(?:[a-z-]+\s+)?{_RELATION},?\s+",
        rf"{_NO_NAME}{_NAME}(?:\s+{_NAME})?{_INITIAL}",
    ),
    _pattern(
        Kind.PERSON,
        r"\b(?!(?:Los|San|Santa|New|East|West|North|South|Long|Beverly|Boyle|Orange|United|City"
        r"|Highland|Some|Every|Many|Most|Our|The)\b)",
        rf"{_NO_NAME}{_NAME}\s+(?:[A-Z]\.\s+)?{_NAME}\b",
        rf"(?:[^.!?]{{0,40}}?\s{_WITHOUT_PAPERS}"
        r"|\s+(?:lives|is living|works|is hiding)\s+(?:at|on|next|near|behind|across)\b)",
    ),
    _pattern(
        Kind.PERSON,
        r"\b(?:family|man|woman|guy|couple|people|person|neighbou?rs?|tenants?|renters?|workers?)"
        r"\s+(?:(?:who\s+)?liv(?:e|es|ing)\s+)?(?:next\s+door|across\s+the\s+(?:street|hall)"
        r"|upstairs|downstairs|down\s+the\s+(?:street|road|block)|in\s+my\s+building"
        rf"|on\s+the\s+corner)\b[^.!?]{{0,40}}?\s{_WITHOUT_PAPERS}",
        any_case=True,
    ),
)
