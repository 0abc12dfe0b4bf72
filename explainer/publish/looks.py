"""How the leaves of a formula look through a lens, and what follows from it for the signs and brackets around."""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any

from explainer.explain.document import Lens
from explainer.maths.formula import (
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
    is_atom,
)
from explainer.maths.numerals import Numeral, as_written
from explainer.maths.quantity import Quantity
from explainer.trace.names import Applied, Slope, Symbol

NAME = 14
"""The room that a name and its relation take at most, but for long ones."""

WIDEST = 72
"""The longest row with its symbol, in characters of plain text; indices make it shorter in print."""

Look = Symbol | Slope | Numeral | Fraction
NUMBERS = (Numeral, Fraction)
SYMBOLS = (Symbol, Applied)
NAMES = (*SYMBOLS, Slope)

LOOKS: Mapping[type, Callable[[Any, Lens], Look]] = {
    Quantity: lambda quantity, lens: lens(quantity),
    Number: lambda number, _: number.numeral,
    Constant: lambda it, _: it.value if type(it.value) is Fraction else as_written(Decimal(it.value)),
    Letter: lambda letter, _: Symbol(*letter.name.partition("_")[::2]),
}
"""How each kind of atom looks."""


def look_of(atom: Formula, lens: Lens) -> Look:
    """How an atom looks through a lens."""
    return LOOKS[type(atom)](atom, lens)


def is_zero(look: Look) -> bool:
    """Whether an atom looks like 0, which has no sign."""
    return type(look) is Numeral and not look.digits


def is_number(look: Look | None) -> bool:
    """Whether an atom looks like a number; None is no atom."""
    return type(look) in NUMBERS


def is_plain(term: Formula) -> bool:
    """Whether a term of a sum is a plain number, or one taken away, or the dots of several."""
    return is_atom(term.term if type(term) is Negation else term)


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
    return Slope in (type(before), type(look)) or (type(before) in SYMBOLS and is_number(look))


CLOSED = (Call, Named, Quotient, Partial)
"""Factors that a bracket behind them would seem to belong to, or that are high."""


def needs_dot(before: Formula, factor: Formula) -> bool:
    """Whether two factors need a sign between them: by a fraction, after a function or derivative, two numbers."""
    if type(before) in CLOSED or type(factor) is Quotient:
        return True
    return type(before) is type(factor) is Constant


def stands_bare(factor: Formula, look: Look | None, following: Formula, next_look: Look | None) -> bool:
    """Whether a leading number needs no brackets, because something bracketed or a name follows."""
    if isinstance(look, Numeral) and look.scientific:
        return False
    if needs_dot(factor, following):
        return True
    if type(factor) is Constant and not (isinstance(factor.value, Decimal) and is_atom(following)):
        return True
    if type(next_look) in NAMES:
        return not (isinstance(factor, Quantity) and isinstance(look, Numeral) and look.is_whole)
    return type(following) in (Sum, Power)


def is_single(symbol: Symbol) -> bool:
    """Whether a power after a symbol is one of all of it: not of a change Δw, nor after something raised."""
    whole = not isinstance(symbol, Applied) and not (symbol.base.startswith("Δ") and len(symbol.base) > 1)
    return whole and not symbol.above and is_short(symbol.below)


def is_short(below: str) -> bool:
    """Whether what stands below a symbol is a number or a letter, so that a power after it belongs to the symbol."""
    return len(below) < 2 or below.isdigit()
