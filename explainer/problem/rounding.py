"""Rounding as a problem asks for it, and as optimizers need it."""

from collections.abc import Iterator, Mapping
from typing import Any

from explainer.maths.numerals import Rounding
from explainer.maths.optimizers import OPTIMIZERS
from explainer.maths.quantity import CORRECTED, Role
from explainer.problem.model import Numbers, OneStep, Task, Training

OF_UPDATES = ("sum", "product", "power", "quotient", "function")
"""The kinds of intermediate results that an optimizer has."""


def numbers(data: Mapping[str, Any], task: Task) -> Numbers:
    """How numbers are worked out and rounded."""
    arithmetic = data.get("arithmetic", "decimal")
    rounding = of_results(data)
    exceptions = {name: exception(value) for name, value in data.get("places", {}).items()}
    if arithmetic == "decimal" and isinstance(task, OneStep):
        exceptions = {**dict(of_optimizer(task.training, rounding, exceptions)), **exceptions}
    return Numbers(
        arithmetic=arithmetic,
        rounding=rounding,
        exceptions=exceptions,
        trailing_zeros=data.get("trailing_zeros", arithmetic == "float"),
    )


def of_results(data: Mapping[str, Any]) -> Rounding:
    """The rounding of every result that has none of its own."""
    if "significant" in data:
        return Rounding("significant", data["significant"])
    return Rounding("decimals", data.get("decimals", 4))


def exception(value: int | str | Mapping[str, Any]) -> Rounding:
    """The rounding that an entry of [numbers.places] asks for."""
    match value:
        case int():
            return Rounding("decimals", value)
        case "all":
            return Rounding("all")
        case {"significant": int(figures)}:
            return Rounding("significant", figures)
    raise TypeError(f"no rounding: {value!r}")


def of_optimizer(
    training: Training, rounding: Rounding, given: Mapping[str, Rounding]
) -> Iterator[tuple[str, Rounding]]:
    """By hand, significant figures for what an optimizer measures of the gradients, and in its updates.

    At so many decimals little would be left of the square of a small gradient, and so of its root.
    """
    roles = list(measures(training))
    if rounding.kind == "decimals" and roles:
        figures = max(1, rounding.places)
        yield from ((role, Rounding("significant", figures)) for role in roles)
        for name in OF_UPDATES:
            if name not in given:
                yield f"update.{name}", Rounding("significant", figures + 2)


def measures(training: Training) -> Iterator[Role]:
    """The roles of what an optimizer measures of the gradients; a velocity is as large as they or the changes are."""
    states = OPTIMIZERS[training.optimizer].make(**training.optimizer_parameters).states
    yield from (role for role in states if role != "velocity")
    if "second_moment" in states:
        yield from CORRECTED
