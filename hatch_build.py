"""Compiles the catalogues of translations when the package is built or installed."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

sys.path.insert(0, str(Path(__file__).resolve().parent / "scripts"))

import catalogues


class CompileCatalogues(BuildHookInterface):  # type: ignore[misc]
    """Hatch's hook. A catalogue that is not complete stops the build of a release."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002
        if version != "editable":
            catalogues.refuse_gaps()
        catalogues.compile_all()
