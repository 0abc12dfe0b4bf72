"""How the leaves of a formula look through a lens, and what follows from it for the signs and brackets around."""

from decimal import Decimal
from fractions import Fraction

from explainer.explain.document import Lens
from explainer.maths.formula import (
    ATOMS,
    Call,
    Constant,
    Elision,
    Formula,
    Letter,
    Named,
    Negation,
    Number,
    Partial,
    Quotient,
)
from explainer.maths.numerals import Numeral, as_written
from explainer.maths.quantity import Quantity
from explainer.trace.names import Slope, Symbol


def look_of(atom: Formula, lens: Lens) -> Symbol | Slope | Numeral | Fraction:
    """How an atom looks through a lens."""
    if isinstance(atom, Quantity):
        return lens(atom)
    if isinstance(atom, Letter):
        return Symbol(*atom.name.partition("_")[::2])
    if isinstance(atom, Number):
        return atom.numeral
    if isinstance(atom, Constant):
        return atom.value if isinstance(atom.value, Fraction) else as_written(Decimal(atom.value))
    raise TypeError(f"not an atom: {atom!r}")


def is_zero(look: Symbol | Slope | Numeral | Fraction) -> bool:
    """Whether an atom looks like 0, which has no sign."""
    return isinstance(look, Numeral) and not look.digits


def is_plain(term: Formula) -> bool:
    """Whether a term of a sum is a plain number, or one taken away."""
    if isinstance(term, Elision):
        return True
    if isinstance(term, Negation):
        return isinstance(term.term, ATOMS)
    return isinstance(term, ATOMS)


def opens_bracket(text: str) -> bool:
    """Whether a printed factor starts with a bracket, so that nothing need stand before it."""
    return text.startswith(("(", "[", "{", r"\lbrace", r"\left"))


def needs_dot(before: Formula, factor: Formula) -> bool:
    """Whether two factors need a sign between them: by a fraction, after a function or derivative, two numbers."""
    if isinstance(before, Call | Named | Quotient | Partial) or isinstance(factor, Quotient):
        return True
    return isinstance(before, Constant) and isinstance(factor, Constant)


def is_short(below: str) -> bool:
    """Whether what stands below a symbol is a number or a letter, so that a power after it belongs to the symbol."""
    return len(below) < 2 or below.isdigit()
