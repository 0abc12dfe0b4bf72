"""The equations of an output δ: the output where the net input is given, and δ."""

from collections.abc import Iterator
from decimal import Decimal

from explainer.maths.quantity import Quantity
from explainer.problem.kinds.output_delta import OutputDelta
from explainer.problem.model import Problem
from explainer.trace.derive import Equation
from explainer.trace.kinds import Kind
from explainer.trace.unit import OUTPUT, known, output, output_delta

UNIT = "k"
"""The letter of the output unit."""


def given(problem: Problem) -> Iterator[tuple[Quantity, Decimal]]:
    """The net input or the output, and the target."""
    yield from known(problem.of(OutputDelta).unit, OUTPUT, UNIT)


def derive(problem: Problem) -> Iterator[Equation]:
    """The output, where it is not given, and δ."""
    task = problem.of(OutputDelta)
    yield from output(task.unit, OUTPUT, UNIT)
    yield from output_delta(problem, task.unit, task.loss, OUTPUT, UNIT)


KIND = Kind(given, derive)
