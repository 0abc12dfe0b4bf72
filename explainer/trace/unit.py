"""The equations of a unit that stands alone: its output where the net input is given, and its δ."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from explainer.maths.activations import Activation
from explainer.maths.formula import Formula, quantities, total
from explainer.maths.quantity import FIXED_SIGNAL, Index, Quantity
from explainer.problem.model import Problem
from explainer.problem.unit import GivenUnit, Measure
from explainer.trace.derive import Equation, activation
from explainer.trace.laws import Laws, Unit
from explainer.trace.names import Name, Names

OUTPUT, HIDDEN, NEXT = "N", "l", "l+1"
"""The letters of layers: the output layer, any layer, and the one that it feeds."""


class LoneNames(Names):
    """Names of units that stand alone: `units` says which letter or number another one is written as."""

    def __init__(
        self, problem: Problem, units: Mapping[Index, Index], sizes: tuple[int, ...] = (), last: Index | None = None
    ) -> None:
        super().__init__(problem.convention, sizes, None, last)
        self.units = units

    def new_name(self, quantity: Quantity) -> Name:
        """The name with the other letters."""
        if not quantity.layer:
            return super().new_name(quantity)
        unit, source = (self.units.get(each, each) for each in (quantity.unit, quantity.source))
        return super().new_name(replace(quantity, unit=unit, source=source))

    def node(self, layer: Index, unit: Index) -> str:
        """The number of a unit, or the letter that it is written as."""
        return super().node(layer, self.units.get(unit, unit) if layer else unit)


def by_kind(problem: Problem, units: Mapping[Index, Index]) -> Mapping[Index, Index]:
    """What units are called otherwise where their kind is part of their name, as in h_1."""
    return units if problem.convention.nodes == "by-kind" else {}


def laws_of(problem: Problem) -> Laws:
    """The laws as the convention of a problem means them."""
    return Laws(problem.convention)


def known(unit: GivenUnit, layer: Index, name: Index) -> Iterator[tuple[Quantity, Decimal]]:
    """What is given of a unit of this name."""
    if unit.net is not None:
        yield Quantity("net", layer, name), unit.net
    if unit.output is not None:
        yield Quantity("output", layer, name), unit.output
    if unit.target is not None:
        yield Quantity("target", layer, name), unit.target


def outputs(units: Mapping[Index, GivenUnit], layer: Index) -> Iterator[Equation]:
    """o = f(net) of each unit whose net input is given; for a function of the layer, of all net inputs."""
    for name, unit in units.items():
        if unit.net is None:
            continue
        net, function = Quantity("net", layer, name), activation(unit.function)
        if function.layer is not None:
            nets = tuple(Quantity("net", layer, other) for other in units)
            added = total(tuple(map(function.layer.term, nets)))
            value: Formula = function.layer.value(net, nets)
            written: Formula | None = function.layer.definition(net, added)
        else:
            value, written = function.value(net), function.definition(net) if function.definition else None
        yield Equation(Quantity("output", layer, name), value, "output", "forward", written)


class Outputs(Struct, frozen=True):
    """The output units of a layer that are shown, by number or letter, of `count` that there are, and their loss."""

    problem: Problem
    measure: Measure
    layer: Index
    units: Mapping[Index, GivenUnit]
    count: int

    def deltas(self) -> Iterator[Equation]:
        """The outputs, where net inputs are given; the errors, where δ is a formula in them; and every δ."""
        laws = laws_of(self.problem)
        yield from outputs(self.units, self.layer)
        found = {name: self.forms(name) for name in self.units}
        for name, forms in found.items():
            target, error = self.ends(name)
            if error in quantities(forms[0]):
                yield Equation(error, laws.error(target, pair(self.layer, name).output), "error", "error")
        for name, forms in found.items():
            chain = total(self.paths(name)) if laws.by_gradient else None
            delta = Quantity("delta", self.layer, name)
            yield Equation(delta, forms[0], self.law(name), "backward", spelled(forms), chain)

    def law(self, name: Index) -> str:
        """The law of a δ: of one output alone, of one through a whole layer, or where two derivatives cancel."""
        if is_matched(self.problem, self.units[name], self.measure):
            return "matched_delta"
        return "output_delta" if activation(self.units[name].function).layer is None else "layer_delta"

    def forms(self, name: Index) -> list[Formula]:
        """δ as a formula, and where the slope of the activation is a name also with that written out."""
        laws, unit, here, loss = laws_of(self.problem), self.units[name], pair(self.layer, name), self.measure.loss
        function = activation(unit.function)
        if is_matched(self.problem, unit, self.measure):
            return [laws.matched_delta(here, *self.ends(name))]
        if function.layer is not None:
            others = ((pair(self.layer, other), self.back(other)) for other in self.units if other != name)
            return [laws.layer_delta(function.layer, here, self.back(name), others)]
        return [laws.output_delta(form, loss, here, *self.ends(name), self.count) for form in forms(unit)]

    def back(self, name: Index) -> Formula:
        """What comes back to the output of a unit from the loss."""
        return laws_of(self.problem).by_output(self.measure.loss, pair(self.layer, name), *self.ends(name), self.count)

    def ends(self, name: Index) -> tuple[Quantity, Quantity]:
        """The target and the error of a unit."""
        return Quantity("target", self.layer, name), Quantity("error", self.layer, name)

    def paths(self, name: Index) -> tuple[Formula, ...]:
        """∂E/∂o_m · ∂o_m/∂net_k, for each output that the net input has a part in."""
        together = activation(self.units[name].function).layer is not None
        net, through = pair(self.layer, name).net, self.units if together else (name,)
        parts = (Unit(net, pair(self.layer, each).output) for each in through)
        return tuple(laws_of(self.problem).by_chain_rule(Quantity("loss"), each) for each in parts)


def is_matched(problem: Problem, unit: GivenUnit, measure: Measure) -> bool:
    """Whether the derivatives of loss and activation cancel, so that δ comes to t − o, and the page takes that way."""
    fits = unit.function.own is None and measure.loss.matched == unit.function.activation
    return fits and problem.presentation.output_delta == "short"


def forms(unit: GivenUnit) -> tuple[Activation, ...]:
    """The activation of a unit, and where its derivative is a name that written out; without a net input only so."""
    function = activation(unit.function)
    return function.forms if unit.net is not None else function.forms[-1:]


def spelled(forms: Sequence[Formula]) -> Formula | None:
    """The second of a formula's forms, in which what it names is written out, if there is one."""
    return forms[1] if len(forms) > 1 else None


def given_bias(problem: Problem, bias: Quantity, number: Decimal) -> Iterator[tuple[Quantity, Decimal]]:
    """A bias as the convention has it: added, taken away as a threshold, or a weight on a signal that is always 1."""
    if problem.convention.bias == "weight":
        yield FIXED_SIGNAL, Decimal(1)
    yield bias, -number if problem.convention.bias == "subtracted" else number


def pair(layer: Index, name: Index) -> Unit:
    """The net input and the output of a unit of this name."""
    return Unit(Quantity("net", layer, name), Quantity("output", layer, name))
