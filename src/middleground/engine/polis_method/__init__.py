"""What Polis computes, exactly and sparsely, for hosts who come from there.

Principal axes of votes whose gaps are filled with means, k-means groups in their plane,
group-informed consensus and representative statements. The method is Polis's (Small et al.,
"Polis: Scaling deliberation by mapping high dimensional opinion spaces", Recerca 26, 2021); the
code is ours. See docs/method.md, "Parity mode".
"""

from middleground.engine.polis_method.analysis import parity_map
from middleground.engine.polis_method.projection import ParityMap, project_parity

__all__ = ["ParityMap", "parity_map", "project_parity"]
