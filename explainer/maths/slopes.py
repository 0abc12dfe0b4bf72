"""The slope of each activation function, derived line by line from the definition of the function."""

from collections.abc import Callable, Mapping
from decimal import Decimal

from explainer.maths.chain import Case, Cases, Chain, Line, chain
from explainer.maths.differentiation import worth_naming
from explainer.maths.formula import (
    ONE,
    ZERO,
    Call,
    Comparison,
    Constant,
    Exponential,
    Formula,
    Letter,
    Negation,
    Partial,
    Power,
    Prime,
    Product,
    Quotient,
    Sum,
    difference,
    fraction,
    put_in,
)
from explainer.maths.functions import scaled, written_out
from explainer.maths.own_function import OUTPUT, OwnFunction

Z = Letter("z")
"""The variable of the functions."""

UP, DOWN = Exponential(Z), Exponential(Negation(Z))

POSITIVE, NOT_POSITIVE = Comparison(Z, ">", ZERO), Comparison(Z, "≤", ZERO)


def sigmoid() -> Cases:
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


def tanh() -> Cases:
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


def linear() -> Cases:
    """z′ = 1"""
    return (Case(chain(Partial(Z, Z), Line(ONE, "itself"))),)


def relu() -> Cases:
    """max(0, z)′ = 1 for z > 0, else 0  [Goodfellow et al., Deep Learning, §6.3.1]"""
    function = Call("relu", (Z,))
    flat = chain(Partial(function, Z), Line(Partial(ZERO, Z), "definition", (function,)), Line(ZERO, "constant"))
    return Case(identity(function), POSITIVE), Case(flat, NOT_POSITIVE)


def leaky_relu(slope: Decimal) -> Cases:
    """max(a z, z)′ = 1 for z > 0, else a  [Goodfellow et al., Deep Learning, §6.3.1]"""
    a = Constant(slope)
    function = Call("leaky-relu", (Z, a))
    gentle = chain(
        Partial(function, Z),
        Line(Partial(Product((a, Z)), Z), "definition", (function,)),
        Line(a, "constant_factor", (a,)),
    )
    return Case(identity(function), POSITIVE), Case(gentle, NOT_POSITIVE)


def elu(alpha: Decimal) -> Cases:
    """(α (e^z − 1))′ = α e^z = ELU(z) + α for z ≤ 0, else 1

    Source: Clevert, Unterthiner and Hochreiter, Fast and accurate deep network learning by ELUs (2016), §3.
    """
    a, below = Constant(alpha), difference(UP, ONE)
    function = Call("elu", (Z, a))
    curved = chain(
        Partial(function, Z),
        Line(Partial(scaled(a, below), Z), "definition", (function,)),
        Line(scaled(a, Partial(below, Z)), "constant_factor", (a,)),
        Line(scaled(a, UP), "slope_known", (UP,)),
        Line(Sum((scaled(a, below), a)), "add_and_take", (a,)),
        Line(Sum((function, a)), "definition", (function,)),
    )
    return Case(identity(function), POSITIVE), Case(curved, NOT_POSITIVE)


def softplus() -> Cases:
    """(ln(1 + e^z))′ = e^z / (1 + e^z) = σ(z)  [Goodfellow et al., Deep Learning, §3.10]"""
    function, inner, sigmoid_of_z = Call("softplus", (Z,)), Sum((ONE, UP)), Call("sigmoid", (Z,))
    return (
        Case(
            chain(
                Partial(function, Z),
                Line(Partial(Call("ln", (inner,)), Z), "definition", (function,)),
                Line(Product((Quotient(ONE, inner), Partial(inner, Z))), "logarithms"),
                Line(Quotient(UP, inner), "slope_known", (UP,)),
                Line(Quotient(ONE, Sum((ONE, DOWN))), "divided_by", (UP,)),
                Line(sigmoid_of_z, "definition", (sigmoid_of_z,)),
            )
        ),
    )


def gelu() -> Cases:
    """(z Φ(z))′ = Φ(z) + z φ(z)  [Hendrycks and Gimpel, Gaussian error linear units (2016), §2]"""
    function, below, density = (Call(name, (Z,)) for name in ("gelu", "normal", "density"))
    return (
        Case(
            chain(
                Partial(function, Z),
                Line(Partial(Product((Z, below)), Z), "definition", (function,)),
                Line(Sum((below, Product((Z, Partial(below, Z))))), "product"),
                Line(Sum((below, Product((Z, density)))), "density", (density, below)),
            )
        ),
    )


