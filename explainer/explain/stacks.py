"""Stacks: equations of arrays, each compared with the equation of every entry that it shows.

Where they differ, there is no such equation of the layer, and its units have to be worked one by one.
"""

from collections.abc import Callable
from itertools import accumulate, pairwise

from explainer.explain.arrays import OF_ARRAYS, WIDEST, Arrays
from explainer.explain.breadth import breadth
from explainer.explain.stacking import Arrange, Inner, Stack
from explainer.maths.formula import (
    ONE,
    Array,
    Braced,
    Cases,
    Elision,
    Formula,
    Grid,
    Hadamard,
    MatrixProduct,
    Product,
    Sum,
    parts,
    product,
    quantities,
    walk,
)
from explainer.maths.matrix import Place, entry, places, same, shape, shown
from explainer.maths.merging import Formulas, Merging, paths
from explainer.maths.quantity import Quantity
from explainer.maths.rewriting import shortened
from explainer.trace.trace import GUARD_DIGITS, Step

BETWEEN = 3
"""So many characters stand between two numbers: brackets, or a sign."""

DOTS = 16
"""The width of the dots of a long sum."""

FEW = 5
"""So many terms of a sum are always shown."""


class Stacks(Arrays, frozen=True, dict=True):
    """Makes equations of arrays; None where the entries say something else."""

    def stack(
        self,
        whole: Array,
        letters: Formulas,
        put_in: Formula,
        formulas: Formulas = (),
        arrange: Arrange | None = None,
        *,
        unfolds: bool = False,
        defined: bool = False,
        inner: Callable[[Formulas], Inner] | None = None,
    ) -> Stack | None:
        """The stack of an equation, if its entries are what the steps say."""
        steps = self.steps(whole)
        equations = tuple(map(self.equation, steps))
        formulas = formulas or equations
        cases = any(isinstance(part, Cases) for side in letters for part in walk(side))
        if not steps or cases or not any(fits(letters[-1], whole, each) for each in (equations, formulas)):
            return None
        formulas = tuple(map(self.reading.working.applied, formulas, steps))
        crowded = any(map(self.is_crowded, formulas))
        longest = 0 if crowded else self.reading.trace.problem.presentation.longest_sum
        worked = tuple(shortened(each, longest) for each in formulas)
        unfolds = unfolds and columns_of(whole) * max(map(self.room, worked)) <= WIDEST
        return Stack(
            whole,
            letters,
            put_in,
            steps,
            worked,
            arrange or in_columns((), whole),
            unfolds,
            defined,
            inner(worked) if inner and not self.reading.in_letters else None,
        )

    def by_entry(self, whole: Array) -> Stack | None:
        """The law of one entry, read for all: m ← β m + (1 − β) g, whose numbers stay in matrices from line to line."""
        formulas = tuple(map(self.equation, self.steps(whole)))
        if not formulas:
            return None
        law = self.lifted(formulas[0], whole)
        arrange = self.merging(whole, formulas)
        return self.stack(whole, (law,), arrange(formulas), formulas, arrange)

    def over_rows(self, whole: Array) -> Stack | None:
        """The law of one entry that is a sum over the samples, read for all: μ = 1/m Z 1"""
        formulas = tuple(map(self.equation, self.steps(whole)))
        if not formulas:
            return None
        law, arrange = self.lifted(formulas[0]), self.compact(whole, merging=self.merging(whole, formulas, WIDEST))
        return self.stack(whole, (law,), arrange(formulas), formulas, arrange)

    def steps(self, whole: Array) -> tuple[Step, ...]:
        """The steps of the entries that are shown, row by row; none where one was not worked out."""
        index = self.reading.trace.index
        steps = [index.get(whole.rows[row][column]) for row, column in places(whole)]
        return tuple(step for step in steps if step) if all(step and not step.put_in for step in steps) else ()

    def equation(self, step: Step) -> Formula:
        """The formula of a step; of a new value with its change written out."""
        return self.reading.working.letters(step)[-1] if step.equation.law == "update" else step.equation.formula

    # -- arrangement ----------------------------------------------------------------------------

    def merging(self, whole: Array, formulas: Formulas, narrow: int = 0) -> Merging:
        """Gathers the lines of entries that begin so into matrices; sums stay within entries up to this width."""
        columns = columns_of(whole)

        def stays(formulas: Formulas) -> bool:
            return bool(narrow) and self.breadth(grid(formulas, columns, shape(whole))) <= narrow

        return Merging(columns, shape(whole), frozenset(paths(formulas[0], self.is_common)), stays)

    def is_common(self, formula: Formula) -> bool:
        """Whether a formula is a number that all entries of an array have in common."""
        return not any(each.role in OF_ARRAYS for each in quantities(formula))

    def compact(self, whole: Array, widest: int = WIDEST, merging: Merging | None = None) -> Arrange:
        """One matrix with the entries as they are where that is narrow enough, else as `merging` has it."""
        columns, merging = columns_of(whole), merging or self.merging(whole, (ONE,))

        def arranged(formulas: Formulas) -> Formula:
            found = grid(formulas, columns, shape(whole))
            return found if self.breadth(found) <= widest else merging(formulas)

        return arranged

    # -- room -----------------------------------------------------------------------------------

    def breadth(self, formula: Formula) -> int:
        """How wide the widest piece of a formula of matrices is; in letters it has no width."""
        return 0 if self.reading.in_letters else breadth(formula, self.reading.trace.numeral)

    def room(self, formula: Formula) -> int:
        """How many characters a formula takes with its numbers put in, about; of factors in columns, the widest."""
        match formula:
            case Quantity():
                return self.width(formula) + BETWEEN
            case Elision():
                return DOTS
            case Product(factors) if any(isinstance(factor, Sum) for factor in factors):
                return max(map(self.room, factors))
        return sum(map(self.room, parts(formula)))

    def is_crowded(self, formula: Formula) -> bool:
        """Whether a sum in a formula has more terms than fit into an entry of a matrix, even worked out."""
        if isinstance(formula, Sum) and len(formula.terms) > FEW:
            term = BETWEEN + max(self.width(quantity) for quantity in quantities(formula))
            return len(formula.terms) * (term + GUARD_DIGITS) > WIDEST
        return isinstance(formula, Product) and any(map(self.is_crowded, formula.factors))


