"""The slope of each loss by one output, derived line by line from the definition of the loss."""

from collections.abc import Callable, Mapping

from explainer.maths.chain import Chain, Line, chain
from explainer.maths.formula import Constant, Formula, Partial, Product, difference
from explainer.maths.losses import squared_difference

TermSlope = Callable[[Formula, Formula], Chain]
"""The derivation of ∂term/∂o for one term of a loss, given its target and its output."""


def squared(target: Formula, output: Formula) -> Chain:
    """((t − o)²)′ = 2 (t − o)(−1)"""
    error, two, minus_one = difference(target, output), Constant(2), Constant(-1)
    return chain(
        Partial(squared_difference(target, output), output),
        Line(Product((two, error, Partial(error, output))), "power"),
        Line(Product((two, error, minus_one)), "slope_of", (Partial(error, output), minus_one)),
    )


TERM_SLOPES: Mapping[str, TermSlope] = {
    "half-squared-error": squared,
    "mean-squared-error": squared,
}
"""By the name of the loss."""
