"""Stacking: the steps of a layer as one derivation of vectors and matrices.

Every line is, entry by entry, a line of the working of one unit; so each printed equality is true in every entry,
and "=" stands only where it holds exactly in all of them.
"""

from collections.abc import Callable, Iterator

from msgspec import Struct

from explainer.explain.document import Derivation, Relation, Term
from explainer.explain.working import Line, Working, is_numeral
from explainer.maths.formula import Array, Formula
from explainer.trace.trace import Step

Arrange = Callable[[tuple[Formula, ...]], Formula]
"""Puts the entries of a line, row by row, into matrices."""


class Stack(Struct, frozen=True):
    """The equation of an array, and the steps that work out its entries.

    `letters` are the sides of the equation by name, `put_in` the same to be read in numbers. `formulas` are what the
    entries that are shown are worked from, one for each of `steps`, row by row, and `arrange` puts their lines into
    matrices. With `unfolds`, the first of these lines says more than `put_in` does; with `defined`, it writes out the
    function that `put_in` names.
    """

    whole: Array
    letters: tuple[Formula, ...]
    put_in: Formula
    steps: tuple[Step, ...]
    formulas: tuple[Formula, ...]
    arrange: Arrange
    unfolds: bool = False
    defined: bool = False


class StackedLine(Struct, frozen=True):
    """One line of matrices with the lines of its entries; `alike` if it only arranges the numbers before it anew."""

    formula: Formula
    entries: tuple[Line, ...]
    alike: bool = False


class Stacking(Struct, frozen=True):
    """Writes out stacks as the working of their steps has it."""

    working: Working

    def derivation(self, stack: Stack) -> Derivation:
        """The worked chain of an array."""
        return Derivation(tuple(self.terms(stack)))

    def terms(self, stack: Stack) -> Iterator[Term]:
        """The sides of the chain, from the name of the array to its numbers."""
        names, numerals = self.working.trace.names, self.working.trace.numeral
        yield Term("", stack.whole, names)
        for formula in stack.letters:
            yield Term("=", formula, names)
        if self.working.trace.arithmetic.in_letters:
            return
        before = tuple(map(Line, stack.formulas))
        result = StackedLine(stack.whole, tuple(Line(step.quantity) for step in stack.steps))
        for line in (*self.needed(stack), result):
            yield Term(self.relation(before, line), line.formula, numerals)
            before = line.entries

    def relation(self, before: tuple[Line, ...], line: StackedLine) -> Relation:
        """The sign before a line: "=" where every entry is exactly what the digits before it give."""
        pairs = zip(before, line.entries, strict=True)
        return "=" if line.alike or all(self.working.is_exact(*pair) for pair in pairs) else self.working.rounding_sign

    def needed(self, stack: Stack) -> Iterator[StackedLine]:
        """The lines that are chosen, without one that would print the same numbers as the result after it."""
        results = [self.working.trace.numeral(step.quantity).digits for step in stack.steps]
        for line in self.chosen(stack):
            plain = all(is_numeral(each.formula) for each in line.entries)
            if not plain or [self.working.printed(each)[0] for each in line.entries] != results:
                yield line

    def chosen(self, stack: Stack) -> list[StackedLine]:
        """The lines of numbers that the detail asks for and truth allows."""
        put_in = StackedLine(stack.put_in, tuple(map(Line, stack.formulas)))
        detail = self.working.detail_of(stack.steps[0])
        if detail != "full" and self.follows(put_in, stack):
            return [] if detail == "brief" else [put_in]
        return [put_in, *self.reduced(stack)]

    def reduced(self, stack: Stack) -> list[StackedLine]:
        """The lines between the numbers put in and the result, or none where they do not lead to it."""
        start = tuple(map(self.written_out, stack.steps, stack.formulas)) if stack.defined else stack.formulas
        lines = []
        if stack.unfolds or start != stack.formulas:
            lines.append(StackedLine(stack.arrange(start), tuple(map(Line, start)), alike=True))
        try:
            for line in self.working.trace.reduction(stack.steps[0].phase).together(start):
                formulas = tuple(formula for formula, _ in line)
                lines.append(StackedLine(stack.arrange(formulas), tuple(Line(*each) for each in line)))
        except OverflowError:
            return []
        return lines if lines and self.follows(lines[-1], stack) else []

    def written_out(self, step: Step, formula: Formula) -> Formula:
        """The definition of a named function, where its lines lead to the result."""
        definition = self.working.definition(step)
        return formula if definition is None or self.working.reduced(definition, step) is None else definition

    def follows(self, line: StackedLine, stack: Stack) -> bool:
        """Whether every result is what the digits of its line give, rounded as the result is."""
        return all(self.working.follows(*pair) for pair in zip(line.entries, stack.steps, strict=True))
