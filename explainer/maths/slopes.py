"""The slope of each activation function, derived line by line from the definition of the function."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from explainer.maths.chain import Case, Chain, Condition, Line, chain
from explainer.maths.formula import (
    ONE,
    Call,
    Constant,
    Exponential,
    Formula,
    Letter,
    Negation,
    Partial,
    Power,
    Product,
    Quotient,
    Sum,
    difference,
)

Slope = tuple[Case, ...]
"""The derivation of df/dz; several chains where there are several cases, or where one prepares the other."""

Z = Letter("z")
"""The variable of the functions."""

ZERO = Constant(0)

UP, DOWN = Exponential(Z), Exponential(Negation(Z))


def sigmoid() -> Slope:
    """(1 / (1 + e^−z))′ = σ(z) (1 − σ(z))  [Mitchell, Machine Learning, §4.5.2]"""
    function, bottom = Call("sigmoid", (Z,)), Sum((ONE, DOWN))
    value, square = Quotient(ONE, bottom), Quotient(ONE, Power(bottom, 2))
    return (
        Case(
            chain(
                Partial(function, Z),
                Line(Partial(value, Z), "definition", (function,)),
                Line(Product((Negation(square), Partial(bottom, Z))), "reciprocal"),
                Line(Product((Negation(square), Negation(DOWN))), "exponential", (DOWN,)),
                Line(Quotient(DOWN, Power(bottom, 2)), "signs_cancel"),
                Line(Product((value, Quotient(DOWN, bottom))), "split_fraction"),
                Line(Product((function, Quotient(Sum((ONE, DOWN, Negation(ONE))), bottom))), "add_and_take", (ONE,)),
                Line(Product((function, difference(ONE, value))), "divide_out"),
                Line(Product((function, difference(ONE, function))), "definition", (function,)),
            )
        ),
    )


def tanh() -> Slope:
    """((e^z − e^−z) / (e^z + e^−z))′ = 1 − tanh² z  [Goodfellow et al., Deep Learning, §6.3.2]"""
    function, top, bottom = Call("tanh", (Z,)), difference(UP, DOWN), Sum((UP, DOWN))
    value = Quotient(top, bottom)
    return (
        Case(chain(Partial(top, Z), Line(bottom, "exponential", (DOWN,)))),
        Case(chain(Partial(bottom, Z), Line(top, "exponential", (DOWN,)))),
        Case(
            chain(
                Partial(function, Z),
                Line(Partial(value, Z), "definition", (function,)),
                Line(Quotient(difference(Power(bottom, 2), Power(top, 2)), Power(bottom, 2)), "quotient"),
                Line(difference(ONE, Power(value, 2)), "divide_out"),
                Line(difference(ONE, Power(function, 2)), "definition", (function,)),
            )
        ),
    )


def identity(function: Formula) -> Chain:
    """z′ = 1"""
    return chain(Partial(function, Z), Line(Partial(Z, Z), "definition", (function,)), Line(ONE, "itself"))


def linear() -> Slope:
    """z′ = 1"""
    return (Case(chain(Partial(Z, Z), Line(ONE, "itself"))),)


def relu() -> Slope:
    """max(0, z)′ = 1 for z > 0, else 0  [Goodfellow et al., Deep Learning, §6.3.1]"""
    function = Call("relu", (Z,))
    flat = chain(Partial(function, Z), Line(Partial(ZERO, Z), "definition", (function,)), Line(ZERO, "constant"))
    return Case(identity(function), Condition(Z, positive=True)), Case(flat, Condition(Z, positive=False))


def leaky_relu(slope: Decimal) -> Slope:
    """max(a z, z)′ = 1 for z > 0, else a  [Goodfellow et al., Deep Learning, §6.3.1]"""
    a = Constant(slope)
    function = Call("leaky-relu", (Z, a))
    gentle = chain(
        Partial(function, Z),
        Line(Partial(Product((a, Z)), Z), "definition", (function,)),
        Line(a, "constant_factor", (a,)),
    )
    return Case(identity(function), Condition(Z, positive=True)), Case(gentle, Condition(Z, positive=False))


SLOPES: Mapping[str, Callable[..., Slope]] = {
    "sigmoid": sigmoid,
    "tanh": tanh,
    "relu": relu,
    "leaky-relu": leaky_relu,
    "linear": linear,
}
"""By the name of the activation; each takes its parameters."""
