"""The page of a training: the steps that are shown, the table of its epochs, how it ended, and what it has changed."""

from collections.abc import Iterator
from typing import Any

from msgspec.structs import replace

from explainer.explain.control import data_loss
from explainer.explain.curve import Errors, curve
from explainer.explain.document import Block, Document, Inlines, Paragraph, Section, Table, Text
from explainer.explain.dropout import after_training
from explainer.explain.final import final_section
from explainer.explain.forms import form
from explainer.explain.insight import run_sections
from explainer.explain.kinds.training import title
from explainer.explain.normalization import in_use
from explainer.explain.page import reading_of
from explainer.explain.prose import listed
from explainer.explain.reading import Reading
from explainer.explain.run_remarks import run_remarks
from explainer.maths.arithmetic import Value
from explainer.maths.formula import Number, difference
from explainer.maths.numerals import as_written
from explainer.maths.quantity import Quantity, Role
from explainer.problem.model import Presentation, Problem
from explainer.problem.training import Trained
from explainer.trace.derive import RATE
from explainer.trace.dropout import thinnings
from explainer.trace.run import Epoch, Run
from explainer.trace.schedule import Batch
from explainer.trace.steps import Shown
from explainer.trace.trace import Trace, trace

MOST_ROWS = 30
"""A table of more epochs leaves some out."""

FEW = 2
"""So many samples have all that several have."""

MOST_PARAMETERS, CHANGED_MOST = 200, 20
"""Of more parameters the table has so many."""


def explain_run(run: Run[Any], presentation: Presentation) -> Document:
    """The worked solution of a training."""
    readings = [(shown, reading_of(shown.trace, presentation)) for shown in run.shown]
    first = first_reading(run, presentation)
    worked = [section for _, section in step_parts(readings)]
    said = further(run, first, readings[-1][1] if len(readings) > 1 else first)
    blocks = (*beginning(first), *worked, *outcome(run, first, presentation), *said)
    return Document(run.problem.title or title(first), blocks, presentation.language)


def parts(run: Run[Any], presentation: Presentation) -> list[tuple[Trace, Document]]:
    """The page in parts, each with the trace whose values it prints."""
    readings = [(shown, reading_of(shown.trace, presentation)) for shown in run.shown]
    first = first_reading(run, presentation)
    said = further(run, first, readings[-1][1] if len(readings) > 1 else first)
    framing = (first, (*beginning(first), *outcome(run, first, presentation), *said))
    worked = ((reading, (section,)) for reading, section in step_parts(readings))
    return [(reading.trace, Document("", found, presentation.language)) for reading, found in (framing, *worked)]


def first_reading(run: Run[Any], presentation: Presentation) -> Reading:
    """The reading of what stands around the steps: of the first that is shown, or where none is, of the first."""
    return reading_of(run.shown[0].trace if run.shown else unshown(run.problem), presentation)


def unshown(problem: Problem) -> Trace:
    """The first step over its first samples only: what all steps consist of can be seen in it."""
    task = problem.of(Trained)
    few = replace(task.schedule, batch=min(task.schedule.batch, FEW))
    return trace(replace(problem, task=replace(task, schedule=few)), None, Trace).of(problem)


def beginning(reading: Reading) -> Iterator[Block]:
    """What stands before the steps."""
    source = reading.trace.problem.source
    if source:
        yield reading.say("page.source", source=source.rstrip("."))
    yield from form(reading).beginning(reading)


def step_parts(readings: list[tuple[Shown[Any], Reading]]) -> Iterator[tuple[Reading, Block]]:
    """Each step that is shown, with its reading: the first with the laws, the others without."""
    before = None
    for shown, reading in readings:
        part = form(reading)
        sections = part.step(reading) if before is None else part.again(reading)
        blocks = (*skipped(reading, before, shown.batch.step), *part.opening(reading), *map(deepened, sections))
        yield reading, Section(2, step_title(reading, shown.batch), blocks)
        before = shown.batch.step


