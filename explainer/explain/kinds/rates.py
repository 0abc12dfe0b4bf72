"""The page of the same update at several learning rates, with a table of what each of them does."""

from collections.abc import Iterator
from fractions import Fraction

from explainer.explain.document import Block, Inlines, Table
from explainer.explain.exercise import exercise, shown
from explainer.explain.exercise_notation import key_of, symbols
from explainer.explain.kinds.update import given
from explainer.explain.reading import Reading
from explainer.maths.quantity import Quantity
from explainer.problem.kinds.rates import Rates
from explainer.trace.derive import RATE
from explainer.trace.kinds.rates import cases, rate, weight
from explainer.trace.kinds.update import WEIGHT

SMALL, LARGE = Fraction(1, 100), Fraction(1, 10)
"""A step is small below one part of the weight, and large from the other on."""


def meaning(reading: Reading, symbol: Quantity) -> str:
    """The key of the meaning of a symbol; what differs is that of a case."""
    of_case = {"rate": "rate_of_case", "change": "change_of_case"}
    if symbol.role == "weight":
        return "weight_in_case" if symbol.iteration else "the_weight"
    if symbol.role in of_case:
        return of_case[symbol.role]
    return "signal" if symbol.role in ("input", "output") else key_of(reading, symbol)


def laws(reading: Reading) -> Iterator[Block]:
    """Each case under its learning rate."""
    steps = list(shown(reading))
    common = [step for step in steps if not step.quantity.sample]
    blocks: list[Block] = [reading.say("exercise.gradient"), reading.together(common)] if common else []
    blocks.append(reading.say(f"exercise.{law(reading)}"))
    for case in cases(reading.trace.problem):
        own = [step for step in steps if step.quantity.sample == case]
        if own:
            blocks.append(reading.heading("case", 3, [reading.together(own)], rate=(reading.value(rate(case)),)))
    if steps:
        yield reading.heading("solution", 2, blocks)


def law(reading: Reading) -> str:
    """The sentence of the update in each case."""
    update = reading.trace.names.convention.update
    return "rates_by_gradient" if update == "by-gradient" else RATES[update, reading.laws.downhill]


RATES = {
    ("by-change", True): "rates",
    ("by-change", False): "rates_uphill",
    ("direct", True): "rates_direct",
    ("direct", False): "rates_direct_uphill",
}
"""The sentences of the update, by whether the change has a name, and whether δ points downhill."""


def comparison(reading: Reading) -> Iterator[Block]:
    """The cases side by side."""
    named = reading.trace.names.convention.update == "by-change"
    change: Inlines = (reading.letters(WEIGHT.change()),) if named else reading.prose("table.change")
    head = ((reading.letters(RATE),), change, (reading.letters(WEIGHT.after()),), reading.prose("exercise.effect"))
    rows = tuple(row(reading, case) for case in cases(reading.trace.problem))
    blocks: list[Block] = [Table(head, rows)]
    if reading.trace.value(WEIGHT):
        blocks.append(reading.say("exercise.sizes"))
    yield reading.heading("comparison", 2, blocks)


def row(reading: Reading, case: int) -> tuple[Inlines, ...]:
    """The learning rate, the change, the new weight, and what that does."""
    figures = ((reading.number(each),) for each in (rate(case), change(case), new_weight(case)))
    return (*figures, reading.prose(f"exercise.{effect(reading, case)}"))


def change(case: int) -> Quantity:
    """The change of the weight in a case."""
    return weight(case).change()


def new_weight(case: int) -> Quantity:
    """The new weight in a case."""
    return weight(case).after()


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


KIND = exercise(
    "rates",
    symbols=symbols(meaning, unit="receiver"),
    given=given,
    remarks=remarks,
    solution=laws,
    further=(comparison,),
)
