"""The page of an output δ."""

from collections.abc import Iterator

from explainer.explain.document import Inlines
from explainer.explain.exercise import exercise
from explainer.explain.reading import Reading
from explainer.explain.unit import direction, function, loss
from explainer.maths.quantity import Quantity
from explainer.problem.kinds.output_delta import OutputDelta
from explainer.trace.kinds.output_delta import UNIT
from explainer.trace.unit import OUTPUT


def functions(reading: Reading) -> Iterator[Inlines]:
    """The activation and the loss."""
    task = reading.trace.problem.of(OutputDelta)
    yield function(reading, task.unit.function, Quantity("net", OUTPUT, UNIT), used=task.unit.net is not None)
    if Quantity("delta", OUTPUT, UNIT) in reading.trace.index:
        yield reading.prose(
            "given.loss", what=reading.prose("given.whole_loss"), loss=loss(reading, task.loss, OUTPUT, UNIT)
        )


def remarks(reading: Reading) -> Iterator[Inlines]:
    """What the sign of δ says."""
    yield direction(reading, Quantity("delta", OUTPUT, UNIT))


KIND = exercise("output_delta", functions=functions, remarks=remarks)
