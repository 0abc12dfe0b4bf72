"""The page of a comparison: what is compared, what came out in a table and as curves, and what that says."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from itertools import pairwise
from typing import Any

from explainer.explain.curve import curve
from explainer.explain.document import Block, Bullets, Document, Inlines, Table, Text
from explainer.explain.kinds.training import title
from explainer.explain.reading import Reading
from explainer.explain.run import beginning, figure, first_reading, is_round
from explainer.maths.numerals import as_written
from explainer.maths.quantity import Quantity
from explainer.problem.model import Presentation
from explainer.problem.settings import steps
from explainer.trace.comparison import Comparison
from explainer.trace.run import Epoch, Run

MOST_ROWS = 12
"""Of more epochs the table has some."""

FIELDS = {
    "training.learning_rate": "learning_rate",
    "training.optimizer": "optimizer",
    "training.loss": "loss",
    "training.batch": "batch",
    "training.order": "order",
    "training.seed": "seed",
    "training.reduction": "reduction",
    "training.epochs": "epochs",
    "numbers.arithmetic": "arithmetic",
    "numbers.decimals": "decimals",
}
"""What a page calls a field; any other is called as the file calls it."""

LONGEST = 30
"""So many letters of a value are shown."""

Ways = list[tuple[str, Reading, Run[Any]]]
"""The ways, each with its name, its first step as it is read, and its run."""


def explain_comparison(comparison: Comparison[Any], presentation: Presentation) -> Document:
    """The page of a comparison."""
    ways: Ways = [(each.name, first_reading(each.run, presentation), each.run) for each in comparison.members]
    first = ways[0][1]
    blocks = (*beginning(first), *compared(comparison, first), *outcome(comparison, ways))
    return Document(comparison.problem.title or title(first), blocks, presentation.language)


def compared(comparison: Comparison[Any], reading: Reading) -> Iterator[Block]:
    """The fields in which the ways differ."""
    ways = comparison.problem.ways
    fields = list(dict.fromkeys(key for way in ways for key, _ in way.settings))
    head = (reading.prose("comparing.way"), *(called(reading, key) for key in fields))
    rows = ((words(way.name), *(value(reading, way.problem.data, key) for key in fields)) for way in ways)
    said = reading.say("comparing.ways", first=ways[0].name)
    yield reading.heading("compared", 2, [said, Table(head, tuple(rows))])


def called(reading: Reading, key: str) -> Inlines:
    """What a field is called."""
    return reading.prose(f"comparing.{FIELDS[key]}") if key in FIELDS else words(key)


def words(text: str) -> Inlines:
    """Plain words."""
    return (Text(text),)


def value(reading: Reading, data: Mapping[str, Any], key: str) -> Inlines:
    """The value that a problem has in a field."""
    found: Any = data
    for step in steps(key):
        found = found[step] if isinstance(step, int) else found.get(step)
        if found is None:
            return reading.prose("comparing.usual")
    if isinstance(found, int | Decimal) and not isinstance(found, bool):
        return reading.plain(as_written(Decimal(found)))
    text = written(found)
    return words(text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…")


def written(found: Any) -> str:
    """A value of a file, short."""
    match found:
        case Mapping():
            return ", ".join(
                written(each) if key == "name" else f"{key} {written(each)}" for key, each in found.items()
            )
        case list():
            return f"[{', '.join(map(written, found))}]"
    return str(found).lower() if isinstance(found, bool) else str(found)


def outcome(comparison: Comparison[Any], ways: Ways) -> Iterator[Block]:
    """What came out: a table, curves, and a few sentences."""
    first = ways[0][1]
    table = parameters(ways) if comparison.is_single else epochs(ways)
    courses = [(words(name), {each.number: each.error for each in run.epochs}) for name, _, run in ways]
    drawn = list(curve(first, courses))
    if drawn:
        drawn.append(first.say("comparing.covered"))
    yield first.heading("comparison", 2, [table, *drawn])
    yield first.heading("outcome", 2, [Bullets(tuple(findings(ways)))])


def head(ways: Ways, key: str) -> tuple[Inlines, ...]:
    """The head of a table with a column for each way."""
    return ways[0][1].prose(key), *(words(name) for name, _, _ in ways)


def epochs(ways: Ways) -> Table:
    """The error after each epoch that is shown, a column for each way."""
    found = [{each.number: each for each in run.epochs} for _, _, run in ways]
    numbers = chosen(max(len(each) for each in found), {run.epochs[-1].number for _, _, run in ways})
    rows = [
        (
            words(str(number)),
            *(cell(reading, each.get(number)) for (_, reading, _), each in zip(ways, found, strict=True)),
        )
        for number in numbers
    ]
    return Table(head(ways, "run.epoch"), tuple(rows))


def chosen(count: int, ends: set[int]) -> list[int]:
    """The numbers of the epochs that a table shows, with those at which a way ends."""
    return [number for number in range(count) if count <= MOST_ROWS or is_round(number) or number in ends]


def cell(reading: Reading, epoch: Epoch | None) -> Inlines:
    """The error after an epoch; nothing where the way has ended before."""
    return reading.prose("comparing.nothing") if epoch is None else figure(reading, "loss", epoch.error)


def parameters(ways: Ways) -> Table:
    """What each parameter has become, and the loss before and after, a column for each way."""
    reading = ways[0][1]
    trained = list(dict.fromkeys(each for _, one, _ in ways for each in one.trace.connections.trained()))
    rows: list[tuple[Inlines, ...]] = [
        ((reading.letters(each.after()),), *(figure(one, each.role, run.final[each]) for _, one, run in ways))
        for each in trained
    ]
    loss = (reading.letters(Quantity("loss", reading.last)),)
    for place, key in ((0, "before"), (-1, "after")):
        figures = (figure(one, "loss", run.epochs[place].error) for _, one, run in ways)
        rows.append((reading.prose(f"comparing.{key}", loss=loss), *figures))
    return Table(head(ways, "run.parameter"), tuple(rows))


def findings(ways: Ways) -> Iterator[Inlines]:
    """What the errors say: which way comes lowest, which is fastest, which rises, which ends early."""
    reading = ways[0][1]
    loss = (reading.letters(Quantity("loss", reading.last)),)
    ended = [(name, one, run) for name, one, run in ways if run.ended != "diverged"]
    if ended:
        least = min(run.epochs[run.best].error for _, _, run in ended)
        best = [each for each in ended if each[2].epochs[each[2].best].error == least]
        if len(best) < len(ways):
            yield reading.prose(
                "comparing.lowest", loss=loss, ways=together(best), error=figure(best[0][1], "loss", least)
            )
        elif len(ways) > 1:
            yield reading.prose("comparing.alike", loss=loss, error=figure(best[0][1], "loss", least))
    yield from fastest(ways, loss)
    for name, one, run in ways:
        yield from course(name, one, run, loss)


def fastest(ways: Ways, loss: Inlines) -> Iterator[Inlines]:
    """Which way is the first to halve the error that it begins with; of single steps there is nothing to tell."""
    reading = ways[0][1]
    if all(len(run.epochs) < 3 for _, _, run in ways):
        return
    halved = {name: when for name, _, run in ways if (when := halving(run)) is not None}
    first = [way for way in ways if halved.get(way[0]) == min(halved.values(), default=None)]
    if not halved:
        yield reading.prose("comparing.none_halved", loss=loss)
    elif len(first) < len(ways):
        yield reading.prose.counted(
            "comparing.halved_one", "comparing.halved", min(halved.values()), loss=loss, ways=together(first)
        )


def halving(run: Run[Any]) -> int | None:
    """The first epoch after which the error is at most half of what it was at the beginning."""
    return next((each.number for each in run.epochs if 2 * each.error <= run.epochs[0].error), None)


def course(name: str, reading: Reading, run: Run[Any], loss: Inlines) -> Iterator[Inlines]:
    """Whether the error of a way rises, and how it ends, if not as it should."""
    begun, ended = run.epochs[0].error, run.epochs[-1].error
    rises = sum(later.error > before.error for before, later in pairwise(run.epochs))
    count = run.epochs[-1].number
    if run.ended == "diverged":
        yield reading.prose("comparing.diverged", way=name, epochs=count)
    elif run.ended == "interrupted":
        yield reading.prose("comparing.interrupted", way=name, epochs=count)
    elif ended > begun:
        old, new = (figure(reading, "loss", each) for each in (begun, ended))
        yield reading.prose("comparing.risen", way=name, loss=loss, old=old, new=new)
    elif rises:
        yield reading.prose("comparing.rises", way=name, loss=loss, rises=rises, epochs=count)


def together(ways: Ways) -> Inlines:
    """The names of several ways."""
    return ways[0][1].prose.enumerated([words(name) for name, _, _ in ways])
