"""Step-by-step reduction: from the numbers put in to the result, one kind of operation a line.

Each line is the formula with more of it worked out: the operations that are ready (their parts are
plain numbers) and of the kind whose turn it is each become a `Number`.
"""

from collections.abc import Callable, Iterator, Mapping

from msgspec import Struct

from explainer.maths.arithmetic import SUBRESULTS, Arithmetic, Values, printed_value
from explainer.maths.formula import Constant, Formula, Inline, Negation, Number, Product, Sum, is_atom, parts, walk
from explainer.maths.numerals import Numeral
from explainer.maths.quantity import Quantity
from explainer.maths.rewriting import replaced

TURNS = ("sign", "share", "exp", "power", "product", "sum", "function", "quotient")
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
        while any(ready := [list(self.ready(formula)) for formula in formulas]):
            turn = min((kind for each in ready for kind, _ in each), key=TURNS.index)
            line = [
                self.advanced(formula, [operation for kind, operation in each if kind == turn])
                for formula, each in zip(formulas, ready, strict=True)
            ]
            yield line
            formulas = tuple(formula for formula, _ in line)

    def ready(self, formula: Formula) -> Iterator[tuple[str, Formula]]:
        """The operations inside a formula that can be worked out next, each with its kind."""
        for part in parts(formula):
            if kind := self.ready_kind(part):
                yield kind, part
            elif not is_atom(part):
                yield from self.ready(part)

    def ready_kind(self, formula: Formula) -> str | None:
        """The kind of this operation where it is ready, else None."""
        if is_atom(formula):
            return None
        if type(formula) is Inline:
            return self.ready_kind(formula.formula)
        if type(formula) is Negation:
            return "sign" if self.is_negative(formula.term) else None
        if type(formula) is Sum and all(map(is_set, formula.terms)):
            return "share"
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
        if type(formula) is Negation:
            return is_atom(formula.term) and not self.is_negative(formula.term)
        return is_atom(formula)

    def advanced(self, formula: Formula, operations: list[Formula]) -> tuple[Formula, bool]:
        """The formula with these operations inside it worked out, and whether all of them are exact."""
        results = [self.worked(operation) for operation in operations]
        exact = all(map(self.is_exact, operations, results))
        new = dict(zip(map(id, operations), results, strict=True))
        turned = self.turned(formula, new) if any(map(self.is_negative, results)) else {}
        return turned.get(id(formula)) or replaced(formula, {**new, **turned}), exact

    def turned(self, formula: Formula, new: Mapping[int, Formula]) -> dict[int, Formula]:
        """Minus signs before what has just become negative: −(0.5)(−0.3) is 0.15, since nobody writes −(−0.15)."""
        signs = (each for each in walk(formula) if type(each) is Negation and id(each.term) in new)
        results = {id(each): new[id(each.term)] for each in signs}
        return {sign: self.worked(Negation(result)) for sign, result in results.items() if self.is_negative(result)}

    def is_exact(self, operation: Formula, result: Formula) -> bool:
        """Whether the digits of a result are just what the digits of an operation give."""
        value, exact = printed_value(operation, self.numerals)
        number = result.term if type(result) is Negation else result
        return exact and value == self.numeral_of(number).digits

    def worked(self, formula: Formula) -> Formula:
        """The result of one ready operation, as it is written down and carried on; what is taken away stays so."""
        result = self.result(formula)
        taken = is_taken_away(formula.formula if type(formula) is Inline else formula)
        return Negation(result) if taken and not self.numeral_of(result).digits else result

    def result(self, formula: Formula) -> Quantity | Number:
        """The number that an operation gives."""
        if type(formula) is Inline:
            return formula.quantity
        arithmetic = self.arithmetic
        value = arithmetic.subresult(formula, self.values, self.phase)
        if type(formula) is Negation:
            numeral = self.numeral_of(formula.term)
            return Number(value, Numeral(numeral.digits.copy_negate(), numeral.exact, numeral.scientific))
        rounding = arithmetic.rounding(SUBRESULTS[type(formula)], self.phase)
        return Number(value, arithmetic.numeral(value, rounding))

    def numeral_of(self, atom: Formula) -> Numeral:
        """The numeral that prints an atom."""
        if type(atom) is Quantity:
            return self.numerals(atom)
        if type(atom) is Number:
            return atom.numeral
        raise TypeError(f"not a number of the calculation: {atom!r}")


def is_set(term: Formula) -> bool:
    """Whether a term is no matter of the calculation: a constant, or what the training is set to, as in 1 − β."""
    inner = term.term if type(term) is Negation else term
    return type(inner) is Constant or (type(inner) is Quantity and inner.role == "setting")


def is_taken_away(formula: Formula) -> bool:
    """Whether a product has its minus sign before it, so that of 0.4 − (0.9)(0) is left 0.4 − 0."""
    return type(formula) is Product and type(formula.factors[0]) is Negation
