"""Conventions: how a lecturer writes things. Each is an entry of data, in conventions/ or in a file of your own."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Any, Literal
from unicodedata import normalize

from msgspec import Struct

from explainer.problem.faults import fault, suggestion
from explainer.problem.toml import toml
from explainer.resources import CONVENTIONS


class Order(Struct, frozen=True):
    """The order in which the factors of each law are written."""

    net: tuple[str, ...] = ("signal", "weight")
    output_delta: tuple[str, ...] = ("slope", "error")
    hidden_delta: tuple[str, ...] = ("slope", "sum")
    passed_back: tuple[str, ...] = ("weight", "delta")
    change: tuple[str, ...] = ("rate", "delta", "signal")


class Convention(Struct, frozen=True):
    """What a notation says, and how it says it.

    - `delta`: "downhill" for δ = −∂E/∂net with w + ηδx, "uphill" for δ = ∂E/∂net with w − ηδx
    - `bias`: b added after or before the other terms, θ subtracted, or a "weight" w_0j on the fixed signal 1
    - `nodes`: numbered "through" the network, "by-layer", or "by-kind" (hidden units h1, h2, …, outputs o1, o2, …)
    - `hidden_deltas`: whether the units of a hidden layer are worked from the last or from the first
    - `update`: w + Δw "by-change", with the change put in at once ("direct"), or w − η ∂E/∂w "by-gradient"
    - `output_error`: whether the δ of an output has its t − o "written-out", or the error "named" that it is
    - `single_output`: whether an output that is the only one is "numbered" or "bare"
    - `form`: whether the equations are those of single units ("scalar") or of whole layers ("matrix")
    - `symbols`: the pattern of each role's symbol; `output_symbols` those that differ in the output layer
    """

    name: str
    title: str
    source: str
    delta: Literal["downhill", "uphill"]
    bias: Literal["added-last", "added-first", "subtracted", "weight"]
    nodes: Literal["through", "by-layer", "by-kind"]
    hidden_deltas: Literal["last-first", "first-first"]
    update: Literal["by-change", "direct", "by-gradient"]
    output_error: Literal["written-out", "named"]
    single_output: Literal["numbered", "bare"]
    form: Literal["scalar", "matrix"]
    order: Order
    symbols: Mapping[str, str]
    output_symbols: Mapping[str, str]

    @property
    def any_sample(self) -> str:
        """The letter for any sample of a batch: s, or p or n where that is the symbol of something."""
        taken = {pattern.partition("_")[0] for pattern in (*self.symbols.values(), *self.output_symbols.values())}
        return next(letter for letter in "spn" if letter not in taken or letter == "n")

    @property
    def samples(self) -> str:
        """The letter for the number of samples of a batch: S of the samples s."""
        return self.any_sample.upper()

    @property
    def is_own(self) -> bool:
        """Whether it is in a file of the user's own."""
        return self.name.endswith(".toml")


USUAL = {
    "bias": "added-last",
    "nodes": "through",
    "hidden_deltas": "first-first",
    "update": "by-change",
    "output_error": "written-out",
    "single_output": "numbered",
    "form": "scalar",
}
"""What a convention means where it does not say."""

TILDE, BAR = "\N{COMBINING TILDE}", "\N{COMBINING MACRON}"

OF_OPTIMIZERS = {
    "velocity": "v",
    "square_sum": "r",
    "square_mean": "r",
    "change_mean": "u",
    "first_moment": "m",
    "second_moment": "v",
    "largest": "u",
}
"""The letters of what optimizers keep, where a convention does not say; the parameter's own name stands below."""

OF_CONTROL = {"clipped": "g", "factor": "ψ"}
"""The letters of a clipped gradient and of the factor that clips it, where a convention does not say."""


OF_NETS = {
    "scale": "γ",
    "shift": "β",
    "mean": "μ",
    "variance": "σ²",
    "normalized": "ẑ",
    "scaled": f"z{TILDE}",
    "running_mean": f"μ{BAR}",
    "running_variance": f"σ{BAR}²",
}
"""The letters of batch normalization, where a convention does not say; indices as those of net inputs."""


def of_layers(symbols: Mapping[str, str]) -> dict[str, str]:
    """The symbols of what dropout and batch normalization add to a unit, where a convention does not say."""
    output, indices = split(symbols["output"])
    _, of_nets = split(symbols["net"])
    return {
        "mask": f"r{indices}",
        "thinned": normalize("NFC", f"{output}{TILDE}{indices}"),
        "loss_sum": "ℓ",
        **{role: f"{letter}{of_nets}" for role, letter in OF_NETS.items()},
        **{f"by_{role}": f"∂loss_sum/∂{role}" for role in ("scaled", "normalized", "variance", "mean")},
    }


def split(pattern: str) -> tuple[str, str]:
    """The base of a symbol, and the pattern of its indices."""
    base = re.split("[_^]", pattern, maxsplit=1)[0]
    return base, pattern.removeprefix(base)


PARTS = ("meaning", "order", "symbols", "output_symbols")
"""The tables of a convention's file."""


def convention_names() -> list[str]:
    """The conventions that ship."""
    return sorted(path.stem for path in CONVENTIONS.glob("*.toml"))


@cache
def convention(name: str) -> Convention:
    """The convention of this name, among those that ship.

    Raises:
        ProblemError: there is none.
    """
    return made(name, entry(name))


def entry(name: str) -> dict[str, Any]:
    """The data of a convention that ships."""
    if name not in convention_names():
        raise fault("presentation.convention", f'unknown convention "{name}"{suggestion(name, convention_names())}')
    return toml((CONVENTIONS / f"{name}.toml").read_text(encoding="utf-8"))


def based(data: Mapping[str, Any]) -> dict[str, Any]:
    """The data of a convention put over that of the one it is based on."""
    under = entry(data.get("base", "lecture"))
    return {**under, **data, **{part: {**under.get(part, {}), **data.get(part, {})} for part in PARTS}}


def made(name: str, data: Mapping[str, Any]) -> Convention:
    """The convention of complete data."""
    return Convention(
        name=name,
        title=data["title"],
        source=data.get("source", ""),
        **{**USUAL, **data["meaning"]},
        order=Order(**{law: tuple(factors) for law, factors in data.get("order", {}).items()}),
        symbols={**OF_OPTIMIZERS, **OF_CONTROL, **of_layers(data["symbols"]), **data["symbols"]},
        output_symbols=data.get("output_symbols", {}),
    )
