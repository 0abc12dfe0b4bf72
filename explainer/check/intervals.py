"""Ranges: what the printed digits of a formula can stand for, when more is carried than printed."""

from collections.abc import Iterable
from decimal import Decimal
from itertools import product

from explainer.maths.arithmetic import PRINTED
from explainer.maths.formula import Call, Constant, Formula, Inline, Named, Number, Power, Product, Quotient, Sum, parts
from explainer.maths.functions import FUNCTIONS
from explainer.maths.numerals import CONTEXT, ZERO, Numeral
from explainer.maths.quantity import Quantity
from explainer.trace.trace import Trace

Interval = tuple[Decimal, Decimal]
"""The lowest and the highest value."""

ANYTHING: Interval = Decimal("-Infinity"), Decimal("Infinity")
"""The range of what has no bounds, such as 1 over a range around 0."""

PRECISION = Decimal("1e-12")
"""What double precision may lose on the way, relative to the values."""

UNDERFLOW = Decimal("1e-300")
"""What double precision takes for 0."""


def meet(left: Formula, right: Formula, trace: Trace) -> bool:
    """Whether the ranges of two formulas have a value in common."""
    (low, high), (lowest, highest) = interval(left, trace), interval(right, trace)
    slack = max(UNDERFLOW, CONTEXT.multiply(max(map(abs, (low, high, lowest, highest))), PRECISION))
    return low <= highest + slack and lowest <= high + slack


def interval(formula: Formula, trace: Trace) -> Interval:
    """The range of a formula."""
    match formula:
        case Quantity():
            return spread(trace.numeral(formula))
        case Number(_, numeral):
            return spread(numeral)
        case Constant(value):
            above, below = value.as_integer_ratio()
            exact = CONTEXT.divide(Decimal(above), Decimal(below))
            return exact, exact
        case Inline(_, inner):
            return interval(inner, trace)
        case Named(_, _, inner):
            return interval(inner, trace)
        case Power(base, exponent) if exponent % 2 == 0:
            return from_zero(formula, interval(base, trace))
        case Call("abs", (inner,)):
            return from_zero(formula, interval(inner, trace))
        case Quotient(_, denominator) if holds_zero(interval(denominator, trace)):
            return ANYTHING
    return corners(formula, [interval(part, trace) for part in parts(formula)])


def spread(numeral: Numeral) -> Interval:
    """Every number that is printed by these digits."""
    if numeral.exact:
        return numeral.digits, numeral.digits
    exponent = numeral.digits.as_tuple().exponent
    half = Decimal((0, (5,), int(exponent) - 1))
    return numeral.digits - half, numeral.digits + half


def corners(formula: Formula, ranges: list[Interval]) -> Interval:
    """The range of an operation that is monotone in each of its parts: its extremes are at the corners.

    A function may turn in between, and the extreme be there.
    """
    if isinstance(formula, Sum):
        return total(low for low, _ in ranges), total(high for _, high in ranges)
    if isinstance(formula, Product):
        found = ranges[0]
        for each in ranges[1:]:
            ends = [CONTEXT.multiply(mine, yours) for mine, yours in product(found, each)]
            found = min(ends), max(ends)
        return found
    candidates: list[tuple[Decimal, ...]] = list(ranges)
    if isinstance(formula, Call) and ranges:
        low, high = ranges[0]
        candidates[0] = (low, *(turn for turn in FUNCTIONS[formula.function].turns if low < turn < high), high)
    values = [PRINTED.apply(formula, list(ends)) for ends in product(*candidates)]
    return (min(values), max(values)) if all(value.is_finite() for value in values) else ANYTHING


def holds_zero(range_: Interval) -> bool:
    """Whether 0 is in a range."""
    return range_[0] <= 0 <= range_[1]


def total(values: Iterable[Decimal]) -> Decimal:
    """The sum."""
    result = ZERO
    for value in values:
        result = CONTEXT.add(result, value)
    return result


def from_zero(formula: Formula, inner: Interval) -> Interval:
    """The range of a square or the like, which is lowest at 0."""
    low, high = sorted(PRINTED.apply(formula, [end]) for end in inner)
    return (ZERO if holds_zero(inner) else low), high
