"""Closed forms: a formula in which all that is rational is worked out, one kind of operation a line.

What is no fraction keeps its name: o_4 (−3/10) + 1/10 becomes −(3/10) o_4 + 1/10, and stays that.
"""

from collections.abc import Iterator
from fractions import Fraction

from msgspec import Struct

from explainer.maths.arithmetic import SUBRESULTS, Arithmetic, Value, Values
from explainer.maths.exact import ONE, PIECEWISE, ZERO, fraction, is_readable
from explainer.maths.formula import (
    Call,
    Constant,
    Elision,
    Formula,
    Inline,
    Negation,
    Number,
    Product,
    Sum,
    is_atom,
    parts,
    product,
    rebuilt,
    total,
)
from explainer.maths.quantity import Quantity
from explainer.maths.reduction import TURNS


class Closing(Struct, frozen=True):
    """Works a formula towards its closed form, over the values of exact arithmetic."""

    arithmetic: Arithmetic
    values: Values
    phase: str

    def lines(self, formula: Formula) -> Iterator[Formula]:
        """The lines after the numbers were put in; where the whole is a fraction, without that result."""
        formula = spelled_out(formula)
        whole = not is_readable(self.value(formula))
        while turns := set(self.turns(formula, whole=whole)):
            formula = self.advanced(formula, min(turns, key=TURNS.index))
            yield formula

    def value(self, formula: Formula) -> Value:
        """The value of a formula."""
        return self.arithmetic.evaluate(formula, self.values, self.phase)

    def turns(self, formula: Formula, *, whole: bool = True) -> Iterator[str]:
        """The kinds of operations that can be worked out next: those inside, else the formula's own."""
        inside = [turn for part in parts(formula) for turn in self.turns(part)]
        if inside:
            yield from inside
        elif whole and self.worked(formula) is not None:
            yield kind(formula)

    def advanced(self, formula: Formula, turn: str) -> Formula:
        """The formula with every operation of one kind whose turn it is worked out."""
        if not any(True for part in parts(formula) for _ in self.turns(part)):
            worked = self.worked(formula)
            return worked if worked is not None and kind(formula) == turn else formula
        inner = tuple(self.advanced(part, turn) for part in parts(formula))
        return self.tidied(rebuilt(formula, inner))

    def worked(self, formula: Formula) -> Formula | None:
        """The formula with its own operation worked out as far as fractions go; None where that is nowhere."""
        if is_atom(formula):
            return None
        fractions = [self.rational(part) for part in parts(formula)]
        if isinstance(formula, Negation):
            negative = fractions[0] is not None and fractions[0] < 0
            return number(-fractions[0]) if fractions[0] is not None and negative else None
        if None not in fractions:
            value = self.value(formula)
            return number(value) if is_readable(value) else None
        match formula:
            case Sum(terms):
                return self.gathered(terms, fractions)
            case Product(factors):
                return None if self.leads(factors, fractions) else self.collected(factors)
            case Call(function, arguments) if function in PIECEWISE:
                return self.chosen(formula, arguments)
        return None

    def rational(self, formula: Formula) -> Fraction | None:
        """The fraction that an atom, or a minus sign before one, is worth; None where it has to be called by name."""
        match formula:
            case Quantity() | Constant() | Elision():
                value = self.value(formula)
                return value if is_readable(value) else None
            case Number(value, _):
                return Fraction(value)
            case Negation(term) if is_atom(term):
                found = self.rational(term)
                return None if found is None else -found
        return None

    def gathered(self, terms: tuple[Formula, ...], fractions: list[Fraction | None]) -> Formula | None:
        """A sum with its fractions added up, in the place of the first; without them where they are 0."""
        places = [place for place, found in enumerate(fractions) if found is not None]
        added = sum((found for found in fractions if found is not None), ZERO)
        if len(places) < 2 or not is_readable(added) or any(isinstance(term, Elision) for term in terms):
            return None
        kept = [
            number(added) if place == places[0] else term for place, term in enumerate(terms) if place not in places[1:]
        ]
        return self.tidied(Sum(tuple(kept)))

    @staticmethod
    def leads(factors: tuple[Formula, ...], fractions: list[Fraction | None]) -> bool:
        """Whether a product has at most one fraction, which stands first, positive but for a sign before it."""
        first, *others = fractions
        nested = any(isinstance(factor, Negation | Product) for factor in factors[1:])
        if nested or any(found is not None for found in others):
            return False
        if first is None:
            return not isinstance(factors[0], Negation | Product)
        return abs(first) not in (ZERO, ONE) and (first > 0) != isinstance(factors[0], Negation)

    def collected(self, factors: tuple[Formula, ...]) -> Formula | None:
        """A product with its fractions multiplied and in front, and the sign before them all."""
        coefficient, others = ONE, []
        waiting = list(factors)
        while waiting:
            factor = waiting.pop(0)
            found = self.rational(factor)
            if found is not None:
                coefficient *= found
            elif isinstance(factor, Negation):
                coefficient = -coefficient
                waiting.insert(0, factor.term)
            elif isinstance(factor, Product):
                waiting = [*factor.factors, *waiting]
            else:
                others.append(factor)
        if not coefficient:
            return number(ZERO)
        if not is_readable(coefficient):
            return None
        leading = [] if abs(coefficient) == 1 else [number(abs(coefficient))]
        size = product(*leading, *others)
        return Negation(size) if coefficient < 0 else size

    def chosen(self, formula: Formula, arguments: tuple[Formula, ...]) -> Formula | None:
        """What a function such as max gives: a fraction, or the argument that it gives back."""
        value = self.value(formula)
        if is_readable(value):
            return number(value)
        return next((each for each in arguments if is_atom(each) and self.value(each) == value), None)

    def tidied(self, formula: Formula) -> Formula:
        """A sum without zeros and with a minus sign before what is negative; no sign before a sign."""
        match formula:
            case Negation(Negation(term)):
                return term
            case Sum(terms):
                kept = [self.signed(term) for term in terms if self.rational(term) != 0]
                return total(tuple(kept)) if kept else number(ZERO)
        return formula

    def signed(self, term: Formula) -> Formula:
        """A term of a sum: a negative fraction as one that is taken away."""
        found = self.rational(term) if is_atom(term) and not isinstance(term, Elision) else None
        return term if found is None or found > 0 else Negation(number(-found))


def number(value: Fraction) -> Number:
    """A fraction that was worked out."""
    return Number(value, fraction(value))


def kind(formula: Formula) -> str:
    """The kind of operation that a formula is."""
    return "sign" if isinstance(formula, Negation) else SUBRESULTS[type(formula)]


def spelled_out(formula: Formula) -> Formula:
    """The formula with what is written out in it as a part of it, and no product within a product."""
    if is_atom(formula):
        return formula
    if isinstance(formula, Inline):
        return spelled_out(formula.formula)
    inner = tuple(map(spelled_out, parts(formula)))
    return product(*inner) if isinstance(formula, Product) else rebuilt(formula, inner)
