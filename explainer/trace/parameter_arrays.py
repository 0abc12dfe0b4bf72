"""All parameters in one vector: where each of them lies, and at which places of the network it stands."""

from collections.abc import Iterator
from typing import Any

import numpy as np
from msgspec import Struct

from explainer.maths.arrays import Array
from explainer.maths.quantity import Quantity
from explainer.problem.model import Problem
from explainer.trace.connections import Connections
from explainer.trace.derive import optimizer
from explainer.trace.normalization import beginning
from explainer.trace.steps import State


class Arrays(Struct, frozen=True):
    """What one step leaves to the next: the vector of all parameters, and what the optimizer keeps of those trained.

    The `running` statistics are those of the layers that are normalized: mean and variance, unit by unit.
    """

    parameters: Array
    kept: tuple[Array, ...]
    running: Array


class ParameterArrays:
    """Where each parameter lies in the vector, and at which places of the network it stands."""

    def __init__(self, problem: Problem) -> None:
        connections = Connections(problem.network)
        self.quantities = list(dict.fromkeys(parameter for parameter, _ in connections.given()))
        self.index = {each: at for at, each in enumerate(self.quantities)}
        self.roles = optimizer(problem.training).states
        trained = [at for at, each in enumerate(self.quantities) if connections.is_trained(each)]
        self.moved = [self.quantities[at] for at in trained]
        """The parameters that are trained, in the order of the vector."""
        self.kept = {role: [each.of_parameter(role) for each in self.moved] for role in self.roles}
        masked = any(layer.mask for layer in problem.network.layers)
        self.trained: Any = slice(None) if len(trained) == len(self.quantities) else np.array(trained, int)
        self.running = [quantity for quantity, _ in beginning(problem.network)]
        self.standing = None if connections.is_plain and not masked else np.array(list(self.all_places(connections)))
        """At every place of the network the index of its parameter; None where they lie just so already."""

    def all_places(self, connections: Connections) -> Iterator[int]:
        """The index of the parameter at each place, of weights and biases; where there is none, one too many."""
        for layer, given in enumerate(connections.network.layers, 1):
            for unit in connections.units(layer):
                yield from (self.at(connections.weight(layer, unit, each)) for each in connections.units(layer - 1))
            if given.biases is not None:
                yield from (self.at(connections.bias(layer, unit)) for unit in connections.units(layer))
            for unit in connections.units(layer):
                yield from map(self.at, connections.shaping(layer, unit))

    def at(self, parameter: Quantity | None) -> int:
        """The index of a parameter; of none, one too many."""
        return self.index[parameter] if parameter else len(self.quantities)

    def begun(self, state: State) -> Arrays:
        """A state as arrays."""
        kept = (np.array([state[each] for each in self.kept[role]], float) for role in self.roles)
        running = np.array([state[each] for each in self.running], float)
        return Arrays(np.array([state[each] for each in self.quantities], float), tuple(kept), running)

    def state(self, arrays: Arrays) -> State:
        """Arrays as a state; no number is −0."""
        found = dict(zip(self.quantities, (arrays.parameters + 0.0).tolist(), strict=True))
        for role, values in zip(self.roles, arrays.kept, strict=True):
            found |= zip(self.kept[role], (values + 0.0).tolist(), strict=True)
        return found | dict(zip(self.running, (arrays.running + 0.0).tolist(), strict=True))

    def places(self, parameters: Array) -> Array:
        """The number at every place: where there is no connection, 0."""
        return parameters if self.standing is None else np.append(parameters, 0.0)[self.standing]

    def gradient(self, of_places: Array) -> Array:
        """The derivative of the loss by every parameter that is trained, given that at every place."""
        if self.standing is not None:
            count = len(self.quantities)
            of_places = np.bincount(self.standing, of_places, count + 1)[:count]
        return of_places[self.trained]

    def changed(self, parameters: Array, new: Array) -> Array:
        """All parameters, with other values of those that are trained."""
        if isinstance(self.trained, slice):
            return new
        parameters = parameters.copy()
        parameters[self.trained] = new
        return parameters
