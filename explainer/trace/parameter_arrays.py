"""All parameters in one vector, and their update: the lines of the optimizer, worked for all of them together."""

import math
from collections.abc import Iterator
from typing import Any

import numpy as np
from msgspec import Struct

from explainer.maths.arrays import Array, Compiled, compiled
from explainer.maths.optimizers import Slots
from explainer.maths.quantity import Quantity, Role
from explainer.problem.model import Problem
from explainer.trace.connections import Connections
from explainer.trace.derive import RATE, optimizer
from explainer.trace.kinds.training import settings_for
from explainer.trace.laws import Laws
from explainer.trace.layer_arrays import UnsureError
from explainer.trace.steps import State

ANY = Quantity("weight", 1, 1, 1)
"""Stands in the lines of an update for every parameter."""


class Arrays(Struct, frozen=True):
    """What one step leaves to the next: the vector of all parameters, and what the optimizer keeps of those trained."""

    parameters: Array
    kept: tuple[Array, ...]


class ParameterArrays:
    """Where each parameter lies in the vector, and at which places of the network it stands."""

    def __init__(self, problem: Problem) -> None:
        connections = Connections(problem.network)
        self.quantities = list(dict.fromkeys(parameter for parameter, _ in connections.given()))
        self.index = {each: at for at, each in enumerate(self.quantities)}
        self.roles = optimizer(problem.training).states
        trained = [at for at, each in enumerate(self.quantities) if connections.is_trained(each)]
        self.kept = {role: [of(role, self.quantities[at]) for at in trained] for role in self.roles}
        masked = any(layer.mask for layer in problem.network.layers)
        self.trained: Any = slice(None) if len(trained) == len(self.quantities) else np.array(trained, int)
        self.standing = None if connections.is_plain and not masked else np.array(list(self.all_places(connections)))
        """At every place of the network the index of its parameter; None where they lie just so already."""

    def all_places(self, connections: Connections) -> Iterator[int]:
        """The index of the parameter at each place, of weights and biases; where there is none, one too many."""
        for layer, given in enumerate(connections.network.layers, 1):
            for unit in connections.units(layer):
                yield from (self.at(connections.weight(layer, unit, each)) for each in connections.units(layer - 1))
            if given.biases is not None:
                yield from (self.at(connections.bias(layer, unit)) for unit in connections.units(layer))

    def at(self, parameter: Quantity | None) -> int:
        """The index of a parameter; of none, one too many."""
        return self.index[parameter] if parameter else len(self.quantities)

    def begun(self, state: State) -> Arrays:
        """A state as arrays."""
        kept = (np.array([state[each] for each in self.kept[role]], float) for role in self.roles)
        return Arrays(np.array([state[each] for each in self.quantities], float), tuple(kept))

    def state(self, arrays: Arrays) -> State:
        """Arrays as a state; no number is −0."""
        found = dict(zip(self.quantities, (arrays.parameters + 0.0).tolist(), strict=True))
        for role, values in zip(self.roles, arrays.kept, strict=True):
            found |= zip(self.kept[role], (values + 0.0).tolist(), strict=True)
        return found

    def places(self, arrays: Arrays) -> Array:
        """The number at every place: where there is no connection, 0."""
        return arrays.parameters if self.standing is None else np.append(arrays.parameters, 0.0)[self.standing]

    def stepped(self, arrays: Arrays, gradient: Array, update: "Lines") -> Arrays:
        """The parameters after an update, given the derivative of the loss at every place.

        Raises:
            UnsureError: a value is beyond range.
        """
        if self.standing is not None:
            count = len(self.quantities)
            gradient = np.bincount(self.standing, gradient, count + 1)[:count]
        old = arrays.parameters[self.trained]
        new, kept = update(old, gradient[self.trained], arrays.kept)
        if not all(math.isfinite(each.dot(each)) for each in (new, *kept)):
            raise UnsureError
        if isinstance(self.trained, slice):
            return Arrays(new, kept)
        parameters = arrays.parameters.copy()
        parameters[self.trained] = new
        return Arrays(parameters, kept)


class Lines:
    """The lines of the update of one step, compiled, with the numbers that the training is set to."""

    def __init__(self, problem: Problem, step: int) -> None:
        chosen = optimizer(problem.training)
        slots = Slots(ANY, ANY.gradient(), RATE, step)
        settings = dict(settings_for(problem))
        variables = [ANY, ANY.gradient(), *(slots.before(role) for role in chosen.states), *settings]
        self.settings = [float(number) for number in settings.values()]
        self.lines: list[Compiled] = []
        laws = Laws(problem.convention)
        for quantity, formula in (*chosen.lines(slots), (ANY.after(), laws.update(ANY, slots.change))):
            self.lines.append(compiled(formula, variables))
            variables.append(quantity)
        self.left = [variables.index(slots.after(role)) for role in chosen.states]

    def __call__(self, parameters: Array, gradient: Array, kept: tuple[Array, ...]) -> tuple[Array, tuple[Array, ...]]:
        """The new parameters, and what the optimizer keeps of them."""
        values = [parameters, gradient, *kept, *self.settings]
        for line in self.lines:
            values.append(line(values))
        return values[-1], tuple(values[at] for at in self.left)


class UpdateArrays:
    """The lines of every update; compiled once, where they do not depend on the number of the step."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.counts = optimizer(problem.training).counts
        self.lines: Lines | None = None

    def of(self, step: int) -> Lines:
        """The lines of the update of the step of this number."""
        if self.lines is None or self.counts:
            self.lines = Lines(self.problem, step)
        return self.lines


def of(role: Role, parameter: Quantity) -> Quantity:
    """What the optimizer keeps of a parameter in this role."""
    return Quantity(role, parameter.layer, parameter.unit, parameter.source)
