"""The demo: two example dialogues and simulated participants to fill them.

What it is for: whoever runs ``make demo`` sees a dialogue with statements, votes, a map and a
moderation queue within seconds, and a second one on which no distinct groups exist. What it is
not: a dialogue of any city, or a finding about anybody. Every page that shows it carries
``SIMULATED_NOTICE``.

- ``los_angeles.toml`` and ``library.toml`` hold the texts, with each statement's numbers beside it.
- ``content`` reads them: ``LOS_ANGELES``, ``LIBRARY``, ``DIALOGUES``.
- ``simulate`` draws votes: ``simulate(LOS_ANGELES).votes`` is what ``engine.analyse`` takes.

NumPy only, and no database: whoever stores the demo reads from here and never the other way round.
How the content was balanced, and the model in words, is in docs/demo.md.
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