def columns_of(whole: Array) -> int:
    """How many columns of an array are shown."""
    return len(shown(shape(whole)[1], whole.fit[1]))


def grid(entries: Formulas, columns: int, size: Place) -> Grid:
    """The entries that are shown, given row by row in so many columns, of a matrix of this size."""
    return Grid(tuple(entries[first : first + columns] for first in range(0, len(entries), columns)), size)


def in_columns(together: tuple[int, ...], whole: Array) -> Arrange:
    """Products as matrices multiplied entry by entry, the first of so many factors each; anything else as one."""
    columns, size, first = columns_of(whole), shape(whole), sum(together)

    def arranged(formulas: Formulas) -> Formula:
        split = [factors_of(formula) for formula in formulas]
        if not first or any(len(factors) < first for factors in split):
            return grid(formulas, columns, size)
        longest = max(map(len, split))
        alike = all(len(factors) == longest for factors in split)
        ends = [*accumulate(together), *(range(first + 1, longest + 1) if alike else (longest,) * (longest > first))]
        pieces = pairwise([0, *ends])
        found = (tuple(product(*factors[start:end]) for factors in split) for start, end in pieces)
        return multiplied(*(grid(entries, columns, size) for entries in found))

    return arranged


def fits(law: Formula, whole: Array, formulas: Formulas) -> bool:
    """Whether the entries of a law are these formulas, but for the order of terms and factors."""
    return all(same(entry(law, place), each) for place, each in zip(places(whole), formulas, strict=True))


def without(factors: Formulas, others: Formulas) -> Formulas | None:
    """The factors that are left when others are taken out; None where one of those is missing."""
    left = list(factors)
    for other in others:
        if other not in left:
            return None
        left.remove(other)
    return tuple(left)


def factors_of(formula: Formula) -> Formulas:
    """The factors of a product, a ⊙ product too; 1 has none."""
    if isinstance(formula, Product | Hadamard | MatrixProduct):
        return formula.factors
    return () if formula == ONE else (formula,)


def multiplied(*factors: Formula) -> Formula:
    """The factors multiplied entry by entry; a lone one as it is."""
    return factors[0] if len(factors) == 1 else Hadamard(factors)


def braced(formula: Formula) -> Formula:
    """Every written-out factor over its dimensions."""
    return multiplied(*(Braced(factor) if isinstance(factor, Grid) else factor for factor in factors_of(formula)))
