"""Axes: round numbers at even distances, and where a value lies between them."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import count

from msgspec import Struct

from explainer.explain.document import Curve
from explainer.maths.formula import Number
from explainer.maths.numerals import CONTEXT, Numeral, decimals
from explainer.publish.printer import Printer

SHORT = (-4, 6)
"""Powers of ten between these are written out."""

SAME = Decimal("1e-12")
"""Values are drawn at one height whose difference is no larger, as a part of their size."""


class Axis(Struct, frozen=True):
    """An axis by its ticks, which lie at even distances from its beginning to its end."""

    ticks: tuple[Decimal, ...]
    logarithmic: bool = False

    def at(self, value: Decimal) -> float:
        """Where a value lies: 0 at the first tick, 1 at the last."""
        low, high, here = map(self.scaled, (self.ticks[0], self.ticks[-1], value))
        return float((here - low) / (high - low))

    def scaled(self, value: Decimal) -> Decimal:
        """The value, or its logarithm."""
        return CONTEXT.log10(value) if self.logarithmic else value

    def labels(self, printer: Printer) -> list[str]:
        """The ticks in print; those of one axis have the same decimals."""
        places = max(map(decimals, self.ticks)) if not self.logarithmic else 0
        return [printer.unbroken(Number(None, numeral(tick, places)), no_quantity) for tick in self.ticks]


def no_quantity(quantity: object) -> Numeral:
    """The lens of a number that stands for itself."""
    raise TypeError(f"no quantity stands at an axis: {quantity!r}")


def numeral(tick: Decimal, places: int) -> Numeral:
    """The numeral of a tick."""
    low, high = SHORT
    if tick and not low <= tick.adjusted() < high:
        return Numeral(CONTEXT.normalize(tick), scientific=True)
    return Numeral(tick).padded(places)


def across(curve: Curve, most: int) -> Axis:
    """The axis of what is counted, with at most so many ticks: whole numbers, from 0."""
    last = max(place for series in curve.series for place, _ in series.points)
    return Axis(even(Decimal(0), Decimal(last), most, smallest=Decimal(1)))


def up(curve: Curve, most: int) -> Axis:
    """The axis of what is measured, with at most so many ticks; from 0, unless that would press the curve flat."""
    values = [value for series in curve.series for _, value in series.points]
    low, high = min(values), max(values)
    high = low if high - low <= SAME * high.copy_abs() else high
    if curve.logarithmic:
        first, last = CONTEXT.log10(low), CONTEXT.log10(high)
        exponents = even(first, last, most, smallest=Decimal(1))
        return Axis(tuple(power_of_ten(each) for each in exponents), logarithmic=True)
    return Axis(even(min(low, Decimal(0)) if low <= high / 2 or low == high else low, high, most))


def power_of_ten(exponent: Decimal) -> Decimal:
    """10^exponent"""
    return Decimal((0, (1,), int(exponent)))


def even(low: Decimal, high: Decimal, most: int, smallest: Decimal | None = None) -> tuple[Decimal, ...]:
    """Round numbers at even distances, at most so many, the first at most `low` and the last at least `high`."""
    high = high if high > low else low + (smallest or abs(low) or Decimal(1))
    for step in rounds((high - low) / most if smallest is None else smallest):
        first, last = (low / step).to_integral_value("ROUND_FLOOR"), (high / step).to_integral_value("ROUND_CEILING")
        if last - first < most:
            return tuple(step * (first + place) for place in range(int(last - first) + 1))
    raise ValueError("no round numbers")


def rounds(least: Decimal) -> Iterator[Decimal]:
    """1, 2 and 5 times the powers of ten, from the power of ten below the least one on."""
    for power in count(least.adjusted()):
        yield from (Decimal((0, (digit,), power)) for digit in (1, 2, 5))


def thinned(points: Iterable[tuple[float, float]], most: int) -> list[tuple[float, float]]:
    """Of many points so few that no more could be seen: the lowest and the highest of each piece of the axis."""
    pieces: dict[int, list[tuple[float, float]]] = {}
    for point in points:
        pieces.setdefault(int(point[0] * most), []).append(point)
    kept: list[tuple[float, float]] = []
    for piece in pieces.values():
        ends = {piece[0], piece[-1], min(piece, key=lambda point: point[1]), max(piece, key=lambda point: point[1])}
        kept += sorted(ends, key=piece.index)
    return kept
