"""The page of the same update at several learning rates, with a table of what each of them does."""

from collections.abc import Iterator
from fractions import Fraction

from explainer.explain.document import Block, Inlines, Table
from explainer.explain.exercise import exercise
from explainer.explain.kinds.update import notes
from explainer.explain.reading import Reading
from explainer.problem.kinds.rates import Rates
from explainer.trace.derive import RATE
from explainer.trace.kinds.rates import cases, change, new_weight, rate
from explainer.trace.kinds.update import CHANGE, WEIGHT

SMALL, LARGE = Fraction(1, 100), Fraction(1, 10)
"""A step is small below one part of the weight, and large from the other on."""


def laws(reading: Reading) -> Iterator[Block]:
    """Each case under its learning rate."""
    key = "rates" if reading.laws.downhill else "rates_uphill"
    blocks: list[Block] = [reading.say(f"exercise.{key}")]
    for case in cases(reading.trace.problem):
        steps = [reading.trace.index[each] for each in (change(case), new_weight(case)) if each in reading.trace.index]
        if steps:
            blocks.append(reading.heading("case", 3, [reading.together(steps)], rate=(reading.value(rate(case)),)))
    if reading.trace.steps:
        yield reading.heading("solution", 2, blocks)


def comparison(reading: Reading) -> Iterator[Block]:
    """The cases side by side."""
    symbols = tuple((reading.letters(each),) for each in (RATE, CHANGE, WEIGHT.after()))
    head = (*symbols, reading.prose("exercise.effect"))
    rows = tuple(row(reading, case) for case in cases(reading.trace.problem))
    blocks: list[Block] = [Table(head, rows)]
    if reading.trace.value(WEIGHT):
        blocks.append(reading.say("exercise.sizes"))
    yield reading.heading("comparison", 2, blocks)


def row(reading: Reading, case: int) -> tuple[Inlines, ...]:
    """The learning rate, the change, the new weight, and what that does."""
    figures = ((reading.number(each),) for each in (rate(case), change(case), new_weight(case)))
    return (*figures, reading.prose(f"exercise.{effect(reading, case)}"))


def effect(reading: Reading, case: int) -> str:
    """The key of the words for a step, by its size beside that of the weight."""
    value = reading.trace.value
    weight, step, new = (Fraction(value(each)) for each in (WEIGHT, change(case), new_weight(case)))
    if new == weight:
        return "step_lost" if step else "step_none"
    if not weight:
        return "step_from_zero"
    if new * weight < 0:
        return "step_turns"
    size = abs(step / weight)
    return "step_small" if size < SMALL else "step_large" if size >= LARGE else "step_medium"


def remarks(reading: Reading) -> Iterator[Inlines]:
    """That the change grows as the learning rate, where the numbers bear it out."""
    task, value = reading.trace.problem.of(Rates), reading.trace.value
    smallest, largest = (task.rates.index(end(task.rates)) + 1 for end in (min, max))
    low, high = (Fraction(value(change(case))) for case in (smallest, largest))
    times = Fraction(task.rates[largest - 1]) / Fraction(task.rates[smallest - 1])
    if times > 1 and times.denominator == 1 and low and high == low * times:
        yield reading.prose("exercise.proportional", times=times.numerator)


KIND = exercise("rates", notes=notes, remarks=remarks, solution=laws, further=(comparison,))
