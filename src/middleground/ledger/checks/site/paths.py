"""Where a copy from an address keeps what the site showed: below ``site/<dialogue>/``."""

from __future__ import annotations

SITE_FILES = ("map.json", "statements.csv")
PARQUET = "statements.parquet"
RESULTS_PAGE = "results.html"


def site_path(dialogue: str, name: str) -> str:
    return f"site/{dialogue}/{name}"
