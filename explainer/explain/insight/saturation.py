"""How steep the activation functions are where the units are: where they are nearly flat, little error passes back."""

from collections.abc import Iterator
from decimal import Decimal

from explainer.explain.document import Block, Inlines, Math, Table, Term, Text
from explainer.explain.reading import Reading
from explainer.maths.formula import Number
from explainer.maths.numerals import as_written
from explainer.maths.quantity import Quantity
from explainer.trace.derive import activation, output_of

FLAT = Decimal("0.05")
"""A slope that is smaller in size than this is called nearly flat: less than a twentieth passes back."""

Slopes = list[tuple[Quantity, Number]]
"""The slope of the activation function at each net input of a unit."""


def meaning(reading: Reading) -> Iterator[Block]:
    """What it means for a unit to be nearly flat."""
    yield reading.say("saturation.meaning", flat=reading.plain(as_written(FLAT)))


def blocks(reading: Reading) -> Iterator[Block]:
    """The slope at every unit, and which are nearly flat."""
    units = list(by_unit(reading))
    if not units:
        yield reading.say("saturation.no_unit")
        return
    over_batch = reading.over_batch
    keys = ("unit", "least", "most", "flat_on") if over_batch else ("unit", "net", "output", "slope")
    make = batch_row if over_batch else row
    yield Table(
        tuple(reading.prose(f"saturation.{key}") for key in keys), tuple(make(reading, slopes) for slopes in units)
    )
    yield verdict(reading, units)


def by_unit(reading: Reading) -> Iterator[Slopes]:
    """The slopes of every unit whose output depends on its own net input alone."""
    nets: dict[tuple[int, int], list[Quantity]] = {}
    for step in reading.steps("forward", "net"):
        layer, unit = int(step.quantity.layer), int(step.quantity.unit)
        if activation(reading.layer(layer)).layer is None:
            nets.setdefault((layer, unit), []).append(step.quantity)
    for found in nets.values():
        yield [(net, slope(reading, net)) for net in found]


def slope(reading: Reading, net: Quantity) -> Number:
    """The derivative of the activation of a unit at its net input, as the values carried have it."""
    function = activation(reading.layer(int(net.layer)))
    formula = (function.spelled or function).derivative(net, output_of(net))
    return reading.trace.worked(formula, "slope", "backward")


def is_flat(reading: Reading, number: Number) -> bool:
    """Whether a slope is nearly flat."""
    return abs(reading.trace.arithmetic.written(number.value)) < FLAT


def row(reading: Reading, slopes: Slopes) -> tuple[Inlines, ...]:
    """A unit with its net input, its output and its slope."""
    ((net, steep),) = slopes
    return reading.place(net), (reading.figure(net),), (reading.figure(output_of(net)),), figure(reading, steep)


def batch_row(reading: Reading, slopes: Slopes) -> tuple[Inlines, ...]:
    """A unit with its smallest and its largest slope over the samples, and the samples for which it is nearly flat."""
    ordered = sorted((number for _, number in slopes), key=lambda number: number.value)
    flat: list[Inlines] = [(Text(str(net.sample)),) for net, number in slopes if is_flat(reading, number)]
    samples = reading.prose.enumerated(flat) if flat else reading.prose("saturation.none")
    return reading.place(slopes[0][0]), figure(reading, ordered[0]), figure(reading, ordered[-1]), samples


def figure(reading: Reading, number: Number) -> Inlines:
    """A slope in a column."""
    padded = Number(number.value, reading.padded(number.numeral, "slope", "backward"))
    return (Math((Term("", padded, reading.trace.numeral),)),)


def verdict(reading: Reading, units: list[Slopes]) -> Block:
    """Which units are nearly flat wherever they are looked at."""
    flat = [slopes[0][0] for slopes in units if all(is_flat(reading, number) for _, number in slopes)]
    if not flat:
        return reading.say("saturation.no_flat_all" if reading.over_batch else "saturation.no_flat")
    places = reading.prose.enumerated([reading.place(net) for net in flat])
    key = "one_flat" if len(flat) == 1 else "flat"
    return reading.say(f"saturation.{key}_all" if reading.over_batch else f"saturation.{key}", units=places)
