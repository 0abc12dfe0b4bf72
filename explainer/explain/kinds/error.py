"""The page of an error."""

from collections.abc import Iterator

from explainer.explain.document import Inlines
from explainer.explain.exercise import exercise
from explainer.explain.reading import Reading
from explainer.maths.losses import usual
from explainer.maths.quantity import Quantity
from explainer.problem.kinds.error import Error
from explainer.trace.kinds.error import LAYER, TOTAL, samples, units


def functions(reading: Reading) -> Iterator[Inlines]:
    """The loss of a sample."""
    task = reading.trace.problem.of(Error)
    sample = "n" if len(task.samples) > 1 else 0
    unit = "k" if len(task.samples[0].outputs) > 1 else next(units(task))
    formula = usual(task.loss).general(
        len(task.samples[0].outputs),
        Quantity("target", LAYER, unit, 0, sample),
        Quantity("output", LAYER, unit, 0, sample),
    )
    stated = reading.letters(Quantity("loss", LAYER, 0, 0, sample), formula)
    yield reading.prose("exercise.loss_of_sample" if sample else "exercise.loss_of_outputs", loss=stated)


def remarks(reading: Reading) -> Iterator[Inlines]:
    """The result, and which sample it owes most to."""
    task = reading.trace.problem.of(Error)
    yield reading.prose("exercise.error", loss=reading.value(TOTAL))
    losses = [Quantity("loss", LAYER, 0, 0, sample) for sample in samples(task)]
    largest = max(losses, key=reading.trace.value)
    if len(losses) > 1 and sum(reading.trace.value(each) == reading.trace.value(largest) for each in losses) == 1:
        yield reading.prose("exercise.largest_sample", sample=int(largest.sample), loss=reading.value(largest))


KIND = exercise("error_of_outputs", functions=functions, remarks=remarks)
