"""The demo: two example dialogues and simulated participants to fill them.

``make demo`` shows within seconds a dialogue with statements, votes, a map and a moderation queue,
and a second one without distinct groups. The demo is not a dialogue of any city, nor a finding
about anybody. Every page that shows it carries ``SIMULATED_NOTICE``.

- ``los_angeles.toml`` and ``library.toml`` hold the texts, with each statement's numbers beside it.
- ``content`` reads them: ``LOS_ANGELES``, ``LIBRARY``, ``DIALOGUES``.
- ``simulate`` draws votes: ``simulate(LOS_ANGELES).votes`` is what ``engine.analyse`` takes.

NumPy only, no database: code that stores the demo imports this package, never the reverse.
docs/demo.md explains how the content was balanced, and the model in words.
"""

from middleground.demo.content import (
    DIALOGUES,
    LIBRARY,
    LOS_ANGELES,
    SIMULATED_NOTICE,
    ExampleDialogue,
    ExampleStatement,
    Model,
    QueuedStatement,
    read_dialogue,
)
from middleground.demo.simulate import Simulation, agreement, pass_probability, simulate

__all__ = [
    "DIALOGUES",
    "LIBRARY",
    "LOS_ANGELES",
    "SIMULATED_NOTICE",
    "ExampleDialogue",
    "ExampleStatement",
    "Model",
    "QueuedStatement",
    "Simulation",
    "agreement",
    "pass_probability",
    "read_dialogue",
    "simulate",
]
