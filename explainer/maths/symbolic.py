"""Formulas as SymPy expressions, for differentiating and proving. SymPy is imported only by who imports this."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from operator import neg, truediv
from typing import Any

import sympy

from explainer.maths.formula import (
    Call,
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

FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "sigmoid": lambda z: 1 / (1 + sympy.exp(-z)),
    "tanh": sympy.tanh,
    "relu": lambda z: sympy.Max(0, z),
    "relu'": lambda z: sympy.Piecewise((1, z > 0), (0, True)),
    "leaky-relu": lambda z, slope: sympy.Max(slope * z, z),
    "leaky-relu'": lambda z, slope: sympy.Piecewise((1, z > 0), (slope, True)),
    "max": sympy.Max,
    "abs": sympy.Abs,
    "min": sympy.Min,
    "ln": sympy.log,
    "sqrt": sympy.sqrt,
    "sign": sympy.sign,
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
        case Power(_, exponent):
            return inner[0] ** exponent
        case Call(function, _):
            return FUNCTIONS[function](*inner)
    raise TypeError(f"no expression for {formula!r}")
