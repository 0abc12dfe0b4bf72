"""Equalities of exact pages: = holds to the last digit, a decimal after ≈ is the rounding of what stands before it."""

from fractions import Fraction

from explainer.check.nearness import rounds, same
from explainer.explain.document import Term
from explainer.maths.arithmetic import Value
from explainer.maths.exact import decimal
from explainer.maths.formula import Number
from explainer.maths.numerals import Numeral
from explainer.maths.quantity import Quantity
from explainer.trace.trace import Trace


def holds_exactly(left: Term, right: Term, trace: Trace) -> bool:
    """Whether one equality is true; where = is written throughout, a decimal may be a rounding after it too."""
    before, after, printed = worth(left, trace), worth(right, trace), numeral(right)
    if equal(before, after):
        return True
    rounded = right.relation == "≈" or trace.problem.presentation.rounding_sign == "="
    return rounded and printed is not None and printed.ratio is None and rounds(decimal(before), printed)


def equal(one: Value, other: Value) -> bool:
    """Whether two values are equal: fractions exactly, others to the working digits."""
    if isinstance(one, Fraction) and isinstance(other, Fraction):
        return one == other
    return same(decimal(one), decimal(other))


def worth(term: Term, trace: Trace) -> Value:
    """What a side is worth: a lone number what its digits say, a formula what its numbers and names give."""
    printed = numeral(term)
    if printed is None:
        return trace.arithmetic.evaluate(term.formula, trace.value, "")
    return Fraction(printed.digits) if printed.ratio is None else printed.ratio


def numeral(term: Term) -> Numeral | None:
    """The numeral of a side that is a lone number."""
    match term.formula:
        case Number(_, found):
            return found
        case Quantity():
            look = term.lens(term.formula)
            return look if isinstance(look, Numeral) else None
    return None
