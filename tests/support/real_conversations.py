"""The real conversations of the open data. They are not part of the product."""

from __future__ import annotations

from pathlib import Path

import pytest

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "polis"
REAL_NAMES = (
    "15-per-hour-seattle",
    "brexit-consensus",
    "london.youth.policing",
    "scoop-hivemind.biodiversity",
    "scoop-hivemind.taxes",
    "ssis.land-bank-farmland",
    "vtaiwan.uberx",
)


def real_folder(name: str) -> Path:
    """The folder of a real conversation, or a skip."""
    folder = DATA / name
    if not folder.is_dir():
        pytest.skip(f"../shared/data/polis/{name} is not here")
    return folder
