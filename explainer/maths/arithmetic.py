"""Arithmetics: how the value of a formula is worked out, and how it is rounded.

`decimal` works as by hand: every recorded value and every sub-result is rounded when it is written
down, and the rounded value is carried on. `float` carries double precision and rounds what it prints.
`exact` (a module of its own) carries fractions. `letters` works nothing out: every equation stays as it is.
"""

import math
import sys
from collections.abc import Callable, Mapping
from decimal import Decimal, DivisionByZero, Inexact
from fractions import Fraction
from functools import cache, reduce
from operator import ge, gt, le, lt
from typing import Any

from msgspec import Struct

from explainer.maths import wide
from explainer.maths.formula import (
    AnyPower,
    Call,
    Cases,
    Comparison,
    Constant,
    Elision,
    Exponential,
    Formula,
    Inline,
    Named,
    Negation,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    parts,
)
from explainer.maths.functions import FUNCTIONS
from explainer.maths.numerals import CONTEXT, ZERO, Numeral, Rounding
from explainer.maths.quantity import Quantity
from explainer.maths.rewriting import changed

Value = Any
"""What an arithmetic carries: a `Decimal`, a `float` or a `Fraction`; in letters nothing."""

Values = Callable[[Quantity], Value]
Operation = Callable[[Any, list[Value]], Value]

LARGEST_POWER = 900_000
"""From 10**900000 on, by hand too, a number is beyond range."""

COMPARED: dict[str, Callable[[Value, Value], bool]] = {">": gt, "<": lt, "≥": ge, "≤": le}

SUBRESULTS: dict[type, str] = {
    Sum: "sum",
    Product: "product",
    Power: "power",
    AnyPower: "power",
    Quotient: "quotient",
    Exponential: "exp",
    Call: "function",
    Named: "function",
}
"""The kind of sub-result that each operation leaves; a negation only turns a sign."""


ALIKE = {
    "gradient": ("change",),
    "thinned": ("output",),
    "ahead": ("weight",),
    **dict.fromkeys(("data_gradient", "clipped", "velocity"), ("gradient", "change")),
    **dict.fromkeys(("data_loss", "penalty"), ("loss",)),
}
"""The roles whose exceptions hold for another that has none of its own."""


INTERMEDIATE = frozenset({*SUBRESULTS.values(), "norm_square"})
"""What is only on the way to a result, and keeps more places."""


class Places(Struct, frozen=True):
    """The rounding of every role and sub-result, by its name or by "phase.name"."""

    results: Rounding
    subresults: Rounding
    exceptions: dict[str, Rounding]

    def __call__(self, name: str, phase: str) -> Rounding:
        """The rounding of a role (`delta`) or sub-result (`exp`) in a phase."""
        for key in (name, *ALIKE.get(name, ())):
            found = self.exceptions.get(f"{phase}.{key}") or self.exceptions.get(key)
            if found:
                return found
        return self.subresults if name in INTERMEDIATE else self.results


class Arithmetic:
    """Works out formulas over values of one kind; those below say which kind and how it is rounded."""

    name = ""
    carries_more = False
    """Whether more digits are carried than are printed."""
    in_fractions = False
    """Whether a value may be printed as a fraction, and what is none by its name."""
    in_letters = False
    """Whether nothing is worked out, so that no quantity has a value."""
    operations: Mapping[type, Operation] = {}
    """What each kind of formula does with the values of its parts."""

    def __init__(self, places: Places, *, keep_zeros: bool) -> None:
        self.places = places
        self.rounding = cache(places)
        self.keep_zeros = keep_zeros

    def given(self, number: Decimal) -> Value:
        """The value carried for a number of the problem file."""
        raise NotImplementedError

    def constant(self, value: Fraction | Decimal | int) -> Value:
        """The value carried for a constant of a law."""
        raise NotImplementedError

    def number(self, leaf: Number) -> Value:
        """The value carried for a sub-result."""
        return leaf.value

    def apply(self, formula: Formula, values: list[Value]) -> Value:
        """One operation on the values of its parts, not rounded."""
        operation = self.operations.get(type(formula))
        if operation is None:
            raise TypeError(f"no value for {formula!r}")
        return operation(formula, values)

    def settle(self, value: Value, rounding: Rounding) -> Value:
        """A value as it is carried on once it has been written down with this rounding."""
        raise NotImplementedError

    def numeral(self, value: Value, rounding: Rounding) -> Numeral:
        """The numeral that prints a settled value."""
        raise NotImplementedError

    def finite(self, value: Value) -> bool:
        """Whether the value is a number within range."""
        raise NotImplementedError

    def written(self, value: Value) -> Decimal:
        """A value in digits."""
        return Decimal(str(value))

    def is_near(self, worked: Value, direct: Value) -> bool:
        """Whether a value worked out on another way is the right one; by hand, what is written down decides that."""
        return True

    def evaluate(self, formula: Formula, values: Values, phase: str) -> Value:
        """The value of a formula, its sub-results settled and the formula itself not."""
        by_itself = EVALUATED.get(type(formula))
        if by_itself is not None:
            return by_itself(self, formula, values, phase)
        inner = [
            values(part) if type(part) is Quantity else self.subresult(part, values, phase) for part in parts(formula)
        ]
        return self.apply(formula, inner)

    def inline(self, formula: Inline, values: Values, phase: str) -> Value:
        """The value of a quantity that is written out by its formula: what was recorded for it."""
        return values(formula.quantity)

    def named(self, formula: Named, values: Values) -> Value:
        """The value of a function that the problem defines, nothing rounded on the way."""
        return self.evaluate(formula.formula, values, "")

    def applied(self, formula: Formula, values: Values, phase: str) -> Formula:
        """The formula with the arm that applies in the place of all cases."""

        def apply(part: Formula) -> Formula:
            return apply(self.arm(part, values, phase)) if type(part) is Cases else changed(part, apply)

        return apply(formula)

    def arm(self, formula: Cases, values: Values, phase: str) -> Formula:
        """The arm that applies."""
        for arm, condition in zip(formula.arms, formula.conditions, strict=False):
            if self.holds(condition, values, phase):
                return arm
        return formula.arms[-1]

    def holds(self, condition: Comparison, values: Values, phase: str) -> bool:
        """Whether a comparison holds."""
        left, right = (self.evaluate(side, values, phase) for side in (condition.left, condition.right))
        return bool(COMPARED[condition.sign](left, right))

    def subresult(self, formula: Formula, values: Values, phase: str) -> Value:
        """The value of a formula inside another, as it is written down there."""
        if type(formula) is Cases:
            return self.subresult(self.arm(formula, values, phase), values, phase)
        value = self.evaluate(formula, values, phase)
        kind = SUBRESULTS.get(type(formula))
        return self.settle(value, self.rounding(kind, phase)) if kind else value

    def work(
        self, formula: Formula, definition: Formula | None, rounding: Rounding, values: Values, phase: str
    ) -> Value:
        """The value recorded for a quantity that equals `formula`, and so its written-out `definition`."""
        return self.settle(self.evaluate(formula, values, phase), rounding)


