"""Named functions: one entry each, holding its sign on the page and its value in every arithmetic."""

import math
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction

from msgspec import Struct

from explainer.maths import binary, wide
from explainer.maths.formula import (
    ONE,
    Call,
    Cases,
    Comparison,
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
)
from explainer.maths.numerals import CONTEXT, ZERO


class Function(Struct, frozen=True):
    """A named function: its sign on the page, and its value in double precision and in decimals.

    Only the first `shown` arguments are printed; the others are fixed parameters. A `bare` function needs no
    brackets around a name. `definition` is what the sign stands for, where it can be written out. Between its
    `turns` the function only rises or only falls. A function without a sign is always written out.
    """

    sign: str
    binary: Callable[..., float]
    decimal: Callable[..., Decimal]
    shown: int = 1
    bare: bool = False
    definition: Callable[..., Formula] | None = None
    turns: tuple[Decimal, ...] = ()


def both(point: str) -> tuple[Decimal, Decimal]:
    """A point and its mirror image."""
    return Decimal(f"-{point}"), Decimal(point)


ROOT_TWO_OVER_PI = Call("root-two-over-pi", ())


def huber_written(error: Formula, width: Constant) -> Formula:
    """½ e² for |e| ≤ width d, else d (|e| − ½ d)"""
    size = Call("abs", (error,))
    square = Product((Constant(Fraction(1, 2)), Power(error, 2)))
    return cases(square, size, "≤", width, scaled(width, difference(size, half(width))))


def half(number: Constant) -> Constant:
    """½ · number, as a decimal where the number is not 1"""
    whole = Fraction(number.value)
    return Constant(
        whole / 2 if whole == 1 else CONTEXT.divide(Decimal(whole.numerator), 2 * Decimal(whole.denominator))
    )


def scaled(factor: Constant, formula: Formula) -> Formula:
    """factor · formula, the factor left out where it is 1."""
    return formula if factor.value == 1 else Product((factor, formula))


def decimal_ln(z: Decimal) -> Decimal:
    """ln z to the working digits; of 0 there is none, lest 1 / ln 0 pass for 0"""
    return CONTEXT.ln(z) if z else Decimal("NaN")


HALF_TURNS = tuple(map(Decimal, range(-20, 21)))
"""Where a cosine turns, counted in half turns, as its argument is; no page goes farther."""

FUNCTIONS: Mapping[str, Function] = {
    "sigmoid": Function(
        "σ",
        binary.sigmoid,
        wide.sigmoid,
        definition=lambda z: Quotient(ONE, Sum((ONE, Exponential(Negation(z))))),
    ),
    "tanh": Function("tanh", math.tanh, wide.tanh),
    "relu": Function("ReLU", lambda z: max(z, 0.0), lambda z: max(z, ZERO)),
    "relu'": Function(
        "ReLU′",
        lambda z: float(z > 0),
        lambda z: Decimal(int(z > 0)),
        definition=lambda z: cases(ONE, z, ">", Constant(0), Constant(0)),
    ),
    "leaky-relu": Function(
        "LReLU", lambda z, slope: max(slope * z, z), lambda z, slope: max(CONTEXT.multiply(slope, z), z)
    ),
    "leaky-relu'": Function(
        "LReLU′", lambda z, slope: 1.0 if z > 0 else slope, lambda z, slope: Decimal(1) if z > 0 else slope
    ),
    "elu": Function("ELU", binary.elu, wide.elu),
    "elu'": Function("ELU′", binary.elu_slope, wide.elu_slope),
    "softplus": Function("softplus", binary.softplus, wide.softplus),
    "gelu": Function("GELU", lambda z: z * binary.distribution(z), wide.gelu, turns=(Decimal("-0.7517915246935645"),)),
    "gelu'": Function(
        "GELU′",
        lambda z: binary.distribution(z) + z * binary.density(z),
        wide.gelu_slope,
        turns=both("1.414213562373095"),
    ),
    "gelu-tanh": Function("GELU", binary.gelu_tanh, wide.gelu_tanh, turns=(Decimal("-0.7524614220710163"),)),
    "gelu-tanh'": Function(
        "GELU′",
        binary.gelu_tanh_slope,
        wide.gelu_tanh_slope,
        turns=both("1.418504008790828"),
    ),
    "cubic": Function(
        "u",
        lambda z: binary.gelu_inner(z)[0],
        lambda z: wide.carried(wide.gelu_inner(z)[0]),
        definition=lambda z: Product(
            (ROOT_TWO_OVER_PI, Sum((z, Product((Constant(Decimal("0.044715")), Power(z, 3))))))
        ),
    ),
    "cubic'": Function(
        "u′",
        lambda z: binary.gelu_inner(z)[1],
        lambda z: wide.carried(wide.gelu_inner(z)[1]),
        definition=lambda z: Product(
            (ROOT_TWO_OVER_PI, Sum((ONE, Product((Constant(Decimal("0.134145")), Power(z, 2))))))
        ),
        turns=(ZERO,),
    ),
    "silu": Function("SiLU", lambda z: z * binary.sigmoid(z), wide.silu, turns=(Decimal("-1.2784645427610738"),)),
    "silu'": Function(
        "SiLU′",
        lambda z: binary.swish_slope(z, z, 1),
        wide.silu_slope,
        turns=both("2.399357280515468"),
    ),
    "step": Function("step", lambda z: float(z >= 0), lambda z: Decimal(int(z >= 0))),
    "normal": Function("Φ", binary.distribution, wide.distribution),
    "density": Function(
        "φ",
        binary.density,
        wide.density,
        definition=lambda z: Quotient(
            Exponential(Negation(Quotient(Power(z, 2), Constant(2)))), Call("root-two-pi", ())
        ),
        turns=(ZERO,),
    ),
    "root-two-pi": Function("√(2π)", lambda: binary.ROOT_TWO_PI, lambda: CONTEXT.plus(wide.ROOT_TWO_PI)),
    "root-two-over-pi": Function(
        "√(2/π)", lambda: binary.ROOT_TWO_OVER_PI, lambda: CONTEXT.plus(wide.ROOT_TWO_OVER_PI)
    ),
    "softmax": Function("", binary.softmax, wide.softmax),
    "ln": Function("ln", math.log, decimal_ln, bare=True),
    "huber": Function("H", binary.huber, wide.huber, turns=(ZERO,), definition=huber_written),
    "huber'": Function(
        "H′",
        binary.huber_slope,
        wide.huber_slope,
        definition=lambda error, width: cases(
            error, Call("abs", (error,)), "≤", width, scaled(width, Call("sign", (error,)))
        ),
    ),
    "sign": Function(
        "sign",
        binary.sign,
        lambda z: Decimal((z > 0) - (z < 0)),
        definition=lambda z: Cases(
            (ONE, Constant(-1), Constant(0)), (Comparison(z, ">", Constant(0)), Comparison(z, "<", Constant(0)))
        ),
    ),
    "cos": Function("cos", binary.cosine_of_half_turns, wide.cosine_of_half_turns, turns=HALF_TURNS),
    "max": Function("max", max, max, shown=2),
    "min": Function("min", min, min, shown=2),
    "abs": Function("abs", abs, Decimal.copy_abs, turns=(ZERO,)),
    "sqrt": Function("√", math.sqrt, CONTEXT.sqrt),
}


def written_out(call: Call) -> Formula | None:
    """What a named function stands for, where it can be written out."""
    definition = FUNCTIONS[call.function].definition
    return None if definition is None else definition(*call.arguments)
