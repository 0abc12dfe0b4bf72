"""From a problem to its equations: a straight-line program in which each quantity is defined once."""

from collections.abc import Iterator
from decimal import Decimal

from msgspec import Struct

from explainer.maths.activations import ACTIVATIONS, Activation, LayerFunction
from explainer.maths.formula import Call, Formula, Sum, negated, total
from explainer.maths.functions import FUNCTIONS
from explainer.maths.losses import LOSSES, Loss
from explainer.maths.quantity import FIXED_SIGNAL, Phase, Quantity
from explainer.problem.model import Function, Layer, Network, Place, Problem, Training
from explainer.trace.connections import Connections
from explainer.trace.laws import Laws, Share, Unit

Law = str
"""The name of the law that an equation is a case of: net, activation, error, loss, …"""


class Equation(Struct, frozen=True, gc=False):
    """quantity = formula, by a law, in a phase.

    Where the formula is a named function, `definition` is the same written out. Where the convention
    states the chain rule first, `chain` is that product of derivatives.
    """

    quantity: Quantity
    formula: Formula
    law: Law
    phase: Phase
    definition: Formula | None = None
    chain: Formula | None = None

    @property
    def shown(self) -> Formula:
        """What the page says that the quantity is: its formula, or what that stands for where it has no name."""
        if self.definition is not None and isinstance(self.formula, Call) and not FUNCTIONS[self.formula.function].sign:
            return self.definition
        return self.formula


RATE = Quantity("rate")


