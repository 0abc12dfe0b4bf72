"""The page of an error."""

from collections.abc import Iterator

from explainer.explain.document import Inlines
from explainer.explain.exercise import exercise
from explainer.explain.reading import Reading
from explainer.maths.losses import usual
from explainer.maths.quantity import Quantity, Role
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


def notes(reading: Reading) -> Iterator[Inlines]:
    """What the two indices of an output of a sample are."""
    task = reading.trace.problem.of(Error)
    if len(task.samples) > 1:
        several = len(task.samples[0].outputs) > 1
        output, target = (Quantity(role, LAYER, "k" if several else 0, 0, "n") for role in OF_SAMPLE)
        key = "exercise.output_of_sample" if several else "exercise.only_output_of_sample"
        yield reading.prose(key, output=reading.letters(output), target=reading.letters(target))


OF_SAMPLE: tuple[Role, ...] = ("output", "target")
"""What is given of each sample."""


def remarks(reading: Reading) -> Iterator[Inlines]:
    """The result, and which sample it owes most to."""
    task = reading.trace.problem.of(Error)
    yield reading.prose("exercise.error", loss=reading.value(TOTAL))
    losses = [Quantity("loss", LAYER, 0, 0, sample) for sample in samples(task)]
    largest = max(losses, key=reading.trace.value)
    if len(losses) > 1 and sum(reading.trace.value(each) == reading.trace.value(largest) for each in losses) == 1:
        key = "larger_sample" if len(losses) == 2 else "largest_sample"
        yield reading.prose(f"exercise.{key}", sample=int(largest.sample), loss=reading.value(largest))


KIND = exercise("error_of_outputs", functions=functions, notes=notes, remarks=remarks)
