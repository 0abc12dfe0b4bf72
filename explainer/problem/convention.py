"""Conventions: how a lecturer writes things. Each one is an entry of data in conventions/."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Literal

from msgspec import Struct

from explainer.problem.faults import fault, suggestion
from explainer.resources import CONVENTIONS


class Convention(Struct, frozen=True):
    """What a notation says (`delta`, `net`) and how it says it (`symbols`).

    - `delta`: "downhill" for δ = −∂E/∂net with w + ηδx, "uphill" for δ = ∂E/∂net with w − ηδx
    - `net`: "input-first" for x w, "weight-first" for w x
    - `nodes`: "through" numbers the nodes through the whole network, "by-layer" within each layer
    - `hidden_deltas`: "last-first" counts the units of a hidden layer back, "first-first" forward
    - `symbols`: the pattern of each role's symbol
    """

    name: str
    title: str
    source: str
    delta: Literal["downhill", "uphill"]
    net: Literal["input-first", "weight-first"]
    nodes: Literal["through", "by-layer"]
    hidden_deltas: Literal["last-first", "first-first"]
    symbols: dict[str, str]


def convention_names() -> list[str]:
    """The conventions there are."""
    return sorted(path.stem for path in CONVENTIONS.glob("*.toml"))


@cache
def convention(name: str) -> Convention:
    """The convention of this name.

    Raises:
        ProblemError: there is none.
    """
    path: Path = CONVENTIONS / f"{name}.toml"
    if name not in convention_names():
        raise fault("presentation.convention", f'unknown convention "{name}"{suggestion(name, convention_names())}')
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return Convention(name, data["title"], data["source"], **data["meaning"], symbols=data["symbols"])
