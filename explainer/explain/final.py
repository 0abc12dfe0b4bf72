"""The network at the end of a training: what it makes of every sample."""

from collections.abc import Iterator
from typing import Any

from explainer.explain.document import Block, Inlines, Paragraph, Table, Text
from explainer.explain.overview import of_all, of_sample
from explainer.explain.page import reading_of
from explainer.explain.prose import listed
from explainer.explain.reading import Reading
from explainer.maths.quantity import Quantity
from explainer.problem.faults import ProblemError
from explainer.problem.model import Presentation, Sample
from explainer.problem.training import Trained
from explainer.trace.final_pass import final_pass
from explainer.trace.run import Run

MOST_SAMPLES = 20
"""Of more samples the table has so many, the first."""

MOST_OUTPUTS = 3
"""Of more outputs the table has their losses only."""

CLASSIFYING = ("sigmoid", "softmax")
"""The activation functions of output units whose targets, where they are 0 and 1, tell classes."""


def final_section(run: Run[Any], reading: Reading, presentation: Presentation) -> Iterator[Block]:
    """Targets, outputs and errors of the samples, and of those for validation, and how many come out right.

    Nothing where a value leaves the range of numbers, as in a training that diverges.
    """
    task = run.problem.of(Trained)
    groups = {"samples": task.samples, "validation": task.validation}
    try:
        blocks = [
            block for key, samples in groups.items() if samples for block in of_samples(run, key, samples, presentation)
        ]
    except ProblemError:
        return
    yield reading.heading("final", 2, blocks)


def of_samples(run: Run[Any], key: str, samples: tuple[Sample, ...], presentation: Presentation) -> Iterator[Block]:
    """The first of some samples in a table, and what is to be said of them."""
    shown = samples[:MOST_SAMPLES]
    reading = reading_of(final_pass(run, shown), presentation)
    sentences = [reading.prose(f"final.{key}" if len(samples) > 1 else f"final.{key}_one")]
    if len(shown) < len(samples):
        sentences.append(reading.prose("final.first", shown=len(shown), count=len(samples)))
    yield Paragraph(listed(sentences, " "))
    yield results(reading, len(shown))
    if len(shown) == len(samples):
        yield from right(reading, shown)


def numbers(samples: int) -> list[int]:
    """The numbers that the quantities of so many samples carry: that of a single one is 0."""
    return [0] if samples == 1 else list(range(1, samples + 1))


def results(reading: Reading, samples: int) -> Block:
    """Target, output and error of every output unit, and the loss: a row for each sample."""
    columns = [Quantity("loss", reading.last)]
    units = reading.trace.connections.units(reading.last)
    if len(units) <= MOST_OUTPUTS:
        columns[:0] = [Quantity(role, reading.last, unit) for role in ("target", "output", "error") for unit in units]
    alone = samples == 1 or reading.trace.problem.of(Trained).online
    symbols = [*map(of_all, columns[:-1]), columns[-1] if alone else of_sample(columns[-1], reading.any_sample)]
    head = (reading.prose("batch.sample"), *((reading.letters(each),) for each in symbols))
    return Table(head, tuple(row(reading, columns, number) for number in numbers(samples)))


def row(reading: Reading, columns: list[Quantity], number: int) -> tuple[Inlines, ...]:
    """The figures of one sample."""
    found = [of_sample(each, number) for each in columns]
    figures = (reading.number(each) if each.role == "target" else reading.figure(each) for each in found)
    return (Text(str(number or 1)),), *((figure,) for figure in figures)


def right(reading: Reading, samples: tuple[Sample, ...]) -> Iterator[Block]:
    """How many samples come out right, where their targets tell classes."""
    activation = reading.layer(reading.last).activation
    largest = activation == "softmax"
    if activation not in CLASSIFYING or {target for sample in samples for target in sample.targets} != {0, 1}:
        return
    if len(samples) == 1 or (largest and any(sum(sample.targets) != 1 for sample in samples)):
        return
    found = [outputs(reading, number) for number in numbers(len(samples))]
    chosen = [classes(each, largest=largest) for each in found]
    count = sum(one == list(sample.targets) for one, sample in zip(chosen, samples, strict=True))
    key = "all" if count == len(samples) else "some"
    way = "largest" if largest else "from_half"
    sentences = [reading.prose(f"final.{way}")]
    every = reading.prose.every(len(samples))
    sentences.append(reading.prose(f"final.{key}_right", right=count, count=len(samples), every=every))
    yield Paragraph(listed(sentences, " "))


def outputs(reading: Reading, number: int) -> list[Any]:
    """What the network gives for a sample."""
    units = reading.trace.connections.units(reading.last)
    return [reading.trace.value(Quantity("output", reading.last, unit, 0, number)) for unit in units]


def classes(found: list[Any], *, largest: bool) -> list[int]:
    """The targets that outputs stand for: 1 for the largest of them, or for each that is at least ½."""
    return [int(each == max(found)) if largest else int(2 * each >= 1) for each in found]
