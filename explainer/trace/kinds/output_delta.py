"""The equations of an output δ: the output where the net input is given, and δ."""

from collections.abc import Iterator
from decimal import Decimal

from explainer.maths.quantity import Index, Quantity
from explainer.problem.kinds.output_delta import OutputDelta
from explainer.problem.model import Problem
from explainer.problem.unit import GivenUnit
from explainer.trace.derive import Equation
from explainer.trace.kinds import Kind
from explainer.trace.names import Names
from explainer.trace.unit import OUTPUT, LoneNames, Outputs, known

UNIT = "k"
"""The letter of the output unit."""


def units(task: OutputDelta) -> dict[Index, GivenUnit]:
    """The units of the layer: numbered, or unit k where there is only one."""
    if len(task.units) == 1:
        return {UNIT: task.units[0]}
    return dict(enumerate(task.units, 1))


def names(problem: Problem) -> Names:
    """The names of the convention in the output layer."""
    return LoneNames(problem, {}, last=OUTPUT)


def given(problem: Problem) -> Iterator[tuple[Quantity, Decimal]]:
    """The net inputs or the outputs, and the targets."""
    members = [number for name, unit in units(problem.of(OutputDelta)).items() for number in known(unit, OUTPUT, name)]
    for role in ("net", "output", "target"):
        yield from ((quantity, number) for quantity, number in members if quantity.role == role)


def derive(problem: Problem) -> Iterator[Equation]:
    """The outputs, where they are not given, and δ."""
    task = problem.of(OutputDelta)
    yield from Outputs(problem, task.measure, OUTPUT, units(task), len(task.units)).deltas()


KIND = Kind(given, derive, names)
