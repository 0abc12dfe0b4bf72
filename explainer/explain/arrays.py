"""Arrays: which numbers of a trace stand together in a vector or a matrix, and how much of it a page has room for."""

from functools import cached_property

from msgspec import Struct

from explainer.explain.reading import Reading
from explainer.maths.formula import ONE, Array, Braced, Formula, Grid, MatrixProduct, Ones, Sum, Transposed, quantities
from explainer.maths.matrix import lifted, shown
from explainer.maths.quantity import (
    ALL,
    CORRECTED,
    PARAMETERS,
    SCALE,
    SHIFT,
    STATES,
    Index,
    Quantity,
    Role,
    parameter_role,
)

WIDEST = 68
"""So many characters of numbers, with what separates them, fit beside each other."""

BESIDE = 40
"""So many fit into a matrix of a batch, which has others beside it."""

MOST = 8
"""The most columns that a matrix shows."""

OF_UNIT: tuple[Role, ...] = (
    "input", "target", "net", "normalized", "scaled", "output", "mask", "thinned", "error", "delta", "by_scaled",
    "by_normalized",
)  # fmt: skip
"""What each unit of a layer has one of for every sample."""

OF_LAYER: tuple[Role, ...] = ("mean", "variance", "by_variance", "by_mean", "running_mean", "running_variance")
"""What each unit of a layer has one of for all samples together."""

OF_PARAMETER: tuple[Role, ...] = (
    *PARAMETERS, *STATES, *CORRECTED, "data_gradient", "gradient", "clipped", "change", "ahead",
)  # fmt: skip
"""What there is one of for each parameter."""

OF_ARRAYS = frozenset((*OF_UNIT, *OF_LAYER, *OF_PARAMETER))
"""What an entry of an array is."""

SOURCES: dict[Role, int] = {"bias": 0, "scale": SCALE, "shift": SHIFT}
"""What stands in place of the sending unit of a parameter that is no weight."""


