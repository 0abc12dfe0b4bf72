"""The slope of each loss by one output, derived line by line from the definition of the loss."""

from collections.abc import Callable, Mapping
from fractions import Fraction

from msgspec import Struct

from explainer.maths.chain import Chain, Line, chain
from explainer.maths.formula import (
    ONE,
    Call,
    Constant,
    Formula,
    Negation,
    Partial,
    Power,
    Product,
    Quotient,
    Sum,
    difference,
    product,
    total,
)

Share = Callable[[Formula, Formula], Formula]
"""Something of one output, of its target t and its value o."""

TWO, MINUS_ONE = Constant(2), Constant(-1)


class DerivedLoss(Struct, frozen=True):
    """A loss as its derivation knows it: `whole(Σ, n)` of the sum of one `share(t, o)` for each of n outputs.

    `chain(t, o)` derives ∂share/∂o, and `after(n, t, o)` goes on from there with `whole` around it, to −∂E/∂o with
    its sign before it. Without that sign it is the last line's; `turned(n, t, o)` has the sign inside.
    """

    whole: Callable[[Formula, Formula], Formula]
    share: Share
    chain: Callable[[Formula, Formula], Chain]
    after: Callable[[Formula, Formula, Formula], tuple[Line, ...]]
    turned: Callable[[Formula, Formula, Formula], Formula]

    def value(self, pairs: tuple[tuple[Formula, Formula], ...]) -> Formula:
        """E of all (target, output) pairs."""
        return self.whole(total(tuple(self.share(target, output) for target, output in pairs)), Constant(len(pairs)))


def squared(before: Callable[[Formula], Formula], twice: Callable[[Formula], Formula]) -> DerivedLoss:
    """(c Σ (t − o)²)′ = −2c (t − o), given c and 2c  [Mitchell, Machine Learning, §4.5.3]"""

    def derived(target: Formula, output: Formula) -> Chain:
        error = difference(target, output)
        return chain(
            Partial(Power(error, 2), output),
            Line(Product((TWO, error, Partial(error, output))), "power"),
            Line(Product((TWO, error, MINUS_ONE)), "slope_of", (Partial(error, output), MINUS_ONE)),
        )

    def after(count: Formula, target: Formula, output: Formula) -> tuple[Line, ...]:
        slope = product(twice(count), difference(target, output))
        constants = product(before(count), TWO), twice(count)
        return Line(product(slope, MINUS_ONE), "multiply_to", constants), Line(Negation(slope), "minus_one")

    return DerivedLoss(
        whole=lambda shares, count: product(before(count), shares),
        share=lambda target, output: Power(difference(target, output), 2),
        chain=derived,
        after=after,
        turned=lambda count, target, output: product(twice(count), difference(output, target)),
    )


def cross_entropy() -> DerivedLoss:
    """(−Σ t ln o)′ = −t / o  [Goodfellow et al., Deep Learning, §6.2.2.3]"""

    def share(target: Formula, output: Formula) -> Formula:
        return Product((target, Call("ln", (output,))))

    return DerivedLoss(
        whole=lambda shares, count: Negation(shares),
        share=share,
        chain=lambda target, output: chain(
            Partial(share(target, output), output),
            Line(Product((target, Partial(Call("ln", (output,)), output))), "constant_factor", (target,)),
            Line(Product((target, Quotient(ONE, output))), "logarithm"),
        ),
        after=lambda count, target, output: (Line(Negation(Quotient(target, output)), "one_fraction"),),
        turned=lambda count, target, output: Negation(Quotient(target, output)),
    )


def binary_cross_entropy() -> DerivedLoss:
    """(−Σ [t ln o + (1 − t) ln(1 − o)])′ = −(t − o) / (o (1 − o))  [Bishop, Pattern Recognition, §5.2]"""

    def share(target: Formula, output: Formula) -> Formula:
        miss, rest = difference(ONE, target), difference(ONE, output)
        return Sum((Product((target, Call("ln", (output,)))), Product((miss, Call("ln", (rest,))))))

    def derived(target: Formula, output: Formula) -> Chain:
        miss, rest = difference(ONE, target), difference(ONE, output)
        hit, below = Quotient(target, output), Product((output, rest))
        return chain(
            Partial(share(target, output), output),
            Line(Sum((hit, Product((Quotient(miss, rest), Partial(rest, output))))), "logarithms"),
            Line(
                difference(Quotient(target, output), Quotient(miss, rest)),
                "slope_of",
                (Partial(rest, output), MINUS_ONE),
            ),
            Line(Quotient(difference(Product((target, rest)), Product((miss, output))), below), "one_denominator"),
            Line(Quotient(difference(target, output), below), "multiplied_out"),
        )

    def over(above: Formula, output: Formula) -> Formula:
        return Quotient(above, Product((output, difference(ONE, output))))

    return DerivedLoss(
        whole=lambda shares, count: Negation(shares),
        share=share,
        chain=derived,
        after=lambda count, target, output: (),
        turned=lambda count, target, output: over(difference(output, target), output),
    )


def one(_count: Formula) -> Formula:
    """1, whatever n is"""
    return ONE


LOSS_SLOPES: Mapping[str, DerivedLoss] = {
    "half-squared-error": squared(lambda count: Constant(Fraction(1, 2)), one),
    "mean-squared-error": squared(lambda count: Quotient(ONE, count), lambda count: Quotient(TWO, count)),
    "cross-entropy": cross_entropy(),
    "binary-cross-entropy": binary_cross_entropy(),
}
"""By the name of the loss."""
