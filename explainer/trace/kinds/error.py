"""The equations of an error: that of each sample, and their sum."""

from collections.abc import Iterator
from decimal import Decimal

from explainer.maths.formula import ONE, fraction, product, total
from explainer.maths.quantity import Quantity
from explainer.problem.kinds.error import Error
from explainer.problem.model import Problem
from explainer.trace.derive import Equation
from explainer.trace.kinds import Kind

LAYER = 1
"""The layer of the outputs."""

TOTAL = Quantity("loss", LAYER)
"""The loss over all samples."""


def samples(task: Error) -> Iterator[int]:
    """The numbers of the samples, from 1; a single one has none, which is 0."""
    return iter(range(1, len(task.samples) + 1) if len(task.samples) > 1 else [0])


def units(task: Error) -> Iterator[int]:
    """The numbers of the output units, from 1; where samples are numbered, a single unit has none, which is 0."""
    count = len(task.samples[0].outputs)
    return iter(range(1, count + 1) if count > 1 or len(task.samples) == 1 else [0])


def given(problem: Problem) -> Iterator[tuple[Quantity, Decimal]]:
    """The outputs and the targets of each sample."""
    task = problem.of(Error)
    for sample, outcome in zip(samples(task), task.samples, strict=True):
        for unit, number in zip(units(task), outcome.outputs, strict=True):
            yield Quantity("output", LAYER, unit, 0, sample), number
        for unit, number in zip(units(task), outcome.targets, strict=True):
            yield Quantity("target", LAYER, unit, 0, sample), number


def derive(problem: Problem) -> Iterator[Equation]:
    """The loss of each sample; of several, their sum, or their mean where the loss is one over samples."""
    task = problem.of(Error)
    losses = []
    for sample in samples(task):
        pairs = tuple(
            (Quantity("target", LAYER, unit, 0, sample), Quantity("output", LAYER, unit, 0, sample))
            for unit in units(task)
        )
        losses.append(Quantity("loss", LAYER, 0, 0, sample))
        measured = task.measure.loss
        yield Equation(losses[-1], measured.value(pairs), "loss", "error", measured.definition(pairs))
    if len(losses) > 1:
        share, law = (fraction(1, len(losses)), "mean") if is_mean(task) else (ONE, "total")
        yield Equation(TOTAL, product(share, total(tuple(losses))), law, "error")


def is_mean(task: Error) -> bool:
    """Whether the loss over all samples is the mean of theirs; else it is their sum."""
    return task.measure.parameters.get("over") in ("samples", "both")


KIND = Kind(given, derive)
