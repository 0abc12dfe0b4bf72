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
from explainer.trace.layer_arrays import OUTPUT, TARGET, Passed, layer_arrays
from explainer.trace.parameter_arrays import Arrays, ParameterArrays
from explainer.trace.schedule import Batch, gone_before
from explainer.trace.steps import State
from explainer.trace.sure import in_range
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
    """A forward pass of samples of these numbers, layer by layer."""

    parameters: Array
    samples: tuple[int, ...]
    places: Array
    layers: tuple[Passed, ...]

    @property
    def outputs(self) -> Array:
        """Those of the network."""
        return self.layers[-1].sent


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
        self.schedule, validation = problem.of(Trained).schedule, problem.of(Trained).validation
        self.validation = Samples.of(validation) if validation else None
        self.averaged = passes.averaged
        self.sign = -1.0 if passes.laws.downhill else 1.0
        """What turns the sums of δ x into the gradient."""
        self.term = compiled(passes.loss.term(TARGET, OUTPUT), (TARGET, OUTPUT))
        self.loss = compiled(passes.loss.whole(TOTAL, problem.network.sizes[-1], 1), (TOTAL,))
        self.alike = not any(layer.normalized or layer.thinned for layer in self.layers)
        """Whether the network is the same in training and in use."""
        self.passed: Pass | None = None
        """The last pass over all samples: where it is, that for the error is the first of the next full batch."""

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
        old = arrays.parameters[self.parameters.trained]
        used = self.update.used(old, arrays.kept)
        ahead = arrays.parameters if used is old else self.parameters.changed(arrays.parameters, used)
        gone = gone_before(batch, self.schedule, len(self.all))
        passed = self.forward(batch.samples, samples, ahead, arrays.running, gone)
        gradient = self.parameters.gradient(self.gradient(passed, samples.targets))
        new, kept = self.update(batch, old, used, gradient, arrays.kept)
        running = arrays.running if self.alike else self.running(passed, arrays.running)
        in_range(new, *kept, running)
        return Arrays(self.parameters.changed(arrays.parameters, new), kept, running)

    def errors(self, arrays: Arrays) -> tuple[float, float | None]:
        """The loss over all samples, and that on the data over those for validation if there are any; see `step`.

        Raises:
            ArithmeticError: the equations must say.
        """
        self.passed = self.forward(self.all, self.samples, arrays.parameters, arrays.running)
        penalty = self.update.penalty(arrays.parameters[self.parameters.trained])
        error = self.over(self.passed, self.samples) + penalty
        if self.validation is None:
            return error, None
        passed = self.forward((), self.validation, arrays.parameters, arrays.running)
        return error, self.over(passed, self.validation)

    def forward(
        self, numbers: tuple[int, ...], samples: Samples, parameters: Array, running: Array, gone: int | None = None
    ) -> Pass:
        """Every layer for samples of these numbers: in training, where so many have gone before; or in use."""
        last = self.passed
        if self.alike and last and last.parameters is parameters and last.samples == numbers:
            return last
        places = self.parameters.places(parameters)
        signal, layers = samples.inputs, list[Passed]()
        for layer in self.layers:
            layers.append(layer.forward(places, running, signal, gone))
            signal = layers[-1].sent
        return Pass(parameters, numbers, places, tuple(layers))

    def over(self, passed: Pass, samples: Samples) -> float:
        """The loss over samples: the sum of theirs, or the mean."""
        terms = self.term((samples.targets, passed.outputs))
        total = float(self.loss((np.add.reduce(terms, axis=None),)))
        return total / len(samples.targets) if self.averaged else total

    def gradient(self, passed: Pass, targets: Array) -> Array:
        """The derivative of the loss at every place of a parameter."""
        found, signal = np.empty_like(passed.places), None
        for index in reversed(range(len(self.layers))):
            layer = self.layers[index]
            delta = layer.backward(passed.layers[index], targets, signal, found)
            signal = layer.back(passed.places, delta) if index else None
        found *= self.sign / len(targets) if self.averaged else self.sign
        return found

    def running(self, passed: Pass, running: Array) -> Array:
        """The running statistics of normalized layers after a step."""
        found = running.copy()
        for layer, each in zip(self.layers, passed.layers, strict=True):
            if layer.normalized:
                layer.normalized.left(each.shaped, found)
        return found
