"""Formulas: a small tree that keeps the layout of a hand calculation.

The order of terms and factors, repeated factors and brackets stay as written; nothing is simplified.
A `Quantity` is a leaf as it stands. How a leaf looks, by its name or by its value, is a matter of the
lens a formula is read through, so a formula is never rewritten to be displayed.
"""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from itertools import chain
from operator import attrgetter
from typing import Any, Literal, TypeGuard

from msgspec import Struct

from explainer.maths.numerals import Numeral
from explainer.maths.quantity import Quantity


class Node(Struct, frozen=True, gc=False):
    """One node of a tree. It holds no cycles, so the garbage collector is kept off the many there are."""


class Constant(Node, frozen=True):
    """A number that belongs to the law itself, such as the 1 in 1 − o or the ½ of a loss."""

    value: Fraction | Decimal | int


class Letter(Node, frozen=True):
    """A letter that stands for any number, in the statement of a function: its z, or a parameter; it has no value."""

    name: str


class Number(Node, frozen=True):
    """A sub-result worked out on the way: the value carried on, and the numeral that prints it."""

    value: Any
    numeral: Numeral


class Sum(Node, frozen=True):
    """terms[0] + terms[1] + …; a subtracted term is a `Negation`."""

    terms: tuple["Formula", ...]


class Product(Node, frozen=True):
    """factors[0] · factors[1] · …"""

    factors: tuple["Formula", ...]


class Negation(Node, frozen=True):
    """−term"""

    term: "Formula"


class Quotient(Node, frozen=True):
    """numerator / denominator"""

    numerator: "Formula"
    denominator: "Formula"


class Power(Node, frozen=True):
    """base ** exponent, for a whole exponent or a fraction such as −3/2"""

    base: "Formula"
    exponent: int | Fraction


class AnyPower(Node, frozen=True):
    """base ** exponent for any whole exponent, a letter; where equations in letters are checked, 3 is put in for it."""

    base: "Formula"
    exponent: str


class Exponential(Node, frozen=True):
    """e ** exponent"""

    exponent: "Formula"


class Call(Node, frozen=True):
    """A named function of its arguments, such as σ(net) or max(0, net)."""

    function: str
    arguments: tuple["Formula", ...]


class Comparison(Node, frozen=True):
    """left > right, and the like: whether it holds is a matter of values; it is no formula itself."""

    left: "Formula"
    sign: Literal[">", "<", "≤", "≥"]
    right: "Formula"


class Cases(Node, frozen=True):
    """arms[0] where conditions[0] holds, else arms[1] where conditions[1] does, …, else the last arm."""

    arms: tuple["Formula", ...]
    conditions: tuple[Comparison, ...]


class IndexedSum(Node, frozen=True):
    """Σ over an index, for stating a law for any unit; it has no value of its own.

    The term at `without`, another index, is left out: Σ_{m ≠ k}.
    """

    index: str
    body: "Formula"
    without: str = ""


class Inline(Node, frozen=True):
    """A quantity written out by the formula that defines it; worked out, it becomes the quantity again."""

    quantity: Quantity
    formula: "Formula"


class Elision(Node, frozen=True):
    """The terms left out of a long sum: dots on the page, their sum in every calculation."""

    terms: tuple["Formula", ...]


class Signed(Node, frozen=True):
    """A difference printed with its sign, + included."""

    number: "Formula"


class Partial(Node, frozen=True):
    """∂of/∂by, for stating and deriving a law, or df/dz of a function of a letter; it has no value of its own."""

    of: "Formula"
    by: "Formula"


class Named(Node, frozen=True):
    """A function that a problem defines, by its sign, such as f(net) or f′(net); its value is that of the formula.

    Only the first argument is printed; the others are what else the formula refers to.
    """

    sign: str
    arguments: tuple["Formula", ...]
    formula: "Formula"


class Prime(Node, frozen=True):
    """The derivative of a formula that is not worked out yet: (1 + e^−z)′; it has no value of its own."""

    formula: "Formula"


class Array(Node, frozen=True):
    """The vector or matrix of certain quantities: through names its own name, through numbers its entries.

    `whole` is the quantity without its indices. At most `fit` rows and columns are printed, transposed or not.
    """

    whole: Quantity
    rows: tuple[tuple[Quantity, ...], ...]
    fit: tuple[int, int]


class Grid(Node, frozen=True):
    """A matrix written out, entry by entry; its `shape` is larger than its rows where some are left out."""

    rows: "Rows"
    shape: tuple[int, int]


class Ones(Node, frozen=True):
    """A column of so many ones."""

    size: int


class Transposed(Node, frozen=True):
    """arrayᵀ"""

    array: Array | Ones


class Braced(Node, frozen=True):
    """A matrix with its dimensions written under a brace."""

    matrix: "Array | Grid | Transposed"


class MatrixProduct(Node, frozen=True):
    """factors[0] factors[1] …, row by column; a leading factor may be a number."""

    factors: tuple["Formula", ...]


class Hadamard(Node, frozen=True):
    """factors[0] ⊙ factors[1] ⊙ …, entry by entry"""

    factors: tuple["Formula", ...]


class SlopeOf(Node, frozen=True):
    """f′(z) for a call f(z), stated by its name."""

    call: Call


Formula = (
    Quantity
    | Constant
    | Letter
    | Number
    | Sum
    | Product
    | Negation
    | Quotient
    | Power
    | AnyPower
    | Exponential
    | Call
    | Cases
    | IndexedSum
    | Inline
    | Elision
    | Signed
    | Partial
    | Named
    | Prime
    | Array
    | Grid
    | Ones
    | Transposed
    | Braced
    | MatrixProduct
    | Hadamard
    | SlopeOf
)

