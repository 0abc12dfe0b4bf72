"""The equations of a unit that stands alone: its output where the net input is given, and its δ."""

from collections.abc import Iterator
from decimal import Decimal

from explainer.maths.formula import quantities
from explainer.maths.losses import usual
from explainer.maths.quantity import FIXED_SIGNAL, Index, Quantity
from explainer.problem.model import Problem
from explainer.problem.unit import GivenUnit
from explainer.trace.derive import Equation, activation
from explainer.trace.laws import Laws, Unit

OUTPUT, HIDDEN, NEXT = "N", "l", "l+1"
"""The letters of layers: the output layer, any layer, and the one that it feeds."""


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


def output(unit: GivenUnit, layer: Index, name: Index) -> Iterator[Equation]:
    """o = f(net), where the net input is given."""
    if unit.net is not None:
        net, function = Quantity("net", layer, name), activation(unit.function)
        written = function.definition(net) if function.definition else None
        yield Equation(Quantity("output", layer, name), function.value(net), "output", "forward", written)


def output_delta(problem: Problem, unit: GivenUnit, loss: str, layer: Index, name: Index) -> Iterator[Equation]:
    """δ of an output unit; before it the error, where δ is a formula in that."""
    laws, function, neuron = laws_of(problem), activation(unit.function), pair(layer, name)
    target, error = Quantity("target", layer, name), Quantity("error", layer, name)
    formula = laws.output_delta(function, usual(loss), neuron, target, error, 1)
    if error in quantities(formula):
        yield Equation(error, laws.error(target, neuron.output), "error", "error")
    yield Equation(Quantity("delta", layer, name), formula, "output_delta", "backward")


def given_bias(problem: Problem, bias: Quantity, number: Decimal) -> Iterator[tuple[Quantity, Decimal]]:
    """A bias as the convention has it: added, taken away as a threshold, or a weight on a signal that is always 1."""
    if problem.convention.bias == "weight":
        yield FIXED_SIGNAL, Decimal(1)
    yield bias, -number if problem.convention.bias == "subtracted" else number


def pair(layer: Index, name: Index) -> Unit:
    """The net input and the output of a unit of this name."""
    return Unit(Quantity("net", layer, name), Quantity("output", layer, name))
