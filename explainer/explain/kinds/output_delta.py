"""The page of an output δ, or of every δ of a softmax layer."""

from collections.abc import Iterator

from explainer.explain import deltas
from explainer.explain.document import Block, Inlines
from explainer.explain.exercise import exercise
from explainer.explain.reading import Reading
from explainer.explain.unit import Units, directions, loss
from explainer.explain.unit import functions as stated_functions
from explainer.maths.quantity import Quantity
from explainer.problem.kinds.output_delta import OutputDelta
from explainer.trace.derive import activation
from explainer.trace.kinds.output_delta import units
from explainer.trace.unit import OUTPUT


def task(reading: Reading) -> OutputDelta:
    """What is given."""
    return reading.trace.problem.of(OutputDelta)


def by_delta(reading: Reading) -> Units:
    """The units by their δ."""
    return {Quantity("delta", OUTPUT, name): unit for name, unit in units(task(reading)).items()}


def functions(reading: Reading) -> Iterator[Inlines]:
    """The activation and the loss."""
    yield from stated_functions(reading, by_delta(reading))
    if any(delta in reading.trace.index for delta in by_delta(reading)):
        yield loss(reading, task(reading).measure, OUTPUT, "k", count(reading))


def count(reading: Reading) -> int:
    """How many outputs the loss is of; beside one of a softmax layer there are others, here 1 is as good as any."""
    units = task(reading).units
    return max(len(units), 1 + (activation(units[0].function).layer is not None))


def title(reading: Reading) -> str:
    """The error term, or the error terms of a layer."""
    return "output_delta" if len(task(reading).units) == 1 else "output_deltas"


def solution(reading: Reading) -> Iterator[Block]:
    """Law after law."""
    yield from deltas.solution(reading, by_delta(reading))


def remarks(reading: Reading) -> Iterator[Inlines]:
    """What the sign of each δ says, and what lies at a kink."""
    yield from directions(reading, by_delta(reading))
    yield from deltas.kinks(reading, by_delta(reading), task(reading).measure)


KIND = exercise(title, functions=functions, solution=solution, remarks=remarks)