Rows = tuple[tuple[Formula, ...], ...]
"""The entries of a matrix, row by row."""

Atom = Quantity | Constant | Letter | Number | Elision

ATOMS = frozenset({Quantity, Constant, Letter, Number, Elision})


def is_atom(formula: Formula) -> TypeGuard[Atom]:
    """Whether a formula is a leaf; no class of formulas has others below it, so its own class tells, and quickly."""
    return type(formula) in ATOMS


PARTS: dict[type, Callable[[Any], tuple[Formula, ...]]] = {
    Quantity: lambda it: (),
    Constant: lambda it: (),
    Letter: lambda it: (),
    Number: lambda it: (),
    Elision: lambda it: (),
    Sum: attrgetter("terms"),
    Product: attrgetter("factors"),
    Quotient: attrgetter("numerator", "denominator"),
    Negation: lambda it: (it.term,),
    Power: lambda it: (it.base,),
    AnyPower: lambda it: (it.base,),
    Exponential: lambda it: (it.exponent,),
    Call: attrgetter("arguments"),
    Cases: lambda it: (*it.arms, *(side for each in it.conditions for side in (each.left, each.right))),
    IndexedSum: lambda it: (it.body,),
    Inline: lambda it: (it.formula,),
    Signed: lambda it: (it.number,),
    Partial: attrgetter("of", "by"),
    Named: attrgetter("arguments"),
    Prime: lambda it: (it.formula,),
    Array: lambda it: tuple(chain.from_iterable(it.rows)),
    Grid: lambda it: tuple(chain.from_iterable(it.rows)),
    Ones: lambda it: (),
    Transposed: lambda it: (it.array,),
    Braced: lambda it: (it.matrix,),
    MatrixProduct: attrgetter("factors"),
    Hadamard: attrgetter("factors"),
    SlopeOf: lambda it: (it.call,),
}
"""What is directly inside each kind of node."""

ZERO, ONE = Constant(0), Constant(1)


def parts(formula: Formula) -> tuple[Formula, ...]:
    """The formulas directly inside this one, in reading order."""
    return PARTS[type(formula)](formula)


def rebuilt(formula: Formula, inner: tuple[Formula, ...]) -> Formula:
    """The same formula around other parts, given in the order of `parts`."""
    match formula:
        case Quantity() | Constant() | Letter() | Number() | Elision() | Ones():
            return formula
        case Sum() | Product():
            return type(formula)(inner)
        case Quotient() | Negation() | Exponential() | Signed() | Partial() | Prime():
            return type(formula)(*inner)
        case Power(_, exponent):
            return Power(inner[0], exponent)
        case AnyPower(_, letter):
            return AnyPower(inner[0], letter)
        case Call(function, _):
            return Call(function, inner)
        case Cases(arms, conditions):
            sides = iter(inner[len(arms) :])
            compared = tuple(Comparison(next(sides), each.sign, next(sides)) for each in conditions)
            return Cases(inner[: len(arms)], compared)
        case IndexedSum(index, _, without):
            return IndexedSum(index, inner[0], without)
        case Inline(quantity, _):
            return Inline(quantity, *inner)
        case Named(sign, _, stands_for):
            return Named(sign, inner, stands_for)
    raise TypeError(f"not a formula: {formula!r}")


def walk(formula: Formula) -> Iterator[Formula]:
    """A formula and everything inside it, in reading order."""
    waiting = [formula]
    while waiting:
        part = waiting.pop()
        yield part
        waiting += parts(part)[::-1]


def quantities(formula: Formula) -> Iterator[Quantity]:
    """Every quantity a formula refers to, in reading order, repetitions included."""
    waiting = [formula]
    while waiting:
        part = waiting.pop()
        if type(part) is Quantity:
            yield part
        else:
            waiting.extend(reversed(part.terms if type(part) is Elision else parts(part)))


def put_in(formula: Formula, values: Mapping[str, Formula]) -> Formula:
    """The formula with others in place of its letters; a factor that becomes 1 is left out."""
    if isinstance(formula, Letter):
        return values.get(formula.name, formula)
    inner = tuple(put_in(part, values) for part in parts(formula))
    return product(*inner) if isinstance(formula, Product) and ONE in inner else rebuilt(formula, inner)


def total(terms: tuple[Formula, ...]) -> Formula:
    """The sum of the terms, or the term itself where there is only one; of none, 0."""
    if not terms:
        return ZERO
    return terms[0] if len(terms) == 1 else Sum(terms)


def product(*factors: Formula) -> Formula:
    """The product of the factors: ones left out, nested products joined, a lone factor as it is."""
    flat: list[Formula] = []
    for factor in factors:
        if type(factor) is Product:
            flat.extend(factor.factors)
        elif type(factor) is not Constant or factor != ONE:
            flat.append(factor)
    if not flat:
        return ONE
    return flat[0] if len(flat) == 1 else Product(tuple(flat))


def negated(formula: Formula) -> Formula:
    """−formula, without a sign before a sign"""
    return formula.term if isinstance(formula, Negation) else Negation(formula)


def difference(left: Formula, right: Formula) -> Formula:
    """left − right"""
    return Sum((left, Negation(right)))


def cases(arm: Formula, left: Formula, sign: Literal[">", "<", "≤", "≥"], right: Formula, other: Formula) -> Formula:
    """arm where left > right, or whatever the sign is, else the other"""
    return Cases((arm, other), (Comparison(left, sign, right),))


def fraction(numerator: int, denominator: int | Letter) -> Formula:
    """A constant such as ½, whole where it is whole; 1/n where the number is left open."""
    if isinstance(denominator, Letter):
        return Quotient(Constant(numerator), denominator)
    value = Fraction(numerator, denominator)
    return Constant(value.numerator if value.denominator == 1 else value)
