"""Layers: the equations of whole layers, in matrices, whose entries are the equations of single units.

Each is compared with the equation of every entry that it shows. Where they differ, there is no such equation of
the layer, and its units have to be worked one by one.
"""

from msgspec import Struct

from explainer.explain.reading import Reading
from explainer.explain.stacking import Arrange, Stack
from explainer.explain.working import Line
from explainer.maths.formula import (
    ONE,
    Array,
    Braced,
    Call,
    Cases,
    Elision,
    Formula,
    Grid,
    Hadamard,
    MatrixProduct,
    Negation,
    Product,
    SlopeOf,
    Sum,
    Transposed,
    parts,
    product,
    quantities,
    total,
    walk,
)
from explainer.maths.matrix import Place, entry, lifted, places, same, shape, shown
from explainer.maths.quantity import ALL, Quantity, Role
from explainer.maths.rewriting import shortened
from explainer.trace.derive import RATE, activation
from explainer.trace.trace import GUARD_DIGITS, Step

WIDEST = 68
"""So many characters of numbers, with what separates them, fit beside each other."""

MOST = 8
"""The most columns that a matrix shows."""

BETWEEN = 3
"""So many characters stand between two numbers: brackets, or a sign."""

DOTS = 16
"""The width of the dots of a long sum."""

FEW = 5
"""So many terms of a sum are always shown."""

UNITS = ("input", "target", "net", "output", "error", "delta", "bias")
"""What each unit of a layer has one of."""

Factors = tuple[Formula, ...]

Parted = tuple[Factors, Factors]
"""The factors of a δ, in two parts."""


