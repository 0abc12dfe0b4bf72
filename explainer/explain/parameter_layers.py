"""Layers of parameters: their gradients, what an optimizer keeps of them, and their new values, in matrices."""

from functools import partial
from typing import TypeGuard

from explainer.explain.layers import Layers, Named
from explainer.explain.stacking import Arrange, Stack
from explainer.explain.stacks import factors_of
from explainer.explain.working import is_numeral
from explainer.maths.formula import (
    Array,
    Braced,
    Formula,
    Grid,
    MatrixProduct,
    Negation,
    Ones,
    Product,
    Sum,
    Transposed,
    fraction,
    product,
)
from explainer.maths.merging import Formulas
from explainer.maths.quantity import SCALE, SHIFT, Role, parameter_role
from explainer.trace.derive import RATE
from explainer.trace.trace import Step

GRADIENTS = ("data_gradient", "gradient")

NARROW = 60
"""Sums over the samples stay within the entries of a matrix that is no wider."""


class ParameterLayers(Layers, frozen=True, dict=True):
    """The equations of the updates of whole layers; None where a layer has no equation in matrices."""

    def stack_of(self, step: Step) -> Stack | None:
        """The equation of all that stands with a step in one array."""
        quantity, kind = step.quantity, parameter_role(step.quantity.source)
        whole = self.of_parameters(quantity.role, kind, int(quantity.layer), quantity.iteration)
        if step.equation.law == "update" and self.is_plain(step):
            return self.update(kind, int(quantity.layer))
        if quantity.role in GRADIENTS and self.is_of_passes(step):
            return self.gradient(whole, kind)
        if quantity.source in (SCALE, SHIFT) and quantity.role == "gradient":
            return self.over_rows(whole)
        return self.moved(whole) if step.equation.law == "update" else self.by_entry(whole)

    def is_of_passes(self, step: Step) -> bool:
        """Whether a step is made of δ, and of nothing else that there is for the parameter."""
        return any(each.role == "delta" for each in step.equation.refers_to)

    def is_plain(self, step: Step) -> bool:
        """Whether a new value comes from δ with nothing between."""
        change = self.reading.trace.index.get(step.quantity.parameter().original().change())
        return change is not None and self.is_of_passes(change)

    # -- gradients ------------------------------------------------------------------------------

    def gradient(self, whole: Array, kind: Role) -> Stack | None:
        """∂L/∂W^[l] = δ^[l] (a^[l−1])ᵀ; of a batch Δ^[l] (A^[l−1])ᵀ, or 1/m of it"""
        steps = self.steps(whole)
        if not steps:
            return None
        sums = self.sums(kind, int(whole.whole.layer))
        scaled = self.scaled(sums, self.mean)
        law, put_in = (Negation(each) if self.reading.laws.downhill else each for each in (scaled.law, scaled.put_in))
        formulas = tuple(map(self.equation, steps))
        inner = partial(self.inner_of, whole, sums) if self.mean or self.reading.laws.downhill else None
        return self.stack(
            whole,
            (law,),
            put_in,
            formulas,
            self.merging(whole, formulas, NARROW),
            inner=inner if self.is_batch else None,
        )

    @property
    def mean(self) -> tuple[Formula, ...]:
        """The factor that makes the mean of a sum over the samples, where it is asked for."""
        return (fraction(1, len(self.samples)),) if self.is_batch and self.reading.averaged else ()

    def sums(self, kind: Role, layer: int) -> Named:
        """δ^[l] (a^[l−1])ᵀ, or for the biases δ^[l]; of a batch added up over its columns"""
        delta = self.array("delta", layer)
        if kind == "weight":
            signals = Transposed(self.signals(layer))
            return Named(MatrixProduct((delta, signals)), MatrixProduct((Braced(delta), Braced(signals))))
        if not self.is_batch:
            return Named(delta, Braced(delta))
        ones = self.ones(across=False)
        return Named(MatrixProduct((delta, Ones(len(self.samples)))), MatrixProduct((Braced(delta), Braced(ones))))

    @staticmethod
    def scaled(named: Named, numbers: tuple[Formula, ...]) -> Named:
        """A product of matrices with numbers before it."""
        if not numbers:
            return named
        return Named(*(MatrixProduct((product(*numbers), *factors_of(each))) for each in (named.law, named.put_in)))

    # -- new values -----------------------------------------------------------------------------

    def update(self, role: Role, layer: int) -> Stack | None:
        """W^[l] − η δ^[l] (a^[l−1])ᵀ, and b^[l] − η δ^[l]; with + where δ points downhill

        Of a batch W^[l] − η 1/m Δ^[l] (A^[l−1])ᵀ, and b^[l] − η 1/m Δ^[l] 1.
        """
        old, new = self.array(role, layer), self.array(role, layer, 1)
        steps = self.steps(new)
        if not steps:
            return None
        uphill, sums = not self.reading.laws.downhill, self.sums(role, layer)
        moved = self.scaled(sums, (RATE, *self.mean))
        change, put_in = (Negation(each) if uphill else each for each in (moved.law, moved.put_in))
        formulas = tuple(map(self.equation, steps))
        kept = self.scaled(Named(old, Braced(old)), self.shrinking(formulas[0]))
        law, inner = Sum((kept.law, change)), partial(self.inner_of, new, sums) if self.is_batch else None
        return self.stack(
            new,
            (law,),
            Sum((kept.put_in, put_in)),
            formulas,
            self.moving(self.merging(new, formulas, NARROW), negated=uphill),
            inner=inner,
        )

    @staticmethod
    def shrinking(formula: Formula) -> Formulas:
        """What an old value is multiplied by in the formula of the new one: with weight decay, 1 − ηλ."""
        return factors_of(formula.terms[0])[:-1] if isinstance(formula, Sum) else ()

    def moved(self, new: Array) -> Stack | None:
        """New values, by what an optimizer or the steering of a training makes of the gradient."""
        formulas = tuple(map(self.equation, self.steps(new)))
        law = self.lifted(formulas[0]) if formulas else None
        if not isinstance(law, Sum):
            return None
        last = law.terms[-1]
        negated = isinstance(last, Negation) or (isinstance(last, Product) and isinstance(last.factors[0], Negation))
        arrange = self.moving(self.merging(new, formulas), negated=negated)
        return self.stack(new, (law,), arrange(formulas), formulas, arrange)

    def moving(self, merging: Arrange, *, negated: bool) -> Arrange:
        """The lines of new values: the old ones, and what is added or, `negated`, taken away."""

        def arranged(formulas: Formulas) -> Formula:
            found = merging(formulas)
            if negated and isinstance(found, Sum) and are_numbers(found.terms[-1]):
                return Sum((*found.terms[:-1], Negation(self.turned(found.terms[-1]))))
            return found

        return arranged

    def turned(self, moves: Grid) -> Grid:
        """A matrix of numbers with the opposite signs."""
        result = self.reading.trace.reduction("update").result

        def turn(entry: Formula) -> Formula:
            return entry.term if isinstance(entry, Negation) else result(Negation(entry))

        return Grid(tuple(tuple(map(turn, row)) for row in moves.rows), moves.shape)


def are_numbers(formula: Formula) -> TypeGuard[Grid]:
    """Whether a formula is a matrix of nothing but numbers."""
    return isinstance(formula, Grid) and all(is_numeral(entry) for row in formula.rows for entry in row)
