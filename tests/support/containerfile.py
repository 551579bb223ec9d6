"""Reads the container recipe: its instructions, stage by stage."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

from support.serving.servers import TESTS

RECIPE = TESTS.parent / "Containerfile"


@dataclass(frozen=True)
class Stage:
    """From one FROM to the next; each instruction with its word and the rest of its lines."""

    base: str
    instructions: list[tuple[str, str]] = field(default_factory=list)

    def all(self, word: str) -> list[str]:
        return [rest for each, rest in self.instructions if each == word]


def stages(text: str) -> list[Stage]:
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    joined = re.sub(r"\s*\\\n\s*", " ", "\n".join(lines))
    found: list[Stage] = []
    for line in filter(None, joined.splitlines()):
        word, _, rest = line.partition(" ")
        if word == "FROM":
            found.append(Stage(rest))
        elif found:
            found[-1].instructions.append((word, rest))
    return found


def command_of(rest: str) -> list[str]:
    """The command of an instruction that ends with a JSON list."""
    command: list[str] = json.loads(rest[rest.index("[") :])
    return command
