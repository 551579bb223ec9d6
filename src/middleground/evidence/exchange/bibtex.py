"""BibTeX, read and written with bibtexparser."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from middleground.evidence.exchange.entries import FileEntry, date_of, evidence_of, kind_of
from middleground.evidence.models import Source

_KINDS = {
    "article": Source.Kind.STUDY, "inproceedings": Source.Kind.STUDY,
    "incollection": Source.Kind.STUDY, "phdthesis": Source.Kind.STUDY, "thesis": Source.Kind.STUDY,
    "mastersthesis": Source.Kind.STUDY, "dataset": Source.Kind.DATASET, "data": Source.Kind.DATASET,
    "legislation": Source.Kind.LAW, "jurisdiction": Source.Kind.LAW, "legal": Source.Kind.LAW,
}  # fmt: skip
_WRITTEN = {
    Source.Kind.STUDY: "article", Source.Kind.NEWS: "article", Source.Kind.REPORT: "techreport",
    Source.Kind.SURVEY: "techreport", Source.Kind.DATASET: "dataset",
    Source.Kind.LAW: "legislation", Source.Kind.TESTIMONY: "misc",
}  # fmt: skip
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ESCAPES = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "&": r"\&", "%": r"\%", "$": r"\$",
    "#": r"\#", "_": r"\_", "~": r"\textasciitilde{}", "^": r"\textasciicircum{}",
}  # fmt: skip
_VERBATIM = ("doi", "url")  # programs write these without LaTeX
_LATEX = re.compile(r"\\(?![&%$#_{}])|(?<!\\)\$|~|``|''")  # more than an escaped sign


def read_bibtex(text: str) -> Iterator[FileEntry]:
    """Every entry by the line at which it begins, also those that cannot be read."""
    from bibtexparser.entrypoint import parse_string
    from bibtexparser.model import DuplicateBlockKeyBlock, Entry, ParsingFailedBlock

    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # the entries tell it
    library = parse_string(text)
    latex = _Latex()
    for block in library.blocks:
        place = _("line %(line)d") % {"line": (block.start_line or 0) + 1}
        if isinstance(block, DuplicateBlockKeyBlock):  # the keys of entries do not matter here
            block = block.ignore_error_block or block
        if isinstance(block, Entry):
            yield FileEntry(place, _values(block, latex))
        elif isinstance(block, ParsingFailedBlock):
            yield FileEntry(place, problem=_("A brace, comma or quotation mark is missing."))


class _Latex:
    """Takes LaTeX out of values."""

    def __init__(self) -> None:
        from bibtexparser.middlewares import LatexDecodingMiddleware

        self._middleware: Any = LatexDecodingMiddleware(allow_inplace_modification=True)

    def plain(self, values: Sequence[str]) -> list[str]:
        """The values as plain text. Only those with more than simple LaTeX take long."""
        return [self._decoded(value) if _LATEX.search(value) else _bare(value) for value in values]

    def _decoded(self, value: str) -> str:
        from bibtexparser.model import Entry, Field

        entry = Entry("misc", "x", [Field("value", value)])
        self._middleware.transform_entry(entry, None)
        return str(entry.fields[0].value).replace("ˆ", "^")  # what \\textasciicircum becomes


def _bare(value: str) -> str:
    """The value without braces, with escaped signs as they are, and dashes."""
    plain = re.sub(r"(?<!\\)[{}]", "", value)
    return re.sub(r"\\([&%$#_{}])", r"\1", plain).replace("---", "—").replace("--", "–")


def _values(entry: Any, latex: _Latex) -> dict[str, str]:
    raw = {each.key.lower(): str(each.value) for each in entry.fields}
    names = _names(raw.get("author") or raw.get("editor") or "")
    literal = [name.startswith("{") and name.endswith("}") for name in names]
    keys = [key for key in raw if key not in (*_VERBATIM, "author", "editor")]
    plain = latex.plain([*(raw[key] for key in keys), *names])
    got = dict(zip(keys, plain, strict=False))
    authors = [
        _author(name, alone) for name, alone in zip(plain[len(keys) :], literal, strict=True)
    ]
    for key in _VERBATIM:
        got[key] = re.sub(r"\\([_&%#$~{}])", r"\1", raw.get(key, "")).strip()
    return {
        "kind": kind_of(got.get("x-kind", ""), _kind_of(entry.entry_type.lower(), got)),
        "title": got.get("title", ""),
        "authors": "\n".join(authors),
        "publisher": got.get("publisher") or got.get("institution") or got.get("school") or "",
        "published": _date(got),
        "appeared_in": got.get("journal") or got.get("journaltitle") or got.get("booktitle") or "",
        "volume": got.get("volume", ""),
        "issue": got.get("number") or got.get("issue") or "",
        "pages": got.get("pages", "").replace("--", "–"),
        "doi": got["doi"],
        "address": got["url"],
        "language": got.get("langid", ""),
        "evidence": evidence_of(got.get("x-evidence", "")),
        "funding": got.get("x-funding", ""),
    }


def _kind_of(entry_type: str, got: dict[str, str]) -> Source.Kind:
    if got.get("entrysubtype") in {"newspaper", "magazine"}:
        return Source.Kind.NEWS
    return _KINDS.get(entry_type, Source.Kind.REPORT)


def _names(text: str) -> list[str]:
    """The names between "and", where that is not within braces."""
    names, depth, begin = [], 0, 0
    for found in re.finditer(r"\\.|[{}]|\s+and\s+", text, re.DOTALL):
        part = found.group()
        if part in "{}":
            depth += 1 if part == "{" else -1
        elif not part.startswith("\\") and depth == 0:
            names.append(text[begin : found.start()])
            begin = found.end()
    return [name.strip() for name in (*names, text[begin:]) if name.strip()]


def _author(name: str, is_literal: bool) -> str:
    """A name as a source has it: "family, given", or an organisation."""
    name = " ".join(name.split())
    if is_literal:
        return f"{{{name}}}" if "," in name else name
    if "," in name or " " not in name:
        return name
    given, _space, family = name.rpartition(" ")
    return f"{family}, {given}"


def _date(got: dict[str, str]) -> str:
    if got.get("date"):
        return got["date"].split("/")[0].strip()
    month = got.get("month", "").strip().lower()[:3]
    number = _MONTHS.index(month) + 1 if month in _MONTHS else got.get("month", "")
    return date_of(got.get("year", ""), number, got.get("day", ""))


def write_bibtex(sources: Sequence[Source]) -> str:
    """The sources as entries that other programs and ``read_bibtex`` read back."""
    from bibtexparser.entrypoint import write_string
    from bibtexparser.library import Library
    from bibtexparser.model import Entry, Field

    library = Library()
    for source in sources:
        kind = Source.Kind(source.kind)
        fields = {
            "title": _latex(source.title),
            "author": " and ".join(map(_written_author, source.authors.splitlines())),
            "institution" if _WRITTEN[kind] == "techreport" else "publisher": _latex(
                source.publisher
            ),
            "year": source.year,
            "date": source.published if source.published != source.year else "",
            "journal": _latex(source.appeared_in),
            "volume": _latex(source.volume),
            "number": _latex(source.issue),
            "pages": _latex(source.pages).replace("–", "--"),
            "doi": source.doi,
            "url": source.address,
            "langid": source.language,
            "entrysubtype": "newspaper" if kind is Source.Kind.NEWS else "",
            "x-kind": source.kind,
            "x-evidence": source.evidence,
            "x-funding": _latex(source.funding),
        }
        kept = [Field(name, value) for name, value in fields.items() if value]
        library.add(Entry(_WRITTEN[kind], f"source{source.number}", kept))
    return str(write_string(library, prepend_middleware=[]))


def _written_author(line: str) -> str:
    line = line.strip()
    if line.startswith("{") and line.endswith("}"):
        return f"{{{_latex(line[1:-1])}}}"
    return _latex(line) if "," in line else f"{{{_latex(line)}}}"


def _latex(text: str) -> str:
    escaped = "".join(_ESCAPES.get(letter, letter) for letter in text)
    return escaped.replace("--", "-{}-")
