"""From a problem to its equations: a straight-line program in which each quantity is defined once.

Here are the passes, forward and backward; `updates` has what follows from them for the parameters.
"""

from collections.abc import Iterator
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from explainer.maths.activations import Activation, LayerFunction
from explainer.maths.formula import Call, Formula, fraction, product, quantities, total
from explainer.maths.functions import FUNCTIONS
from explainer.maths.losses import LOSSES, Loss
from explainer.maths.optimizers import OPTIMIZERS, Optimizer
from explainer.maths.quantity import FIXED_SIGNAL, Phase, Quantity
from explainer.problem.model import Function, Layer, Network, Problem, Sample, Training
from explainer.trace.connections import Connections
from explainer.trace.control import Control
from explainer.trace.dropout import mask_of, thinned
from explainer.trace.laws import Laws, Unit
from explainer.trace.normalized import NormalizedLayer

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
    def refers_to(self) -> Iterator[Quantity]:
        """Every quantity that the formula refers to, and what it is written out as."""
        yield from quantities(self.formula)
        if self.definition is not None:
            yield from quantities(self.definition)

    @property
    def shown(self) -> Formula:
        """What the page says that the quantity is: its formula, or what that stands for where it has no name."""
        if self.definition is not None and isinstance(self.formula, Call) and not FUNCTIONS[self.formula.function].sign:
            return self.definition
        return self.formula


RATE = Quantity("rate")


ONE: tuple[int, ...] = (0,)
"""The samples of a step on a single one, which has no number."""


def given(problem: Problem) -> Iterator[tuple[Quantity, Decimal]]:
    """Every given quantity with its number: inputs, targets, rate, weights and biases."""
    yield from fixed_signal(problem)
    yield from of_sample(problem, problem.samples[0], 0)
    yield RATE, problem.training.learning_rate
    yield from parameters(problem)


def fixed_signal(problem: Problem) -> Iterator[tuple[Quantity, Decimal]]:
    """The signal of which every bias is a weight, where the convention has one."""
    if problem.convention.bias == "weight" and any(layer.biases for layer in problem.network.layers):
        yield FIXED_SIGNAL, Decimal(1)


def of_sample(problem: Problem, sample: Sample, number: int) -> Iterator[tuple[Quantity, Decimal]]:
    """The inputs and the targets of a sample of this number."""
    last = len(problem.network.layers)
    for unit, value in enumerate(sample.inputs, 1):
        yield Quantity("input", 0, unit, 0, number), value
    for unit, value in enumerate(sample.targets, 1):
        yield Quantity("target", last, unit, 0, number), value


def parameters(problem: Problem) -> Iterator[tuple[Quantity, Decimal]]:
    """The weights and biases before any step."""
    for parameter, number in Connections(problem.network).given():
        turned = parameter.role == "bias" and problem.convention.bias == "subtracted"
        yield parameter, -number if turned else number


Form = Literal["training", "check", "use"]
"""The form of a pass: in training; over the same batch, but with no output left out; or of the network in use."""


