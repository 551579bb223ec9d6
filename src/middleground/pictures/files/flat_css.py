"""The style sheet of pictures as every program for SVG understands it.

Programs for print know neither variables nor media queries. So colours are written out: those of a
bright page, as they look on a large screen, and those of groups once for each group. Groups have
the stripes that they have in print, because nobody knows whether a file will be printed in grey.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

from middleground.pictures.palette import GROUP_STYLES, css

FONTS = '"Noto Sans", system-ui, -apple-system, "Segoe UI", Roboto, Arial, sans-serif'
GROUPS = ("pic-g0", *(style.css for style in GROUP_STYLES))

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_MEDIA = re.compile(r"@media([^{]*)\{((?:[^{}]*\{[^{}]*\})*)\s*\}")
_VARIABLE = re.compile(r"var\((--[\w-]+)\)")
_WEIGHT = re.compile(r"(font-weight:\s*)\d+")
_PRINTED = re.compile(r"[^{}]*\.pic-print-stripe\s*\{[^{}]*\}")
# They lay out a picture on a page, which a file is not.
_OF_A_PAGE = {"display", "width", "height", "max-width", "cursor", "outline", "break-inside"}


@cache
def flat_css() -> str:
    """The rules, one a line. Raises ``KeyError`` if a colour is not known."""
    whole = _COMMENT.sub("", css())
    printed = [part for media in _MEDIA.finditer(whole) for part in _of_print(media)]
    text = "\n".join([_MEDIA.sub(_on_a_large_screen, whole), *printed])
    rules = [(head.strip(), _declarations(body)) for head, body in _RULE.findall(text)]
    values = {
        name: value
        for head, declared in rules
        if head == ".pic"
        for name, value in declared.items()
        if name.startswith("--")
    }
    return "\n".join(line for head, declared in rules for line in _lines(head, declared, values))


def _on_a_large_screen(found: re.Match[str]) -> str:
    return found[2] if "min-width" in found[1] and "color-scheme" not in found[1] else ""


def _of_print(found: re.Match[str]) -> list[str]:
    """The stripes of marks, which a grey print keeps apart."""
    return _PRINTED.findall(found[2]) if "print" in found[1] else []


def _declarations(body: str) -> dict[str, str]:
    pairs = (each.partition(":") for each in body.split(";") if ":" in each)
    return {name.strip(): value.strip() for name, _, value in pairs}


def _lines(head: str, declared: Mapping[str, str], values: Mapping[str, str]) -> Iterator[str]:
    kept = {
        name: value
        for name, value in declared.items()
        if not name.startswith("--") and name not in _OF_A_PAGE
    }
    if "font-family" in kept:
        kept["font-family"] = FONTS
    if not kept or ":" in head:  # such as :hover
        return
    if "var(--pic-group)" not in str(kept):
        yield f"{head} {{{_written(kept, values)}}}"
        return
    for group in GROUPS:
        own = {**values, "--pic-group": values[f"--{group}"]}
        heads = (f".{group} {each.strip()}, {each.strip()}.{group}" for each in head.split(","))
        yield f"{', '.join(heads)} {{{_written(kept, own)}}}"


def _written(declared: Mapping[str, str], values: Mapping[str, str]) -> str:
    text = "; ".join(f"{name}: {value}" for name, value in declared.items())
    text = _VARIABLE.sub(lambda found: values[found[1]], text)
    return _WEIGHT.sub(r"\g<1>700", text)  # fonts have 400 and 700
