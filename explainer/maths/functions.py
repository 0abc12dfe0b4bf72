"""Named functions and the activations made of them: one entry each, holding all that is known of it.

Formulas are built from formulas, so that one entry serves a concrete unit and the statement of a law
for any unit. A derivative is in the form that a textbook prints: in the unit's output where there is one.
"""

import math
from collections.abc import Callable, Mapping
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from explainer.maths.formula import (
    ONE,
    Call,
    Constant,
    Exponential,
    Formula,
    Negation,
    Power,
    Product,
    Quotient,
    Sum,
    difference,
)
from explainer.maths.numerals import CONTEXT, ZERO

SATURATED = 200
"""Beyond this |z| a tanh is ±1 in every digit that is carried."""

TINY = Decimal("1e-100")
"""Less than any digit that is carried; taken from 1, it leaves a 1 that is known not to be exact."""


class Function(Struct, frozen=True):
    """A named function: its sign on the page, and its value in double precision and in decimals.

    Only the first `shown` arguments are printed; the others are fixed parameters.
    """

    sign: str
    binary: Callable[..., float]
    decimal: Callable[..., Decimal]
    shown: int = 1


def binary_sigmoid(z: float) -> float:
    """1 / (1 + e^−z), without overflow for any z"""
    if z >= 0:
        return 1 / (1 + math.exp(-z))
    grown = math.exp(z)
    return grown / (1 + grown)


def decimal_sigmoid(z: Decimal) -> Decimal:
    """1 / (1 + e^−z) to the working digits"""
    return CONTEXT.divide(1, CONTEXT.add(1, CONTEXT.exp(z.copy_negate())))


def decimal_tanh(z: Decimal) -> Decimal:
    """(e^2z − 1) / (e^2z + 1); for tiny z its series, which loses no digits"""
    if z.copy_abs() > SATURATED:
        return CONTEXT.subtract(1, TINY).copy_sign(z)
    if z.adjusted() < -12:
        return z
    square = CONTEXT.exp(CONTEXT.multiply(2, z))
    return CONTEXT.divide(CONTEXT.subtract(square, 1), CONTEXT.add(square, 1))


def decimal_ln(z: Decimal) -> Decimal:
    """ln z to the working digits; of 0 there is none, lest 1 / ln 0 pass for 0"""
    return CONTEXT.ln(z) if z else Decimal("NaN")


FUNCTIONS: Mapping[str, Function] = {
    "sigmoid": Function("σ", binary_sigmoid, decimal_sigmoid),
    "tanh": Function("tanh", math.tanh, decimal_tanh),
    "relu": Function("ReLU", lambda z: max(z, 0.0), lambda z: max(z, ZERO)),
    "relu'": Function("ReLU′", lambda z: float(z > 0), lambda z: Decimal(int(z > 0))),
    "leaky-relu": Function(
        "LReLU", lambda z, slope: max(slope * z, z), lambda z, slope: max(CONTEXT.multiply(slope, z), z)
    ),
    "leaky-relu'": Function(
        "LReLU′", lambda z, slope: 1.0 if z > 0 else slope, lambda z, slope: Decimal(1) if z > 0 else slope
    ),
    "max": Function("max", max, max, shown=2),
    "min": Function("min", min, min, shown=2),
    "abs": Function("abs", abs, abs),
    "sign": Function("sign", lambda z: float((z > 0) - (z < 0)), lambda z: Decimal((z > 0) - (z < 0))),
    "ln": Function("ln", math.log, decimal_ln),
    "sqrt": Function("√", math.sqrt, CONTEXT.sqrt),
}


