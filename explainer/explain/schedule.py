"""What is said of the samples of a training before it begins: the samples, how they are taken, and when it ends."""

from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from explainer.explain.document import Block, Inlines, Paragraph, Table, Text
from explainer.explain.prose import inlines, listed
from explainer.explain.reading import FIRST, Item, Reading
from explainer.maths.numerals import as_written
from explainer.maths.quantity import Quantity
from explainer.problem.model import Sample
from explainer.problem.training import Schedule, Trained

MOST_SAMPLES, FIRST_SAMPLES = 200, 20
"""Of more samples the table has so many."""


def training_given(reading: Reading) -> Iterator[Block]:
    """The samples in a table, and the rules that the training goes by."""
    task = reading.trace.problem.of(Trained)
    if len(task.samples) > 1 or task.validation:
        yield from samples_given(reading, "samples", task.samples)
    if task.validation:
        yield from samples_given(reading, "validation", task.validation)
    if told := list(rules(reading, task)):
        yield Paragraph(listed(told, " "))


def samples_given(reading: Reading, key: str, samples: tuple[Sample, ...]) -> Iterator[Block]:
    """Samples as they are given, a row for each; of very many the first."""
    shown = samples if len(samples) <= MOST_SAMPLES else samples[:FIRST_SAMPLES]
    sentences = [reading.prose(f"schedule.{key}")]
    if len(shown) < len(samples):
        sentences.append(reading.prose("final.first", shown=len(shown), count=len(samples)))
    yield Paragraph(listed(sentences, " "))
    yield samples_table(reading, shown)


def any_step(reading: Reading) -> Iterator[Inlines]:
    """In letters, what makes the equations of a step those of every step of a training; nothing of a single one."""
    task = reading.trace.problem.task
    if isinstance(task, Trained) and not task.is_single:
        yield from rules(reading, task)
        yield reading.prose("schedule.every_step")
        if 1 < task.schedule.batch < len(task.samples):
            numbers: list[Inlines] = [(Text(str(number)),) for number in range(1, task.schedule.batch + 1)]
            yield reading.prose("schedule.other_samples", samples=reading.prose.enumerated(numbers))


def samples_table(reading: Reading, samples: tuple[Sample, ...]) -> Block:
    """Samples with their inputs and targets, each with dots in the place of those between the first and the last."""
    inputs = [Quantity("input", 0, unit) for unit in range(1, len(samples[0].inputs) + 1)]
    targets = [Quantity("target", reading.last, unit) for unit in range(1, len(samples[0].targets) + 1)]
    head = (*with_dots(reading, inputs, reading.labeled), *with_dots(reading, targets, reading.labeled))
    rows = (
        ((Text(str(number)),), *(cell for part in (sample.inputs, sample.targets) for cell in figures(reading, part)))
        for number, sample in enumerate(samples, 1)
    )
    return Table((reading.prose("batch.sample"), *head), tuple(rows))


def figures(reading: Reading, numbers: Sequence[Decimal]) -> Iterator[Inlines]:
    """The cells of some numbers."""
    return with_dots(reading, numbers, lambda number: reading.plain(as_written(number)))


def with_dots(reading: Reading, items: Sequence[Item], written: Callable[[Item], Inlines]) -> Iterator[Inlines]:
    """The cells of items; of more than a list shows, those of the first and the last, and dots between them."""
    if not reading.is_elided(items):
        yield from map(written, items)
        return
    yield from map(written, items[:FIRST])
    yield (Text("…"),)
    yield written(items[-1])


def rules(reading: Reading, task: Trained) -> Iterator[Inlines]:
    """Which samples a step takes, in which order, and what ends the training."""
    schedule, count = task.schedule, len(task.samples)
    if count > 1:
        yield from batches(reading, schedule, count)
    if schedule.epochs > 1:
        whole = "schedule.epochs_of_a_sample" if count == 1 else "schedule.epochs_of_a_step"
        key = "schedule.epochs" if schedule.batch < count else whole
        ends = schedule.stop.error is not None or schedule.stop.patience is not None
        number = reading.prose("schedule.at_most", count=schedule.epochs) if ends else inlines(schedule.epochs)
        yield reading.prose(key, number=number)
    loss = reading.letters(Quantity("loss", reading.last))
    if schedule.stop.error is not None:
        error = reading.plain(as_written(schedule.stop.error))
        key = "schedule.stop_error" if count > 1 else "schedule.stop_error_one"
        yield reading.prose(key, loss=loss, error=error)
    if schedule.stop.patience is not None:
        who = reading.prose("schedule.who" if schedule.stop.error is None else "schedule.who_too")
        one, many = "schedule.stop_patience_one", "schedule.stop_patience"
        yield reading.prose.counted(one, many, schedule.stop.patience, who=who)


def batches(reading: Reading, schedule: Schedule, count: int) -> Iterator[Inlines]:
    """Which of several samples a step takes."""
    if schedule.batch == 1:
        yield reading.prose("schedule.online")
    else:
        put_together = reading.prose(f"schedule.{'averaged' if reading.averaged else 'added'}")
        key = "schedule.full" if schedule.batch == count else "schedule.mini"
        every = reading.prose.every(count)
        yield reading.prose(key, count=schedule.batch, every=every, together=put_together)
    if schedule.order == "shuffled":
        yield reading.prose("schedule.shuffled", seed=schedule.seed)
