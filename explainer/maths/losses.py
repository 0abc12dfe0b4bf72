"""Losses: how far the outputs are from their targets, and the derivative by one output."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from explainer.maths.formula import (
    ONE,
    Constant,
    Formula,
    IndexedSum,
    Letter,
    Power,
    Quotient,
    difference,
    product,
    total,
)

Count = int | Letter
"""How many outputs there are, or the letter for it."""


class Loss(Struct, frozen=True):
    """A loss E over n outputs that is one factor times a sum of one term for each output.

    `factor(n)` stands before the sum, `term(t, o)` is one output's share. `slope(n)` and `downhill(t, o)`
    are the two factors of −∂E/∂o for an output o with target t, `slope(n)` and `uphill(t, o)` those of ∂E/∂o.
    `targets` are the only ones that make sense; none are said where any do.
    """

    factor: Callable[[Count], Formula]
    term: Callable[[Formula, Formula], Formula]
    slope: Callable[[Count], Formula]
    downhill: Callable[[Formula, Formula], Formula]
    uphill: Callable[[Formula, Formula], Formula]
    targets: tuple[Decimal, ...] = ()

    def value(self, pairs: tuple[tuple[Formula, Formula], ...]) -> Formula:
        """E of all (target, output) pairs."""
        return product(self.factor(len(pairs)), total(tuple(self.term(t, o) for t, o in pairs)))

    def general(self, outputs: int, target: Formula, output: Formula) -> Formula:
        """E stated for any unit k, given t_k and o_k."""
        if outputs == 1:
            return self.value(((target, output),))
        return product(self.factor(outputs), IndexedSum("k", self.term(target, output)))


def fraction(numerator: int, denominator: Count) -> Formula:
    """A constant such as ½, whole where it is whole; 1/n where the number is left open."""
    if isinstance(denominator, Letter):
        return Quotient(Constant(numerator), denominator)
    value = Fraction(numerator, denominator)
    return Constant(value.numerator if value.denominator == 1 else value)


def squared_difference(target: Formula, output: Formula) -> Formula:
    """(t − o)²"""
    return Power(difference(target, output), 2)


LOSSES: Mapping[str, Loss] = {
    # ½ Σ (t − o)², so that −∂E/∂o = t − o  [Mitchell, Machine Learning, §4.4.3]
    "half-squared-error": Loss(
        factor=lambda n: fraction(1, 2),
        term=squared_difference,
        slope=lambda n: ONE,
        downhill=difference,
        uphill=lambda target, output: difference(output, target),
    ),
    # (1/n) Σ (t − o)², so that −∂E/∂o = (2/n)(t − o)  [Goodfellow et al., Deep Learning, §5.1.4]
    "mean-squared-error": Loss(
        factor=lambda n: fraction(1, n),
        term=squared_difference,
        slope=lambda n: fraction(2, n),
        downhill=difference,
        uphill=lambda target, output: difference(output, target),
    ),
}
