"""The table of a forward pass over several samples."""

from collections.abc import Iterator
from itertools import groupby

from explainer.explain.document import Block, Inlines, Table, Text
from explainer.explain.reading import Reading
from explainer.maths.quantity import Index, Phase, Quantity
from explainer.trace.trace import Step

MOST_COLUMNS = 7
"""A table with more columns beside the number of the sample would leave the page."""


def overview(reading: Reading, phase: Phase) -> Iterator[Block]:
    """What came out in a forward pass: a row for each sample, in several tables where one would be too wide."""
    found = (step.quantity for step in reading.steps(phase, "net", "output", "thinned"))
    shown = [quantity for quantity in found if in_overview(reading, quantity)]
    losses = {step.quantity.sample: step.quantity for step in reading.trace if of_pass(step, "loss", shown[0])}
    columns = [each for each in shown if each.sample == shown[0].sample]
    targets = [target(each) for each in columns if each.layer == reading.last and each.role == "output"]
    loss = of_sample(losses[shown[0].sample], reading.any_sample)
    symbols = [*map(of_all, columns), *map(of_all, targets), loss]
    rows: list[tuple[Inlines, ...]] = []
    for sample, members in groupby(sorted(shown, key=lambda each: int(each.sample)), key=lambda each: each.sample):
        given = [reading.number(of_sample(each, sample)) for each in targets]
        figures = [*map(reading.figure, members), *given, reading.figure(losses[sample])]
        rows.append(((Text(str(sample)),), *((figure,) for figure in figures)))
    head = (reading.prose("batch.sample"), *((reading.letters(each),) for each in symbols))
    width = len(head) - 1
    tables = -(-width // MOST_COLUMNS)
    for number in range(tables):
        chosen = slice(1 + number * width // tables, 1 + (number + 1) * width // tables)
        yield Table((head[0], *head[chosen]), tuple((row[0], *row[chosen]) for row in rows))


def in_overview(reading: Reading, quantity: Quantity) -> bool:
    """Whether a quantity has a column: every output, after dropout too, and the net inputs of the output layer."""
    return quantity.role != "net" or quantity.layer == reading.last


def of_pass(step: Step, role: str, first: Quantity) -> bool:
    """Whether a step is of a role, of a single sample, and of the pass that a quantity belongs to."""
    quantity = step.quantity
    return quantity.role == role and bool(quantity.sample) and quantity.iteration == first.iteration


def of_sample(quantity: Quantity, sample: Index) -> Quantity:
    """The same quantity of another sample."""
    return Quantity(quantity.role, quantity.layer, quantity.unit, quantity.source, sample, quantity.iteration)


def of_all(quantity: Quantity) -> Quantity:
    """The same quantity without the number of a sample."""
    return of_sample(quantity, 0)


def target(output: Quantity) -> Quantity:
    """The target of an output."""
    return Quantity("target", output.layer, output.unit, 0, output.sample)
