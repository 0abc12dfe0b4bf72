"""The page of one update."""

from collections.abc import Iterator

from explainer.explain.document import Inlines
from explainer.explain.exercise import exercise
from explainer.explain.reading import Reading
from explainer.explain.unit import meaning
from explainer.trace.kinds.update import CHANGE, DELTA, WEIGHT


def remarks(reading: Reading) -> Iterator[Inlines]:
    """How the weight moved."""
    trace, new = reading.trace, WEIGHT.after()
    key = "stays" if trace.value(new) == trace.value(WEIGHT) else "grows" if trace.value(CHANGE) > 0 else "falls"
    yield reading.prose(
        f"exercise.weight_{key}", weight=reading.letters(WEIGHT), old=reading.number(WEIGHT), new=reading.number(new)
    )


def notes(reading: Reading) -> Iterator[Inlines]:
    """What δ stands for."""
    if DELTA in reading.trace.given:
        yield from meaning(reading, DELTA)


KIND = exercise("one_update", notes=notes, remarks=remarks)
