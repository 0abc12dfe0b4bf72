"""Random formulas of one letter z and a parameter b, and their values by SymPy."""

from decimal import Decimal
from typing import Any

import sympy
from hypothesis import strategies as st

from explainer.maths.formula import (
    Call,
    Constant,
    Exponential,
    Formula,
    Letter,
    Negation,
    Power,
    Product,
    Quotient,
    Sum,
)
from explainer.maths.symbolic import expression

Z, B = sympy.Symbol("z", real=True), sympy.Symbol("b", real=True)
SLOPE = sympy.Rational(3, 4)
"""The value of b."""

POINTS = tuple(map(sympy.Rational, ("-17/10", "-3/10", "2/7", "11/10", "23/10")))
DIGITS = 40

numbers = st.sampled_from([1, 2, 3, 5, Decimal("0.5"), Decimal("0.20"), Decimal("1.25"), Decimal("3.0")])
leaves = st.one_of(st.just(Letter("z")), st.just(Letter("z")), st.just(Letter("b")), st.builds(Constant, numbers))


def larger(inner: st.SearchStrategy[Formula]) -> st.SearchStrategy[Formula]:
    """Formulas around others."""
    several = st.lists(inner, min_size=2, max_size=3).map(tuple)
    one = st.tuples(inner)
    return st.one_of(
        st.builds(Sum, several),
        st.builds(Product, several),
        st.builds(Negation, inner),
        st.builds(Quotient, inner, inner),
        st.builds(Power, inner, st.integers(2, 3)),
        st.builds(Exponential, inner),
        st.builds(Call, st.sampled_from(("tanh", "sigmoid", "relu")), one),
        st.builds(Call, st.just("sqrt"), inner.map(square_and_one)),
        st.builds(Call, st.sampled_from(("max", "min")), st.tuples(inner, inner)),
    )


def square_and_one(inner: Formula) -> tuple[Formula]:
    """inner² + 1, which has a root"""
    return (Sum((Power(inner, 2), Constant(1))),)


formulas = st.recursive(leaves, larger, max_leaves=8)
"""Formulas of up to some ten operations."""


def no_leaf(quantity: object) -> Any:
    """These formulas refer to no quantity."""
    raise TypeError(f"a formula of letters refers to {quantity!r}")


def symbolic(formula: Formula) -> Any:
    """The SymPy expression of a formula, with the number for b."""
    return expression(formula, no_leaf).subs(B, SLOPE)


def value(formula: Any, point: Any) -> Any:
    """The value at a point, or None where there is none that is real and of a size to compare."""
    try:
        found = sympy.N(formula.subs(Z, point).doit(), DIGITS)
    except (TypeError, ValueError, MemoryError, OverflowError):  # complex numbers, and towers of e
        return None
    usual = found.is_number and found.is_real and abs(found) < sympy.Float("1e12")
    return found if usual and (not found or abs(found) > sympy.Float("1e-20")) else None


def near(one: Any, other: Any) -> bool:
    """Whether two values agree in 25 digits, of numbers near 0 in 25 decimals."""
    return bool(abs(one - other) <= sympy.Float("1e-25") * max(1, abs(one)))
