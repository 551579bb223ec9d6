"""Computes what Polis computes, exactly and with sparse arrays, for hosts who come from Polis.

The steps are principal axes of the votes (missing votes replaced by means), k-means groups in
their plane, group-informed consensus and representative statements. The method is Polis's (Small
et al., "Polis: Scaling deliberation by mapping high dimensional opinion spaces", Recerca 26,
2021); the code is our own. See docs/method.md, "Parity mode".
"""

from middleground.engine.polis_method.analysis import parity_map
from middleground.engine.polis_method.projection import ParityMap, project_parity

__all__ = ["ParityMap", "parity_map", "project_parity"]
