"""The working of a step in exact arithmetic: its fractions, or its closed form, and a decimal beside it."""

from collections.abc import Iterator

from explainer.explain.document import Derivation, Term
from explainer.explain.working import Detail, Line, Working, is_numeral
from explainer.maths.closed import Closing
from explainer.maths.exact import is_readable
from explainer.maths.formula import Formula, Number, quantities
from explainer.maths.numerals import Numeral
from explainer.maths.quantity import Quantity
from explainer.trace.trace import Step, Trace


class ClosedWorking(Working, frozen=True):
    """Writes out the steps of an exact trace: = between exact forms, ≈ before a decimal that is not the whole value."""

    def apart(self, step: Step) -> None:
        """Nothing is worked out apart: closed forms are short."""

    def derivation(self, step: Step) -> Derivation:
        """The worked chain of a step; a fraction and its decimal stand side by side."""
        terms = tuple(self.terms(step))
        ending = 2 if len(terms) > 2 and is_numeral(terms[-2].formula) and terms[-2].lens == self.trace.figure else 1
        return Derivation(terms, stacked=step.equation.law != "update", ending=ending)

    def chosen(self, step: Step) -> tuple[list[Formula], list[Line]]:
        return self.in_letters(step), list(map(Line, self.in_fractions(step)))

    def numbers(self, step: Step, formula: Formula, lines: list[Line]) -> Iterator[Term]:
        for line in lines:
            yield Term("=", line.formula, self.trace.figure)
        yield from self.result(step.quantity)

    def in_letters(self, step: Step) -> list[Formula]:
        """The formulas in letters; a function is written out where every line is asked for."""
        written = [] if step.phase == "check" else self.written_out(step)
        return [*self.letters(step), *written]

    def in_fractions(self, step: Step) -> list[Formula]:
        """The formula with fractions put in, and the lines after it; in brief only a closed form."""
        put_in = self.in_letters(step)[-1]
        closed = list(closing(self.trace, step).lines(put_in))
        lines = [put_in, *closed] if any(map(self.has_figure, quantities(put_in))) else closed
        if self.detail == "brief":
            lines = [] if is_readable(step.value) else lines[-1:]
        elif self.detail == "standard" or step.phase == "check":
            lines = [*lines[:1], *lines[1:][-1:]] if not is_readable(step.value) else lines[:1]
        return [line for line in lines if not (is_numeral(line) and self.is_result(line, step))]

    def has_figure(self, quantity: Quantity) -> bool:
        """Whether a quantity is put in as a number, and not called by its name."""
        return isinstance(self.trace.figure(quantity), Numeral)

    def is_result(self, line: Formula, step: Step) -> bool:
        """Whether a lone number is what comes out anyway."""
        return bool(closing(self.trace, step).value(line) == step.value) and is_readable(step.value)

    def result(self, quantity: Quantity) -> Iterator[Term]:
        """The fraction, where it is one that can be read, and the decimal, where that says more."""
        figure, numeral = self.trace.figure(quantity), self.trace.numeral(quantity)
        if isinstance(figure, Numeral):
            yield Term("=", quantity, self.trace.figure)
        if not (isinstance(figure, Numeral) and figure.is_whole):
            yield Term("=" if numeral.exact else self.rounding_sign, quantity, self.trace.numeral)

    def is_exact(self, before: Line, line: Line) -> bool:
        """Whether a line is the whole value: all are but rounded decimals."""
        match line.formula:
            case Quantity():
                return self.trace.numeral(line.formula).exact
            case Number(_, numeral):
                return numeral.exact
        return True


def working(trace: Trace, detail: Detail) -> Working:
    """The working of a trace, as its arithmetic has it."""
    return (ClosedWorking if trace.in_fractions else Working)(trace, detail)


def closing(trace: Trace, step: Step) -> Closing:
    """What works a step towards its closed form."""
    return Closing(trace.arithmetic, trace.value, step.phase)


def closed_form(trace: Trace, step: Step) -> Formula:
    """The value of a step in one formula: over fractions, and over the names of what is none."""
    stated = step.equation.definition if step.equation.definition is not None else step.equation.formula
    formula = trace.arithmetic.applied(stated, trace.value, step.phase)
    *_, last = formula, *closing(trace, step).lines(formula)
    return last
