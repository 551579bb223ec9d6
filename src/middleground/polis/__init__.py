"""Reads and writes Polis export folders. Pure: no Django, no clock, no network."""

from middleground.polis.export import (
    InvalidExport,
    MapSetup,
    PolisExport,
    PolisStatement,
    Problem,
    Sign,
)
from middleground.polis.read import read_about, read_export
from middleground.polis.write import write_about, write_export, write_texts

__all__ = [
    "InvalidExport",
    "MapSetup",
    "PolisExport",
    "PolisStatement",
    "Problem",
    "Sign",
    "read_about",
    "read_export",
    "write_about",
    "write_export",
    "write_texts",
]