def skipped(reading: Reading, before: int | None, step: int) -> Iterator[Block]:
    """Which steps are left out between two that are shown."""
    if before is not None and step - before > 1:
        key = "run.not_shown_one" if step - before == 2 else "run.not_shown"
        yield reading.say(key, first=before + 1, last=step - 1)


def outcome(run: Run[Any], reading: Reading, presentation: Presentation) -> Iterator[Block]:
    """What stands after the steps: the epochs, the network at the end, and what has become of the parameters."""
    yield reading.heading("epochs", 2, epochs(run, reading))
    yield from final_section(run, reading, presentation)
    yield reading.heading("trained", 2, changes(run, reading))
    if run.problem.presentation.derivation:
        from explainer.explain.derivation.sections import derivation_section

        yield derivation_section(reading)


def further(run: Run[Any], first: Reading, last: Reading) -> Iterator[Block]:
    """What is remarked, and the sections that are asked for."""
    yield from run_remarks(run, first, last)
    yield from run_sections(first, last)


def step_title(reading: Reading, batch: Batch) -> Inlines:
    """Step 3, in epoch 2, with sample 1; where a step is an epoch, its number says it all."""
    task = reading.trace.problem.of(Trained)
    if task.schedule.batch >= len(task.samples):
        return reading.prose("headings.step", step=batch.step)
    numbers: list[Inlines] = [(Text(str(number)),) for number in batch.samples]
    samples = reading.prose.enumerated(numbers)
    key = "headings.step_sample" if len(numbers) == 1 else "headings.step_samples"
    return reading.prose(key, step=batch.step, epoch=batch.epoch, samples=samples)


def deepened(block: Block) -> Block:
    """A section one level deeper, with all that is in it."""
    if not isinstance(block, Section):
        return block
    return replace(block, level=block.level + 1, blocks=tuple(map(deepened, block.blocks)))


def epochs(run: Run[Any], reading: Reading) -> Iterator[Block]:
    """How the run ended, and the table of its epochs."""
    task, loss = run.problem.of(Trained), Quantity("loss", reading.last)
    yield Paragraph(listed(list(ending(run, reading)), " "))
    head = [reading.prose("run.epoch"), (reading.letters(loss),)]
    if task.validation:
        head.append(reading.prose("run.validation", loss=reading.letters(data_loss(reading))))
    if has_rates(run):
        head.append((reading.letters(RATE),))
    head += [(reading.letters(each),) for each in run.followed]
    if len(run.epochs) > MOST_ROWS:
        yield reading.say("run.some_epochs")
    yield Table(tuple(head), tuple(rows(run, reading)))
    yield from curve(reading, list(courses(run, reading)))


def courses(run: Run[Any], reading: Reading) -> Iterator[tuple[Inlines, Errors]]:
    """The errors after every epoch, and those over the validation samples."""
    yield reading.prose("run.over_samples"), {each.number: each.error for each in run.epochs}
    if run.problem.of(Trained).validation:
        yield reading.prose("run.over_validation"), {each.number: each.validation for each in run.epochs}


def rows(run: Run[Any], reading: Reading) -> Iterator[tuple[Inlines, ...]]:
    """The rows of the table, the beginning first."""
    for epoch in chosen(run):
        yield tuple(cells(run, reading, epoch))


def cells(run: Run[Any], reading: Reading, epoch: Epoch) -> Iterator[Inlines]:
    """The number of an epoch, its errors, and the parameters that are followed."""
    yield (Text(str(epoch.number)),)
    yield figure(reading, "loss", epoch.error)
    if epoch.validation is not None:
        yield figure(reading, "loss", epoch.validation)
    if has_rates(run):
        yield figure(reading, "rate", epoch.rate)
    for parameter, value in zip(run.followed, epoch.followed, strict=True):
        yield figure(reading, parameter.role, value)


def has_rates(run: Run[Any]) -> bool:
    """Whether the table has the learning rate of each epoch though nothing asks for it, since it falls."""
    return run.epochs[-1].rate is not None and RATE not in run.followed


