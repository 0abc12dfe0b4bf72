"""The curve of the errors of a run, or of several runs side by side."""

from collections.abc import Iterator

from explainer.explain.document import Block, Curve, Inlines, Series
from explainer.explain.reading import Reading
from explainer.maths.arithmetic import Value
from explainer.maths.quantity import Quantity

FEW = 6
"""Fewer points than these are no curve: the table has them."""

WIDE = 100
"""From a largest error so many times the smallest on, the scale is logarithmic."""

Errors = dict[int, Value]
"""An error by the number of its epoch."""


def curve(reading: Reading, named: list[tuple[Inlines, Errors]]) -> Iterator[Block]:
    """The errors of one run or of several, epoch by epoch; none of a few epochs."""
    written = reading.trace.arithmetic.written
    series = tuple(
        Series(name, tuple((epoch, written(error)) for epoch, error in errors.items())) for name, errors in named
    )
    values = [value for each in series for _, value in each.points]
    if max(len(each.points) for each in series) < FEW:
        return
    logarithmic = min(values) > 0 and max(values) / min(values) >= WIDE
    if logarithmic:
        yield reading.say("run.logarithmic", loss=loss(reading))
    yield Curve(reading.prose("run.epoch"), loss(reading), series, logarithmic)


def loss(reading: Reading) -> Inlines:
    """The sign of the loss."""
    return (reading.letters(Quantity("loss", reading.last)),)