class Layers(Struct, frozen=True):
    """The equations of the layers of a trace; None where a layer has no equation in matrices."""

    reading: Reading

    # -- equations ------------------------------------------------------------------------------

    def net(self, layer: int, iteration: int = 0) -> Stack | None:
        """z^[l] = W^[l] a^[l−1] + b^[l]"""
        weights, signals = self.array("weight", layer, iteration), self.signals(layer, iteration)
        biased = self.reading.layer(layer).biases is not None
        bias = [self.array("bias", layer, iteration)] if biased else []
        law = total((MatrixProduct((weights, signals)), *bias))
        put_in = total((MatrixProduct((Braced(weights), Braced(signals))), *map(Braced, bias)))
        return self.stack(self.array("net", layer, iteration), (law,), put_in, unfolds=True)

    def unit_by_unit(self, role: Role, layer: int, iteration: int = 0) -> Stack | None:
        """The law of one unit, read for all: a^[l] = f(z^[l]), or e = y − a^[L]"""
        whole = self.array(role, layer, iteration)
        steps = self.steps(whole)
        if not steps:
            return None
        law = self.lifted(steps[0].equation.formula)
        return self.stack(whole, (law,), law, defined=True)

    def delta(self, layer: int) -> Stack | None:
        """δ^[L] = ∂L/∂a^[L] ⊙ f′(z^[L]), and δ^[l] = (W^[l+1])ᵀ δ^[l+1] ⊙ f′(z^[l])"""
        whole = self.array("delta", layer)
        steps = self.steps(whole)
        parted = [self.parted(step) for step in steps]
        if not parted or None in parted:
            return None
        first_signal, first_slope = parted[0] or ((), ())
        formulas = self.slopes_written(steps, tuple(filter(None, parted)))
        arrange = in_columns(len(first_signal), shape(whole))
        put_in = braced(arrange(formulas))
        if layer == self.reading.last:
            signal = self.lifted(product(*first_signal))
        else:
            weights, deltas = Transposed(self.array("weight", layer + 1)), self.array("delta", layer + 1)
            signal = MatrixProduct((weights, deltas))
            passed_back = MatrixProduct((Braced(weights), Braced(deltas)))
            put_in = multiplied(passed_back, *factors_of(put_in)[1:])
        law = multiplied(signal, *map(self.lifted, first_slope))
        stated = [multiplied(signal, name) for name in self.named_slope(layer, first_slope)]
        spelled = multiplied(signal, *map(self.lifted, factors_of(formulas[0])[len(first_signal) :]))
        letters = (*stated, law, spelled) if spelled != law and fits(spelled, whole, formulas) else (*stated, law)
        return self.stack(whole, letters, put_in, formulas, arrange, unfolds=layer < self.reading.last)

    def update(self, role: Role, layer: int) -> Stack | None:
        """W^[l] − η δ^[l] (a^[l−1])ᵀ, and b^[l] − η δ^[l]; with + where δ points downhill"""
        old, new, delta = self.array(role, layer), self.array(role, layer, 1), self.array("delta", layer)
        uphill = not self.reading.laws.downhill
        rate: Formula = Negation(RATE) if uphill else RATE
        signals = [Transposed(self.signals(layer))] if role == "weight" else []
        law = Sum((old, MatrixProduct((rate, delta, *signals))))
        put_in = Sum((Braced(old), MatrixProduct((rate, Braced(delta), *map(Braced, signals)))))
        formulas = tuple(self.reading.working.letters(step)[-1] for step in self.steps(new))
        return self.stack(new, (law,), put_in, formulas, self.in_two(new, negated=uphill))

    # -- arrays ---------------------------------------------------------------------------------

    def array(self, role: Role, layer: int, iteration: int = 0) -> Array:
        """All quantities of a role in a layer: the matrix of its weights, or a column of anything else."""
        sizes = self.reading.trace.problem.network.sizes
        senders = range(1, sizes[layer - 1] + 1) if role == "weight" else (0,)
        rows = tuple(
            tuple(self.current(Quantity(role, layer, unit, source, 0, iteration)) for source in senders)
            for unit in range(1, sizes[layer] + 1)
        )
        latest = max(entry.iteration for row in rows for entry in row)
        return Array(Quantity(role, layer, ALL, 0, 0, latest), rows, self.fit(rows))

    def current(self, quantity: Quantity) -> Quantity:
        """A quantity in a pass: of a parameter that stands in its place the new one, where it is trained."""
        if quantity.role not in ("weight", "bias"):
            return quantity
        connections = self.reading.trace.connections
        given = connections.parameter((int(quantity.layer), int(quantity.unit), int(quantity.source)))
        return given.after() if quantity.iteration and connections.is_trained(given) else given

    def signals(self, layer: int, iteration: int = 0) -> Array:
        """What comes into a layer: the inputs, or the outputs of the layer before."""
        return self.array("output", layer - 1, iteration) if layer > 1 else self.array("input", 0)

    def fit(self, rows: tuple[tuple[Quantity, ...], ...]) -> tuple[int, int]:
        """How many rows and columns of an array there is room for, by the widest of its numbers."""
        longest = self.reading.trace.problem.presentation.longest_sum
        across = min(longest, MOST)
        seen = [rows[row][column] for row in shown(len(rows), longest) for column in shown(len(rows[0]), across)]
        widest = max(map(self.width, seen))
        return longest, max(2, min(across, WIDEST // (widest + 2) - 1))

    def width(self, quantity: Quantity) -> int:
        """How many characters the number of a quantity takes; in letters none."""
        if self.reading.in_letters:
            return 0
        numeral = self.reading.trace.numeral(quantity)
        digits, power = numeral.parts()
        return len(digits) + numeral.negative + (len(f" 10^{power}") if power else 0)

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

    def lifted(self, formula: Formula) -> Formula:
        """The formula of one unit, read for its whole layer."""
        return lifted(formula, self.whole_of)

    def whole_of(self, quantity: Quantity) -> Formula:
        """The array that a quantity of a unit belongs to; what no unit has stays as it is."""
        if quantity.role not in UNITS:
            return quantity
        return self.array(quantity.role, int(quantity.layer), quantity.iteration)

    # -- entries --------------------------------------------------------------------------------

    def stack(
        self,
        whole: Array,
        letters: Factors,
        put_in: Formula,
        formulas: Factors = (),
        arrange: Arrange | None = None,
        *,
        unfolds: bool = False,
        defined: bool = False,
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
        unfolds = unfolds and max(map(self.room, worked)) <= WIDEST
        return Stack(whole, letters, put_in, steps, worked, arrange or in_columns(0, shape(whole)), unfolds, defined)

    def steps(self, whole: Array) -> tuple[Step, ...]:
        """The steps of the entries that are shown, row by row; none where one was not worked out."""
        index = self.reading.trace.index
        steps = [index.get(whole.rows[row][column]) for row, column in places(whole)]
        return tuple(step for step in steps if step) if all(step and not step.put_in for step in steps) else ()

    def equation(self, step: Step) -> Formula:
        """The formula of a step; of a new value with its change written out."""
        return self.reading.working.letters(step)[-1] if step.equation.law == "update" else step.equation.formula

    def parted(self, step: Step) -> Parted | None:
        """The factors of a δ: what comes to the unit, and the slope of its activation, where it is not in that."""
        layer, unit = int(step.quantity.layer), step.quantity.unit
        net, output = Quantity("net", layer, unit), Quantity("output", layer, unit)
        slope = factors_of(activation(self.reading.layer(layer)).derivative(net, output))
        factors = factors_of(step.equation.formula)
        signal = without(factors, slope)
        if signal is None:
            return (factors, ()) if layer == self.reading.last else None
        return signal, slope

    def slopes_written(self, steps: tuple[Step, ...], parted: tuple[Parted, ...]) -> Factors:
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

    def named_slope(self, layer: int, written: Factors) -> list[Formula]:
        """f′(z^[l]), where that says something else than the slope written out."""
        named = activation(self.reading.layer(layer)).value(self.array("net", layer))
        return [SlopeOf(named)] if isinstance(named, Call) and written and not isinstance(written[0], Call) else []

    def in_two(self, whole: Array, *, negated: bool) -> Arrange:
        """Sums of two as a sum of two matrices: the old values, and what is added or, `negated`, taken away."""
        columns = len(shown(shape(whole)[1], whole.fit[1]))

        def arranged(formulas: Factors) -> Formula:
            pairs = [formula.terms for formula in formulas if isinstance(formula, Sum)]
            olds, moves = (grid(terms, columns, shape(whole)) for terms in zip(*pairs, strict=True))
            return Sum((olds, Negation(self.turned(moves)) if negated else moves))

        return arranged

    def turned(self, moves: Grid) -> Grid:
        """A matrix of numbers with the opposite signs."""
        result = self.reading.trace.reduction("update").result

        def turn(entry: Formula) -> Formula:
            return entry.term if isinstance(entry, Negation) else result(Negation(entry))

        return Grid(tuple(tuple(map(turn, row)) for row in moves.rows), moves.shape)


def grid(entries: Factors, columns: int, size: Place) -> Grid:
    """The entries that are shown, given row by row in so many columns, of a matrix of this size."""
    return Grid(tuple(entries[first : first + columns] for first in range(0, len(entries), columns)), size)


def in_columns(first: int, size: Place) -> Arrange:
    """Products as columns multiplied entry by entry, so many factors in the first; anything else as one column."""

    def arranged(formulas: Factors) -> Formula:
        split = [factors_of(formula) for formula in formulas]
        if not first or any(len(factors) < first for factors in split):
            return grid(formulas, 1, size)
        others = {len(factors) - first for factors in split}
        ends = range(first + 1, first + 1 + others.pop()) if len(others) == 1 else (None,)
        columns = [grid(tuple(product(*factors[:first]) for factors in split), 1, size)]
        for start, end in enumerate(ends, first):
            columns.append(grid(tuple(product(*factors[start:end]) for factors in split), 1, size))
        return multiplied(*columns)

    return arranged


def fits(law: Formula, whole: Array, formulas: Factors) -> bool:
    """Whether the entries of a law are these formulas, but for the order of terms and factors."""
    return all(same(entry(law, place), each) for place, each in zip(places(whole), formulas, strict=True))


def without(factors: Factors, others: Factors) -> Factors | None:
    """The factors that are left when others are taken out; None where one of those is missing."""
    left = list(factors)
    for other in others:
        if other not in left:
            return None
        left.remove(other)
    return tuple(left)


def factors_of(formula: Formula) -> Factors:
    """The factors of a product, a ⊙ product too; 1 has none."""
    if isinstance(formula, Product | Hadamard):
        return formula.factors
    return () if formula == ONE else (formula,)


def multiplied(*factors: Formula) -> Formula:
    """The factors multiplied entry by entry; a lone one as it is."""
    return factors[0] if len(factors) == 1 else Hadamard(factors)


def braced(formula: Formula) -> Formula:
    """Every written-out factor over its dimensions."""
    return multiplied(*(Braced(factor) if isinstance(factor, Grid) else factor for factor in factors_of(formula)))