def figure(reading: Reading, role: Role, value: Value) -> Inlines:
    """A value as a table prints that of a role; a dash where there is none."""
    if value is None:
        return (Text("–"),)
    arithmetic = reading.trace.arithmetic
    numeral = arithmetic.numeral(value, arithmetic.rounding(role, "update"))
    return reading.plain(reading.padded(numeral, role, "update"))


def chosen(run: Run[Any]) -> list[Epoch]:
    """The epochs that the table shows: all of a short run; of a long one fewer and fewer, the best and the last."""
    if len(run.epochs) <= MOST_ROWS:
        return list(run.epochs)
    return [each for each in run.epochs if is_round(each.number) or each.number in (run.best, run.epochs[-1].number)]


def is_round(number: int) -> bool:
    """Whether a number is at most 5, or 1, 2 or 5 times a power of ten."""
    return number <= 5 or str(number).rstrip("0") in ("1", "2", "5")


def ending(run: Run[Any], reading: Reading) -> Iterator[Inlines]:
    """What ended the training, where the error stands, and in which form the network was measured."""
    last, asked = run.epochs[-1], run.problem.of(Trained).schedule.stop.error
    loss = reading.letters(Quantity("loss", reading.last))
    numbers = {"epochs": last.number, "steps": run.steps}
    if reading.trace.names.ahead:
        yield reading.prose("run.not_ahead", loss=loss)
    if run.problem.of(Trained).online:
        yield reading.prose("run.averaged_here" if reading.averaged else "run.added_here", loss=loss)
    yield reading.prose.counted("run.after_one", "run.after", last.number, steps=run.steps)
    match run.ended:
        case "epochs":
            pass
        case "error" if asked is not None:
            yield reading.prose("run.small_enough", loss=loss, error=reading.plain(as_written(asked)))
        case "patience":
            yield reading.prose("run.no_better", patience=numbers["epochs"] - run.best, best=run.best)
        case "interrupted":
            yield reading.prose("run.interrupted", epoch=last.number)
        case "diverged":
            yield reading.prose("run.diverged", fault=str(run.fault))
    old, new = run.epochs[0].error, run.epochs[run.best].error
    key = "run.fallen" if new < old else "run.risen" if new > old else "run.same"
    yield reading.prose(key, loss=loss, old=figure(reading, "loss", old), new=figure(reading, "loss", new))
    if thinnings(run.problem.network):
        yield reading.prose("run.whole")
        yield from after_training(reading)
    if reading.trace.connections.normalized:
        yield reading.prose("run.in_use")
        yield from in_use(reading)


def changes(run: Run[Any], reading: Reading) -> Iterator[Block]:
    """Every parameter that is trained: at the beginning, at the end, and the difference; of many, the most changed."""
    head = tuple(reading.prose(f"run.{key}") for key in ("parameter", "beginning", "end", "change"))
    rows, parameters = [], list(reading.trace.connections.trained())
    if len(parameters) > MOST_PARAMETERS:
        yield reading.say("run.changed_most", shown=CHANGED_MOST, count=f"{len(parameters):,}")
        written = reading.trace.arithmetic.written
        parameters.sort(key=lambda each: -abs(written(run.final[each]) - written(run.first[each])))
    for parameter in parameters if len(parameters) <= MOST_PARAMETERS else parameters[:CHANGED_MOST]:
        old, new = (plain(reading, parameter.role, values[parameter]) for values in (run.first, run.final))
        moved = reading.trace.worked(difference(new, old), parameter.role, "update")
        ends = (figure(reading, parameter.role, each.value) for each in (old, new))
        shown = Number(moved.value, reading.padded(moved.numeral, parameter.role, "update"))
        rows.append(((reading.letters(parameter),), *ends, (reading.signed(shown),)))
    yield Table(head, tuple(rows), changes=True)


def plain(reading: Reading, role: Role, value: Value) -> Number:
    """A value as a number that stands for itself."""
    arithmetic = reading.trace.arithmetic
    return Number(value, arithmetic.numeral(value, arithmetic.rounding(role, "update")))
