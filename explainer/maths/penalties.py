"""Penalties on large parameters, their slopes, and bounds for gradients: the docstring of each states it.

They are given formulas and give formulas, so the same law serves one parameter and any.
"""

from collections.abc import Callable, Mapping
from fractions import Fraction

from msgspec import Struct

from explainer.maths.formula import (
    ONE,
    Call,
    Constant,
    Formula,
    IndexedSum,
    Negation,
    Power,
    Product,
    Quotient,
    difference,
    product,
    total,
)

HALF = Constant(Fraction(1, 2))


class Penalty(Struct, frozen=True):
    """A penalty: the `share` that one parameter has in the sum, what stands `before` it, and its `slope`."""

    before: Callable[[Formula], Formula]
    share: Callable[[Formula], Formula]
    slope: Callable[[Formula, Formula], Formula]

    def over(self, strength: Formula, parameters: tuple[Formula, ...]) -> Formula:
        """The penalty on all the parameters."""
        return product(self.before(strength), total(tuple(map(self.share, parameters))))

    def stated(self, strength: Formula, parameter: Formula) -> Formula:
        """The penalty, its sum over all the weights like this one."""
        return product(self.before(strength), IndexedSum("", self.share(parameter)))


PENALTIES: Mapping[str, Penalty] = {
    "l1": Penalty(
        before=lambda strength: strength,
        share=lambda parameter: Call("abs", (parameter,)),
        slope=lambda strength, parameter: product(strength, Call("sign", (parameter,))),
    ),
    "l2": Penalty(
        before=lambda strength: product(HALF, strength),
        share=lambda parameter: Power(parameter, 2),
        slope=product,
    ),
}
"""L1: λ Σ |w|, with the slope λ sign(w), at 0 the slope 0. L2: λ/2 Σ w², with the slope λw

[Tibshirani, Regression shrinkage and selection via the lasso (1996); Goodfellow et al., Deep Learning, §7.1]
"""


def shrunk(parameter: Formula, rate: Formula, strength: Formula) -> Formula:
    """(1 − ηλ) w  [Hanson and Pratt, Comparing biases for minimal network construction (1988)]"""
    return Product((difference(ONE, product(rate, strength)), parameter))


def within(gradient: Formula, bound: Formula) -> Formula:
    """max(−c, min(c, g)): by value  [Mikolov, Statistical language models based on neural networks (2012)]"""
    return Call("max", (Negation(bound), Call("min", (bound, gradient))))


def norm_square(gradients: tuple[Formula, ...]) -> Formula:
    """‖g‖² = Σ g²"""
    return total(tuple(Power(gradient, 2) for gradient in gradients))


def shortening(norm: Formula, bound: Formula) -> Formula:
    """c / max(c, ‖g‖), by which every gradient is multiplied: c / ‖g‖ where that is less than 1, else 1

    [Pascanu et al., On the difficulty of training recurrent neural networks (2013), algorithm 1]
    """
    return Quotient(bound, Call("max", (bound, norm)))
