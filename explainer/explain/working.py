"""The working of one step: its formula, the numbers put in, the arithmetic line by line, the result.

A line may be left out only if what remains is still true at the printed digits; where leaving it out
would skip a rounding that shows in the result, the step is worked in full.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from explainer.explain.document import Derivation, Relation, Term
from explainer.maths.arithmetic import printed_value
from explainer.maths.formula import (
    Cases,
    Constant,
    Formula,
    Inline,
    Named,
    Negation,
    Number,
    Product,
    Quotient,
    Sum,
    is_atom,
    quantities,
    walk,
)
from explainer.maths.quantity import Quantity
from explainer.maths.rewriting import is_shortened, shortened
from explainer.trace.trace import Step, Trace

Detail = Literal["brief", "standard", "full"]


class Line(Struct, frozen=True, gc=False):
    """One line of numbers; `follows` tells whether it follows exactly from the one before it, where that is known."""

    formula: Formula
    follows: bool | None = None


class Apart(Struct, frozen=True):
    """A δ whose derivative is worked out before it: what it is called and stands for, and δ with its number put in."""

    name: Formula
    written: Formula
    number: Number
    product: Formula


class Working(Struct, frozen=True):
    """Writes out the steps of a trace."""

    trace: Trace
    detail: Detail

    def derivations(self, step: Step) -> Iterator[Derivation]:
        """The worked chain of a step; before that of a δ that is a product with a long derivative, that of this."""
        apart = self.apart(step)
        lines = self.reduced(apart.product, step) if apart else None
        slope = self.reduction_of(apart.written, step) if apart else None
        if apart is None or lines is None or slope is None:
            yield self.derivation(step)
            return
        names = self.trace.names
        start = (Term("", apart.name, names), Term("=", apart.written, names))
        yield Derivation((*start, *self.worked(Line(apart.written), [*slope, Line(apart.number)])))
        letters = (Term("", step.quantity, names), *(Term("=", formula, names) for formula in self.letters(step)))
        yield Derivation(
            (*letters, *self.worked(Line(apart.product), [*self.needed(lines, step), Line(step.quantity)]))
        )

    def apart(self, step: Step) -> Apart | None:
        """The derivative that a δ is a product with, if it is a long one and every line is asked for."""
        if self.trace.arithmetic.in_letters or self.detail_of(step) != "full" or step.put_in:
            return None
        formula, definition = step.equation.formula, self.definition(step)
        if not (type(formula) is Product and type(definition) is Product):
            return None
        pairs = [*zip(formula.factors, definition.factors, strict=False)]
        found = [(name, written) for name, written in pairs if name != written]
        if len(formula.factors) != len(definition.factors) or len(found) != 1:
            return None
        ((name, written),) = found
        if not is_long(written):
            return None
        number = self.trace.reduction(step.phase).worked(written)
        product = Product(tuple(number if factor == name else factor for factor in formula.factors))
        return Apart(name, written, number, product) if isinstance(number, Number) else None

    def derivation(self, step: Step) -> Derivation:
        """The worked chain of a step."""
        return Derivation(tuple(self.terms(step)), stacked=step.equation.law != "update")

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
        if not (self.trace.arithmetic.in_letters or type(letters[-1]) is Constant):
            yield from self.numbers(step, letters[-1], lines)

    def numbers(self, step: Step, formula: Formula, lines: list[Line]) -> Iterator[Term]:
        """The lines of numbers that follow from a formula, and the result."""
        yield from self.worked(Line(formula), [*lines, Line(step.quantity)])

    def worked(self, before: Line, lines: list[Line]) -> Iterator[Term]:
        """Lines of numbers, each with the sign by which it follows from the one before."""
        for line in lines:
            yield Term(self.relation(before, line), line.formula, self.trace.numeral)
            before = line

    def chosen(self, step: Step) -> tuple[list[Formula], list[Line]]:
        """The formulas in letters and the lines of numbers that the detail asks for and truth allows."""
        letters = self.letters(step)
        if self.trace.arithmetic.in_letters:
            return [*letters, *self.written_out(step)], []
        detail = self.detail_of(step)
        put_in = Line(letters[-1])
        if detail != "full" and self.follows(put_in, step):
            return letters, [] if detail == "brief" else self.needed([put_in], step)
        definition = self.definition(step)
        if definition is not None and (lines := self.reduced(definition, step)):
            return [*letters, definition], self.needed(lines, step)
        return letters, self.needed(self.reduced(letters[-1], step) or [put_in], step)

    def definition(self, step: Step) -> Formula | None:
        """What the formula is written out as, of several cases the one that applies; none where that is a constant."""
        definition = step.equation.definition
        if definition is None or definition is step.equation.shown:
            return None
        arms = (self.applied(each, step) for each in walk(definition) if type(each) is Cases)
        if any(type(arm) is Constant for arm in arms) or not self.trace.is_near(definition, step):
            return None
        return shortened(self.applied(definition, step), self.trace.problem.presentation.longest_sum)

    def applied(self, formula: Formula, step: Step) -> Formula:
        """The formula of a step with the case that applies, at the values of the trace; in letters with all cases."""
        if self.trace.arithmetic.in_letters:
            return formula
        return self.trace.arithmetic.applied(formula, self.trace.value, step.phase)

    def detail_of(self, step: Step) -> Detail:
        """How much is written of a step: in the check never every line."""
        return "standard" if self.detail == "full" and step.phase == "check" else self.detail

    def letters(self, step: Step) -> list[Formula]:
        """The formula in letters: after the chain rule that it comes from, and an update with its change put in."""
        equation = step.equation
        formula = shortened(self.applied(equation.shown, step), self.trace.problem.presentation.longest_sum)
        stated = [equation.chain, formula] if equation.chain is not None else [formula]
        if equation.law != "update" or type(formula) is not Sum:
            return stated
        parameter, change = formula.terms
        found = self.trace.index.get(change) if type(change) is Quantity else None
        if found is None or found.put_in or found.equation.law != "change":
            return stated
        written_out = Sum((parameter, self.written_change(found)))
        return [formula, written_out] if self.trace.names.convention.update == "by-change" else [written_out]

    def written_change(self, change: Step) -> Formula:
        """A change by its formula; one that is a quantity by another name, such as a velocity, by that name."""
        formula = change.equation.formula
        if type(formula) is Quantity and self.trace.value(formula) == change.value:
            return formula
        return Inline(change.quantity, formula)

    def written_out(self, step: Step) -> list[Formula]:
        """What a named function stands for, where every line is asked for."""
        definition = step.equation.definition if self.trace.arithmetic.in_letters else self.definition(step)
        if definition is None or definition is step.equation.shown or self.detail != "full":
            return []
        return [definition]

    def result(self, quantity: Quantity) -> Iterator[Term]:
        """What a quantity is worth, as the end of a chain."""
        yield Term(self.relation(Line(quantity), Line(quantity)), quantity, self.trace.numeral)

    def reduced(self, formula: Formula, step: Step) -> list[Line] | None:
        """The substitution and every line after it, or None where they do not lead to the result."""
        lines = self.reduction_of(formula, step)
        return lines if lines and self.follows(lines[-1], step) else None

    def reduction_of(self, formula: Formula, step: Step) -> list[Line] | None:
        """The substitution and every line after it; None where a number is beyond range."""
        try:
            reduced = self.trace.reduction(step.phase).lines(formula)
            return [Line(formula), *(Line(line, exact) for line, exact in reduced)]
        except OverflowError:
            return None

    def needed(self, lines: list[Line], step: Step) -> list[Line]:
        """The lines without one that would print the same number as the result after it."""
        result = self.trace.numeral(step.quantity).digits
        return [line for line in lines if not (is_numeral(line.formula) and self.printed(line)[0] == result)]

    def follows(self, line: Line, step: Step) -> bool:
        """Whether the result is what the digits of a line give, rounded as the result is."""
        if self.trace.arithmetic.carries_more or is_shortened(line.formula):
            return True
        if hides_output(line.formula):
            return False
        value, _ = self.printed(line)
        return value.is_finite() and self.trace.rounding(step)(value) == step.value

    def relation(self, before: Line, line: Line) -> Relation:
        """The sign before a line: "=" where it is exactly what the digits before it give, else that of rounding."""
        return "=" if self.is_exact(before, line) else self.rounding_sign

    def is_exact(self, before: Line, line: Line) -> bool:
        """Whether a line is exactly what the digits before it give; a rounded result never is."""
        formula = line.formula
        if type(formula) is Quantity and not self.trace.numeral(formula).exact:
            return False
        if type(formula) is Number and not formula.numeral.exact:
            return False
        if line.formula is before.formula:  # the numbers put in
            carries_more = self.trace.arithmetic.carries_more
            return not carries_more or all(self.trace.numeral(each).exact for each in quantities(line.formula))
        if is_shortened(before.formula):
            return False
        if line.follows is not None:
            return line.follows
        value, exact = self.printed(before)
        return exact and self.printed(line) == (value, True)

    @property
    def rounding_sign(self) -> Relation:
        """The sign before a rounded value."""
        return self.trace.problem.presentation.rounding_sign

    def printed(self, line: Line) -> tuple[Decimal, bool]:
        """What the printed digits of a line give, and whether that is exact to the last digit."""
        return printed_value(line.formula, self.trace.numeral)


def hides_output(formula: Formula) -> bool:
    """Whether a function is named by its net input that is worked out from the output, as it has been rounded."""
    named = (part for part in walk(formula) if type(part) is Named)
    return any(set(quantities(each.formula)) - set(quantities(each.arguments[0])) for each in named)


def is_long(derivative: Formula) -> bool:
    """Whether a derivative is better worked out by itself: a quotient, or a sum of more than two numbers."""
    numbers = sum(is_atom(part) for part in walk(derivative))
    return isinstance(derivative, Quotient) or (isinstance(derivative, Sum) and numbers > SHORT)


SHORT = 2
"""1 − o² stays within its product."""


def is_numeral(line: Formula) -> bool:
    """Whether a line is nothing but a number."""
    return is_atom(line.term if type(line) is Negation else line)
