"""The translations of the interface: what is marked in the source, and what each language lacks.

`scripts/catalogues.py` (that is `make messages`) brings the catalogues up to date with the source
and says what is missing. The build hook compiles them, and tests ask for `gaps`.
"""

from __future__ import annotations

import io
import os
import re
import runpy
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from fnmatch import fnmatch
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "middleground"
LOCALE = PACKAGE / "locale"
# Texts in these files are met by staff only. They are translated into the languages of staff.
STAFF_FILES = (
    "*/desk/*",
    "*/pages/desk*.py",
    "answers/parts/desk*.py",
    "ballots/desk.py",
    "ballots/editions.py",
    "ballots/page_frame.py",
    "ballots/templates/*",
    "config/*",
    "dialogues/desk_tabs.py",
    "dialogues/exchange/*",
    "dialogues/lifecycle/*",
    "dialogues/participation/entries/batches.py",
    "dialogues/participation/entries/people.py",
    "dialogues/translations/actions.py",
    "dialogues/translations/originals.py",
    "evidence/exchange/*",
    "outreach/*/desk.py",
    "outreach/campaigns/actions.py",
    "outreach/campaigns/counted.py",
    "outreach/invitations/actions.py",
    "outreach/invitations/forms.py",
    "outreach/page_frame.py",
    "people/openid/*",
    "people/sign_in/*",
    "people/templates/account/*",
    "people/templates/mfa/*",
    "people/templates/people/bodies/desk_*",
    "people/templates/people/staff.html",
)
STAFF_LOCALES = ("es",)
# The words of which docs/languages.md tells the translations.
WORDS = (
    "agree", "answer", "body", "case", "claim", "comment", "commitment", "concern", "dialogue",
    "disagree", "divisive", "facilitator", "host", "middle ground", "moderator", "opinion group",
    "opinion map", "pass", "public log", "receipt", "source", "statement", "topic", "vote",
)  # fmt: skip
PAGE = ROOT / "docs" / "languages.md"
BEGIN, END = "<!-- glossary -->\n", "<!-- end of glossary -->\n"
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "_": None,
    "ngettext": (1, 2),
    "ngettext_noop": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_noop": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
# Lines of a catalogue's head that would differ at each run, or name people.
OF_A_MOMENT = re.compile(
    r'^"(?:Report-Msgid-Bugs-To|POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team'
    r"|Generated-By):.*\n",
    re.MULTILINE,
)
FIELD = re.compile(r"%\((\w+)\)[sd]|\{(\w*)\}")
# What "%" formatting reads rightly. "90 % sure" has "% s", which would show every value.
FORMATTED = re.compile(r"%%|%\((\w+)\)([sd])")


@dataclass(frozen=True, slots=True)
class Gap:
    """Why a catalogue cannot be used as it is."""

    locale: str
    text: str
    why: str


def catalogue_files() -> list[Path]:
    return sorted(LOCALE.glob("*/LC_MESSAGES/django.po"))


def read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name)


def marked_texts() -> Catalog:
    """Every text that the source marks, with the files that it stands in."""
    found = Catalog(charset="utf-8")
    for path in sorted(PACKAGE.rglob("*")):
        if path.suffix not in {".py", ".html", ".txt"} or "migrations" in path.parts:
            continue
        name = path.relative_to(PACKAGE).as_posix()
        if path.suffix != ".py" and "/templates/" not in name:
            continue
        for line, function, texts, comments in _calls(path):
            context, text = _text_of(function, texts)
            if text:
                found.add(text, locations=[(name, line)], auto_comments=comments, context=context)
    return found


def _calls(path: Path) -> Iterator[tuple[int, str, object, list[str]]]:
    source = path.read_text("utf-8")
    if path.suffix != ".py":
        source = _as_python(source)
    options = {"encoding": "utf-8"}
    yield from extract_python(
        io.BytesIO(source.encode()), list(KEYWORDS), ["Translators:"], options
    )


