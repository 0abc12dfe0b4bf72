"""The working of one step: its formula, the numbers put in, the arithmetic line by line, the result.

A line may be left out only if what remains is still true at the printed digits; where leaving it out
would skip a rounding that shows in the result, the step is worked in full.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from explainer.explain.document import Derivation, Relation, Term
from explainer.maths.arithmetic import PRINTED
from explainer.maths.formula import ATOMS, Formula, Inline, Negation, Sum, is_shortened, quantities, shortened
from explainer.maths.quantity import Quantity
from explainer.trace.trace import Step, Trace

Detail = Literal["brief", "standard", "full"]


@dataclass(frozen=True, slots=True)
class Working:
    """Writes out the steps of a trace."""

    trace: Trace
    detail: Detail

    def derivation(self, step: Step) -> Derivation:
        """The worked chain of a step."""
        stacked = step.equation.law != "update"
        return Derivation(tuple(self.terms(step)), stacked)

    def terms(self, step: Step) -> Iterator[Term]:
        """The sides of the chain, from the symbol to the result."""
        names, numerals = self.trace.names, self.trace.numeral
        yield Term("", step.quantity, names)
        if step.put_in:
            yield Term("=", step.quantity, numerals)
            return
        letters, lines = self.chosen(step)
        for formula in letters:
            yield Term("=", formula, names)
        before = letters[-1]
        for line in (*lines, step.quantity):
            yield Term(self.relation(before, line, first=before is letters[-1]), line, numerals)
            before = line

    def chosen(self, step: Step) -> tuple[list[Formula], list[Formula]]:
        """The formulas in letters and the lines of numbers that the detail asks for and truth allows."""
        formulas = self.letters(step)
        detail = "standard" if self.detail == "full" and step.phase == "check" else self.detail
        written_out = step.equation.definition
        if detail != "full" and self.follows(formulas[-1], step):
            return formulas, [] if detail == "brief" else self.kept([formulas[-1]], step)
        if written_out is not None:
            lines = self.reduced(written_out, step)
            if lines is not None:
                return [*formulas, written_out], self.kept(lines, step)
            return formulas, self.kept([formulas[-1]], step)
        return formulas, self.kept(self.reduced(formulas[-1], step) or [], step)

    def letters(self, step: Step) -> list[Formula]:
        """The formula in letters; for an update also with its change written out."""
        equation = step.equation
        longest = self.trace.problem.presentation.longest_sum
        formula = shortened(equation.formula, longest)
        if equation.law != "update" or not isinstance(formula, Sum):
            return [formula]
        parameter, change = formula.terms
        found = self.trace.index.get(change) if isinstance(change, Quantity) else None
        if found is None or found.put_in:
            return [formula]
        return [formula, Sum((parameter, Inline(found.quantity, found.equation.formula)))]

    def reduced(self, formula: Formula, step: Step) -> list[Formula] | None:
        """The substitution and every line after it, or None where they do not lead to the result."""
        try:
            lines = [formula, *self.trace.reduction(step.phase).lines(formula)]
        except OverflowError:
            return None
        return lines if self.follows(lines[-1], step) else None

    def kept(self, lines: list[Formula], step: Step) -> list[Formula]:
        """The lines without those that would print the same number as the line after them."""
        last = self.trace.numeral(step.quantity)
        return [line for line in lines if not (is_numeral(line) and self.printed(line) == last.digits)]

    def follows(self, line: Formula, step: Step) -> bool:
        """Whether the result is what the digits of a line give, rounded as the result is."""
        if is_shortened(line) or self.trace.arithmetic.name == "float":
            return True
        value = self.printed(line)
        return value.is_finite() and self.trace.rounding(step)(value) == step.value

    def relation(self, before: Formula, line: Formula, *, first: bool) -> Relation:
        """"=" where a line is exactly what the digits before it give, else the sign for rounding."""
        if first and line is before:
            exact = all(self.trace.numeral(quantity).exact for quantity in quantities(line))
        else:
            exact = not is_shortened(before) and self.printed(before) == self.printed(line)
        return "=" if exact else self.trace.problem.presentation.rounding_sign

    def printed(self, line: Formula) -> Decimal:
        """The value that the printed digits of a line stand for, to the working digits."""
        return Decimal(PRINTED.evaluate(line, lambda quantity: self.trace.numeral(quantity).digits, ""))


def is_numeral(line: Formula) -> bool:
    """Whether a line is nothing but a number."""
    return isinstance(line.term if isinstance(line, Negation) else line, ATOMS)