def given(problem: Problem) -> Iterator[tuple[Quantity, Decimal]]:
    """Every given quantity with its number: inputs, targets, rate, weights and biases."""
    sample = problem.samples[0]
    last = len(problem.network.layers)
    connections, convention = Connections(problem.network), problem.convention
    if convention.bias == "weight" and any(layer.biases for layer in problem.network.layers):
        yield FIXED_SIGNAL, Decimal(1)
    for unit, number in enumerate(sample.inputs, 1):
        yield Quantity("input", 0, unit), number
    for unit, number in enumerate(sample.targets, 1):
        yield Quantity("target", last, unit), number
    yield RATE, problem.training.learning_rate
    for parameter, number in connections.given():
        turned = parameter.role == "bias" and convention.bias == "subtracted"
        yield parameter, -number if turned else number


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
        self.loss = loss(problem.training)
        self.matched = matched(problem)
        self.convention = problem.convention
        self.by_gradient = self.convention.update == "by-gradient"
        self.laws = Laws(self.convention)
        self.connections = Connections(self.network)
        self.last = len(self.network.layers)
        self.activations = activations(self.network)

    def forward(self, phase: Phase, iteration: int) -> Iterator[Equation]:
        """Net input and output of every unit, layer by layer."""
        for layer in range(1, self.last + 1):
            activation = self.activations[layer - 1]
            for unit in self.connections.units(layer):
                net = Quantity("net", layer, unit, 0, 0, iteration)
                bias = self.connections.bias(layer, unit)
                terms = tuple(
                    self.laws.weighted(self.parameter(weight, iteration), signal(layer - 1, source, iteration))
                    for source, weight in self.connections.into(layer, unit)
                )
                yield Equation(net, self.laws.net(terms, bias and self.parameter(bias, iteration)), "net", phase)
                if activation.layer is None:
                    written = activation.definition(net) if activation.definition else None
                    yield Equation(output_of(net), activation.value(net), "output", phase, written)
            if activation.layer is not None:
                yield from self.outputs_together(activation.layer, layer, phase, iteration)

    def outputs_together(self, function: LayerFunction, layer: int, phase: Phase, iteration: int) -> Iterator[Equation]:
        """The outputs of a layer of which each depends on all net inputs."""
        nets = tuple(Quantity("net", layer, unit, 0, 0, iteration) for unit in self.connections.units(layer))
        added = total(tuple(map(function.term, nets)))
        for net in nets:
            yield Equation(output_of(net), function.value(net, nets), "output", phase, function.definition(net, added))

    def errors(self, phase: Phase, iteration: int) -> Iterator[Equation]:
        """The error of every output, and the loss over all of them."""
        outputs = [signal(self.last, unit, iteration) for unit in self.connections.units(self.last)]
        targets = [Quantity("target", self.last, unit) for unit in range(1, len(outputs) + 1)]
        for target, output in zip(targets, outputs, strict=True):
            error = Quantity("error", self.last, output.unit, 0, 0, iteration)
            yield Equation(error, self.laws.error(target, output), "error", phase)
        pairs = tuple(zip(targets, outputs, strict=True))
        loss = Quantity("loss", self.last, 0, 0, 0, iteration)
        yield Equation(loss, self.loss.value(pairs), "loss", phase, self.loss.definition(pairs))

    def backward(self) -> Iterator[Equation]:
        """δ of every unit, from the outputs back to the first hidden layer."""
        for layer in range(self.last, 0, -1):
            function = self.activations[layer - 1].layer
            for unit in self.backward_order(layer):
                if function is None or (layer == self.last and self.matched):
                    yield self.delta(layer, unit)
                else:
                    yield self.delta_of_layer(function, layer, unit)

    def delta_of_layer(self, function: LayerFunction, layer: int, unit: int) -> Equation:
        """δ of a unit whose net input has a part in every output of the layer."""
        neurons = {other: neuron(layer, other) for other in self.connections.units(layer)}
        own = neurons.pop(unit)
        shares: list[Formula] = [self.laws.own_share(function, own, self.signal_back(layer, unit))]
        for other, unit_there in neurons.items():
            share = self.laws.other_share(function, own, unit_there, self.signal_back(layer, other))
            shares.append(negated(share))
        through = [Unit(own.net, Quantity("output", layer, other)) for other in self.connections.units(layer)]
        paths = [self.laws.by_chain_rule(Quantity("loss", self.last), each) for each in through]
        chain = total(tuple(paths)) if self.by_gradient else None
        law = "hidden_delta" if layer < self.last else "output_delta"
        return Equation(Quantity("delta", layer, unit), Sum(tuple(shares)), law, "backward", None, chain)

    def signal_back(self, layer: int, unit: int) -> Formula:
        """What comes back to the output of a unit: from the loss, or from all the units that it feeds."""
        if layer < self.last:
            return self.passed_back(layer, unit)
        target, error = Quantity("target", layer, unit), Quantity("error", layer, unit)
        return self.laws.by_output(self.loss, neuron(layer, unit), target, error, self.network.sizes[-1])

    def delta(self, layer: int, unit: int) -> Equation:
        """δ of one unit; where the derivative of its activation is a name, also with the derivative written out."""
        quantity, activation = Quantity("delta", layer, unit), self.activations[layer - 1]
        here = neuron(layer, unit)
        plain = self.by_gradient and activation.layer is None
        chain = self.laws.by_chain_rule(Quantity("loss", self.last), here) if plain else None
        target, error = Quantity("target", layer, unit), Quantity("error", layer, unit)
        forms = [activation] if activation.spelled is None else [activation, activation.spelled]
        if layer < self.last:
            signal = self.passed_back(layer, unit)
            found = [self.laws.hidden_delta(form, here, signal) for form in forms]
        elif self.matched:
            found = [self.laws.matched_delta(here, target, error)]
        else:
            outputs = self.network.sizes[-1]
            found = [self.laws.output_delta(form, self.loss, here, target, error, outputs) for form in forms]
        law = "hidden_delta" if layer < self.last else "output_delta"
        return Equation(quantity, found[0], law, "backward", found[1] if len(found) > 1 else None, chain)

    def updates(self) -> Iterator[Equation]:
        """Change and new value of every parameter that is trained, unit by unit, from the outputs back."""
        for parameter in self.connections.trained():
            change, shares = parameter.change(), [*map(self.share, self.connections.places(parameter))]
            if self.by_gradient:
                gradient = parameter.gradient()
                chain = total(tuple(map(self.share_by_chain_rule, self.connections.places(parameter))))
                yield Equation(gradient, self.laws.gradient(*shares), "gradient", "update", None, chain)
                yield Equation(change, self.laws.change_by_gradient(RATE, gradient), "change", "update")
            else:
                yield Equation(change, self.laws.change(RATE, *shares), "change", "update")
            yield Equation(parameter.after(), self.laws.update(parameter, change), "update", "update")

    def share(self, place: Place) -> Share:
        """The δ and the signal of one place of a parameter."""
        layer, unit, source = place
        return Quantity("delta", layer, unit), signal(layer - 1, source) if source else self.laws.bias_signal

    def share_by_chain_rule(self, place: Place) -> Formula:
        """∂E/∂net · ∂net/∂w at one place of a parameter"""
        layer, unit, _ = place
        parameter = self.connections.parameter(place)
        return self.laws.parameter_by_chain_rule(
            Quantity("delta", layer, unit), Quantity("net", layer, unit), parameter
        )

    def parameter(self, parameter: Quantity, iteration: int) -> Quantity:
        """A parameter in a pass: in later ones the new value, where there is one."""
        return parameter.after() if iteration and self.connections.is_trained(parameter) else parameter

    def passed_back(self, layer: int, unit: int) -> Formula:
        """Σ_k w_hk δ_k over the units k of the next layer that h feeds."""
        return total(
            tuple(
                self.laws.passed_back(weight, Quantity("delta", layer + 1, receiver))
                for receiver, weight in self.connections.out_of(layer, unit)
            )
        )

    def backward_order(self, layer: int) -> range:
        """The units of a layer in the order in which their δ are worked out."""
        units = self.network.sizes[layer]
        if layer < self.last and self.convention.hidden_deltas == "last-first":
            return range(units, 0, -1)
        return range(1, units + 1)


def signal(layer: int, unit: int, iteration: int = 0) -> Quantity:
    """What a unit sends on: an input, or its output."""
    return Quantity("output", layer, unit, 0, 0, iteration) if layer else Quantity("input", 0, unit)


def output_of(net: Quantity) -> Quantity:
    """The output of the unit that a net input belongs to."""
    return Quantity("output", net.layer, net.unit, 0, 0, net.iteration)


def neuron(layer: int, unit: int) -> Unit:
    """The net input and the output of a unit."""
    return Unit(Quantity("net", layer, unit), Quantity("output", layer, unit))


def activations(network: Network) -> list[Activation]:
    """The activation of each layer, with its parameters."""
    return [activation(layer) for layer in network.layers]


def activation(named: Layer | Function) -> Activation:
    """The activation of a layer, or of this name, with its parameters."""
    if isinstance(named, Layer) and named.own is not None:
        return named.own.activation
    return ACTIVATIONS[named.activation].make(**named.parameters)


def loss(training: Training) -> Loss:
    """The loss, with its parameters."""
    return LOSSES[training.loss].make(**training.loss_parameters)


def matched(problem: Problem) -> bool:
    """Whether loss and output activation fit together, so that δ comes to t − o, and the page takes that short way."""
    last = problem.network.layers[-1]
    fits = last.own is None and loss(problem.training).matched == last.activation
    return fits and problem.presentation.output_delta == "short"
