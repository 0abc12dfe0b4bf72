"""Exact arithmetic: fractions stay fractions; what is no fraction is carried with 40 digits.

Its closed form is a matter of writing, not of calculating: see `closed`.
"""

import math
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction

from explainer.maths.arithmetic import PRINTED, Arithmetic, Value
from explainer.maths.formula import Call, Exponential, Formula, Negation, Power, Product, Quotient, Sum
from explainer.maths.numerals import CONTEXT, WORKING_DIGITS, Numeral, Rounding

MOST_DIGITS = 8
"""A fraction is written as one if neither part of it has more digits; a longer one is no help to a reader."""

MOST_BITS = 4000
"""A fraction with a longer denominator is carried with 40 digits, as what is no fraction: long trainings make such."""

CANCELED = Decimal((0, (1,), 3 - WORKING_DIGITS))
"""What is left of a sum that is smaller than this beside its terms, rounding has left."""

ZERO, ONE, HALF = Fraction(0), Fraction(1), Fraction(1, 2)


def rational_root(z: Fraction) -> Fraction | None:
    """√z where that is a fraction"""
    if z < 0:
        return None
    found = Fraction(math.isqrt(z.numerator), math.isqrt(z.denominator))
    return found if found * found == z else None


def cosine_of_half_turns(z: Fraction) -> Fraction | None:
    """cos πz, where that is a fraction"""
    folded = abs((z + 1) % 2 - 1)
    return {ZERO: ONE, Fraction(1, 3): HALF, HALF: ZERO, Fraction(2, 3): -HALF, ONE: -ONE}.get(folded)


PIECEWISE: Mapping[str, Callable[..., Value]] = {
    "relu": lambda z: max(z, ZERO),
    "relu'": lambda z: ONE if z > 0 else ZERO,
    "leaky-relu'": lambda z, slope: ONE if z > 0 else slope,
    "step": lambda z: ONE if z >= 0 else ZERO,
    "sign": lambda z: Fraction((z > 0) - (z < 0)),
    "huber'": lambda e, width: max(-width, min(e, width)),
    "max": max,
    "min": min,
}
"""Functions that give one of a few numbers, or one of their arguments."""

RATIONAL: Mapping[str, Callable[..., Fraction | None]] = {
    "leaky-relu": lambda z, slope: max(slope * z, z),
    "abs": abs,
    "sigmoid": lambda z: None if z else HALF,
    "tanh": lambda z: None if z else ZERO,
    "elu": lambda z, alpha: z if z >= 0 else None,
    "elu'": lambda z, alpha: ONE if z > 0 else None if z else alpha,
    "gelu": lambda z: None if z else ZERO,
    "gelu'": lambda z: None if z else HALF,
    "gelu-tanh": lambda z: None if z else ZERO,
    "gelu-tanh'": lambda z: None if z else HALF,
    "cubic": lambda z: None if z else ZERO,
    "silu": lambda z: None if z else ZERO,
    "silu'": lambda z: None if z else HALF,
    "normal": lambda z: None if z else HALF,
    "cos": cosine_of_half_turns,
    "ln": lambda z: ZERO if z == 1 else None,
    "sqrt": rational_root,
    "huber": lambda e, width: e * e / 2 if abs(e) <= width else width * (abs(e) - width / 2),
}
"""Functions of fractions, and which of their values are fractions."""


class ExactArithmetic(Arithmetic):
    """Fractions as long as there are only fractions; else 40 digits, which only printing rounds."""

    name = "exact"
    carries_more = True
    in_fractions = True

    def given(self, number: Decimal) -> Fraction:
        return Fraction(number)

    def constant(self, value: Fraction | Decimal | int) -> Fraction:
        return Fraction(value)

    def apply(self, formula: Formula, values: list[Value]) -> Value:
        found = rational(formula, values)
        if isinstance(found, Fraction) and found.denominator.bit_length() > MOST_BITS:
            return decimal(found)
        return irrational(formula, list(map(decimal, values))) if found is None else found

    def settle(self, value: Value, rounding: Rounding) -> Value:
        return value

    def numeral(self, value: Value, rounding: Rounding) -> Numeral:
        """The decimal beside a value; what is "not rounded" is written as a result is, since its digits never end."""
        rounding = self.places.results if rounding.kind == "all" else rounding
        carried = decimal(value)
        rounded = rounding(carried)
        exact = isinstance(value, Fraction) and rounded == value
        return rounding.numeral(rounded, exact=exact, keep_zeros=self.keep_zeros and not exact)

    def finite(self, value: Value) -> bool:
        return isinstance(value, Fraction) or value.is_finite()

    def written(self, value: Value) -> Decimal:
        return decimal(value)


def rational(formula: Formula, values: list[Value]) -> Value | None:
    """One operation where its result is a fraction, or one of its arguments; else None."""
    if isinstance(formula, Call) and formula.function in PIECEWISE:
        return PIECEWISE[formula.function](*values)
    if isinstance(formula, Product) and any(value == 0 and isinstance(value, Fraction) for value in values):
        return ZERO if all(isinstance(value, Fraction) or value.is_finite() for value in values) else None
    if not all(isinstance(value, Fraction) for value in values):
        return None
    match formula:
        case Sum():
            return sum(values, ZERO)
        case Product():
            return math.prod(values, start=ONE)
        case Negation():
            return -values[0]
        case Quotient():
            return values[0] / values[1] if values[1] else None
        case Power(_, exponent):
            return Fraction(values[0] ** exponent) if isinstance(exponent, int) else None
        case Exponential():
            return None if values[0] else ONE
        case Call(function, _):
            return RATIONAL[function](*values) if function in RATIONAL else None
    raise TypeError(f"no value for {formula!r}")


def irrational(formula: Formula, values: list[Decimal]) -> Decimal:
    """One operation with 40 digits; terms of a sum that cancel to the last digits of theirs leave 0, and no remains."""
    found: Decimal = PRINTED.apply(formula, values)
    if not isinstance(formula, Sum) or not found.is_finite():
        return found
    return Decimal(0) if found.copy_abs() <= CANCELED * max(value.copy_abs() for value in values) else found


def decimal(value: Value) -> Decimal:
    """A value with 40 digits."""
    if isinstance(value, Fraction):
        return CONTEXT.divide(Decimal(value.numerator), Decimal(value.denominator))
    return Decimal(value)


def is_readable(value: Value) -> bool:
    """Whether a value is a fraction that is short enough to be written as one."""
    return isinstance(value, Fraction) and max(abs(value.numerator), value.denominator) < 10**MOST_DIGITS


def fraction(value: Fraction) -> Numeral:
    """The numeral of a fraction."""
    return Numeral(decimal(value), ratio=value)