def _as_python(template: str) -> str:
    """The calls of gettext that a template stands for, as Django's own `makemessages` reads it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "middleground.config.settings")
    from django.utils.translation.template import templatize

    python = templatize(template)
    return "\n".join(line.lstrip() for line in python.splitlines())


def _text_of(function: str, texts: object) -> tuple[str | None, object]:
    """The context and the text, or the pair of singular and plural, of one call."""
    given = list(texts) if isinstance(texts, tuple) else [texts]
    places = KEYWORDS[function] or (1,)
    context, parts = None, []
    for place in places:
        index = place[0] if isinstance(place, tuple) else place
        value = given[index - 1] if index <= len(given) else None
        if not isinstance(value, str) or not value:
            return None, None
        if isinstance(place, tuple):
            context = value
        else:
            parts.append(value)
    return context, parts[0] if len(parts) == 1 else tuple(parts)


def is_for_staff(message: Message) -> bool:
    return all(any(fnmatch(name, each) for each in STAFF_FILES) for name, _ in message.locations)


def gaps(path: Path, marked: Catalog) -> Iterator[Gap]:
    """What the catalogue at ``path`` lacks of the marked texts, and what in it is wrong."""
    catalogue = read(path)
    locale = path.parent.parent.name
    for message in marked:
        if not message.id or (is_for_staff(message) and locale not in STAFF_LOCALES):
            continue
        text = message.id[0] if isinstance(message.id, tuple) else message.id
        translated = catalogue.get(message.id, message.context)
        why = _trouble(message, translated, catalogue.num_plurals)
        if why:
            yield Gap(locale, text, why)


def _trouble(message: Message, translated: Message | None, forms: int) -> str:
    if translated is None:
        return "is not in the catalogue"
    if translated.fuzzy:
        return "is marked as fuzzy"
    strings = translated.string if isinstance(translated.string, tuple) else (translated.string,)
    if len(strings) != (forms if isinstance(message.id, tuple) else 1) or not all(strings):
        return "is not translated, or not in every plural form"
    asked = message.id if isinstance(message.id, tuple) else (message.id,)
    known = set.union(*map(_fields, asked))
    least = set.intersection(*map(_fields, asked))
    # In a plural form a language may say the number as a word.
    may_lack = 1 if isinstance(message.id, tuple) else 0
    for each in strings:
        fields = _fields(each)
        if fields - known or len(least - fields) > may_lack:
            return f"has other fields than {', '.join(sorted(known)) or 'none'}"
        if len(re.findall(r"</?\w+", each)) != len(re.findall(r"</?\w+", asked[-1])):
            return "has other tags"
        if why := _format_trouble(asked, each):
            return why
    return ""


def _format_trouble(asked: tuple[str, ...], translated: str) -> str:
    """Whether putting values into the translation fails where it works with the original.

    A template then shows English, and other code raises. So it is tried with sample values.
    """
    original = " ".join(asked)
    if "%(" in original or "%%" in original:
        kinds = dict(FORMATTED.findall(original))
        values = {name: 7 if kind == "d" else "7" for name, kind in kinds.items()}
        if "%" in FORMATTED.sub("", translated):
            return "has a per-cent sign that is not written as %%"
        try:
            translated % values
        except (KeyError, TypeError, ValueError) as error:
            return f"cannot be filled in ({error})"
    elif _fields(original):
        try:
            translated.format(**dict.fromkeys(_fields(original), "7"))
        except (AttributeError, IndexError, KeyError, ValueError) as error:
            return f"cannot be filled in ({error})"
    elif "%%" in translated or ("%" in translated and "%" not in original):
        return "has other per-cent signs than the original"
    return ""


def _fields(text: str) -> set[str]:
    return {first or second for first, second in FIELD.findall(text)}


def glossary(path: Path) -> dict[str, str]:
    """Word of ours → how this catalogue says it."""
    return _reader()(path.read_text("utf-8"))


def _reader() -> Callable[[str], dict[str, str]]:
    """The product's reader of glossaries. The build runs before the product can be imported."""
    path = PACKAGE / "core" / "languages" / "glossary.py"
    found: Callable[[str], dict[str, str]] = runpy.run_path(str(path))["glossary_in"]
    return found


def glossary_table() -> str:
    """The table of docs/languages.md."""
    said = {path.parent.parent.name: glossary(path) for path in catalogue_files()}
    rows = [["word", *said], ["---"] * (len(said) + 1)]
    rows += [[word, *(each.get(word, "") for each in said.values())] for word in WORDS]
    return "".join(f"| {' | '.join(row)} |\n" for row in rows)


def page_with_glossary() -> str:
    """docs/languages.md as it should be."""
    before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    return before + BEGIN + "\n" + glossary_table() + "\n" + END + rest.partition(END)[2]


def refuse_gaps() -> None:
    """Raise ValueError if a catalogue lacks a translation of a text that its readers meet.

    The catalogues themselves say which texts there are, since a build has no Django to read the
    source with. A test compares them with the source.
    """
    found = [gap for path in catalogue_files() for gap in gaps(path, read(path))]
    if found:
        first = "; ".join(f"{gap.locale}: “{gap.text[:60]}” {gap.why}" for gap in found[:3])
        raise ValueError(
            f"{len(found)} translations are missing or wrong ({first} …): make messages"
        )


def compile_all() -> list[Path]:
    """Write the files that are read at run time, and return them."""
    written = []
    for path in catalogue_files():
        written.append(path.with_suffix(".mo"))
        written[-1].write_bytes(compiled(path))
    return written


def compiled(path: Path) -> bytes:
    """The same bytes whenever it is compiled: no moment stands in the head."""
    catalogue, file = read(path), io.BytesIO()
    catalogue.creation_date = catalogue.revision_date = datetime.fromtimestamp(0, UTC)
    write_mo(file, catalogue)
    return file.getvalue()


def update() -> None:
    """Bring the marked texts into every catalogue; keep what is translated, drop what is gone."""
    marked = marked_texts()
    for path in catalogue_files():
        catalogue = read(path)
        catalogue.update(marked, no_fuzzy_matching=True, keep_user_comments=True)
        catalogue.obsolete.clear()
        for message in catalogue:
            message.locations = sorted({(name, 0) for name, _ in message.locations})
            message.flags -= {"python-format", "python-brace-format"}
        catalogue.fuzzy = False
        text = io.BytesIO()
        write_po(text, catalogue, width=0, include_lineno=False, sort_by_file=True)
        path.write_text(OF_A_MOMENT.sub("", text.getvalue().decode()), "utf-8")


def main() -> int:
    update()
    compile_all()
    PAGE.write_text(page_with_glossary(), "utf-8")
    marked = marked_texts()
    missing = 0
    for path in catalogue_files():
        found = list(gaps(path, marked))
        missing += len(found)
        print(f"{path.parent.parent.name}: {len(found)} of {len(marked)} to do")
        for gap in found[:20]:
            print(f"  “{gap.text[:80]}” {gap.why}")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