class Arrays(Struct, frozen=True, dict=True):
    """The arrays of a trace."""

    reading: Reading

    @cached_property
    def samples(self) -> tuple[int, ...]:
        """The samples of the step, each a column; 0 for a single one."""
        numbers = {int(each.sample) for each in self.reading.trace.given if each.role == "input" and each.unit}
        return tuple(sorted(numbers - {0})) or (0,)

    @property
    def is_batch(self) -> bool:
        """Whether the samples of a batch are columns beside each other."""
        return self.samples != (0,)

    # -- whole arrays ---------------------------------------------------------------------------

    def array(self, role: Role, layer: int, iteration: int = 0) -> Array:
        """All quantities of a role in a layer: a row for each unit; of what each sample has, a column for each."""
        if role in OF_PARAMETER:
            return self.of_parameters(role, role if role in PARAMETERS else "weight", layer, iteration)
        samples = self.samples if role in OF_UNIT else (0,)
        rows = tuple(
            tuple(Quantity(role, layer, unit, 0, sample, iteration) for sample in samples) for unit in self.units(layer)
        )
        columns: Index = ALL if self.is_batch and role in OF_UNIT else 0
        return Array(Quantity(role, layer, ALL, 0, columns, iteration), rows, self.fit(rows))

    def of_parameters(self, role: Role, kind: Role, layer: int, iteration: int = 0) -> Array:
        """What there is for the weights, or the biases, of a layer: a row for each unit, a column for each sender."""
        sources = self.units(layer - 1) if kind == "weight" else (SOURCES[kind],)
        rows = tuple(
            tuple(self.of_place(role, (layer, unit, source), iteration) for source in sources)
            for unit in self.units(layer)
        )
        latest = max(entry.iteration for row in rows for entry in row)
        return Array(
            Quantity(role, layer, ALL, ALL if kind == "weight" else sources[0], 0, latest), rows, self.fit(rows)
        )

    def of_given(self, quantity: Quantity) -> Array:
        """The array that a number belongs to which is given for a parameter."""
        return self.of_parameters(
            quantity.role, parameter_role(quantity.source), int(quantity.layer), quantity.iteration
        )

    def of_place(self, role: Role, place: tuple[int, int, int], iteration: int) -> Quantity:
        """What there is for the parameter at a place; of the parameter itself the new value, where it is trained."""
        connections = self.reading.trace.connections
        given = connections.parameter(place)
        if role == "ahead" and not connections.is_trained(given):
            return given
        if role not in PARAMETERS:
            return Quantity(role, given.layer, given.unit, given.source, 0, iteration)
        return given.after() if iteration and connections.is_trained(given) else given

    def used(self, kind: Role, layer: int, iteration: int = 0) -> Array:
        """The weights, or the biases, of a layer as a pass uses them: also where their velocities take them."""
        ahead = self.reading.trace.names.ahead and not iteration
        if ahead and self.reading.layer(layer).trains(kind):
            return self.of_parameters("ahead", kind, layer)
        return self.array(kind, layer, iteration)

    def signals(self, layer: int, iteration: int = 0) -> Array:
        """What comes into a layer: the inputs, or what the layer before passes on."""
        if layer == 1:
            return self.array("input", 0)
        first = self.reading.trace.connections.sent(layer - 1, 1, self.samples[0], iteration)
        role = first.role if first in self.reading.trace.index else "output"
        return self.array(role, layer - 1, iteration)

    def units(self, layer: int) -> range:
        """The units of a layer."""
        return self.reading.trace.connections.units(layer)

    # -- what is said of a unit, read for all ---------------------------------------------------

    def lifted(self, formula: Formula, whole: Array | None = None) -> Formula:
        """The formula of one unit, or of one parameter, read for its whole layer.

        Where it is that of a `whole` batch, what all samples have in common stands in a column for each of them.
        """
        over = whole is not None and whole.whole.sample == ALL
        return lifted(formula, self.spread_out if over else self.summed)

    def spread_out(self, formula: Formula) -> Formula | None:
        """The array of a quantity, for every sample of a batch."""
        if not isinstance(formula, Quantity):
            return None
        found = self.whole_of(formula)
        return self.spread(found)[0] if isinstance(found, Array) and found.whole.sample != ALL else found

    def summed(self, formula: Formula) -> Formula | None:
        """The array of a quantity, or a sum over the samples of a batch as that of the rows of a matrix."""
        if isinstance(formula, Quantity):
            return self.whole_of(formula)
        if isinstance(formula, Sum) and self.is_over_samples(formula):
            return MatrixProduct((lifted(formula.terms[0], self.spread_out), Ones(len(self.samples))))
        return None

    def is_over_samples(self, formula: Sum) -> bool:
        """Whether every term of a sum is that of one sample."""
        terms = ({each.sample for each in quantities(term)} - {0} for term in formula.terms)
        return self.is_batch and list(terms) == [{sample} for sample in self.samples]

    def whole_of(self, quantity: Quantity) -> Formula:
        """The array that a quantity belongs to; what no unit has stays as it is."""
        role, layer = quantity.role, quantity.layer
        if role in OF_UNIT or role in OF_LAYER:
            return self.array(role, int(layer), quantity.iteration)
        if role in OF_PARAMETER:
            return self.of_given(quantity)
        return quantity

    def spread(self, column: Array) -> tuple[Formula, Formula]:
        """What all samples have in common, in a column for each of them: b 1ᵀ, by name and with its numbers put in."""
        if not self.is_batch:
            return column, Braced(column)
        ones = Transposed(Ones(len(self.samples)))
        return MatrixProduct((column, ones)), MatrixProduct((Braced(column), Braced(self.ones(across=True))))

    def ones(self, *, across: bool) -> Grid:
        """A one for each sample, in a row or in a column, written out."""
        count = len(self.samples)
        row = (ONE,) * len(shown(count, min(self.reading.trace.problem.presentation.longest_sum, MOST)))
        return Grid((row,), (1, count)) if across else Grid(tuple((one,) for one in row), (count, 1))

    # -- room -----------------------------------------------------------------------------------

    def fit(self, rows: tuple[tuple[Quantity, ...], ...]) -> tuple[int, int]:
        """How many rows and columns of an array there is room for, by the widest of its numbers.

        In a batch there are matrices on both sides of a product.
        """
        longest = self.reading.trace.problem.presentation.longest_sum
        across = min(longest, MOST)
        seen = [rows[row][column] for row in shown(len(rows), longest) for column in shown(len(rows[0]), across)]
        widest = max(map(self.width, seen)) + 2
        room = BESIDE // widest if self.is_batch else WIDEST // widest - 1
        return longest, max(2, min(across, room))

    def width(self, quantity: Quantity) -> int:
        """How many characters the number of a quantity takes; in letters none."""
        if self.reading.in_letters:
            return 0
        numeral = self.reading.trace.numeral(quantity)
        digits, power = numeral.parts()
        return len(digits) + numeral.negative + (len(f" 10^{power}") if power else 0)
