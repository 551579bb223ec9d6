"""Every text of the program that is marked for translation, and its sentences.

``python tests/words/marked.py`` prints the figures and the longest sentences.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SOURCE = Path(__file__).resolve().parents[2] / "src" / "middleground"
MARKS = {
    "_": 1, "gettext": 1, "gettext_lazy": 1, "gettext_noop": 1,
    "ngettext": 2, "ngettext_lazy": 2,
}  # fmt: skip
WITH_CONTEXT = {"pgettext": 1, "pgettext_lazy": 1, "npgettext": 2}
TRANSLATE = re.compile(r"""\{%\s*trans(?:late)?\s+("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""")
BLOCK = re.compile(
    r"\{%\s*blocktrans(?:late)?\b[^%]*?%\}(.*?)\{%\s*endblocktrans(?:late)?\s*%\}", re.DOTALL
)
PLURAL = re.compile(r"\{%\s*plural\s*%\}")
MARKUP = re.compile(r"<[^>]+>")
BLANK = re.compile(r"%\(\w+\)[sdf]|\{\{[^}]*\}\}|\{\w*(?:[:.!][^}]*)?\}|%[sd]")
# A full stop inside "e.g." or "3.5" ends no sentence; one before a space, a tag or the end does.
ENDS = re.compile(r"(?<!e\.g\.)(?<=[.!?…:;])[”\"')»]*\s+")
WORD = re.compile(r"[^\W_]+(?:['’\-.,/][^\W_]+)*")


@dataclass(frozen=True)
class Text:
    """A text as it stands in the source: ``line`` counts from 1."""

    file: str
    line: int
    words: str

    @property
    def sentences(self) -> list[str]:
        plain = BLANK.sub("x", MARKUP.sub(" ", self.words.replace("\u00a0", " ")))
        return [" ".join(part.split()) for part in ENDS.split(plain) if WORD.search(part)]

    @property
    def read_by(self) -> str:
        """Who reads it: the staff of a host, or anybody."""
        staff = re.search(
            r"/desk|/allauth/|/account/|/mfa/|/verbs|permissions|^cli|^config", self.file
        )
        return "staff" if staff else "anybody"


def length(sentence: str) -> int:
    return len(WORD.findall(sentence))


def marked_texts(source: Path = SOURCE) -> list[Text]:
    """All of them, by file and line."""
    found = []
    for path in sorted(source.rglob("*")):
        if path.suffix == ".py" and "migrations" not in path.parts:
            found += _in_python(path.read_text("utf-8"), str(path.relative_to(source)))
        elif path.suffix in {".html", ".md", ".txt"} and "templates" in path.parts:
            found += _in_template(path.read_text("utf-8"), str(path.relative_to(source)))
    return found


def _in_python(code: str, file: str) -> Iterator[Text]:
    for node in ast.walk(ast.parse(code)):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        first = 1 if name in WITH_CONTEXT else 0
        count = MARKS.get(name, 0) or WITH_CONTEXT.get(name, 0)
        for argument in node.args[first : first + count]:
            if isinstance(argument, ast.Constant) and isinstance(argument.value, str):
                yield Text(file, argument.lineno, argument.value)


def _in_template(code: str, file: str) -> Iterator[Text]:
    def line(position: int) -> int:
        return code.count("\n", 0, position) + 1

    for found in TRANSLATE.finditer(code):
        yield Text(file, line(found.start()), found.group(1)[1:-1].replace('\\"', '"'))
    for found in BLOCK.finditer(code):
        for form in PLURAL.split(found.group(1)):
            yield Text(file, line(found.start()), " ".join(form.split()))


def main() -> None:
    texts = marked_texts()
    only = sys.argv[1] if len(sys.argv) > 1 else ""
    for who in ("anybody", "staff"):
        sentences = [s for text in texts if text.read_by == who for s in text.sentences]
        lengths = [length(sentence) for sentence in sentences]
        over = [sum(n > most for n in lengths) for most in (20, 25, 35)]
        sys.stdout.write(
            f"{who}: {len(sentences)} sentences, {sum(lengths)} words,"
            f" mean {sum(lengths) / len(lengths):.1f},"
            f" over 20: {over[0]}, over 25: {over[1]}, over 35: {over[2]}\n"
        )
    if only:
        rows = [
            (length(s), t.file, t.line, s) for t in texts for s in t.sentences if only in t.file
        ]
        for row in sorted(rows, reverse=True):
            sys.stdout.write(f"{row}\n")


if __name__ == "__main__":
    main()
