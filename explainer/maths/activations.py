"""Activations: one entry each, holding all that is known of it.

Formulas are built from formulas, so that one entry serves a concrete unit and the statement of a law
for any unit. A derivative is in the form that a textbook prints: in the unit's output where there is one.
"""

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
    cases,
    difference,
    fraction,
)
from explainer.maths.functions import scaled
from explainer.maths.numerals import ZERO
from explainer.maths.parameters import Family, Parameter

NOTHING = Constant(0)


class LayerFunction(Struct, frozen=True):
    """A function of all net inputs of a layer.

    `value(z, layer)` is the output of the unit with net input z, and `definition(z, Σ)` what that stands for, Σ being
    the sum of `term(z)` over the layer. The derivative of an output o by its own net input is `own(o)`; by that of
    the unit with output p it is −`taken(o, p)`.
    """

    value: Callable[[Formula, tuple[Formula, ...]], Formula]
    term: Callable[[Formula], Formula]
    definition: Callable[[Formula, Formula], Formula]
    own: Callable[[Formula], Formula]
    taken: Callable[[Formula, Formula], Formula]


class Activation(Struct, frozen=True):
    """An activation function o = f(z) of one unit.

    `value(z)` is what the page calls it and `definition(z)` what that stands for (None where the name says it
    all); `derivative(z, o)` is f′ at z, given o = f(z), and `slope(z, o)` what that stands for where it is a name.
    At the `kinks` f has no derivative; there the page uses the one from the left. At the `joints` two pieces meet
    smoothly. Where one of the `ties(z)` is 0, f may have no derivative. A function of a whole `layer` has its outputs
    and their derivatives from there.
    """

    value: Callable[[Formula], Formula]
    derivative: Callable[[Formula, Formula], Formula]
    definition: Callable[[Formula], Formula] | None = None
    slope: Callable[[Formula, Formula], Formula] | None = None
    kinks: tuple[Decimal, ...] = ()
    joints: tuple[Decimal, ...] = ()
    ties: Callable[[Formula], tuple[Formula, ...]] = lambda z: ()
    layer: LayerFunction | None = None

    @property
    def spelled(self) -> "Activation | None":
        """The same with its derivative written out, where that is a name."""
        return None if self.slope is None else replace(self, derivative=self.slope)

    @property
    def forms(self) -> "tuple[Activation, ...]":
        """The function, and where its derivative is a name also with that written out."""
        return (self,) if self.spelled is None else (self, self.spelled)


ZERO_TO_ONE = (ZERO, Decimal(1))
BOTH_SIGNS = (Decimal(-1), Decimal(1))
ABOVE_ZERO = (Decimal("0.5"), Decimal(1), Decimal(2))
ANY = (Decimal(-1), Decimal("0.5"), Decimal(1), Decimal(2))
"""Targets that suit outputs in some range."""


class ActivationFamily(Family, frozen=True, kw_only=True):
    """Activations of one name: `make` takes the parameters.

    `trainable` says that its derivative tells gradient descent where to go; `probabilities` that outputs lie
    between 0 and 1, and reach neither; `of_layer` that each output depends on the whole layer. `targets` are what such
    outputs may well be wanted to be, in a problem that is made up.
    """

    label: str
    make: Callable[..., Activation]
    trainable: bool = True
    probabilities: bool = False
    of_layer: bool = False
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
        definition=lambda z: Call("max", (NOTHING, z)),
        derivative=lambda z, o: Call("relu'", (z,)),
        slope=lambda z, o: cases(ONE, z, ">", NOTHING, NOTHING),
        kinks=(ZERO,),
    )


def leaky_relu(slope: Decimal) -> Activation:
    """LReLU(z) = max(a z, z), LReLU′ = 1 for z > 0, else a  [Goodfellow et al., Deep Learning, §6.3.1]"""
    a = Constant(slope)
    return Activation(
        value=lambda z: Call("leaky-relu", (z, a)),
        definition=lambda z: Call("max", (Product((a, z)), z)),
        derivative=lambda z, o: Call("leaky-relu'", (z, a)),
        slope=lambda z, o: cases(ONE, z, ">", NOTHING, a),
        kinks=(ZERO,),
    )


def elu(alpha: Decimal) -> Activation:
    """ELU(z) = z for z > 0, else α (e^z − 1); ELU′ = 1 for z > 0, else o + α

    Source: Clevert, Unterthiner and Hochreiter, Fast and accurate deep network learning by ELUs (2016), §3.
    """
    a = Constant(alpha)
    return Activation(
        value=lambda z: Call("elu", (z, a)),
        definition=lambda z: cases(z, z, ">", NOTHING, scaled(a, difference(Exponential(z), ONE))),
        derivative=lambda z, o: Call("elu'", (z, a)),
        slope=lambda z, o: cases(ONE, z, ">", NOTHING, Sum((o, a))),
        kinks=() if alpha == 1 else (ZERO,),
        joints=(ZERO,),
    )


def softplus() -> Activation:
    """o = ln(1 + e^z), softplus′ = σ(z)  [Goodfellow et al., Deep Learning, §3.10]"""
    return Activation(
        value=lambda z: Call("softplus", (z,)),
        definition=lambda z: Call("ln", (Sum((ONE, Exponential(z))),)),
        derivative=lambda z, o: Call("sigmoid", (z,)),
    )


