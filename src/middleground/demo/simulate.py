"""Simulated participants for the demo: a documented generative model with a seed.

It is invented from end to end. No number in it was fitted to, or guessed from, any real person,
survey or place, and nothing follows from it about what residents of Los Angeles think. It exists
so that the demo has votes to show, and it treats the two sides alike by construction.

The model
---------
Participant i has four latent numbers:

- ``camp`` c_i in {+1, -1, 0}: exactly ``round(camp_share * n)`` participants are in each of the two
  camps (+1 wants closer cooperation, -1 wants the city to keep out), the rest are the middle (0);
  who is in which is a random permutation.
- position x_i ~ Normal(c_i * camp_centre, s), with s = ``camp_spread`` where c_i is not 0 and
  ``middle_spread`` where it is.
- ``procedure`` y_i ~ Normal(0, procedure_spread): liking for written rules, records and meetings,
  independent of the camp.
- ``readiness`` r_i ~ Normal(0, readiness_spread): readiness to agree with anything, independent of
  both.

Statement j has ``lean`` l_j in {-1, 0, +1}, ``strength`` s_j, ``appeal`` a_j and ``procedure``
loading b_j, all written beside its text. Asked, and not passing, i agrees with j with probability

    p_ij = 1 / (1 + exp(-(a_j + l_j s_j x_i + b_j y_i + r_i)))

and otherwise disagrees. First, i passes with probability

    q_ij = t_i * (0.4 + 2.4 p_ij (1 - p_ij)),    t_i ~ Beta(*pass_shape)

that is, up to t_i where i is torn (p = 1/2) and 0.4 t_i where i is sure.

Participant i answers K_i = min(m, least_votes - 1 + G_i) of the m statements, where G_i is
geometric on 1, 2, ... with parameter ``leaving``: at least ``least_votes`` statements, then a
constant chance to leave after each. Which, and in which order: the first K_i of a uniform random
permutation of the statements, drawn for each participant. (The product itself lets the engine
choose the next statement; the simulation does not imitate that.)

The numbers
-----------
=================  ============================  =====================
number             los-angeles                   library
=================  ============================  =====================
participants n     600                           180
statements m       36                            14
seed               11                            2
camp_share         0.35 (0.35, 0.35, 0.30)       0 (one Gaussian)
camp_centre        1.3                           0 (unused)
camp_spread        0.45                          0.45 (unused)
middle_spread      0.7                           0.7
procedure_spread   1.0                           1.0 (every b_j is 0)
readiness_spread   0.35                          0.35
pass_shape         (1.5, 10.5), mean 0.125       (1.5, 10.5)
least_votes        4                             4
leaving            0.047 (median K 18)           0.047 (median K 14)
=================  ============================  =====================

Symmetry
--------
Every leaning statement has a mirror of opposite lean and equal strength, appeal and loading, and
the density of x is even. So (x, y, r) and (-x, y, r) are equally likely, and answer mirror
statements with equal probability: the two camps are mirror images in expectation. Any difference
in one draw is chance.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from middleground.demo.content import ExampleDialogue, Model
from middleground.engine.votes import AGREE, DISAGREE, PASS, FloatArray, IntArray, Votes


@dataclass(frozen=True, slots=True, eq=False)
class Simulation:
    """Simulated votes and the latent numbers that they were drawn from.

    ``votes.participant`` counts from 0 to n - 1 and ``votes.statement`` is the index into
    ``dialogue.statements``. Rows are ordered by participant and, within one, in the order
    answered. ``camp``, ``position``, ``procedure``, ``readiness``, ``passing`` and ``answered``
    have shape (n,): c_i, x_i, y_i, r_i, t_i and K_i of the module's docstring. They are for
    tests and explanations only: a map must find the groups from the votes.
    """

    votes: Votes
    camp: IntArray
    position: FloatArray
    procedure: FloatArray
    readiness: FloatArray
    passing: FloatArray
    answered: IntArray


def simulate(
    dialogue: ExampleDialogue, participants: int | None = None, seed: int | None = None
) -> Simulation:
    """Draw the votes of ``participants`` simulated participants on ``dialogue.statements``.

    ``participants`` and ``seed`` default to the dialogue's own. The same arguments give the same
    votes. Raises ``ValueError`` for a negative number of participants.
    """
    count = dialogue.participants if participants is None else participants
    if count < 0:
        raise ValueError(f"participants is {count}; it must not be negative.")
    model, width = dialogue.model, len(dialogue.statements)
    rng = np.random.default_rng(dialogue.seed if seed is None else seed)

    camp = _camps(model, count, rng)
    spread = np.where(camp == 0, model.middle_spread, model.camp_spread)
    position = camp * model.camp_centre + spread * rng.standard_normal(count)
    procedure = model.procedure_spread * rng.standard_normal(count)
    readiness = model.readiness_spread * rng.standard_normal(count)
    passing = rng.beta(*model.pass_shape, size=count)
    stay = model.least_votes - 1 + rng.geometric(model.leaving, size=count)
    answered = np.minimum(width, stay).astype(np.int64)

    agree = agreement(dialogue, position, procedure, readiness)
    chance = rng.random((2, count, width))
    value = np.where(chance[0] < agree, AGREE, DISAGREE)
    value[chance[1] < pass_probability(agree, passing)] = PASS

    order = np.argsort(rng.random((count, width)), axis=1)
    person = np.repeat(np.arange(count), answered)
    statement = order[np.arange(width) < answered[:, None]]
    votes = Votes(person, statement, value[person, statement])
    return Simulation(votes, camp, position, procedure, readiness, passing, answered)


def agreement(
    dialogue: ExampleDialogue, position: FloatArray, procedure: FloatArray, readiness: FloatArray
) -> FloatArray:
    """Probability that each participant agrees, given no pass: p_ij, shape (n, m)."""
    slope = np.array([one.lean * one.strength for one in dialogue.statements])
    loading = np.array([one.procedure for one in dialogue.statements])
    appeal = np.array([one.appeal for one in dialogue.statements])
    odds = appeal + np.outer(position, slope) + np.outer(procedure, loading) + readiness[:, None]
    return np.asarray(1.0 / (1.0 + np.exp(-odds)), dtype=np.float64)


def pass_probability(agree: FloatArray, passing: FloatArray) -> FloatArray:
    """Probability of a pass, q_ij: most where a participant is torn. Shape (n, m)."""
    return np.asarray(passing[:, None] * (0.4 + 2.4 * agree * (1.0 - agree)), dtype=np.float64)


def _camps(model: Model, count: int, rng: np.random.Generator) -> IntArray:
    """Equal numbers in both camps, the rest 0, shuffled."""
    size = min(round(model.camp_share * count), count // 2)
    camp = np.zeros(count, dtype=np.int64)
    camp[:size], camp[size : 2 * size] = 1, -1
    return rng.permutation(camp)
