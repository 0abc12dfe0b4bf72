"""Where the source of a problem prints something else, and what is right."""

from collections.abc import Iterator
from decimal import Decimal

from explainer.explain.document import Block, Bullets, Inlines, Text
from explainer.explain.reading import Reading
from explainer.maths.numerals import as_written
from explainer.problem.faults import ProblemError
from explainer.problem.model import Erratum
from explainer.trace.run import addressed


def meaning(reading: Reading) -> Iterator[Block]:
    """The errata of the problem, those of every step; in letters none of figures."""
    found = tuple(told(reading, name, erratum) for name, erratum in shown(reading))
    if found:
        yield reading.say("errata.opening")
        yield Bullets(found)


def blocks(_: Reading) -> Iterator[Block]:
    """Nothing that belongs to one step."""
    return iter(())


def shown(reading: Reading) -> Iterator[tuple[str, Erratum]]:
    """The errata of quantities that the page names; another convention names them otherwise."""
    for name, erratum in reading.trace.problem.errata.items():
        try:
            reading.trace.find(addressed(name)[1])
        except ProblemError:
            continue
        if not (reading.in_letters and isinstance(erratum.right, Decimal)):
            yield name, erratum


def told(reading: Reading, name: str, erratum: Erratum) -> Inlines:
    """One erratum: the quantity, what is printed, what is right, and why."""
    step, symbol = addressed(name)
    return reading.prose(
        "errata.one" if step is None else "errata.one_in_step",
        quantity=reading.letters(reading.trace.find(symbol)),
        step=step or 0,
        printed=written(reading, erratum.printed),
        right=written(reading, erratum.right),
        reason=erratum.reason,
    )


def written(reading: Reading, printed: Decimal | str) -> Inlines:
    """A figure as the source has it, or its way of writing something."""
    return (Text(printed),) if isinstance(printed, str) else reading.plain(as_written(printed))