def gelu() -> Activation:
    """GELU(z) = z Φ(z), GELU′ = Φ(z) + z φ(z)  [Hendrycks and Gimpel, Gaussian error linear units (2016), §2]"""
    return Activation(
        value=lambda z: Call("gelu", (z,)),
        definition=lambda z: Product((z, Call("normal", (z,)))),
        derivative=lambda z, o: Call("gelu'", (z,)),
        slope=lambda z, o: Sum((Call("normal", (z,)), Product((z, Call("density", (z,)))))),
    )


def gelu_tanh() -> Activation:
    """GELU(z) ≈ ½ z (1 + tanh u), u = √(2/π) (z + 0.044715 z³), GELU′ = ½ (1 + tanh u) + ½ z (1 − tanh² u) u′

    Source: Hendrycks and Gimpel, Gaussian error linear units (2016), §2.
    """
    half = fraction(1, 2)

    def curve(z: Formula) -> Formula:
        return Call("tanh", (Call("cubic", (z,)),))

    return Activation(
        value=lambda z: Call("gelu-tanh", (z,)),
        definition=lambda z: Product((half, z, Sum((ONE, curve(z))))),
        derivative=lambda z, o: Call("gelu-tanh'", (z,)),
        slope=lambda z, o: Sum(
            (
                Product((half, Sum((ONE, curve(z))))),
                Product((half, z, difference(ONE, Power(curve(z), 2)), Call("cubic'", (z,)))),
            )
        ),
    )


def silu() -> Activation:
    """SiLU(z) = z σ(z) = z / (1 + e^−z), SiLU′ = o + σ(z) (1 − o)  [Ramachandran et al., Swish (2017), §2]"""
    return Activation(
        value=lambda z: Call("silu", (z,)),
        definition=lambda z: Quotient(z, Sum((ONE, Exponential(Negation(z))))),
        derivative=lambda z, o: Call("silu'", (z,)),
        slope=lambda z, o: Sum((o, Product((Call("sigmoid", (z,)), difference(ONE, o))))),
    )


def linear() -> Activation:
    """o = z, with the derivative 1"""
    return Activation(value=lambda z: z, derivative=lambda z, o: ONE)


def step() -> Activation:
    """o = 1 for z ≥ 0, else 0, so that step′ = 0  [Rosenblatt, The perceptron (1958)]"""
    return Activation(
        value=lambda z: Call("step", (z,)),
        definition=lambda z: cases(ONE, z, "≥", NOTHING, NOTHING),
        derivative=lambda z, o: NOTHING,
        kinks=(ZERO,),
    )


def softmax() -> Activation:
    """o_i = e^z_i / Σ_j e^z_j, ∂o_i/∂z_i = o_i (1 − o_i), ∂o_i/∂z_j = −o_i o_j

    Source: Goodfellow et al., Deep Learning, §6.2.2.3; Bishop, Pattern Recognition and Machine Learning, §4.3.4.
    """
    return Activation(
        value=lambda z: Call("softmax", (z, z)),
        derivative=lambda z, o: Product((o, difference(ONE, o))),
        layer=LayerFunction(
            value=lambda z, layer: Call("softmax", (z, *layer)),
            term=Exponential,
            definition=lambda z, total: Quotient(Exponential(z), total),
            own=lambda o: Product((o, difference(ONE, o))),
            taken=lambda o, other: Product((o, other)),
        ),
    )


SLOPE = Parameter("The slope of a leaky ReLU for negative net inputs.", Decimal("0.01"), above=0, below=1)
ALPHA = Parameter("The α of an ELU, which falls to −α for negative net inputs.", Decimal(1), above=0, most=1000)

ACTIVATIONS: Mapping[str, ActivationFamily] = {
    "sigmoid": ActivationFamily(label="sigmoid", make=sigmoid, probabilities=True, targets=ZERO_TO_ONE),
    "tanh": ActivationFamily(label="tanh", make=tanh, targets=BOTH_SIGNS),
    "relu": ActivationFamily(label="ReLU", make=relu, targets=ABOVE_ZERO),
    "leaky-relu": ActivationFamily(
        label="leaky ReLU", make=leaky_relu, parameters={"slope": SLOPE}, targets=ABOVE_ZERO
    ),
    "elu": ActivationFamily(label="ELU", make=elu, parameters={"alpha": ALPHA}),
    "softplus": ActivationFamily(label="softplus", make=softplus, targets=ABOVE_ZERO),
    "gelu": ActivationFamily(label="GELU", make=gelu, targets=ABOVE_ZERO),
    "gelu-tanh": ActivationFamily(label="GELU", make=gelu_tanh, targets=ABOVE_ZERO),
    "silu": ActivationFamily(label="SiLU", make=silu, targets=ABOVE_ZERO),
    "softmax": ActivationFamily(label="softmax", make=softmax, probabilities=True, of_layer=True, targets=ZERO_TO_ONE),
    "linear": ActivationFamily(label="linear", make=linear),
    "step": ActivationFamily(label="step", make=step, trainable=False, targets=ZERO_TO_ONE),
}
