"""The slope of each loss by one output, derived line by line from the definition of the loss."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from explainer.maths.chain import Case, Cases, Chain, Line, chain
from explainer.maths.formula import (
    ONE,
    ZERO,
    Call,
    Comparison,
    Constant,
    Formula,
    Negation,
    Partial,
    Power,
    Product,
    Quotient,
    Sum,
    difference,
    fraction,
    product,
)
from explainer.maths.functions import half, scaled
from explainer.maths.losses import Count, Loss, squared_difference

Share = Callable[[Formula, Formula], Formula]
"""Something of one output, of its target t and its value o."""

TWO, MINUS_ONE = Constant(2), Constant(-1)


class LossSlope(Struct, frozen=True):
    """How −∂E/∂o is derived for a loss: E is `loss.whole` of the sum of one `loss.term(t, o)` for each of n outputs.

    `cases(t, o)` derive ∂term/∂o; where there are several, `together(t, o)` is what they make. Then `after(n, t, o)`
    goes on with the whole loss, to −∂E/∂o with its sign before it. At a kink, `meeting(t, o)` are the two formulas
    that are equal there.
    """

    cases: Callable[[Formula, Formula], Cases]
    together: Share | None = None
    after: Callable[[Count, Formula, Formula], tuple[Line, ...]] = lambda count, target, output: ()
    meeting: Callable[[Formula, Formula], tuple[Formula, Formula]] | None = None


def squared(loss: Loss) -> LossSlope:
    """(c Σ (t − o)²)′ = −2c (t − o), given c and 2c  [Mitchell, Machine Learning, §4.5.3]"""

    def derived(target: Formula, output: Formula) -> Cases:
        lines = square(difference(target, output), output)
        return (Case(chain(Partial(squared_difference(target, output), output), *lines)),)

    def after(count: Count, target: Formula, output: Formula) -> Iterator[Line]:
        before, twice = (each(count, 1) for each in (loss.factor, loss.slope))
        slope = product(twice, difference(target, output))
        yield Line(product(slope, MINUS_ONE), "multiply_to", (product(before, TWO), twice))
        yield Line(Negation(slope), "minus_one")

    return LossSlope(derived, after=lambda *of: tuple(after(*of)))


def square(error: Formula, output: Formula) -> Iterator[Line]:
    """((t − o)²)′ = −2 (t − o)"""
    yield Line(Product((TWO, error, Partial(error, output))), "power")
    yield Line(Product((TWO, error, MINUS_ONE)), "slope_of", (Partial(error, output), MINUS_ONE))


def absolute_error(loss: Loss) -> LossSlope:
    """|t − o|′ = −1 for t > o, and 1 for t < o  [Bishop, Pattern Recognition, §1.5.5]"""

    def derived(target: Formula, output: Formula) -> Cases:
        size = loss.term(target, output)

        def case(sign: Literal[">", "<"], written: Formula, slope: Formula) -> Case:
            lines = Line(Partial(written, output), "definition", (size,)), Line(slope, "each_term")
            return Case(chain(Partial(size, output), *lines), Comparison(target, sign, output))

        return case(">", difference(target, output), MINUS_ONE), case("<", difference(output, target), ONE)

    return LossSlope(
        derived,
        together=lambda target, output: Negation(loss.downhill(target, output)),
        meeting=lambda target, output: (target, output),
    )


def huber(loss: Loss, width: Decimal) -> LossSlope:
    """H(t − o)′ = −(t − o) for |t − o| ≤ d, else −d for t − o > d, and d for t − o < −d

    Source: Huber, Robust estimation of a location parameter (1964).
    """
    d = Constant(width)

    def derived(target: Formula, output: Formula) -> Cases:
        share, error = loss.term(target, output), difference(target, output)
        curve = Product((fraction(1, 2), Power(error, 2)))
        near = chain(
            Partial(share, output),
            Line(Partial(curve, output), "definition", (share,)),
            *(Line(product(fraction(1, 2), line.formula), line.rule, line.about) for line in square(error, output)),
            Line(Negation(error), "multiplied"),
        )

        def far(larger: Formula, smaller: Formula, slope: Formula) -> Chain:
            line = Sum((larger, Negation(smaller), Negation(half(d))))
            return chain(
                Partial(share, output),
                Line(Partial(scaled(d, line), output), "definition", (share,)),
                Line(scaled(d, Partial(line, output)), "constant_factor", (d,)),
                Line(slope, "each_term"),
            )

        return (
            Case(near, Comparison(Call("abs", (error,)), "≤", d)),
            Case(far(target, output, Constant(-width)), Comparison(error, ">", d)),
            Case(far(output, target, d), Comparison(error, "<", Constant(-width))),
        )

    return LossSlope(derived, together=lambda target, output: Negation(loss.downhill(target, output)))


def hinge(loss: Loss) -> LossSlope:
    """max(0, 1 − t o)′ = −t for t o < 1, else 0  [Goodfellow et al., Deep Learning, §5.7.2]"""

    def derived(target: Formula, output: Formula) -> Cases:
        share, agreement = loss.term(target, output), Product((target, output))
        short = difference(ONE, agreement)
        steep = chain(
            Partial(share, output),
            Line(Partial(short, output), "larger", (short,)),
            Line(Negation(target), "constant_factor", (target,)),
        )
        flat = chain(Partial(share, output), Line(Partial(ZERO, output), "larger", (ZERO,)), Line(ZERO, "constant"))
        return Case(steep, Comparison(agreement, "<", ONE)), Case(flat, Comparison(agreement, "≥", ONE))

    return LossSlope(
        derived,
        together=loss.uphill,
        meeting=lambda target, output: (Product((target, output)), ONE),
    )


def cross_entropy(loss: Loss) -> LossSlope:
    """(−Σ t ln o)′ = −t / o  [Goodfellow et al., Deep Learning, §6.2.2.3]"""

    def derived(target: Formula, output: Formula) -> Cases:
        logarithm = Call("ln", (output,))
        return (
            Case(
                chain(
                    Partial(loss.term(target, output), output),
                    Line(Product((target, Partial(logarithm, output))), "constant_factor", (target,)),
                    Line(Product((target, Quotient(ONE, output))), "slope_known", (logarithm,)),
                )
            ),
        )

    return LossSlope(
        derived,
        after=lambda count, target, output: (Line(Negation(Quotient(target, output)), "one_fraction"),),
    )


def binary_cross_entropy(loss: Loss) -> LossSlope:
    """(−Σ [t ln o + (1 − t) ln(1 − o)])′ = −(t − o) / (o (1 − o))  [Bishop, Pattern Recognition, §5.2]"""

    def derived(target: Formula, output: Formula) -> Cases:
        miss, rest = difference(ONE, target), difference(ONE, output)
        hit, below = Quotient(target, output), Product((output, rest))
        return (
            Case(
                chain(
                    Partial(loss.term(target, output), output),
                    Line(Sum((hit, Product((Quotient(miss, rest), Partial(rest, output))))), "logarithms"),
                    Line(difference(hit, Quotient(miss, rest)), "slope_of", (Partial(rest, output), MINUS_ONE)),
                    Line(
                        Quotient(difference(Product((target, rest)), Product((miss, output))), below), "one_denominator"
                    ),
                    Line(Quotient(difference(target, output), below), "multiplied_out"),
                )
            ),
        )

    return LossSlope(derived)


LOSS_SLOPES: Mapping[str, Callable[..., LossSlope]] = {
    "half-squared-error": squared,
    "sum-squared-error": squared,
    "mean-squared-error": lambda loss, over: squared(loss),
    "absolute-error": absolute_error,
    "binary-cross-entropy": binary_cross_entropy,
    "cross-entropy": cross_entropy,
    "huber": huber,
    "hinge": hinge,
}
"""By the name of the loss; each takes the loss and its parameters."""
