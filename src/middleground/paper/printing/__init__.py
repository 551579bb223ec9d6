"""Printing forms as PDF. Needs the optional extra: ``pip install 'middleground[paper]'``."""

from middleground.paper.printing.ballots import LayoutChanged, lay_out, print_sheets
from middleground.paper.printing.fonts import MissingFont, missing_font

__all__ = ["LayoutChanged", "MissingFont", "lay_out", "missing_font", "print_sheets"]