class Step:
    """The equations of the passes of one step, forward and backward, in one of their forms.

    Samples go through the network one by one, or layer by layer together where a layer is normalized over them. With
    `ahead` the passes run where the velocities take the parameters.
    """

    def __init__(
        self, problem: Problem, samples: tuple[int, ...] = ONE, form: Form = "training", *, ahead: bool = False
    ) -> None:
        self.samples = samples
        self.form = form
        self.ahead = ahead
        self.network: Network = problem.network
        self.loss = loss(problem.training)
        self.matched = matched(problem)
        self.convention = problem.convention
        self.by_gradient = self.convention.update == "by-gradient"
        self.averaged = problem.training.reduction == "mean"
        self.control = Control(problem, ahead=ahead)
        self.laws = Laws(self.convention)
        self.connections = Connections(self.network, inference=form != "training")
        self.normalized = {layer: NormalizedLayer(self, layer) for layer in self.connections.normalized}
        self.last = len(self.network.layers)
        self.measured = measured(problem)
        self.activations = activations(self.network)

    @staticmethod
    def equation(
        quantity: Quantity,
        formula: Formula,
        law: Law,
        phase: Phase,
        definition: Formula | None = None,
        chain: Formula | None = None,
    ) -> Equation:
        """An equation of the step."""
        return Equation(quantity, formula, law, phase, definition, chain)

    def forward(self, phase: Phase, iteration: int) -> Iterator[Equation]:
        """Net input and output of every unit, layer by layer."""
        for samples in self.together:
            for layer in range(1, self.last + 1):
                if layer in self.normalized:
                    yield from self.normalized[layer].forward(samples, phase, iteration)
                    continue
                for sample in samples:
                    yield from self.forward_layer(layer, sample, phase, iteration)

    @property
    def together(self) -> list[tuple[int, ...]]:
        """The samples that go through the network together."""
        return [self.samples] if self.normalized else [(sample,) for sample in self.samples]

    def forward_layer(self, layer: int, sample: int, phase: Phase, iteration: int) -> Iterator[Equation]:
        """Net input and output of every unit of a layer."""
        for unit in self.connections.units(layer):
            yield self.net(layer, unit, sample, phase, iteration)
            yield from self.output(layer, unit, sample, phase, iteration)
        yield from self.outputs_together(layer, sample, phase, iteration)

    def net(self, layer: int, unit: int, sample: int, phase: Phase, iteration: int) -> Equation:
        """The net input of a unit."""
        bias = self.connections.bias(layer, unit)
        terms = tuple(
            self.laws.weighted(
                self.parameter(weight, iteration), self.connections.sent(layer - 1, source, sample, iteration)
            )
            for source, weight in self.connections.into(layer, unit)
        )
        found = self.laws.net(terms, bias and self.parameter(bias, iteration))
        return Equation(Quantity("net", layer, unit, 0, sample, iteration), found, "net", phase)

    def output(self, layer: int, unit: int, sample: int, phase: Phase, iteration: int) -> Iterator[Equation]:
        """The output of a unit, and what it passes on, where no other unit of its layer has a part in it."""
        activation, entry = self.activations[layer - 1], self.connections.entry(layer, unit, sample, iteration)
        if activation.layer is None:
            written = activation.definition(entry) if activation.definition else None
            yield Equation(output_of(entry), activation.value(entry), "output", phase, written)
            yield from self.passed_on(output_of(entry), phase)

    def outputs_together(self, layer: int, sample: int, phase: Phase, iteration: int) -> Iterator[Equation]:
        """The outputs of a layer of which each depends on all net inputs, if its activation is of this kind."""
        function = self.activations[layer - 1].layer
        if function is None:
            return
        nets = tuple(self.connections.entry(layer, unit, sample, iteration) for unit in self.connections.units(layer))
        added = total(tuple(map(function.term, nets)))
        for net in nets:
            yield Equation(output_of(net), function.value(net, nets), "output", phase, function.definition(net, added))
        for net in nets:
            yield from self.passed_on(output_of(net), phase)

    def passed_on(self, output: Quantity, phase: Phase) -> Iterator[Equation]:
        """What is passed on in place of an output, where its layer has dropout."""
        dropout = self.connections.thinning.get(int(output.layer))
        if dropout is None or (self.connections.inference and dropout.inverted):
            return
        found = dropout.passed_on(mask_of(output), output)
        if self.connections.inference:
            found = dropout.after_training(output)
        yield Equation(thinned(output), found, "dropout", phase)

    def errors(self, phase: Phase, iteration: int) -> Iterator[Equation]:
        """The error of every output, and the loss over all of them; of several samples, the loss of them all.

        Where there is a penalty, it comes last.
        """
        for sample in self.samples:
            yield from self.errors_of(sample, phase, iteration)
        if self.samples != ONE:
            losses = tuple(self.loss_of(sample, iteration) for sample in self.samples)
            added = total(losses)
            if self.measured.role == "loss_sum":
                named = Quantity("loss_sum", self.last, 0, 0, 0, iteration)
                yield Equation(named, added, "loss_sum", phase)
                added = named
            yield Equation(self.loss_on_data(0, iteration), self.reduced(added), "batch_loss", phase)
        for quantity, formula in self.control.loss(iteration):
            yield Equation(quantity, formula, "penalty" if quantity.role == "penalty" else "whole_loss", phase)

    def errors_of(self, sample: int, phase: Phase, iteration: int) -> Iterator[Equation]:
        """The error of every output for one sample, and the loss over these."""
        pairs = []
        for unit in self.connections.units(self.last):
            output, target = signal(self.last, unit, sample, iteration), target_of(self.last, unit, sample)
            error = Quantity("error", self.last, unit, 0, sample, iteration)
            yield Equation(error, self.laws.error(target, output), "error", phase)
            pairs.append((target, output))
        stated = tuple(pairs)
        yield Equation(
            self.loss_on_data(sample, iteration), self.loss.value(stated), "loss", phase, self.loss.definition(stated)
        )

    def neuron(self, layer: int, unit: int, sample: int) -> Unit:
        """What the activation of a unit is applied to, and its output."""
        return Unit(self.connections.entry(layer, unit, sample), signal(layer, unit, sample))

    def measured_of(self, sample: int) -> Quantity:
        """The loss that error signals are derivatives of: that of the sample, or of all that act on each other."""
        return self.measured if self.normalized else self.loss_of(sample)

    def loss_of(self, sample: int, iteration: int = 0) -> Quantity:
        """The loss of a sample, or with 0 that of all."""
        return Quantity("loss", self.last, 0, 0, sample, iteration)

    def loss_on_data(self, sample: int, iteration: int = 0) -> Quantity:
        """The same, before a penalty is added to that of all, or of a single one."""
        loss = self.loss_of(sample, iteration)
        return loss.of_parameter("data_loss") if self.control.penalties and not sample else loss

    def reduced(self, added: Formula) -> Formula:
        """What the sum over the samples makes of the batch: the sum itself, or the mean."""
        return product(fraction(1, len(self.samples)), added) if self.averaged else added

    def backward(self) -> Iterator[Equation]:
        """δ of every unit, from the outputs back to the first hidden layer."""
        for samples in self.together:
            for layer in range(self.last, 0, -1):
                if layer in self.normalized:
                    yield from self.normalized[layer].backward(samples)
                    continue
                for sample in samples:
                    yield from (self.signal_of(layer, unit, sample) for unit in self.backward_order(layer))

    def signal_of(self, layer: int, unit: int, sample: int) -> Equation:
        """The error signal of a unit, at what its activation is applied to: δ, where that is the net input."""
        function = self.activations[layer - 1].layer
        if function is None or (layer == self.last and self.matched):
            return self.delta(layer, unit, sample)
        return self.delta_of_layer(function, layer, unit, sample)

    def delta_of_layer(self, function: LayerFunction, layer: int, unit: int, sample: int) -> Equation:
        """δ of a unit whose net input has a part in every output of the layer."""
        neurons = {other: self.neuron(layer, other, sample) for other in self.connections.units(layer)}
        own = neurons.pop(unit)
        others = [(there, self.signal_back(layer, other, sample)) for other, there in neurons.items()]
        shared_out = self.laws.layer_delta(function, own, self.signal_back(layer, unit, sample), others)
        through = [Unit(own.net, signal(layer, other, sample)) for other in self.connections.units(layer)]
        paths = [self.laws.by_chain_rule(self.measured_of(sample), each) for each in through]
        chain = total(tuple(paths)) if self.by_gradient else None
        law = "hidden_delta" if layer < self.last else "output_delta"
        return Equation(delta_of(layer, unit, sample), shared_out, law, "backward", None, chain)

    def signal_back(self, layer: int, unit: int, sample: int) -> Formula:
        """What comes back to the output of a unit: from the loss, or from all the units that it feeds."""
        if layer < self.last:
            return self.passed_back(layer, unit, sample)
        target, error = target_of(layer, unit, sample), Quantity("error", layer, unit, 0, sample)
        return self.laws.by_output(self.loss, self.neuron(layer, unit, sample), target, error, self.network.sizes[-1])

    def delta(self, layer: int, unit: int, sample: int) -> Equation:
        """δ of one unit; where the derivative of its activation is a name, also with the derivative written out."""
        activation, here = self.activations[layer - 1], self.neuron(layer, unit, sample)
        plain = self.by_gradient and activation.layer is None
        chain = self.laws.by_chain_rule(self.measured_of(sample), here) if plain else None
        target, error = target_of(layer, unit, sample), Quantity("error", layer, unit, 0, sample)
        if layer < self.last:
            signal = self.passed_back(layer, unit, sample)
            found = [self.laws.hidden_delta(form, here, signal) for form in activation.forms]
        elif self.matched:
            found = [self.laws.matched_delta(here, target, error)]
        else:
            outputs = self.network.sizes[-1]
            found = [self.laws.output_delta(form, self.loss, here, target, error, outputs) for form in activation.forms]
        law, quantity = "hidden_delta" if layer < self.last else "output_delta", delta_of(layer, unit, sample)
        return Equation(quantity, found[0], law, "backward", found[1] if len(found) > 1 else None, chain)

    def parameter(self, parameter: Quantity, iteration: int) -> Quantity:
        """A parameter in a pass: ahead, or in later ones the new value, where there is one."""
        if not (iteration or self.ahead) or not self.connections.is_trained(parameter):
            return parameter
        return parameter.after() if iteration else parameter.ahead()

    def passed_back(self, layer: int, unit: int, sample: int) -> Formula:
        """Σ_k w_hk δ_k over the units k of the next layer that h feeds, as far as dropout lets it through."""
        found = total(
            tuple(
                self.laws.passed_back(self.parameter(weight, 0), delta_of(layer + 1, receiver, sample))
                for receiver, weight in self.connections.out_of(layer, unit)
            )
        )
        dropout = self.connections.thinning.get(layer)
        return product(dropout.factor(mask_of(signal(layer, unit, sample))), found) if dropout else found

    def backward_order(self, layer: int) -> range:
        """The units of a layer in the order in which their δ are worked out."""
        units = self.network.sizes[layer]
        if layer < self.last and self.convention.hidden_deltas == "last-first":
            return range(units, 0, -1)
        return range(1, units + 1)


