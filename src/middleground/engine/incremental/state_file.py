"""A state on disk: one file of arrays that are mapped into memory, not read.

The file can be made anew from the votes, so whatever does not fit is ignored: another version of
the format or the engine, other options, a file cut short.
"""

from __future__ import annotations

import json
import logging
import os
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from middleground import __version__
from middleground.engine.incremental.participant_table import Roll
from middleground.engine.incremental.state import Ground, State, Told
from middleground.engine.model.parameters import NormalPosteriors, Priors
from middleground.engine.options import Options

_FORMAT = 2
_MARK = b"middleground state\n"
_ALIGN = 64

log = logging.getLogger(__name__)


def save_state(state: State, path: Path) -> None:
    """Write the state to ``path``, whole or not at all, readable by its owner only."""
    arrays = _arrays(state)
    about = _about(state.ground.options) | {
        "seed": state.ground.seed,
        "votes": state.ground.votes,
        "labels": state.ground.labels,
        "priors": [
            state.ground.priors.a_mean,
            state.ground.priors.a_variance,
            state.ground.priors.b_variance,
        ],
        "arrays": {name: [array.dtype.str, array.shape] for name, array in arrays.items()},
    }
    beside = path.with_name(path.name + ".new")
    beside.unlink(missing_ok=True)
    with os.fdopen(os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        head = json.dumps(about).encode()
        file.write(_MARK + len(head).to_bytes(8, "little") + head)
        for array in arrays.values():
            file.write(b"\0" * (-file.tell() % _ALIGN))
            file.write(np.ascontiguousarray(array).data.cast("B") if array.size else b"")
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def load_state(path: Path, options: Options, seed: int) -> State | None:
    """The state written to ``path`` for these options, or None (and a line in the log)."""
    try:
        about, arrays = _mapped(path)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, KeyError, TypeError) as error:
        log.warning("The map's state in %s cannot be read and is made anew: %s", path.name, error)
        return None
    expected = _about(options) | {"seed": seed}
    if any(about.get(name) != value for name, value in expected.items()):
        log.info("The map's state in %s is of another version and is made anew.", path.name)
        return None
    return _state(about, arrays, options)


def _about(options: Options) -> dict[str, Any]:
    plain = json.loads(json.dumps(options.to_dict()))
    return {"format": _FORMAT, "engine": __version__, "options": plain}


def _arrays(state: State) -> dict[str, Any]:
    ground, everyone = state.ground, state.everyone()
    return {
        "statements": state.statements,
        "mean": state.posterior.mean,
        "covariance": state.posterior.covariance,
        "w_variance": ground.priors.w_variance,
        **{name: getattr(ground, name) for name in _GROUND},
        **{f"told_{f.name}": getattr(state.told, f.name) for f in fields(Told)},
        **{f"roll_{f.name}": getattr(everyone, f.name) for f in fields(Roll)},
    }


_GROUND = ("scale", "centres", "agree", "disagree", "everyone", "copies", "origin")


def _mapped(path: Path) -> tuple[dict[str, Any], dict[str, Any]]:
    with path.open("rb") as file:
        if file.read(len(_MARK)) != _MARK:
            raise ValueError("not a state")
        head = file.read(int.from_bytes(file.read(8), "little"))
        at, size = file.tell(), path.stat().st_size
    about = json.loads(head)
    arrays: dict[str, Any] = {}
    for name, (kind, shape) in about["arrays"].items():
        at += -at % _ALIGN
        count = int(np.prod(shape, dtype=np.int64))
        length = count * np.dtype(kind).itemsize
        if at + length > size:
            raise ValueError("cut short")
        arrays[name] = (
            np.memmap(path, kind, "r", at, tuple(shape)) if count else np.empty(shape, kind)
        )
        at += length
    return about, arrays


def _state(about: dict[str, Any], arrays: dict[str, Any], options: Options) -> State:
    # What is small is read; the votes and places of people stay on disk.
    small = {name: np.array(a) for name, a in arrays.items() if not name.startswith("roll_")}
    a_mean, a_variance, b_variance = about["priors"]
    ground = Ground(
        options=options,
        seed=about["seed"],
        priors=Priors(a_mean, a_variance, b_variance, small["w_variance"]),
        labels=tuple(about["labels"]),
        votes=about["votes"],
        **{name: small[name] for name in _GROUND},
    )
    base = Roll(**{f.name: arrays[f"roll_{f.name}"] for f in fields(Roll)})
    return State(
        ground,
        small["statements"],
        NormalPosteriors(small["mean"], small["covariance"]),
        Told(**{f.name: small[f"told_{f.name}"] for f in fields(Told)}),
        base,
        base.take(np.empty(0, dtype=np.int64)),
    )