def gelu_tanh() -> Cases:
    """(½ z (1 + tanh u))′ = ½ (1 + tanh u) + ½ z (1 − tanh² u) u′, u = √(2/π) (z + 0.044715 z³)

    Source: Hendrycks and Gimpel, Gaussian error linear units (2016), §2.
    """
    function, inner, inner_slope = (Call(name, (Z,)) for name in ("gelu-tanh", "cubic", "cubic'"))
    half, curve = fraction(1, 2), Call("tanh", (inner,))
    risen = Sum((ONE, curve))

    def with_slope(slope: Formula) -> Formula:
        return Sum((Product((half, risen)), Product((half, Z, slope))))

    steep = difference(ONE, Power(curve, 2))
    return (
        *tanh(),
        Case(
            chain(
                Partial(inner, Z),
                Line(Partial(meant(inner), Z), "definition", (inner,)),
                Line(meant(inner_slope), "powers"),
            )
        ),
        Case(
            chain(
                Partial(function, Z),
                Line(Partial(Product((half, Z, risen)), Z), "definition", (function,)),
                Line(with_slope(Partial(risen, Z)), "product"),
                Line(with_slope(Product((steep, Partial(inner, Z)))), "chain"),
                Line(with_slope(Product((steep, inner_slope))), "slope_of", (inner_slope, Partial(inner, Z))),
            )
        ),
    )


def meant(call: Call) -> Formula:
    """What a function stands for that has a definition."""
    found = written_out(call)
    if found is None:
        raise TypeError(f"{call.function} stands for itself")
    return found


def silu() -> Cases:
    """(z σ(z))′ = σ(z) + z σ(z) (1 − σ(z)) = SiLU(z) + σ(z) (1 − SiLU(z))  [Ramachandran et al., Swish (2017), §2]"""
    function, gate = Call("silu", (Z,)), Call("sigmoid", (Z,))
    rest = difference(ONE, gate)
    return (
        *sigmoid(),
        Case(
            chain(
                Partial(function, Z),
                Line(Partial(Quotient(Z, Sum((ONE, DOWN))), Z), "definition", (function,)),
                Line(Partial(Product((Z, gate)), Z), "definition", (gate,)),
                Line(Sum((gate, Product((Z, Partial(gate, Z))))), "product"),
                Line(Sum((gate, Product((Z, gate, rest)))), "found", (Partial(gate, Z),)),
                Line(Sum((gate, Product((function, rest)))), "definition", (function,)),
                Line(Sum((gate, function, Negation(Product((function, gate))))), "opened"),
                Line(Sum((function, Product((gate, difference(ONE, function))))), "factor_out", (gate,)),
            )
        ),
    )


SLOPES: Mapping[str, Callable[..., Cases]] = {
    "sigmoid": sigmoid,
    "tanh": tanh,
    "relu": relu,
    "leaky-relu": leaky_relu,
    "elu": elu,
    "softplus": softplus,
    "gelu": gelu,
    "gelu-tanh": gelu_tanh,
    "silu": silu,
    "linear": linear,
}
"""By the name of the activation; each takes its parameters."""

RULES: Mapping[str, str] = {
    "variable": "itself",
    "sum": "by_sum",
    "factor": "by_factor",
    "product": "product",
    "quotient": "quotient",
    "power": "by_power",
    "exponential": "by_exponential",
    "chain": "chain",
    "function": "by_function",
    "choice": "by_choice",
    "size": "by_size",
}
"""What each rule of differentiation is called beside a line."""


def own_slope(own: OwnFunction) -> Cases:
    """The derivative of a function that a problem defines, rule by rule, after those of σ and tanh that it needs."""
    found = own.derivative
    lines = [Line(Prime(own.formula), "definition", (own.stated,))]
    for formula, step in zip(found.lines, found.steps, strict=True):
        first, *others = (RULES[rule] for rule in worth_naming(step))
        lines.append(Line(formula, first, (), tuple(others)))
    if own.display is not None:
        lines.append(Line(put_in(own.display, {OUTPUT: own.stated}), "another_form"))
    known = (case for name in found.functions if name in ("sigmoid", "tanh") for case in SLOPES[name]())
    return *known, Case(chain(own.slope_stated, *lines))
