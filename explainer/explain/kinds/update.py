"""The page of one update."""

from collections.abc import Iterator

from explainer.explain.document import Inlines
from explainer.explain.exercise import exercise, numbers
from explainer.explain.exercise_notation import key_of, symbols
from explainer.explain.reading import Reading
from explainer.maths.quantity import Quantity
from explainer.trace.kinds.update import WEIGHT


def given(reading: Reading) -> Iterator[Inlines]:
    """The given numbers; the signal may be anything that is sent along the weight."""
    yield from numbers(reading, {"input": "signal", "output": "signal"})


def remarks(reading: Reading) -> Iterator[Inlines]:
    """How the weight moved."""
    trace, new = reading.trace, WEIGHT.after()
    old = trace.value(WEIGHT)
    key = "stays" if trace.value(new) == old else "grows" if trace.value(new) > old else "falls"
    yield reading.prose(
        f"exercise.weight_{key}", weight=reading.letters(WEIGHT), old=reading.number(WEIGHT), new=reading.number(new)
    )


def meaning(reading: Reading, symbol: Quantity) -> str:
    """The key of the meaning of a symbol; the signal may be anything that is sent along the weight."""
    return "signal" if symbol.role == "input" else key_of(reading, symbol)


KIND = exercise("one_update", symbols=symbols(meaning), given=given, remarks=remarks)