EVALUATED: Mapping[type, Callable[[Arithmetic, Any, Values, str], Value]] = {
    Quantity: lambda _, quantity, values, __: values(quantity),
    Constant: lambda arithmetic, constant, _, __: arithmetic.constant(constant.value),
    Number: lambda arithmetic, number, _, __: arithmetic.number(number),
    Inline: lambda arithmetic, inline, values, phase: arithmetic.inline(inline, values, phase),
    Named: lambda arithmetic, named, values, _: arithmetic.named(named, values),
    Elision: lambda arithmetic, left_out, values, phase: arithmetic.evaluate(Sum(left_out.terms), values, phase),
    Cases: lambda arithmetic, cases, values, phase: arithmetic.evaluate(
        arithmetic.arm(cases, values, phase), values, phase
    ),
}
"""How a formula is evaluated whose value does not come from the values of its parts by an operation."""


class DecimalArithmetic(Arithmetic):
    """By hand: everything written down is rounded half up, and the rounded value is carried on."""

    name = "decimal"
    operations: Mapping[type, Operation] = {
        Sum: lambda _, values: reduce(CONTEXT.add, values),
        Product: lambda _, values: decimal_product(values),
        Negation: lambda _, values: values[0].copy_negate() if values[0] else ZERO,
        Quotient: lambda _, values: CONTEXT.divide(*values),
        Power: lambda power, values: CONTEXT.power(values[0], in_decimals(power.exponent)),
        AnyPower: lambda _, values: CONTEXT.power(values[0], 3),
        Exponential: lambda _, values: wide.exponential(*values),
        Call: lambda call, values: Decimal(FUNCTIONS[call.function].decimal(*values)),
    }

    def given(self, number: Decimal) -> Decimal:
        return number

    def constant(self, value: Fraction | Decimal | int) -> Decimal | Fraction:
        """A decimal where it is one; a third stays a fraction, so that a product with it loses nothing."""
        return Decimal(value) if isinstance(value, Decimal | int) else decimal_fraction(value)

    def named(self, formula: Named, values: Values) -> Decimal:
        return Decimal(PRINTED.evaluate(formula.formula, values, ""))

    def settle(self, value: Decimal, rounding: Rounding) -> Decimal:
        return rounding(value) if value.is_finite() else value

    def numeral(self, value: Decimal, rounding: Rounding) -> Numeral:
        return rounding.numeral(value, keep_zeros=self.keep_zeros)

    def finite(self, value: Decimal) -> bool:
        return value.is_finite() and value.adjusted() < LARGEST_POWER

    def work(
        self, formula: Formula, definition: Formula | None, rounding: Rounding, values: Values, phase: str
    ) -> Decimal:
        """As by hand through the definition; but where that loses digits, as a calculator has it.

        (e^z − e^−z) of a tiny z, for instance, cancels to nothing at the places that are written down.
        """
        CONTEXT.clear_flags()
        direct = self.settle(self.evaluate(formula, values, phase), rounding)
        if CONTEXT.flags[DivisionByZero]:  # which leaves no trace in a result such as 1 / (1 / 0) = 0
            raise ZeroDivisionError
        if definition is None:
            return direct
        worked = self.settle(self.evaluate(definition, values, phase), rounding)
        return worked if is_near(worked, direct) else direct


