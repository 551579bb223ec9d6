"""Polis export folders in and out. Pure: no Django, no clock, no network."""

from .export import InvalidExport, PolisExport, PolisStatement, Problem, Sign
from .read import read_about, read_export
from .write import write_about, write_export

__all__ = [
    "InvalidExport",
    "PolisExport",
    "PolisStatement",
    "Problem",
    "Sign",
    "read_about",
    "read_export",
    "write_about",
    "write_export",
]
