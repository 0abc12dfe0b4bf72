"""Formulas as SymPy expressions, for differentiating and proving. SymPy is imported only by who imports this."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import sympy

from explainer.maths.formula import (
    Call,
    Constant,
    Exponential,
    Formula,
    Inline,
    Negation,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    parts,
)
from explainer.maths.quantity import Quantity

Leaf = Callable[[Quantity], Any]
"""What stands for a quantity: a symbol, or an expression put in for it."""

FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "sigmoid": lambda z: 1 / (1 + sympy.exp(-z)),
    "tanh": sympy.tanh,
    "relu": lambda z: sympy.Max(0, z),
    "relu'": lambda z: sympy.Piecewise((1, z > 0), (0, True)),
    "leaky-relu": lambda z, slope: sympy.Max(slope * z, z),
    "leaky-relu'": lambda z, slope: sympy.Piecewise((1, z > 0), (slope, True)),
    "max": sympy.Max,
    "abs": sympy.Abs,
}


def expression(formula: Formula, leaf: Leaf) -> Any:
    """The SymPy expression of a formula."""
    inner = [expression(part, leaf) for part in parts(formula)]
    match formula:
        case Quantity():
            return leaf(formula)
        case Constant(value):
            return sympy.Rational(str(Fraction(value)))
        case Number(value, _):
            return sympy.Rational(str(value)) if not isinstance(value, float) else sympy.Float(value, 17)
        case Sum():
            return sympy.Add(*inner)
        case Product():
            return sympy.Mul(*inner)
        case Negation():
            return -inner[0]
        case Quotient():
            return inner[0] / inner[1]
        case Power(_, exponent):
            return inner[0] ** exponent
        case Exponential():
            return sympy.exp(inner[0])
        case Call(function, _):
            return FUNCTIONS[function](*inner)
        case Inline():
            return inner[0]
    raise TypeError(f"no expression for {formula!r}")
