"""Server-made SVG pictures of an opinion map and the log, each with a table of the same facts.

Pure functions from ``middleground.engine.facts`` or numbers to text. Pictures have no inline style
or script; pictures.css styles their classes. The site includes it in its stylesheet, and
``standalone=True`` embeds it. Give each picture on a page its own ``prefix``.
"""

from middleground.pictures.bars import (
    CountedVotes,
    rate_bars,
    rate_bars_table,
    vote_bars,
    vote_bars_table,
)
from middleground.pictures.charts.due_days import DueLine, due_days, due_days_table
from middleground.pictures.charts.flow import FlowPath, flow, flow_table
from middleground.pictures.charts.participation import (
    participation_chart,
    participation_table,
    progress_bar,
    sureness,
    sureness_table,
)
from middleground.pictures.charts.series import Series, SeriesPoint, series_chart, series_table
from middleground.pictures.labels import ENGLISH, Words
from middleground.pictures.log_tree import log_tree, log_tree_table
from middleground.pictures.opinion_map import opinion_map
from middleground.pictures.palette import css
from middleground.pictures.people.described import opinion_map_table
from middleground.pictures.pinned_map import PinnedMap
from middleground.pictures.statements.plot import statement_plot, statement_plot_table
from middleground.pictures.tables import Table

__all__ = [
    "ENGLISH",
    "CountedVotes",
    "DueLine",
    "FlowPath",
    "PinnedMap",
    "Series",
    "SeriesPoint",
    "Table",
    "Words",
    "css",
    "due_days",
    "due_days_table",
    "flow",
    "flow_table",
    "log_tree",
    "log_tree_table",
    "opinion_map",
    "opinion_map_table",
    "participation_chart",
    "participation_table",
    "progress_bar",
    "rate_bars",
    "rate_bars_table",
    "series_chart",
    "series_table",
    "statement_plot",
    "statement_plot_table",
    "sureness",
    "sureness_table",
    "vote_bars",
    "vote_bars_table",
]
