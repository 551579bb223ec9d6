"""Typst makes pages from a source of ours and data. Words are only ever data."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import typst

from middleground.paper.printing.fonts import installed

_FOLDER = Path(__file__).parent  # the only one from which Typst may read
# The language as Typst and fonts know it, and the region that tells Chinese scripts apart.
_REGIONS = {"zh-hans": ("zh", "CN"), "zh-hant": ("zh", "TW")}


def compiled(source: str, data: dict[str, Any]) -> bytes:
    """The PDF. The same data gives the same bytes: it holds no date and no number of its own."""
    inputs, text = _inputs(data), _source(source)
    compiler = typst.Compiler(text, str(_FOLDER), font_paths=installed(), sys_inputs=inputs)
    pdf = compiler.compile(text, format="pdf", pdf_tags=False)
    assert isinstance(pdf, bytes)
    return pdf


def asked(source: str, data: dict[str, Any], label: str) -> list[dict[str, Any]]:
    """The facts that the source notes under a label, once everything has its place."""
    inputs = _inputs(data)
    fonts = installed()
    compiler = typst.Compiler(_source(source), str(_FOLDER), font_paths=fonts, sys_inputs=inputs)
    found: list[dict[str, Any]] = json.loads(compiler.query(f"<{label}>", field="value"))
    return found


def language_and_region(language: str) -> tuple[str, str | None]:
    if language in _REGIONS:
        return _REGIONS[language]
    return language.split("-")[0] or "en", None


def _inputs(data: dict[str, Any]) -> dict[str, str]:
    return {name: json.dumps(value, ensure_ascii=False) for name, value in data.items()}


@cache
def _source(name: str) -> bytes:
    return (_FOLDER / name).read_bytes()