class FloatArithmetic(Arithmetic):
    """Double precision throughout; only what is printed is rounded."""

    name = "float"
    carries_more = True
    operations: Mapping[type, Operation] = {
        Sum: lambda _, values: float_sum(values),
        Product: lambda _, values: float(math.prod(values)),
        Negation: lambda _, values: -values[0] if values[0] else 0.0,
        Quotient: lambda _, values: float(values[0] / values[1]),
        Power: lambda power, values: float(values[0] ** float(power.exponent)),
        Exponential: lambda _, values: math.exp(values[0]),
        Call: lambda call, values: float(FUNCTIONS[call.function].binary(*values)),
    }

    def given(self, number: Decimal) -> float:
        return float(number)

    def constant(self, value: Fraction | Decimal | int) -> float:
        return float(value)

    def settle(self, value: float, rounding: Rounding) -> float:
        return value or 0.0  # never −0.0

    def subresult(self, formula: Formula, values: Values, phase: str) -> float:
        return self.evaluate(formula, values, phase) or 0.0  # not rounded, so how it would be need not be known

    def numeral(self, value: float, rounding: Rounding) -> Numeral:
        carried = Decimal(format(value, ".15g"))
        rounded = rounding(carried)
        exact = rounded == carried
        return rounding.numeral(rounded, exact=exact, keep_zeros=self.keep_zeros and not exact)

    def finite(self, value: float) -> bool:
        return math.isfinite(value)

    def is_near(self, worked: float, direct: float) -> bool:
        return math.isclose(worked, direct, rel_tol=1e-9)


class LetterArithmetic(Arithmetic):
    """No numbers at all: equations are written out, and no quantity has a value."""

    name = "letters"
    in_letters = True

    def given(self, number: Decimal) -> None:
        return None

    def work(
        self, formula: Formula, definition: Formula | None, rounding: Rounding, values: Values, phase: str
    ) -> None:
        return None

    def finite(self, value: None) -> bool:
        return True


class PrintedArithmetic(DecimalArithmetic):
    """What the printed digits say: sub-results taken from their numerals, nothing else rounded."""

    name = "printed"

    def __init__(self) -> None:
        """No places: nothing is rounded."""
        super().__init__(Places(UNROUNDED, UNROUNDED, {}), keep_zeros=False)

    def number(self, leaf: Number) -> Decimal:
        return leaf.numeral.digits

    def inline(self, formula: Inline, values: Values, phase: str) -> Value:
        return self.evaluate(formula.formula, values, phase)

    def subresult(self, formula: Formula, values: Values, phase: str) -> Value:
        return self.evaluate(formula, values, phase)


UNROUNDED = Rounding("all")
PRINTED = PrintedArithmetic()


def printed_value(formula: Formula, numerals: Callable[[Quantity], Numeral]) -> tuple[Decimal, bool]:
    """What the printed digits of a formula give, and whether that is exact to the last digit."""
    CONTEXT.clear_flags()
    value: Decimal = PRINTED.evaluate(formula, lambda quantity: numerals(quantity).digits, "")
    return value, not CONTEXT.flags[Inexact]


@cache
def decimal_fraction(value: Fraction) -> Decimal | Fraction:
    """A fraction as a decimal, where it is one of few digits."""
    quotient = Decimal(value.numerator) / Decimal(value.denominator)
    return quotient if Fraction(quotient) == value else value


def in_decimals(exponent: int | Fraction) -> Decimal | int:
    """An exponent as a decimal: a half or the like has few digits."""
    return exponent if isinstance(exponent, int) else Decimal(exponent.numerator) / exponent.denominator


def decimal_product(values: list[Value]) -> Decimal:
    """The product, dividing by the denominators of fractions last."""
    if Fraction not in map(type, values):
        return reduce(CONTEXT.multiply, values) or ZERO
    above = [Decimal(value.numerator) if type(value) is Fraction else value for value in values]
    below = math.prod(value.denominator for value in values if type(value) is Fraction)
    return CONTEXT.divide(reduce(CONTEXT.multiply, above), below) or ZERO


def float_sum(values: list[float]) -> float:
    """The sum, correctly rounded; terms that cancel to within their own rounding give exactly 0."""
    result = math.fsum(values)
    if abs(result) < 1e-9 and abs(result) <= sys.float_info.epsilon * sum(map(abs, values)):
        return 0.0
    return result


def is_near(worked: Decimal, direct: Decimal) -> bool:
    """Whether a result is the right one but for rounding: by one unit of its last place, or a twentieth of it."""
    if not worked.is_finite() or not direct:
        return worked == direct
    unit = Decimal((0, (1,), int(direct.as_tuple().exponent)))
    allowed = max(unit, CONTEXT.divide(direct.copy_abs(), 20))
    return CONTEXT.subtract(worked, direct).copy_abs() <= allowed
