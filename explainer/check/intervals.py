"""Ranges: what the printed digits of a formula can stand for, when more is carried than printed."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from itertools import product

from explainer.maths.arithmetic import PRINTED
from explainer.maths.formula import Constant, Formula, Inline, Number, Power, Product, Sum, parts
from explainer.maths.numerals import CONTEXT, ZERO, Numeral
from explainer.maths.quantity import Quantity
from explainer.trace.trace import Trace

Interval = tuple[Decimal, Decimal]
"""The lowest and the highest value."""

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
        case Constant():
            exact = Fraction(PRINTED.evaluate(formula, no_value, ""))
            value = CONTEXT.divide(Decimal(exact.numerator), Decimal(exact.denominator))
            return value, value
        case Inline(_, inner):
            return interval(inner, trace)
        case Power(base, 2):
            return squared(interval(base, trace))
    return corners(formula, [interval(part, trace) for part in parts(formula)])


def spread(numeral: Numeral) -> Interval:
    """Every number that is printed by these digits."""
    if numeral.exact:
        return numeral.digits, numeral.digits
    exponent = numeral.digits.as_tuple().exponent
    half = Decimal((0, (5,), int(exponent) - 1))
    return numeral.digits - half, numeral.digits + half


def corners(formula: Formula, ranges: list[Interval]) -> Interval:
    """The range of an operation that is monotone in each of its parts: its extremes are at the corners."""
    if isinstance(formula, Sum):
        return total(low for low, _ in ranges), total(high for _, high in ranges)
    if isinstance(formula, Product):
        found = ranges[0]
        for each in ranges[1:]:
            ends = [CONTEXT.multiply(mine, yours) for mine, yours in product(found, each)]
            found = min(ends), max(ends)
        return found
    values = [PRINTED.apply(formula, list(ends)) for ends in product(*ranges)]
    return min(values), max(values)


def total(values: Iterable[Decimal]) -> Decimal:
    """The sum."""
    result = ZERO
    for value in values:
        result = CONTEXT.add(result, value)
    return result


def squared(base: Interval) -> Interval:
    """The range of a square, which is lowest at 0."""
    low, high = sorted(CONTEXT.multiply(end, end) for end in base)
    return (ZERO if base[0] < 0 < base[1] else low), high


def no_value(quantity: Quantity) -> Decimal:
    """Constants refer to no quantity."""
    raise TypeError(f"a constant does not depend on {quantity!r}")