class Activation(Struct, frozen=True):
    """An activation function o = f(z) of one unit.

    `value(z)` is what the page calls it and `definition(z)` what that stands for (None where the name
    says it all); `derivative(z, o)` is f′ at z, given o = f(z). At the `kinks` f has no derivative;
    there the page uses the one from the left. Where one of the `ties(z)` is 0, f may have none. Where the derivative
    is only a name, `slope(z, o)` is what that stands for.
    """

    value: Callable[[Formula], Formula]
    derivative: Callable[[Formula, Formula], Formula]
    definition: Callable[[Formula], Formula] | None = None
    kinks: tuple[Decimal, ...] = ()
    ties: Callable[[Formula], tuple[Formula, ...]] = lambda z: ()
    slope: Callable[[Formula, Formula], Formula] | None = None

    @property
    def spelled(self) -> "Activation | None":
        """The same with its derivative written out, where that is a name."""
        return None if self.slope is None else replace(self, derivative=self.slope)


BETWEEN_0_AND_1 = (ZERO, Decimal(1))
BETWEEN_BOTH_SIGNS = (Decimal(-1), Decimal(1))
ABOVE_0 = (Decimal("0.5"), Decimal(1), Decimal(2))
ANY = (Decimal(-1), Decimal("0.5"), Decimal(1), Decimal(2))
"""Targets that suit outputs in some range."""


class ActivationFamily(Struct, frozen=True):
    """Activations of one name: `make` takes the parameters, whose usual values are the `defaults`.

    `targets` are what the outputs of such units may well be wanted to be, in a problem that is made up.
    """

    label: str
    make: Callable[..., Activation]
    defaults: Mapping[str, Decimal]
    targets: tuple[Decimal, ...] = ANY


def sigmoid() -> Activation:
    """σ(z) = 1 / (1 + e^−z), σ′ = o (1 − o)  [Mitchell, Machine Learning, §4.5.2]"""
    return Activation(
        value=lambda z: Call("sigmoid", (z,)),
        definition=lambda z: Quotient(ONE, Sum((ONE, Exponential(Negation(z))))),
        derivative=lambda z, o: Product((o, difference(ONE, o))),
    )


def tanh() -> Activation:
    """tanh z = (e^z − e^−z) / (e^z + e^−z), tanh′ = 1 − o²  [Goodfellow et al., Deep Learning, §6.3.2]"""
    return Activation(
        value=lambda z: Call("tanh", (z,)),
        definition=lambda z: Quotient(
            difference(Exponential(z), Exponential(Negation(z))),
            Sum((Exponential(z), Exponential(Negation(z)))),
        ),
        derivative=lambda z, o: difference(ONE, Power(o, 2)),
    )


def relu() -> Activation:
    """ReLU(z) = max(0, z), ReLU′ = 1 for z > 0, else 0  [Goodfellow et al., Deep Learning, §6.3.1]"""
    return Activation(
        value=lambda z: Call("relu", (z,)),
        definition=lambda z: Call("max", (Constant(0), z)),
        derivative=lambda z, o: Call("relu'", (z,)),
        kinks=(ZERO,),
    )


def leaky_relu(slope: Decimal) -> Activation:
    """LReLU(z) = max(a z, z), LReLU′ = 1 for z > 0, else a  [Goodfellow et al., Deep Learning, §6.3.1]"""
    a = Constant(slope)
    return Activation(
        value=lambda z: Call("leaky-relu", (z, a)),
        definition=lambda z: Call("max", (Product((a, z)), z)),
        derivative=lambda z, o: Call("leaky-relu'", (z, a)),
        kinks=(ZERO,),
    )


def linear() -> Activation:
    """o = z, with the derivative 1"""
    return Activation(value=lambda z: z, derivative=lambda z, o: ONE)


ACTIVATIONS: Mapping[str, ActivationFamily] = {
    "sigmoid": ActivationFamily("sigmoid", sigmoid, {}, BETWEEN_0_AND_1),
    "tanh": ActivationFamily("tanh", tanh, {}, BETWEEN_BOTH_SIGNS),
    "relu": ActivationFamily("ReLU", relu, {}, ABOVE_0),
    "leaky-relu": ActivationFamily("leaky ReLU", leaky_relu, {"slope": Decimal("0.01")}, ABOVE_0),
    "linear": ActivationFamily("linear", linear, {}),
}
