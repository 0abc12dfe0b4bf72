"""Every gradient by backpropagation beside the same by central differences of the loss."""

from collections.abc import Iterator
from decimal import Decimal

from explainer.explain.document import Block, Inlines, Table
from explainer.explain.reading import Reading
from explainer.maths.numerals import CONTEXT, Numeral, Rounding
from explainer.maths.quantity import Quantity
from explainer.trace.differences import STEP, Exact, central_difference, gradients_of, worked_exactly

MOST = 40
"""So many parameters are checked on a page."""

SHOWN, APART = Rounding("significant", 10), Rounding("significant", 2)
"""How gradients are printed, and how far they are apart."""


def meaning(reading: Reading) -> Iterator[Block]:
    """How the gradients are checked."""
    yield reading.say("gradient_check.how", step=reading.plain(Numeral(STEP, scientific=True)))


def blocks(reading: Reading) -> Iterator[Block]:
    """A row for each parameter, and what it comes to."""
    values = worked_exactly(reading.trace, reading.trace.given)
    changes = [step.quantity for step in reading.steps("update", "change")]
    if len(changes) > MOST:
        yield reading.say("gradient_check.first", count=len(changes), shown=MOST)
    head = tuple(reading.prose(f"gradient_check.{key}") for key in ("parameter", "back", "difference", "apart"))
    pairs = {change: pair(reading, change, values) for change in changes[:MOST]}
    yield Table(head, tuple(row(reading, change.parameter(), *found) for change, found in pairs.items()))
    distances = [abs(one - other) for one, other in pairs.values() if other is not None]
    if distances and not any(distances):
        yield reading.say("gradient_check.same")
    elif distances:
        yield reading.say("gradient_check.largest", apart=figure(reading, max(distances), APART))
    if len(distances) < len(pairs):
        yield reading.say("gradient_check.kink")


def pair(reading: Reading, change: Quantity, values: Exact) -> tuple[Decimal, Decimal | None]:
    """The gradient of a parameter in both ways; by differences there is none across a kink."""
    return gradients_of(reading.trace, change, values)[0], central_difference(reading.trace, change.parameter(), values)


def row(reading: Reading, parameter: Quantity, one: Decimal, other: Decimal | None) -> tuple[Inlines, ...]:
    """A parameter, both gradients, and how far they are apart."""
    name = (reading.letters(parameter),)
    if other is None:
        nothing = reading.prose("gradient_check.none")
        return name, figure(reading, one, SHOWN), nothing, nothing
    apart = abs(CONTEXT.subtract(one, other))
    return name, figure(reading, one, SHOWN), figure(reading, other, SHOWN), figure(reading, apart, APART)


def figure(reading: Reading, value: Decimal, rounding: Rounding) -> Inlines:
    """A number of 40 digits, rounded for print."""
    return reading.plain(rounding.numeral(rounding(value), exact=False, keep_zeros=True))
