"""Stacking: the steps of a layer as one derivation of vectors and matrices.

Every line is, entry by entry, a line of the working of one unit; so each printed equality is true in every entry,
and "=" stands only where it holds exactly in all of them.
"""

from collections.abc import Callable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from explainer.explain.arrays import WIDEST
from explainer.explain.breadth import breadth
from explainer.explain.document import Derivation, Relation, Term
from explainer.explain.working import Line, Working, is_numeral
from explainer.maths.formula import Array, Formula
from explainer.maths.quantity import ALL
from explainer.maths.rewriting import replaced
from explainer.trace.trace import Step

TOO_WIDE = WIDEST + 30
"""A line that is wider would leave the page."""

Arrange = Callable[[tuple[Formula, ...]], Formula]
"""Puts the entries of a line, row by row, into matrices."""


class Inner(Struct, frozen=True):
    """A product of matrices within an equation, by name and with its numbers put in, and the sums in its entries."""

    law: Formula
    put_in: Formula
    sums: tuple[Formula, ...]
    arrange: Arrange


class Stack(Struct, frozen=True):
    """The equation of an array, and the steps that work out its entries.

    `letters` are the sides of the equation by name, `put_in` the same to be read in numbers. `formulas` are what the
    entries that are shown are worked from, one for each of `steps`, row by row, and `arrange` puts their lines into
    matrices. With `unfolds`, the first of these lines says more than `put_in` does; with `defined`, it writes out the
    function that `put_in` names. The product `inner` may be worked out before, where lines would be too wide.
    """

    whole: Array
    letters: tuple[Formula, ...]
    put_in: Formula
    steps: tuple[Step, ...]
    formulas: tuple[Formula, ...]
    arrange: Arrange
    unfolds: bool = False
    defined: bool = False
    inner: Inner | None = None


class StackedLine(Struct, frozen=True):
    """One line of matrices with the lines of its entries; `alike` if it only arranges the numbers before it anew."""

    formula: Formula
    entries: tuple[Line, ...]
    alike: bool = False


class Stacking(Struct, frozen=True):
    """Writes out stacks as the working of their steps has it."""

    working: Working

    def derivations(self, stack: Stack) -> Iterator[Derivation]:
        """The worked chain of an array; before it that of a product within it, where the lines are too wide else."""
        if stack.inner is not None and self.is_wide(stack):
            yield Derivation(tuple(self.of_product(stack, stack.inner)))
            stack = self.after_product(stack, stack.inner)
        yield Derivation(tuple(self.terms(stack)))

    def terms(self, stack: Stack) -> Iterator[Term]:
        """The sides of the chain, from the name of the array to its numbers."""
        names = self.working.trace.names
        yield Term("", stack.whole, names)
        for formula in stack.letters:
            yield Term("=", formula, names)
        if not self.in_letters:
            result = StackedLine(stack.whole, tuple(Line(step.quantity) for step in stack.steps))
            yield from self.numbers(tuple(map(Line, stack.formulas)), [*self.needed(stack), result])

    def numbers(self, before: tuple[Line, ...], lines: list[StackedLine]) -> Iterator[Term]:
        """Lines of numbers, each with its sign."""
        for line in lines:
            yield Term(self.relation(before, line), line.formula, self.working.trace.numeral)
            before = line.entries

    def relation(self, before: tuple[Line, ...], line: StackedLine) -> Relation:
        """The sign before a line: "=" where every entry is exactly what the digits before it give."""
        pairs = zip(before, line.entries, strict=True)
        return "=" if line.alike or all(self.working.is_exact(*pair) for pair in pairs) else self.working.rounding_sign

    # -- a product by itself --------------------------------------------------------------------

    def is_wide(self, stack: Stack) -> bool:
        """Whether a line between the numbers put in and the result is too wide for a page."""
        return any(map(self.is_wide_line, self.chosen(stack)[1:]))

    def is_too_wide(self, stack: Stack) -> bool:
        """Whether the working of a batch does not fit a page, so that its units are better worked one by one."""
        if stack.whole.whole.sample != ALL or self.in_letters:
            return False
        if stack.inner is not None and self.is_wide(stack):
            stack = self.after_product(stack, stack.inner)
        numerals = self.working.trace.numeral
        return any(breadth(line.formula, numerals) > TOO_WIDE for line in self.chosen(stack))

    @property
    def in_letters(self) -> bool:
        """Whether there are no numbers."""
        return self.working.trace.arithmetic.in_letters

    def is_wide_line(self, line: StackedLine) -> bool:
        """Whether a line does not fit a page."""
        return breadth(line.formula, self.working.trace.numeral) > WIDEST

    def of_product(self, stack: Stack, inner: Inner) -> Iterator[Term]:
        """The working of a product within an equation."""
        names = self.working.trace.names
        yield Term("", inner.law, names)
        start = StackedLine(inner.put_in, tuple(map(Line, inner.sums)))
        numbers = self.results(stack, inner)
        last = StackedLine(inner.arrange(numbers), tuple(map(Line, numbers)))
        yield from self.numbers(start.entries, [start, *self.lines(stack, inner.sums, inner.arrange), last])

    def results(self, stack: Stack, inner: Inner) -> tuple[Formula, ...]:
        """What the sums within an equation come to."""
        return tuple(map(self.working.trace.reduction(stack.steps[0].phase).worked, inner.sums))

    def after_product(self, stack: Stack, inner: Inner) -> Stack:
        """The equation with its product as it has been worked out."""
        pairs = zip(stack.formulas, inner.sums, self.results(stack, inner), strict=True)
        formulas = tuple(replaced(formula, {id(added): number}) for formula, added, number in pairs)
        return replace(stack, put_in=stack.arrange(formulas), formulas=formulas, unfolds=False, inner=None)

    # -- lines ----------------------------------------------------------------------------------

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
        reduced = self.reduced(stack)
        if stack.inner is None and self.follows(put_in, stack) and any(map(self.is_wide_line, reduced)):
            return [put_in]
        return [put_in, *reduced]

    def reduced(self, stack: Stack) -> list[StackedLine]:
        """The lines between the numbers put in and the result, or none where they do not lead to it."""
        start = tuple(map(self.written_out, stack.steps, stack.formulas)) if stack.defined else stack.formulas
        lines = []
        if stack.unfolds or start != stack.formulas:
            lines.append(StackedLine(stack.arrange(start), tuple(map(Line, start)), alike=True))
        try:
            lines += self.lines(stack, start, stack.arrange)
        except OverflowError:
            return []
        return lines if lines and self.follows(lines[-1], stack) else []

    def lines(self, stack: Stack, start: tuple[Formula, ...], arrange: Arrange) -> Iterator[StackedLine]:
        """The entries worked out line by line, without the last."""
        for line in self.working.trace.reduction(stack.steps[0].phase).together(start):
            formulas = tuple(formula for formula, _ in line)
            yield StackedLine(arrange(formulas), tuple(Line(*each) for each in line))

    def written_out(self, step: Step, formula: Formula) -> Formula:
        """The definition of a named function, where its lines lead to the result."""
        definition = self.working.definition(step)
        return formula if definition is None or self.working.reduced(definition, step) is None else definition

    def follows(self, line: StackedLine, stack: Stack) -> bool:
        """Whether every result is what the digits of its line give, rounded as the result is."""
        return all(self.working.follows(*pair) for pair in zip(line.entries, stack.steps, strict=True))
