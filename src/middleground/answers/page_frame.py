"""What this app shows on pages of others."""

from __future__ import annotations

from pathlib import Path

from middleground.core.page.frame import add_styles

add_styles(Path(__file__).resolve().parent / "styles")