def signal(layer: int, unit: int, sample: int = 0, iteration: int = 0) -> Quantity:
    """What a unit sends on: an input, or its output."""
    return Quantity("output", layer, unit, 0, sample, iteration) if layer else Quantity("input", 0, unit, 0, sample)


def target_of(layer: int, unit: int, sample: int = 0) -> Quantity:
    """The target of an output."""
    return Quantity("target", layer, unit, 0, sample)


def delta_of(layer: int, unit: int, sample: int = 0) -> Quantity:
    """The δ of a unit."""
    return Quantity("delta", layer, unit, 0, sample)


def output_of(net: Quantity) -> Quantity:
    """The output of the unit that a net input belongs to."""
    return Quantity("output", net.layer, net.unit, 0, net.sample, net.iteration)


def measured(problem: Problem) -> Quantity:
    """The losses of all samples added up: the loss of the batch, or where that is their mean a quantity of its own."""
    network = problem.network
    is_part = problem.training.reduction == "mean" or bool(Control(problem).penalties)
    named = is_part and any(layer.normalization for layer in network.layers)
    return Quantity("loss_sum" if named else "loss", len(network.layers))


def activations(network: Network) -> list[Activation]:
    """The activation of each layer, with its parameters."""
    return [activation(layer) for layer in network.layers]


def activation(named: Layer | Function) -> Activation:
    """The activation of a layer, or of this name, with its parameters."""
    return (named.function if isinstance(named, Layer) else named).formulas


def loss(training: Training) -> Loss:
    """The loss, with its parameters."""
    return LOSSES[training.loss].make(**training.loss_parameters)


def optimizer(training: Training) -> Optimizer:
    """The optimizer, with its parameters."""
    return OPTIMIZERS[training.optimizer].make(**training.optimizer_parameters)


def matched(problem: Problem) -> bool:
    """Whether loss and output activation fit together, so that δ comes to t − o, and the page takes that short way."""
    last = problem.network.layers[-1]
    fits = last.own is None and loss(problem.training).matched == last.activation
    return fits and problem.presentation.output_delta == "short"
