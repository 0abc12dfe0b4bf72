"""One layer in arrays, forward and backward over samples: a row for each sample and a column for each unit.

The sums over units are products of matrices; everything entry by entry is compiled from the formulas of the equations.
"""

from collections.abc import Callable, Iterator

import numpy as np
from msgspec import Struct

from explainer.maths.activations import Activation, LayerFunction
from explainer.maths.arrays import Array, Compiled, Values, compiled
from explainer.maths.formula import Constant, Formula, difference
from explainer.maths.quantity import Quantity
from explainer.trace.derive import Step
from explainer.trace.laws import Unit
from explainer.trace.normalized_arrays import NormalizedArrays
from explainer.trace.sure import in_range, off_zero
from explainer.trace.thinned_arrays import ThinnedArrays

NET, OUTPUT, TARGET, SIGNAL = Quantity("net"), Quantity("output"), Quantity("target"), Quantity("delta")
"""What the formulas of a layer are made of; the signal is what comes back to its outputs from the layer after."""

VARIABLES = (NET, OUTPUT, TARGET, SIGNAL)
OTHER_NET, OTHER_OUTPUT, OTHER_SIGNAL = Quantity("net", 0, 1), Quantity("output", 0, 1), Quantity("delta", 0, 1)


class Passed(Struct, frozen=True):
    """What a pass leaves of a layer: its inputs, what its activation is applied to, its outputs, what it passes on.

    With dropout the `mask` tells which outputs are kept; `shaped` is what normalization has made of its net inputs.
    """

    inputs: Array
    entry: Array
    output: Array
    sent: Array
    mask: Array | None
    shaped: list[Array]


class LayerArrays:
    """One layer; its parameters lie in the vector of all places: weights row by row, biases, scales and shifts."""

    def __init__(self, passes: Step, layer: int, start: int, running: int) -> None:
        sources, units = passes.network.sizes[layer - 1 : layer + 1]
        self.shape = (units, sources)
        self.weights = slice(start, start + units * sources)
        biased = passes.network.layers[layer - 1].biases is not None
        self.biases = slice(self.weights.stop, self.weights.stop + units) if biased else None
        self.stop = self.biases.stop if self.biases else self.weights.stop
        self.bias_signal = -1.0 if passes.convention.bias == "subtracted" else 1.0
        normalizing = passes.connections.normalized.get(layer)
        self.normalized = NormalizedArrays(normalizing, units, self.stop, running) if normalizing else None
        thinning = passes.connections.thinning.get(layer)
        self.thinned = ThinnedArrays(thinning, layer, units) if thinning else None
        activation = passes.activations[layer - 1]
        self.output = compiled(value(activation), (NET,))
        self.kinks = [compiled(each, (NET,)) for each in kinks(activation)]
        self.joint = joint(passes) if layer == passes.last else None
        self.delta = delta(passes, layer)

    def forward(self, places: Array, running: Array, inputs: Array, gone: int | None) -> Passed:
        """Net inputs and outputs: in training, for samples that come after so many; or of the network in use.

        Raises:
            UnsureError: a net input is beyond range, or what the activation is applied to comes too close to a kink.
        """
        net = inputs.dot(places[self.weights].reshape(self.shape).T)
        if self.biases:
            net += self.bias_signal * places[self.biases]
        in_range(net.ravel())
        shaped = [net]
        if self.normalized:
            shaped = self.normalized.forward(places, running, net, training=gone is not None)
        entry = shaped[-1]
        for kink in self.kinks:
            off_zero(kink((entry,)))
        output = sent = self.output((entry,))
        mask = None
        if self.thinned and gone is not None:
            mask = self.thinned.mask(gone, len(net))
            sent = self.thinned.passed_on(mask, output)
        elif self.thinned:
            sent = self.thinned.after_training(output)
        return Passed(inputs, entry, output, sent, mask, shaped)

    def backward(self, passed: Passed, target: Array, signal: Array, into: Array) -> Array:
        """δ of every unit; and Σ δ x, and the like, for every parameter, put into the vector of all places.

        The `signal` comes back from the layer after, or the output layer has a `target`.

        Raises:
            UnsureError: an output comes too close to a kink of the loss.
        """
        if self.joint:
            off_zero(self.joint((target, passed.output)), least=-1)
        if self.thinned:
            signal = self.thinned.back(passed.mask, signal)
        delta = self.delta((passed.entry, passed.output, target, signal))
        if self.normalized:
            delta = self.normalized.backward(passed.shaped, delta, into)
        np.dot(delta.T, passed.inputs, out=into[self.weights].reshape(self.shape))
        if self.biases:
            np.add.reduce(delta, 0, None, into[self.biases])
            into[self.biases] *= self.bias_signal
        return delta

    def back(self, places: Array, delta: Array) -> Array:
        """Σ_k w_hk δ_k, for every unit h of the layer before."""
        return delta.dot(places[self.weights].reshape(self.shape))


