"""Breadth: how many characters a formula of matrices takes on a page with its numbers put in, about."""

from collections.abc import Callable

from explainer.maths.formula import (
    Array,
    Call,
    Constant,
    Elision,
    Formula,
    Grid,
    Hadamard,
    Negation,
    Number,
    Quotient,
    Sum,
    Transposed,
    parts,
)
from explainer.maths.matrix import visible
from explainer.maths.numerals import Numeral
from explainer.maths.quantity import Quantity

DOTS = 16
"""The width of the dots of a long sum."""

Numerals = Callable[[Quantity], Numeral]


def breadth(formula: Formula, numerals: Numerals) -> int:
    """The widest piece of a formula that has to stay on one line: lines are broken before + and ⊙."""
    match formula:
        case Sum(terms):
            return max(breadth(each, numerals) for each in terms)
        case Negation(Hadamard(factors)) | Hadamard(factors):
            return max(width(each, numerals) for each in factors)
    return width(formula, numerals)


def width(formula: Formula, numerals: Numerals, *, in_cell: bool = False) -> int:
    """The width of a formula on one line; in a cell of a matrix, where fractions have no bar."""
    match formula:
        case Quantity():
            return digits(numerals(formula))
        case Number(_, numeral):
            return digits(numeral)
        case Constant(value):
            return len(str(value))
        case Elision():
            return DOTS
        case Array(_, rows, fit):
            return width(visible(rows, fit), numerals)
        case Transposed(Array(_, rows, fit)):
            return width(visible(tuple(zip(*rows, strict=True)), fit), numerals)
        case Grid(rows, size):
            columns = zip(*rows, strict=True)
            dots = 3 if len(rows[0]) < size[1] else 0
            return (
                dots + 2 + sum(2 + max(width(entry, numerals, in_cell=True) for entry in column) for column in columns)
            )
        case Negation(term):
            return 1 + width(term, numerals, in_cell=in_cell)
        case Quotient(above, below) if not in_cell:
            return 1 + max(width(above, numerals), width(below, numerals))
    between = 2 if isinstance(formula, Call) else 3
    inner = parts(formula)
    return sum(width(part, numerals, in_cell=in_cell) for part in inner) + between * max(1, len(inner) - 1)


def digits(numeral: Numeral) -> int:
    """How many characters a number takes."""
    written, power = numeral.parts()
    return len(written) + numeral.negative + (len(f" 10^{power}") if power else 0)
