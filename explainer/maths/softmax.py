"""The softmax of a layer, and its slopes derived line by line.

Source: Goodfellow et al., Deep Learning, §6.2.2.3; Bishop, Pattern Recognition and Machine Learning, §4.3.4.
"""

from explainer.maths.chain import Chain, Line, chain
from explainer.maths.formula import (
    ONE,
    Exponential,
    Formula,
    IndexedSum,
    Negation,
    Partial,
    Power,
    Product,
    Quotient,
    difference,
)
from explainer.maths.quantity import Quantity


def written(net: Quantity, index: str) -> Formula:
    """o_k = e^net_k / Σ_r e^net_r, the index of the sum being free"""
    return Quotient(Exponential(net), whole(net, index))


def whole(net: Quantity, index: str) -> Formula:
    """Σ_r e^net_r"""
    return IndexedSum(index, Exponential(Quantity("net", net.layer, index)))


def own_slope(net: Quantity, output: Quantity) -> Chain:
    """∂o_k/∂net_k = o_k (1 − o_k)"""
    power, below, value = Exponential(net), whole(net, "r"), written(net, "r")
    return chain(
        Partial(output, net),
        Line(Partial(value, net), "definition", (output,)),
        Line(Quotient(difference(Product((below, power)), Product((power, power))), Power(below, 2)), "quotient"),
        Line(difference(value, Power(value, 2)), "divide_out"),
        Line(difference(output, Power(output, 2)), "definition", (output,)),
        Line(Product((output, difference(ONE, output))), "factor_out", (output,)),
    )


def other_slope(other: Quantity, other_output: Quantity, net: Quantity, output: Quantity) -> Chain:
    """∂o_m/∂net_k = −o_m o_k, for another unit m"""
    powers, below = (Exponential(other), Exponential(net)), whole(net, "r")
    return chain(
        Partial(other_output, net),
        Line(Partial(written(other, "r"), net), "definition", (other_output,)),
        Line(Negation(Quotient(Product(powers), Power(below, 2))), "quotient"),
        Line(Negation(Product((written(other, "r"), written(net, "r")))), "split_fraction"),
        Line(Negation(Product((other_output, output))), "definition", (other_output, output)),
    )
