"""The page of a hidden δ."""

from collections.abc import Iterator

from explainer.explain import deltas
from explainer.explain.document import Block, Inlines
from explainer.explain.exercise import exercise, numbers
from explainer.explain.exercise_notation import key_of, symbols
from explainer.explain.reading import Reading
from explainer.explain.unit import Units, directions, loss
from explainer.explain.unit import functions as stated_functions
from explainer.maths.quantity import Quantity
from explainer.problem.kinds.hidden_delta import HiddenDelta
from explainer.trace.kinds.hidden_delta import UNIT, fed
from explainer.trace.unit import HIDDEN, NEXT

DELTA = Quantity("delta", HIDDEN, UNIT)


def task(reading: Reading) -> HiddenDelta:
    """What is given."""
    return reading.trace.problem.of(HiddenDelta)


def by_delta(reading: Reading) -> Units:
    """The units whose δ is worked out: the hidden one, and output units."""
    outputs = {Quantity("delta", NEXT, name): each.unit for name, each in fed(task(reading)) if each.unit}
    return {DELTA: task(reading).unit, **outputs}


def meaning(reading: Reading, symbol: Quantity) -> str:
    """The key of the meaning of a symbol; that of δ is told once."""
    again = symbol == DELTA and not reading.laws.by_gradient
    return "delta_again" if again else key_of(reading, symbol)


def functions(reading: Reading) -> Iterator[Inlines]:
    """The activations, and the loss where an output δ is worked out."""
    yield from stated_functions(reading, by_delta(reading))
    outputs = [delta.unit for delta in by_delta(reading) if delta != DELTA and delta in reading.trace.index]
    if outputs:
        several = len(task(reading).downstream)
        yield loss(reading, task(reading).measure, NEXT, outputs[0] if several == 1 else "k", several)


def solution(reading: Reading) -> Iterator[Block]:
    """Law after law."""
    yield from deltas.solution(reading, by_delta(reading))


def remarks(reading: Reading) -> Iterator[Inlines]:
    """What the sign of δ says, and whether it is smaller than every δ that it comes from."""
    yield from directions(reading, [DELTA])
    value = reading.trace.value
    sources = [abs(value(Quantity("delta", NEXT, name))) for name, _ in fed(task(reading))]
    if 0 < abs(value(DELTA)) < min(sources):
        yield reading.prose("exercise.shrinks_one" if len(sources) == 1 else "exercise.shrinks")
    yield from deltas.kinks(reading, by_delta(reading), task(reading).measure)


def given(reading: Reading) -> Iterator[Inlines]:
    """The given numbers, told from the hidden unit."""
    given_deltas = [quantity for quantity in reading.trace.given if quantity.role == "delta"]
    told = "delta_onward" if len(given_deltas) == len(task(reading).downstream) else "delta_partly"
    yield from numbers(reading, {"weight": "weight_onward", "delta": told})


KIND = exercise(
    "hidden_delta",
    symbols=symbols(meaning),
    given=given,
    functions=functions,
    solution=solution,
    remarks=remarks,
)
