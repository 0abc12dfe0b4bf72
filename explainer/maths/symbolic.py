"""Formulas as SymPy expressions, for differentiating and proving. SymPy is imported only by who imports this."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from operator import neg, truediv
from typing import Any

import sympy

from explainer.maths.formula import (
    AnyPower,
    Call,
    Cases,
    Constant,
    Exponential,
    Formula,
    Inline,
    Letter,
    Named,
    Negation,
    Number,
    Power,
    Prime,
    Product,
    Quotient,
    Sum,
    parts,
)
from explainer.maths.quantity import Quantity

Leaf = Callable[[Quantity], Any]
"""What stands for a quantity: a symbol, or an expression put in for it."""

Z = sympy.Symbol("z", real=True)


def normal(z: Any) -> Any:
    """Φ(z)"""
    return (1 + sympy.erf(z / sympy.sqrt(2))) / 2


def density(z: Any) -> Any:
    """φ(z)"""
    return sympy.exp(-(z**2) / 2) / sympy.sqrt(2 * sympy.pi)


def curve(z: Any) -> Any:
    """√(2/π) (z + 0.044715 z³)"""
    return sympy.sqrt(2 / sympy.pi) * (z + sympy.Rational("0.044715") * z**3)


FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "sigmoid": lambda z: 1 / (1 + sympy.exp(-z)),
    "tanh": sympy.tanh,
    "relu": lambda z: sympy.Max(0, z),
    "relu'": lambda z: sympy.Piecewise((1, z > 0), (0, True)),
    "leaky-relu": lambda z, slope: sympy.Max(slope * z, z),
    "leaky-relu'": lambda z, slope: sympy.Piecewise((1, z > 0), (slope, True)),
    "elu": lambda z, alpha: sympy.Piecewise((z, z > 0), (alpha * (sympy.exp(z) - 1), True)),
    "elu'": lambda z, alpha: sympy.Piecewise((1, z > 0), (alpha * sympy.exp(z), True)),
    "softplus": lambda z: sympy.log(1 + sympy.exp(z)),
    "gelu": lambda z: z * normal(z),
    "gelu'": lambda z: normal(z) + z * density(z),
    "gelu-tanh": lambda z: z * (1 + sympy.tanh(curve(z))) / 2,
    "gelu-tanh'": lambda z: sympy.diff(Z * (1 + sympy.tanh(curve(Z))) / 2, Z).subs(Z, z),
    "cubic": curve,
    "cubic'": lambda z: sympy.diff(curve(Z), Z).subs(Z, z),
    "silu": lambda z: z / (1 + sympy.exp(-z)),
    "silu'": lambda z: (1 + sympy.exp(-z) + z * sympy.exp(-z)) / (1 + sympy.exp(-z)) ** 2,
    "step": lambda z: sympy.Piecewise((1, z >= 0), (0, True)),
    "normal": normal,
    "density": density,
    "root-two-pi": lambda: sympy.sqrt(2 * sympy.pi),
    "root-two-over-pi": lambda: sympy.sqrt(2 / sympy.pi),
    "softmax": lambda z, *layer: sympy.exp(z) / sympy.Add(*map(sympy.exp, layer)),
    "ln": sympy.log,
    "cos": lambda z: sympy.cos(sympy.pi * z),
    "huber": lambda e, d: sympy.Piecewise((e**2 / 2, sympy.Abs(e) <= d), (d * (sympy.Abs(e) - d / 2), True)),
    "huber'": lambda e, d: sympy.Piecewise((e, sympy.Abs(e) <= d), (d * sympy.sign(e), True)),
    "sign": sympy.sign,
    "max": sympy.Max,
    "abs": sympy.Abs,
    "min": sympy.Min,
    "sqrt": sympy.sqrt,
}


OPERATIONS: Mapping[type, Callable[..., Any]] = {
    Sum: sympy.Add,
    Product: sympy.Mul,
    Negation: neg,
    Quotient: truediv,
    Exponential: sympy.exp,
    Inline: lambda inner: inner,
    Prime: lambda inner: sympy.diff(inner, sympy.Symbol("z", real=True)),
}


COMPARED: Mapping[str, Callable[[Any, Any], Any]] = {
    ">": sympy.Gt,
    "<": sympy.Lt,
    "≥": sympy.Ge,
    "≤": sympy.Le,
}


def expression(formula: Formula, leaf: Leaf) -> Any:
    """The SymPy expression of a formula; a letter is the symbol of its name."""
    match formula:
        case Quantity():
            return leaf(formula)
        case Named(_, _, stands_for):
            return expression(stands_for, leaf)
    return applied(formula, [expression(part, leaf) for part in parts(formula)])


def applied(formula: Formula, inner: list[Any]) -> Any:
    """The SymPy expression of a formula that stands for itself, given those of its parts."""
    if type(formula) in OPERATIONS:
        return OPERATIONS[type(formula)](*inner)
    match formula:
        case Letter(name):
            return sympy.Symbol(name, real=True)
        case Constant(value):
            return sympy.Rational(str(Fraction(value)))
        case Number(value, _):
            return sympy.Rational(str(value)) if not isinstance(value, float) else sympy.Float(value, 17)
        case AnyPower(_, letter):
            return inner[0] ** sympy.Symbol(letter, integer=True, positive=True)
        case Power(_, exponent):
            return inner[0] ** sympy.Rational(str(exponent))
        case Call(function, _):
            return FUNCTIONS[function](*inner)
        case Cases(arms, conditions):
            sides = iter(inner[len(arms) :])
            holds = [COMPARED[each.sign](next(sides), next(sides)) for each in conditions]
            return sympy.Piecewise(*zip(inner, [*holds, True], strict=False))
    raise TypeError(f"no expression for {formula!r}")
