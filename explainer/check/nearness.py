"""When two numbers are the same, and when one is the rounding of the other."""

from decimal import Decimal

from explainer.maths.numerals import CONTEXT, Numeral, decimals, significant, unit

SAME = Decimal("1e-30")
"""Two sides are the same number if they differ by less than this part of it: e^−(−0.7) and e^0.7."""


def same(left: Decimal, right: Decimal) -> bool:
    """Whether two numbers are the same to the working digits."""
    return left == right or abs(left - right) <= SAME * max(abs(left), abs(right))


def rounds(exact: Decimal, printed: Numeral) -> bool:
    """Whether a numeral is a number rounded half up to the digits that the numeral shows."""
    if exact == printed.digits:
        return True
    if printed.scientific:
        return bool(exact) and significant(exact, len(printed.digits.as_tuple().digits)) == printed.digits
    return CONTEXT.quantize(exact, unit(decimals(printed.digits))) == printed.digits
