"""The numeric engine: votes in, an opinion map out. NumPy and SciPy only.

SciPy imports its parts when they are used first: ``scipy.special.ndtr`` instead of ``from
scipy.special import ndtr``. They take a quarter of a second, which only a map needs.
"""

from middleground.engine.analysis import analyse
from middleground.engine.attributes import Attribute
from middleground.engine.facts import MapFacts
from middleground.engine.integrity.raking import CannotWeight, Margins, Raked, rake
from middleground.engine.opinion_map import OpinionMap
from middleground.engine.options import Options
from middleground.engine.pipeline.strata import with_excluded_counts
from middleground.engine.selection.project import Projection, Projector, project
from middleground.engine.selection.selector import Exposure, Selection, StatementSelector
from middleground.engine.votes import InvalidVotes, Votes

__all__ = [
    "Attribute",
    "CannotWeight",
    "Exposure",
    "InvalidVotes",
    "MapFacts",
    "Margins",
    "OpinionMap",
    "Options",
    "Projection",
    "Projector",
    "Raked",
    "Selection",
    "StatementSelector",
    "Votes",
    "analyse",
    "project",
    "rake",
    "with_excluded_counts",
]
