"""From a problem to its equations: a straight-line program in which each quantity is defined once."""

from collections.abc import Iterator
from decimal import Decimal

from msgspec import Struct

from explainer.maths.formula import Formula, total
from explainer.maths.functions import ACTIVATIONS, Activation
from explainer.maths.losses import LOSSES
from explainer.maths.quantity import Phase, Quantity
from explainer.problem.convention import Convention, convention
from explainer.problem.model import Function, Layer, Network, Problem
from explainer.trace.laws import Laws, Unit

Law = str
"""The name of the law that an equation is a case of: net, activation, error, loss, …"""


class Equation(Struct, frozen=True, gc=False):
    """quantity = formula, by a law, in a phase.

    Where the formula is a named function, `definition` is the same written out.
    """

    quantity: Quantity
    formula: Formula
    law: Law
    phase: Phase
    definition: Formula | None = None


RATE = Quantity("rate")


def given(problem: Problem) -> Iterator[tuple[Quantity, Decimal]]:
    """Every given quantity with its number: inputs, targets, rate, weights and biases."""
    sample = problem.samples[0]
    last = len(problem.network.layers)
    for unit, number in enumerate(sample.inputs, 1):
        yield Quantity("input", 0, unit), number
    for unit, number in enumerate(sample.targets, 1):
        yield Quantity("target", last, unit), number
    yield RATE, problem.training.learning_rate
    for index, layer in enumerate(problem.network.layers, 1):
        for unit, row in enumerate(layer.weights, 1):
            for source, number in enumerate(row, 1):
                yield Quantity("weight", index, unit, source), number
        for unit, number in enumerate(layer.biases or (), 1):
            yield Quantity("bias", index, unit), number


def derive(problem: Problem) -> Iterator[Equation]:
    """The equations of one step of gradient descent on one sample, in the order they are worked out."""
    step = Step(problem)
    yield from step.forward("forward", 0)
    yield from step.errors("error", 0)
    yield from step.backward()
    yield from step.updates()
    yield from step.forward("check", 1)
    yield from step.errors("check", 1)


class Step:
    """The equations of one step, phase by phase."""

    def __init__(self, problem: Problem) -> None:
        self.network: Network = problem.network
        self.loss = LOSSES[problem.training.loss]
        self.convention: Convention = convention(problem.presentation.convention)
        self.laws = Laws(self.convention)
        self.last = len(self.network.layers)
        self.activations = activations(self.network)

    def forward(self, phase: Phase, iteration: int) -> Iterator[Equation]:
        """Net input and output of every unit, layer by layer."""
        for layer in range(1, self.last + 1):
            signals = self.signals(layer - 1, iteration)
            activation = self.activations[layer - 1]
            for unit in range(1, self.network.sizes[layer] + 1):
                net = Quantity("net", layer, unit, 0, 0, iteration)
                bias = Quantity("bias", layer, unit, 0, 0, iteration) if self.has_bias(layer) else None
                terms = tuple(
                    self.laws.weighted(Quantity("weight", layer, unit, source, 0, iteration), signal)
                    for source, signal in enumerate(signals, 1)
                )
                yield Equation(net, self.laws.net(terms, bias), "net", phase)
                written = activation.definition(net) if activation.definition else None
                output = Quantity("output", layer, unit, 0, 0, iteration)
                yield Equation(output, activation.value(net), "output", phase, written)

    def errors(self, phase: Phase, iteration: int) -> Iterator[Equation]:
        """The error of every output, and the loss over all of them."""
        outputs = self.signals(self.last, iteration)
        targets = [Quantity("target", self.last, unit) for unit in range(1, len(outputs) + 1)]
        for target, output in zip(targets, outputs, strict=True):
            error = Quantity("error", self.last, output.unit, 0, 0, iteration)
            yield Equation(error, self.laws.error(target, output), "error", phase)
        loss = self.loss.value(tuple(zip(targets, outputs, strict=True)))
        yield Equation(Quantity("loss", self.last, 0, 0, 0, iteration), loss, "loss", phase)

    def backward(self) -> Iterator[Equation]:
        """δ of every unit, from the outputs back to the first hidden layer."""
        outputs = self.network.sizes[-1]
        for layer in range(self.last, 0, -1):
            activation = self.activations[layer - 1]
            for unit in self.backward_order(layer):
                delta = Quantity("delta", layer, unit)
                neuron = Unit(Quantity("net", layer, unit), Quantity("output", layer, unit))
                if layer == self.last:
                    target = Quantity("target", layer, unit)
                    formula = self.laws.output_delta(activation, self.loss, neuron, target, outputs)
                    yield Equation(delta, formula, "output_delta", "backward")
                else:
                    formula = self.laws.hidden_delta(activation, neuron, self.passed_back(layer, unit))
                    yield Equation(delta, formula, "hidden_delta", "backward")

    def updates(self) -> Iterator[Equation]:
        """Change and new value of every parameter, unit by unit, from the outputs back."""
        for layer in range(self.last, 0, -1):
            signals = self.signals(layer - 1, 0)
            for unit in range(1, self.network.sizes[layer] + 1):
                delta = Quantity("delta", layer, unit)
                for source, signal in enumerate(signals, 1):
                    weight = Quantity("weight", layer, unit, source)
                    yield from self.update(weight, Quantity("change", layer, unit, source), delta, signal)
                if self.has_bias(layer):
                    bias = Quantity("bias", layer, unit)
                    yield from self.update(bias, Quantity("change", layer, unit), delta, None)

    def update(
        self, parameter: Quantity, change: Quantity, delta: Quantity, signal: Quantity | None
    ) -> Iterator[Equation]:
        """The change of one parameter, and its new value."""
        yield Equation(change, self.laws.change(RATE, delta, signal), "change", "update")
        yield Equation(parameter.after(), self.laws.update(parameter, change), "update", "update")

    def signals(self, layer: int, iteration: int) -> list[Quantity]:
        """What the units of a layer send on: the inputs, or the outputs of its units."""
        units = range(1, self.network.sizes[layer] + 1)
        if layer == 0:
            return [Quantity("input", 0, unit) for unit in units]
        return [Quantity("output", layer, unit, 0, 0, iteration) for unit in units]

    def passed_back(self, layer: int, unit: int) -> Formula:
        """Σ_k w_hk δ_k over the units k of the next layer."""
        receivers = range(1, self.network.sizes[layer + 1] + 1)
        return total(
            tuple(
                self.laws.passed_back(
                    Quantity("weight", layer + 1, receiver, unit), Quantity("delta", layer + 1, receiver)
                )
                for receiver in receivers
            )
        )

    def backward_order(self, layer: int) -> range:
        """The units of a layer in the order in which their δ are worked out."""
        units = self.network.sizes[layer]
        if layer < self.last and self.convention.hidden_deltas == "last-first":
            return range(units, 0, -1)
        return range(1, units + 1)

    def has_bias(self, layer: int) -> bool:
        """Whether the units of a layer have a bias."""
        return self.network.layers[layer - 1].biases is not None


def activations(network: Network) -> list[Activation]:
    """The activation of each layer, with its parameters."""
    return [activation(layer) for layer in network.layers]


def activation(named: Layer | Function) -> Activation:
    """The activation of a layer, or of this name, with its parameters."""
    return ACTIVATIONS[named.activation].make(**named.parameters)
