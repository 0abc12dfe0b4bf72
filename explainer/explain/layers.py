"""Layers: the equations of the passes for whole layers, in matrices, whose entries are the equations of single units.

A batch has its samples as columns beside each other.
"""

from collections.abc import Iterator
from functools import partial

from msgspec import Struct

from explainer.explain.stacking import Arrange, Inner, Stack
from explainer.explain.stacks import Stacks, braced, factors_of, fits, in_columns, multiplied, without
from explainer.explain.working import Line
from explainer.maths.formula import (
    Array,
    Braced,
    Call,
    Formula,
    MatrixProduct,
    SlopeOf,
    Sum,
    Transposed,
    parts,
    product,
    quantities,
    total,
    walk,
)
from explainer.maths.merging import Formulas
from explainer.maths.quantity import Quantity, Role
from explainer.trace.derive import activation
from explainer.trace.trace import Step

BESIDE_PRODUCT = 50
"""So many characters fit beside the name of a product."""


class Named(Struct, frozen=True):
    """A product of matrices by name, and with its numbers put in."""

    law: Formula
    put_in: Formula


Parted = tuple[Formulas, Formulas]
"""The factors of a δ, in two parts."""


class Layers(Stacks, frozen=True, dict=True):
    """The equations of the layers of a trace; None where a layer has no equation in matrices."""

    def net(self, layer: int, iteration: int = 0) -> Stack | None:
        """z^[l] = W^[l] a^[l−1] + b^[l]; of a batch, Z^[l] = W^[l] A^[l−1] + b^[l] 1ᵀ"""
        whole, weights = self.array("net", layer, iteration), self.used("weight", layer, iteration)
        signals, biased = self.signals(layer, iteration), self.reading.layer(layer).biases is not None
        biases = [self.spread(self.used("bias", layer, iteration))] if biased else []
        law = total((MatrixProduct((weights, signals)), *(name for name, _ in biases)))
        put_in = total((MatrixProduct((Braced(weights), Braced(signals))), *(numbers for _, numbers in biases)))
        return self.stack(whole, (law,), put_in, arrange=self.arranged(whole), unfolds=True)

    def unit_by_unit(self, role: Role, layer: int, iteration: int = 0) -> Stack | None:
        """The law of one unit, read for all: a^[l] = f(z^[l]), or e = y − a^[L]"""
        whole = self.array(role, layer, iteration)
        steps = self.steps(whole)
        if not steps:
            return None
        law = self.lifted(steps[0].equation.formula)
        return self.stack(whole, (law,), law, arrange=self.arranged(whole), defined=True)

    def arranged(self, whole: Array) -> Arrange | None:
        """How lines of a batch are put into matrices, so that they are narrow enough."""
        return self.compact(whole) if self.is_batch else None

    # -- δ --------------------------------------------------------------------------------------

    def delta(self, layer: int, role: Role = "delta") -> Stack | None:
        """δ^[L] = ∂L/∂a^[L] ⊙ f′(z^[L]), and δ^[l] = (W^[l+1])ᵀ δ^[l+1] ⊙ f′(z^[l]), with dropout after r/(1 − p) ⊙"""
        whole = self.array(role, layer)
        steps = self.steps(whole)
        parted = [self.parted(step) for step in steps]
        if not parted or None in parted:
            return None
        first_signal, first_slope = parted[0] or ((), ())
        formulas = self.slopes_written(steps, tuple(filter(None, parted)))
        let_through = self.is_thinned(layer)
        together = (1, len(first_signal) - 1) if let_through else (len(first_signal),)
        arrange = in_columns(together, whole)
        put_in = braced(arrange(formulas))
        inner = None
        if layer == self.reading.last:
            signal: Formulas = (self.lifted(product(*first_signal)),)
        else:
            back = self.passed_back(layer)
            before = first_signal[:let_through]
            signal = (*map(self.lifted, before), back.law)
            put_in = multiplied(*factors_of(put_in)[:let_through], back.put_in, *factors_of(put_in)[let_through + 1 :])
            sums = self.is_batch and isinstance(first_signal[-1], Sum)
            inner = partial(self.inner_of, whole, back) if sums else None
        law = multiplied(*signal, *map(self.lifted, first_slope))
        stated = [multiplied(*signal, name) for name in self.named_slope(layer, first_slope)]
        spelled = multiplied(*signal, *map(self.lifted, factors_of(formulas[0])[len(first_signal) :]))
        letters = (*stated, law, spelled) if spelled != law and fits(spelled, whole, formulas) else (*stated, law)
        unfolds = layer < self.reading.last
        return self.stack(whole, letters, put_in, formulas, arrange, unfolds=unfolds, inner=inner)

    def is_thinned(self, layer: int) -> bool:
        """Whether dropout lets only a part of what comes back through."""
        return layer in self.reading.trace.connections.thinning

    def passed_back(self, layer: int) -> Named:
        """(W^[l+1])ᵀ δ^[l+1]"""
        weights, deltas = Transposed(self.used("weight", layer + 1)), self.array("delta", layer + 1)
        return Named(MatrixProduct((weights, deltas)), MatrixProduct((Braced(weights), Braced(deltas))))

    def inner_of(self, whole: Array, named: Named, formulas: Formulas) -> Inner:
        """A product of matrices within an equation, and its sums: in every entry the one over δ."""
        sums = tuple(next(filter(is_over_deltas, inside(formula))) for formula in formulas)
        return Inner(named.law, named.put_in, sums, self.compact(whole, BESIDE_PRODUCT))

    def parted(self, step: Step) -> Parted | None:
        """The factors of a δ: what comes to the unit, and the slope of its activation, where it is not in that."""
        layer, unit, sample = int(step.quantity.layer), int(step.quantity.unit), int(step.quantity.sample)
        net = self.reading.trace.connections.entry(layer, unit, sample)
        output = Quantity("output", layer, unit, 0, sample)
        slope = factors_of(activation(self.reading.layer(layer)).derivative(net, output))
        factors = factors_of(step.equation.formula)
        signal = without(factors, slope)
        if signal is None:
            return (factors, ()) if layer == self.reading.last else None
        return signal, slope

    def slopes_written(self, steps: tuple[Step, ...], parted: tuple[Parted, ...]) -> Formulas:
        """What every δ is worked from: with the slope by its name, or written out where that is needed."""
        working = self.reading.working
        named = tuple(product(*signal, *slope) for signal, slope in parted)
        if self.reading.in_letters:
            return named
        lines = (Line(working.applied(formula, step)) for formula, step in zip(named, steps, strict=True))
        follow = all(working.follows(line, step) for line, step in zip(lines, steps, strict=True))
        if follow and working.detail != "full":
            return named
        return tuple(map(self.slope_written, steps, parted))

    def slope_written(self, step: Step, parted: Parted) -> Formula:
        """A δ with the slope written out, where the lines of that lead to the result; else by its name."""
        signal, slope = parted
        definition = self.reading.working.definition(step)
        spelled = None if definition is None else without(factors_of(definition), signal)
        if spelled is None or self.reading.working.reduced(product(*signal, *spelled), step) is None:
            return product(*signal, *slope)
        return product(*signal, *spelled)

    def named_slope(self, layer: int, written: Formulas) -> list[Formula]:
        """f′(z^[l]), where that says something else than the slope written out."""
        role = self.reading.trace.connections.entry(layer, 0).role
        named = activation(self.reading.layer(layer)).value(self.array(role, layer))
        return [SlopeOf(named)] if isinstance(named, Call) and written and not isinstance(written[0], Call) else []


def is_over_deltas(formula: Formula) -> bool:
    """Whether a formula is a sum over the δ of units, or of samples."""
    return isinstance(formula, Sum) and any(each.role == "delta" for each in quantities(formula))


def inside(formula: Formula) -> Iterator[Formula]:
    """All that is inside a formula; of a new value, inside its change."""
    inner = parts(formula)
    for part in inner[-1:] if isinstance(formula, Sum) else inner:
        yield from walk(part)
