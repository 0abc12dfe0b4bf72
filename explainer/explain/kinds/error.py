"""The page of an error."""

from collections.abc import Iterator

from explainer.explain.document import Inlines
from explainer.explain.exercise import exercise
from explainer.explain.exercise_notation import symbols
from explainer.explain.given import loss_stated
from explainer.explain.reading import Reading
from explainer.maths.quantity import Quantity
from explainer.problem.kinds.error import Error
from explainer.trace.kinds.error import LAYER, TOTAL, samples, units


def meaning(reading: Reading, symbol: Quantity) -> str:
    """The key of the meaning of a symbol: of any output, of any sample, or of both."""
    task = reading.trace.problem.of(Error)
    if symbol.role == "loss":
        several = len(task.samples) > 1
        return "loss_of_sample" if symbol.sample else "loss_over_samples" if several else "loss_alone"
    if symbol.role == "target":
        return "its_target"
    return OUTPUTS[isinstance(symbol.unit, str), bool(symbol.sample)]


OUTPUTS = {
    (True, True): "output_of_unit_sample",
    (True, False): "output_of_unit",
    (False, True): "output_of_sample",
    (False, False): "the_only_output",
}
"""The meaning of an output, by whether there are several, and whether there are several samples."""


def functions(reading: Reading) -> Iterator[Inlines]:
    """The loss of a sample."""
    task = reading.trace.problem.of(Error)
    outputs, sample = len(task.samples[0].outputs), "n" if len(task.samples) > 1 else 0
    unit = "k" if outputs > 1 else next(units(task))
    ends = Quantity("target", LAYER, unit, 0, sample), Quantity("output", LAYER, unit, 0, sample)
    stated = loss_stated(reading, task.measure.loss, outputs, Quantity("loss", LAYER, 0, 0, sample), *ends)
    if outputs > 1 and task.measure.parameters.get("over") in ("outputs", "both"):
        stated = reading.prose("exercise.mean_over_outputs", loss=stated)
    yield reading.prose("exercise.loss_of_sample" if sample else "exercise.loss_of_outputs", loss=stated)


def remarks(reading: Reading) -> Iterator[Inlines]:
    """The result, and which sample it owes most to."""
    task = reading.trace.problem.of(Error)
    yield reading.prose("page.slice_result", result=reading.value(TOTAL))
    losses = [Quantity("loss", LAYER, 0, 0, sample) for sample in samples(task)]
    largest = max(losses, key=reading.trace.value)
    if len(losses) > 1 and sum(reading.trace.value(each) == reading.trace.value(largest) for each in losses) == 1:
        key = "larger_sample" if len(losses) == 2 else "largest_sample"
        yield reading.prose(f"exercise.{key}", sample=int(largest.sample), loss=reading.value(largest))


KIND = exercise("error_of_outputs", symbols=symbols(meaning), functions=functions, remarks=remarks)
