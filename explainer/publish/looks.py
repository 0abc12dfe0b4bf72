"""How the leaves of a formula look through a lens, and what follows from it for the signs and brackets around."""

import re
from decimal import Decimal
from fractions import Fraction

from explainer.explain.document import Lens
from explainer.maths.formula import (
    ATOMS,
    Call,
    Constant,
    Formula,
    Letter,
    Named,
    Negation,
    Number,
    Partial,
    Power,
    Quotient,
    Sum,
)
from explainer.maths.numerals import Numeral, as_written
from explainer.maths.quantity import Quantity
from explainer.trace.names import Applied, Slope, Symbol

WIDEST = 72
"""The longest row with its symbol, in characters of plain text; indices make it shorter in print."""

Look = Symbol | Slope | Numeral | Fraction
NAMES = (Symbol, Slope)


def look_of(atom: Formula, lens: Lens) -> Look:
    """How an atom looks through a lens."""
    if isinstance(atom, Quantity):
        return lens(atom)
    if isinstance(atom, Number):
        return atom.numeral
    if isinstance(atom, Constant):
        return atom.value if isinstance(atom.value, Fraction) else as_written(Decimal(atom.value))
    if isinstance(atom, Letter):
        return Symbol(*atom.name.partition("_")[::2])
    raise TypeError(f"not an atom: {atom!r}")


def is_zero(look: Look) -> bool:
    """Whether an atom looks like 0, which has no sign."""
    return isinstance(look, Numeral) and not look.digits


def is_number(look: Look | None) -> bool:
    """Whether an atom looks like a number; None is no atom."""
    return look is not None and not isinstance(look, NAMES)


def is_plain(term: Formula) -> bool:
    """Whether a term of a sum is a plain number, or one taken away, or the dots of several."""
    return isinstance(term.term if isinstance(term, Negation) else term, ATOMS)


ROUND, SQUARE = re.compile(r"\((?<!\^\{\()(?<!,\()"), re.compile(r"\[(?<!\^\{\[)(?<!\^\[)(?<!,\[)")
"""Brackets that group: not those that are part of a symbol, as in z^{(1)}, z^{(1),[2]} or z^[1]."""


def nesting(text: str) -> int:
    """How deep the brackets in a printed text are: 2 for square ones, 1 for round ones, 0 for none."""
    return 2 if SQUARE.search(text) else 1 if ROUND.search(text) else 0


def opens_bracket(text: str) -> bool:
    """Whether a printed factor starts with a bracket, so that nothing need stand before it."""
    return text.startswith(("(", "[", "{", r"\lbrace", r"\left"))


def look_apart(before: Look | None, look: Look | None) -> bool:
    """Whether two factors need a sign between them by their looks: derivatives, and a number that follows a name.

    o_4(−0.3) would read as a function of −0.3.
    """
    return isinstance(before, Slope) or isinstance(look, Slope) or (isinstance(before, Symbol) and is_number(look))


CLOSED = (Call, Named, Quotient, Partial)
"""Factors that a bracket behind them would seem to belong to, or that are high."""


def needs_dot(before: Formula, factor: Formula) -> bool:
    """Whether two factors need a sign between them: by a fraction, after a function or derivative, two numbers."""
    if isinstance(before, CLOSED) or isinstance(factor, Quotient):
        return True
    return isinstance(before, Constant) and isinstance(factor, Constant)


def stands_bare(factor: Formula, look: Look | None, following: Formula, next_look: Look | None) -> bool:
    """Whether a leading number needs no brackets, because something bracketed or a name follows."""
    if isinstance(look, Numeral) and look.scientific:
        return False
    if needs_dot(factor, following):
        return True
    if isinstance(factor, Constant) and not (isinstance(factor.value, Decimal) and isinstance(following, ATOMS)):
        return True
    if isinstance(next_look, NAMES):
        return not (isinstance(factor, Quantity) and isinstance(look, Numeral) and look.is_whole)
    return isinstance(following, (Sum, Power))


def is_single(symbol: Symbol) -> bool:
    """Whether a power after a symbol is one of all of it: not of a change Δw, nor after something raised."""
    whole = not isinstance(symbol, Applied) and not (symbol.base.startswith("Δ") and len(symbol.base) > 1)
    return whole and not symbol.above and is_short(symbol.below)


def is_short(below: str) -> bool:
    """Whether what stands below a symbol is a number or a letter, so that a power after it belongs to the symbol."""
    return len(below) < 2 or below.isdigit()
