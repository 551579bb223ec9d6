"""The tables of a page, as text: what stands between their tags, and nothing that attributes say.

Style sheets and scripts are not applied, and parts that they or an attribute hide are not known.
A table that may look different from its text (hidden cells, cells over several columns, other
elements within) has a ``problem``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

from middleground.ledger.codecs.field_codecs import BadRecord

WITHIN = {"caption", "thead", "tbody", "tr", "th", "td", "a"}
UNSEEN = {"template", "noscript"}
FINDING = "finding-text"
MARKED = "summary-"  # classes of paragraphs that begin so name a sentence
HIDING = {"hidden", "style", "colspan", "rowspan"}


@dataclass(slots=True)
class HtmlTable:
    """The caption without its links, the cells of the header, and those of all other rows."""

    caption: str = ""
    rows: list[list[str]] = field(default_factory=list)
    problem: str = ""

    @property
    def header(self) -> list[str]:
        return self.rows[0] if self.rows else []


@dataclass(slots=True)
class HtmlPage:
    """The page's language, its tables, its terms with what is beside each, and its findings.

    ``findings``: the words of the statements that are listed below each heading. ``marked``: the
    sentences of its summary, by class.
    """

    language: str = ""
    tables: list[HtmlTable] = field(default_factory=list)
    terms: list[tuple[str, str]] = field(default_factory=list)
    findings: dict[str, list[str]] = field(default_factory=dict)
    marked: dict[str, list[str]] = field(default_factory=dict)


def read_page(data: bytes) -> HtmlPage:
    """Parse a page. Raises ``BadRecord`` if it is not UTF-8."""
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as problem:
        raise BadRecord("it is not UTF-8") from problem
    reader = _Reader()
    reader.feed(text)
    reader.close()
    return reader.page


def as_shown(text: str) -> str:
    """Text with its white space as a browser shows it."""
    return " ".join(text.split())


class _Reader(HTMLParser):
    """Collects the text of captions, cells, headings, findings, and terms (``dt``, ``dd``)."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.page = HtmlPage()
        self._table: HtmlTable | None = None
        self._into = ""  # the element whose text is collected
        self._text: list[str] = []
        self._term = self._heading = self._marked = ""
        self._in_link = False
        self._unseen = 0  # elements around whose content no browser shows

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        names = dict(attrs)
        if tag == "html":
            self.page.language = names.get("lang") or ""
        elif tag in UNSEEN:
            self._unseen += 1
        elif tag == "table":
            if self._table is not None:
                self._table.problem = "a table stands in a table"
            self._table = HtmlTable(problem="a table is not shown" if self._unseen else "")
            self.page.tables.append(self._table)
        if self._table is not None:
            self._within_table(self._table, tag, names)
        elif tag in {"dt", "dd", "h2"} or (tag == "p" and self._is_compared(names)):
            self._begin(tag)

    def handle_endtag(self, tag: str) -> None:
        text = as_shown("".join(self._text))
        if tag == "a":
            self._in_link = False
        elif tag in UNSEEN:
            self._unseen -= 1
        elif tag == "table":
            self._table, self._into = None, ""
        elif tag == self._into:
            self._into = ""
            self._end(tag, text)

    def handle_data(self, data: str) -> None:
        # A caption's link leads to an explanation; a cell's link holds the statement's words.
        if self._into and not (self._into == "caption" and self._in_link):
            self._text.append(data)

    def _within_table(self, table: HtmlTable, tag: str, names: dict[str, str | None]) -> None:
        if tag not in WITHIN | {"table"}:
            table.problem = f"a table holds the element {tag}"
        if hiding := HIDING & names.keys():
            table.problem = f"a table has the attribute {min(hiding)}"
        if tag == "a":
            self._in_link = True
        elif tag == "tr":
            table.rows.append([])
        elif tag in {"caption", "th", "td"}:
            if self._into:
                table.problem = "a cell of a table does not end"
            self._begin(tag)

    def _is_compared(self, names: dict[str, str | None]) -> bool:
        """Whether a paragraph is a finding or a sentence of the summary."""
        name = names.get("class") or ""
        self._marked = name if name.startswith(MARKED) else ""
        return bool(self._marked) or name == FINDING

    def _begin(self, tag: str) -> None:
        self._into, self._text = tag, []

    def _end(self, tag: str, text: str) -> None:
        if tag == "dt":
            self._term = text
        elif tag == "dd":
            self.page.terms.append((self._term, text))
        elif tag == "h2":
            self._heading = text
            self.page.findings.setdefault(text, [])
        elif tag == "p" and self._marked:
            self.page.marked.setdefault(self._marked, []).append(text)
        elif tag == "p":
            self.page.findings.setdefault(self._heading, []).append(text)
        elif self._table is not None and tag == "caption":
            self._table.caption = text
        elif self._table is not None:
            if not self._table.rows:
                self._table.problem = "a cell stands in no row"
            else:
                self._table.rows[-1].append(text)