def layer_arrays(passes: Step) -> Iterator[LayerArrays]:
    """Every layer of a network, from the inputs on."""
    start = running = 0
    for layer in range(1, passes.last + 1):
        found = LayerArrays(passes, layer, start, running)
        start = found.stop
        if found.normalized:
            start, running = found.normalized.stop, found.normalized.variances.stop
        yield found


def value(activation: Activation) -> Formula:
    """The output of a unit; a function of the whole layer finds the layer along the last axis of its net inputs."""
    return activation.value(NET) if activation.layer is None else activation.layer.value(NET, (NET,))


def kinks(activation: Activation) -> Iterator[Formula]:
    """What is 0 where an activation may have no derivative."""
    yield from (difference(NET, Constant(kink)) for kink in activation.kinks)
    yield from activation.ties(NET)


def joint(passes: Step) -> Compiled | None:
    """What is 0 where the loss has no derivative."""
    if passes.loss.joint is None or not passes.loss.kinked:
        return None
    return compiled(passes.loss.joint(TARGET, OUTPUT), (TARGET, OUTPUT))


def delta(passes: Step, layer: int) -> Compiled:
    """δ of the units of a layer, from the values of `VARIABLES`."""
    laws, outputs, activation = passes.laws, passes.network.sizes[-1], passes.activations[layer - 1]
    unit, error, is_last = Unit(NET, OUTPUT), laws.error(TARGET, OUTPUT), layer == passes.last
    if is_last and passes.matched:
        return compiled(laws.matched_delta(unit, TARGET, error), VARIABLES)
    if activation.layer is not None:
        signal = laws.by_output(passes.loss, unit, TARGET, error, outputs) if is_last else SIGNAL
        return delta_of_layer(passes, activation.layer, compiled(signal, VARIABLES))
    if is_last:
        return compiled(laws.output_delta(activation, passes.loss, unit, TARGET, error, outputs), VARIABLES)
    return compiled(laws.hidden_delta(activation, unit, SIGNAL), VARIABLES)


def delta_of_layer(passes: Step, function: LayerFunction, signal: Compiled) -> Callable[[Values], Array]:
    """δ where each net input has a part in every output of the layer: the share of its own, less those of the others"""
    unit = Unit(NET, OUTPUT)
    own = compiled(passes.laws.own_share(function, unit, SIGNAL), (OUTPUT, SIGNAL))
    of_other = passes.laws.other_share(function, unit, Unit(OTHER_NET, OTHER_OUTPUT), OTHER_SIGNAL)
    other = compiled(of_other, (OUTPUT, OTHER_OUTPUT, OTHER_SIGNAL))

    def found(values: Values) -> Array:
        output, back = values[1], signal(values)
        shares = other((output[:, None, :], output[:, :, None], back[:, :, None]))
        apart = 1 - np.eye(output.shape[1])
        return own((output, back)) - (shares * apart).sum(axis=1)

    return found
