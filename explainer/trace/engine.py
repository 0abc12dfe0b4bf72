"""The engine: the steps of a long training that are not shown, in arrays of double precision.

What the equations say entry by entry (activations, losses, δ, the lines of the optimizer) is compiled from the same
formulas; only the sums over units and over samples are products of matrices. All parameters lie in one vector, so that
an update is a few operations whatever the network. Where the engine cannot be sure to do what the equations do, it
raises an `ArithmeticError`, and the step is theirs.
"""

from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from explainer.maths.arrays import Array, compiled
from explainer.maths.quantity import Quantity
from explainer.problem.model import Problem, Sample
from explainer.problem.training import Trained
from explainer.trace.derive import Step
from explainer.trace.layer_arrays import OUTPUT, TARGET, layer_arrays
from explainer.trace.parameter_arrays import Arrays, ParameterArrays
from explainer.trace.schedule import Batch
from explainer.trace.steps import State
from explainer.trace.update_arrays import UpdateArrays

TOTAL = Quantity("loss")
"""Stands for the sum of the terms of a loss, over the outputs of all samples."""


class Samples(Struct, frozen=True):
    """Samples as arrays, a row for each."""

    inputs: Array
    targets: Array

    @classmethod
    def of(cls, samples: Sequence[Sample]) -> "Samples":
        """The inputs and targets of these samples."""
        return cls(np.array([it.inputs for it in samples], float), np.array([it.targets for it in samples], float))

    def taken(self, numbers: tuple[int, ...]) -> "Samples":
        """The samples of these numbers, counted from 1; a view where they follow each other."""
        first, last = numbers[0], numbers[-1]
        if numbers == tuple(range(first, last + 1)):
            return Samples(self.inputs[first - 1 : last], self.targets[first - 1 : last])
        rows = np.array(numbers) - 1
        return Samples(self.inputs[rows], self.targets[rows])


class Pass(Struct, frozen=True):
    """A forward pass: the signals that come into each layer, and at last the outputs; and the net inputs."""

    parameters: Array
    samples: tuple[int, ...]
    places: Array
    signals: tuple[Array, ...]
    nets: tuple[Array, ...]


def strict() -> np.errstate:
    """Where the engine works: what is beyond range raises an error, as it does in the equations."""
    return np.errstate(over="raise", divide="raise", invalid="raise")


class Engine:
    """The steps of one training, and the errors after them, from arrays to arrays."""

    def __init__(self, problem: Problem) -> None:
        passes = Step(problem)
        self.layers = tuple(layer_arrays(passes))
        self.parameters = ParameterArrays(problem)
        self.update = UpdateArrays(problem, self.parameters.moved)
        self.samples = Samples.of(problem.samples)
        self.all = tuple(range(1, len(problem.samples) + 1))
        validation = problem.of(Trained).validation
        self.validation = Samples.of(validation) if validation else None
        self.averaged = passes.averaged
        self.sign = -1.0 if passes.laws.downhill else 1.0
        """What turns the sums of δ x into the gradient."""
        self.term = compiled(passes.loss.term(TARGET, OUTPUT), (TARGET, OUTPUT))
        self.loss = compiled(passes.loss.whole(TOTAL, problem.network.sizes[-1], 1), (TOTAL,))
        self.passed: Pass | None = None
        """The last pass over all samples: that for the error after an epoch is the first of the next full batch."""

    def begun(self, state: State) -> Arrays:
        """A state as arrays."""
        return self.parameters.begun(state)

    def state(self, arrays: Arrays) -> State:
        """Arrays as a state."""
        return self.parameters.state(arrays)

    def values(self, arrays: Arrays, parameters: tuple[Quantity, ...]) -> tuple[float, ...]:
        """The values of some parameters."""
        return tuple(float(arrays.parameters[self.parameters.index[each]]) for each in parameters)

    def step(self, batch: Batch, arrays: Arrays) -> Arrays:
        """What a step leaves of what the one before has left; to be called where it is `strict`.

        Raises:
            ArithmeticError: the equations must say.
        """
        samples = self.samples if batch.samples == self.all else self.samples.taken(batch.samples)
        of_places = self.gradient(self.forward(batch.samples, samples, arrays), samples.targets)
        gradient, old = self.parameters.gradient(of_places), arrays.parameters[self.parameters.trained]
        return self.parameters.changed(arrays, *self.update(batch.step, old, gradient, arrays.kept))

    def errors(self, arrays: Arrays) -> tuple[float, float | None]:
        """The loss over all samples, and that on the data over those for validation if there are any; see `step`.

        Raises:
            ArithmeticError: the equations must say.
        """
        self.passed = self.forward(self.all, self.samples, arrays)
        penalty = self.update.penalty(arrays.parameters[self.parameters.trained])
        error = self.over(self.passed, self.samples) + penalty
        if self.validation is None:
            return error, None
        return error, self.over(self.forward((), self.validation, arrays), self.validation)

    def forward(self, numbers: tuple[int, ...], samples: Samples, arrays: Arrays) -> Pass:
        """The net inputs and outputs of every layer, for samples of these numbers."""
        last = self.passed
        if last and last.parameters is arrays.parameters and last.samples == numbers:
            return last
        places = self.parameters.places(arrays)
        signals, nets = [samples.inputs], []
        for layer in self.layers:
            net, output = layer.forward(places, signals[-1])
            nets.append(net)
            signals.append(output)
        return Pass(arrays.parameters, numbers, places, tuple(signals), tuple(nets))

    def over(self, passed: Pass, samples: Samples) -> float:
        """The loss over samples: the sum of theirs, or the mean."""
        terms = self.term((samples.targets, passed.signals[-1]))
        total = float(self.loss((np.add.reduce(terms, axis=None),)))
        return total / len(samples.targets) if self.averaged else total

    def gradient(self, passed: Pass, targets: Array) -> Array:
        """The derivative of the loss at every place of a parameter."""
        found, signal = np.empty_like(passed.places), None
        for index in reversed(range(len(self.layers))):
            layer, inputs, output = self.layers[index], passed.signals[index], passed.signals[index + 1]
            delta = layer.backward(passed.nets[index], output, targets, signal)
            layer.gradient(delta, inputs, found)
            signal = layer.back(passed.places, delta) if index else None
        found *= self.sign / len(targets) if self.averaged else self.sign
        return found
