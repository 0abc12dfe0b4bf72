"""The equations of one neuron: its net input and its output."""

from collections.abc import Iterator
from decimal import Decimal

from explainer.maths.quantity import Quantity
from explainer.problem.kinds.neuron import Neuron
from explainer.problem.model import Problem
from explainer.trace.derive import Equation, activation
from explainer.trace.kinds import Kind
from explainer.trace.names import Names
from explainer.trace.unit import LoneNames, by_kind, given_bias, laws_of

LAYER, UNIT = 1, "j"
"""The layer after the inputs, and the letter of the neuron."""

NET, OUTPUT, BIAS = (Quantity(role, LAYER, UNIT) for role in ("net", "output", "bias"))


def names(problem: Problem) -> Names:
    """The names of the convention; where kinds of units are numbered, the neuron is the only output."""
    return LoneNames(problem, by_kind(problem, {UNIT: 1}), problem.task.sizes)


def weights(task: Neuron) -> Iterator[tuple[Quantity, Quantity]]:
    """The weight and the input of each connection."""
    for source in range(1, len(task.inputs) + 1):
        yield Quantity("weight", LAYER, UNIT, source), Quantity("input", 0, source)


def given(problem: Problem) -> Iterator[tuple[Quantity, Decimal]]:
    """The inputs, the weights and the bias."""
    task = problem.of(Neuron)
    yield from ((signal, number) for (_, signal), number in zip(weights(task), task.inputs, strict=True))
    yield from ((weight, number) for (weight, _), number in zip(weights(task), task.weights, strict=True))
    if task.bias is not None:
        yield from given_bias(problem, BIAS, task.bias)


def derive(problem: Problem) -> Iterator[Equation]:
    """The net input, and the output."""
    task, laws = problem.of(Neuron), laws_of(problem)
    terms = tuple(laws.weighted(weight, signal) for weight, signal in weights(task))
    yield Equation(NET, laws.net(terms, BIAS if task.bias is not None else None), "net", "forward")
    function = activation(task.function)
    written = function.definition(NET) if function.definition else None
    yield Equation(OUTPUT, function.value(NET), "output", "forward", written)


KIND = Kind(given, derive, names)
