"""Formulas over whole arrays, in double precision: compiled once, a formula works out all entries together.

It is the arithmetic of the steps of a long training that nobody sees. What is compiled are the formulas of the
equations themselves; the tables say only what each operation and each named function is for an array.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from fractions import Fraction
from functools import reduce
from operator import itemgetter
from typing import Any

import numpy as np

from explainer.maths import binary
from explainer.maths.arithmetic import COMPARED
from explainer.maths.formula import (
    Call,
    Cases,
    Constant,
    Exponential,
    Formula,
    IndexedSum,
    Letter,
    Named,
    Negation,
    Power,
    Product,
    Quotient,
    Sum,
)
from explainer.maths.quantity import Quantity

Array = Any
"""A NumPy array of doubles, or a single number that stands for an array of it."""

Values = Sequence[Array]

Compiled = Callable[[Values], Array]
"""A formula as a function of the values of its variables, which are given in a fixed order."""

Variables = Sequence[Quantity | Letter]

ROW, ROWS = "s", Letter("S")
"""The index of any row of an array, where there is one for each sample, and their number."""


def compiled(formula: Formula, variables: Variables) -> Compiled:
    """The function that works a formula out, entry by entry, from the values of these variables.

    A sum over any row is one over all of them.

    Raises:
        KeyError: the formula refers to another quantity.
        TypeError: the formula has no value for arrays.
    """

    def inner(part: Formula) -> Compiled:
        return compiled(part, variables)

    match formula:
        case Quantity() | Letter():
            return itemgetter({each: at for at, each in enumerate(variables)}[formula])
        case Constant(value):
            number = float(value)
            return lambda values: number
        case Sum((first, *others)):
            return reduce(
                joined, ((isinstance(each, Negation), inner(unsigned(each))) for each in others), inner(first)
            )
        case Product(factors):
            return reduce(multiplied, map(inner, factors[1:]), inner(factors[0]))
        case Negation(term):
            turned = inner(term)
            return lambda values: -turned(values)
        case Quotient(above, below):
            return divided(inner(above), inner(below))
        case Power(base, exponent):
            raised, power = inner(base), float(exponent) if isinstance(exponent, Fraction) else exponent
            return lambda values: raised(values) ** power
        case Exponential(exponent):
            grown = inner(exponent)
            return lambda values: np.exp(grown(values))
        case IndexedSum(index, body, "") if index == ROW:
            return over_rows(inner(body))
        case Call(function, arguments):
            return called(ARRAYS[function], tuple(map(inner, arguments)))
        case Named(_, _, stands_for):
            return inner(stands_for)
        case Cases(arms, conditions):
            sides = [(inner(each.left), each.sign, inner(each.right)) for each in conditions]
            return chosen(tuple(map(inner, arms)), sides)
    raise TypeError(f"no value in arrays for {formula!r}")


class Lines:
    """Lines compiled one after the other, each a quantity and what it is: from what is given and the lines before."""

    def __init__(self, given: Variables, lines: Iterable[tuple[Quantity, Formula]]) -> None:
        self.names = [*given]
        self.lines: list[Compiled] = []
        for quantity, formula in lines:
            self.lines.append(compiled(formula, self.names))
            self.names.append(quantity)

    def __call__(self, *given: Array) -> list[Array]:
        """The values of all that is given, and then of every line."""
        values = [*given]
        for line in self.lines:
            values.append(line(values))
        return values


def unsigned(term: Formula) -> Formula:
    """A term without the sign before it."""
    return term.term if isinstance(term, Negation) else term


def joined(one: Compiled, term: tuple[bool, Compiled]) -> Compiled:
    """one + other, or where the other is negative one − other"""
    negative, other = term
    return taken_off(one, other) if negative else added(one, other)


def added(one: Compiled, other: Compiled) -> Compiled:
    """one + other"""
    return lambda values: one(values) + other(values)


def taken_off(one: Compiled, other: Compiled) -> Compiled:
    """one − other"""
    return lambda values: one(values) - other(values)


def multiplied(one: Compiled, other: Compiled) -> Compiled:
    """one · other"""
    return lambda values: one(values) * other(values)


def divided(above: Compiled, below: Compiled) -> Compiled:
    """above / below"""
    return lambda values: np.divide(above(values), below(values))


def over_rows(term: Compiled) -> Compiled:
    """Σ_s term"""
    return lambda values: np.add.reduce(term(values), axis=0)


def called(function: Callable[..., Array], arguments: tuple[Compiled, ...]) -> Compiled:
    """function(arguments[0], …)"""
    if len(arguments) == 1:
        (argument,) = arguments
        return lambda values: function(argument(values))
    return lambda values: function(*(each(values) for each in arguments))


def chosen(arms: tuple[Compiled, ...], conditions: Sequence[tuple[Compiled, str, Compiled]]) -> Compiled:
    """In every entry the arm whose condition holds first, else the last."""

    def choose(values: Values) -> Array:
        found = arms[-1](values)
        for arm, (left, sign, right) in zip(reversed(arms[:-1]), reversed(conditions), strict=True):
            found = np.where(COMPARED[sign](left(values), right(values)), arm(values), found)
        return found

    return choose


def sigmoid(z: Array) -> Array:
    """1 / (1 + e^−z), without overflow"""
    grown = np.exp(-np.abs(z))
    return np.where(z >= 0, 1.0, grown) / (1 + grown)


def swish_slope(z: Array, inner: Array, inner_slope: Array) -> Array:
    """The derivative of z σ(u): σ(u) + z σ(u) σ(−u) u′"""
    return sigmoid(inner) * (1 + z * sigmoid(-inner) * inner_slope)


def gelu_tanh_slope(z: Array) -> Array:
    """½ (1 + tanh u) + ½ z (1 − tanh² u) u′"""
    inner, slope = binary.gelu_inner(z)
    return swish_slope(z, 2 * inner, 2 * slope)


def density(z: Array) -> Array:
    """φ(z) = e^(−z²/2) / √(2π)"""
    return np.exp(-z * z / 2) / binary.ROOT_TWO_PI


def distribution(z: Array) -> Array:
    """Φ(z); NumPy has no error function, so entry by entry"""
    return np.asarray(ENTRY_BY_ENTRY(z), float)


ENTRY_BY_ENTRY = np.frompyfunc(binary.distribution, 1, 1)


def softmax(z: Array, layer: Array) -> Array:
    """e^z / Σ e^z over the last axis of the layer, the largest taken off each"""
    largest = layer.max(axis=-1, keepdims=True)
    return np.exp(z - largest) / np.exp(layer - largest).sum(axis=-1, keepdims=True)


def below_zero(z: Array) -> Array:
    """z where it is negative, else 0, so that e^z stays in range"""
    return np.minimum(z, 0.0)


def huber(error: Array, width: float) -> Array:
    """½ e² for |e| ≤ width d, else d (|e| − ½ d)"""
    size = np.abs(error)
    return np.where(size <= width, error * error / 2, width * (size - width / 2))


def cosine_of_half_turns(z: Array) -> Array:
    """cos πz, exactly 0 halfway"""
    folded = np.abs(np.mod(z + 1, 2) - 1)
    return np.where(folded == 0.5, 0.0, np.cos(np.pi * folded))


ARRAYS: Mapping[str, Callable[..., Array]] = {
    "sigmoid": sigmoid,
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(z, 0.0),
    "relu'": lambda z: np.where(z > 0, 1.0, 0.0),
    "leaky-relu": lambda z, slope: np.maximum(slope * z, z),
    "leaky-relu'": lambda z, slope: np.where(z > 0, 1.0, slope),
    "elu": lambda z, alpha: np.where(z > 0, z, alpha * np.expm1(below_zero(z))),
    "elu'": lambda z, alpha: np.where(z > 0, 1.0, alpha * np.exp(below_zero(z))),
    "softplus": lambda z: np.maximum(z, 0.0) + np.log1p(np.exp(-np.abs(z))),
    "gelu": lambda z: z * distribution(z),
    "gelu'": lambda z: distribution(z) + z * density(z),
    "gelu-tanh": lambda z: z * sigmoid(2 * binary.gelu_inner(z)[0]),
    "gelu-tanh'": gelu_tanh_slope,
    "cubic": lambda z: binary.gelu_inner(z)[0],
    "cubic'": lambda z: binary.gelu_inner(z)[1],
    "silu": lambda z: z * sigmoid(z),
    "silu'": lambda z: swish_slope(z, z, 1),
    "step": lambda z: np.where(z >= 0, 1.0, 0.0),
    "normal": distribution,
    "density": density,
    "root-two-pi": lambda: binary.ROOT_TWO_PI,
    "root-two-over-pi": lambda: binary.ROOT_TWO_OVER_PI,
    "softmax": softmax,
    "ln": np.log,
    "huber": huber,
    "huber'": lambda error, width: np.clip(error, -width, width),
    "sign": np.sign,
    "max": np.maximum,
    "min": np.minimum,
    "abs": np.abs,
    "cos": cosine_of_half_turns,
    "sqrt": np.sqrt,
}
"""Every named function for arrays."""
