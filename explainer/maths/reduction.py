"""Step-by-step reduction: from the numbers put in to the result, one kind of operation a line.

Each line is the formula with more of it worked out: the operations that are ready (their parts are
plain numbers) and of the kind whose turn it is each become a `Number`.
"""

from collections.abc import Callable, Iterator

from msgspec import Struct

from explainer.maths.arithmetic import SUBRESULTS, Arithmetic, Values, printed_value
from explainer.maths.formula import ATOMS, Constant, Formula, Inline, Negation, Number, parts, rebuilt
from explainer.maths.numerals import Numeral
from explainer.maths.quantity import Quantity

TURNS = ("sign", "function", "exp", "power", "product", "sum", "quotient")
"""The order in which kinds of operation are worked out where several are ready."""


class Reduction(Struct, frozen=True):
    """The reduction of formulas under one arithmetic, over the values and numerals of a trace."""

    arithmetic: Arithmetic
    values: Values
    numerals: Callable[[Quantity], Numeral]
    phase: str

    def lines(self, formula: Formula) -> Iterator[tuple[Formula, bool]]:
        """The lines after the substitution and before the result, each with whether it follows exactly.

        It does where the digits of every number worked out on it are just what the digits before give.
        """
        for line in self.together((formula,)):
            yield line[0]

    def together(self, formulas: tuple[Formula, ...]) -> Iterator[list[tuple[Formula, bool]]]:
        """The lines of several formulas in step: each goes its own way, and waits while it is not its turn."""
        while kinds := {kind for formula in formulas for kind in self.ready_kinds(formula)}:
            turn = min(kinds, key=TURNS.index)
            line = [self.inside(formula, turn) for formula in formulas]
            yield line
            formulas = tuple(formula for formula, _ in line)

    def ready_kinds(self, formula: Formula) -> Iterator[str]:
        """The kinds of the operations inside a formula that can be worked out next."""
        for part in parts(formula):
            kind = self.ready_kind(part)
            if kind:
                yield kind
            else:
                yield from self.ready_kinds(part)

    def ready_kind(self, formula: Formula) -> str | None:
        """The kind of this operation where it is ready, else None."""
        if isinstance(formula, ATOMS):
            return None
        if isinstance(formula, Inline):
            return self.ready_kind(formula.formula)
        if isinstance(formula, Negation):
            return "sign" if self.is_negative(formula.term) else None
        return SUBRESULTS[type(formula)] if all(map(self.is_plain, parts(formula))) else None

    def is_negative(self, formula: Formula) -> bool:
        """Whether a formula is an atom that prints with a minus sign."""
        match formula:
            case Quantity():
                return self.numerals(formula).negative
            case Number(_, numeral):
                return numeral.negative
            case Constant(value):
                return value < 0
        return False

    def is_plain(self, formula: Formula) -> bool:
        """Whether a formula is a number, or a minus sign before one that has none."""
        if isinstance(formula, Negation):
            return isinstance(formula.term, ATOMS) and not self.is_negative(formula.term)
        return isinstance(formula, ATOMS)

    def advanced(self, formula: Formula, turn: str) -> tuple[Formula, bool]:
        """The formula with every ready operation of one kind worked out, and whether all of them are exact."""
        if isinstance(formula, ATOMS):
            return formula, True
        if self.ready_kind(formula) != turn:
            return self.inside(formula, turn)
        number = self.worked(formula)
        value, exact = printed_value(formula, self.numerals)
        return number, exact and value == self.numeral_of(number).digits

    def inside(self, formula: Formula, turn: str) -> tuple[Formula, bool]:
        """The same for what is inside a formula."""
        advanced = [self.advanced(part, turn) for part in parts(formula)]
        return rebuilt(formula, tuple(part for part, _ in advanced)), all(exact for _, exact in advanced)

    def worked(self, formula: Formula) -> Formula:
        """The result of one ready operation, as it is written down and carried on."""
        if isinstance(formula, Inline):
            return formula.quantity
        arithmetic = self.arithmetic
        value = arithmetic.subresult(formula, self.values, self.phase)
        if isinstance(formula, Negation):
            numeral = self.numeral_of(formula.term)
            return Number(value, Numeral(numeral.digits.copy_negate(), numeral.exact, numeral.scientific))
        rounding = arithmetic.rounding(SUBRESULTS[type(formula)], self.phase)
        return Number(value, arithmetic.numeral(value, rounding))

    def numeral_of(self, atom: Formula) -> Numeral:
        """The numeral that prints an atom."""
        if isinstance(atom, Quantity):
            return self.numerals(atom)
        if isinstance(atom, Number):
            return atom.numeral
        raise TypeError(f"not a number of the calculation: {atom!r}")
