"""Connections: which parameter stands at each place of a network, if any, and whether a step changes it."""

from collections.abc import Iterable, Iterator
from decimal import Decimal
from functools import cached_property

from explainer.maths.quantity import SCALE, SHIFT, Quantity, Role, parameter_role
from explainer.problem.model import Network, Parameter, Place
from explainer.trace.dropout import thinned, thinnings
from explainer.trace.normalization import normalizings


class Connections:
    """The weights and biases of a network, place by place.

    A parameter that stands in several places is one quantity: that of the first of them.
    With `inference` the network is in use, no longer in training.
    """

    def __init__(self, network: Network, *, inference: bool = False) -> None:
        self.network = network
        self.inference = inference
        self.sizes = network.sizes
        self.thinning = thinnings(network)
        """The dropout of each layer that has any."""
        self.named: dict[Quantity, Parameter] = {at(each.places[0]): each for each in network.parameters}
        self.normalized = normalizings(network)
        """The batch normalization of each layer that has any."""
        self.standing = {place: parameter for parameter, each in self.named.items() for place in each.places}
        """The named parameter at each place that has one."""

    def weight(self, layer: int, unit: int, source: int) -> Quantity | None:
        """The weight from a unit of the layer before; None where there is no connection."""
        mask = self.network.layers[layer - 1].mask
        if mask and not mask[unit - 1][source - 1]:
            return None
        return self.parameter((layer, unit, source))

    def bias(self, layer: int, unit: int) -> Quantity | None:
        """The bias of a unit; None where its layer has none."""
        return None if self.network.layers[layer - 1].biases is None else self.parameter((layer, unit, 0))

    def shaping(self, layer: int, unit: int) -> list[Quantity]:
        """The scale and the shift of a unit whose layer is normalized."""
        return [at((layer, unit, source)) for source in (SCALE, SHIFT)] if layer in self.normalized else []

    def parameter(self, place: Place) -> Quantity:
        """The parameter that stands at a place."""
        return self.standing.get(place) or at(place)

    def into(self, layer: int, unit: int) -> list[tuple[int, Quantity]]:
        """The units that send to this one, each with the weight between them."""
        weights = ((source, self.weight(layer, unit, source)) for source in self.units(layer - 1))
        return [(source, weight) for source, weight in weights if weight]

    def out_of(self, layer: int, unit: int) -> list[tuple[int, Quantity]]:
        """The units of the next layer that this one sends to, each with the weight between them."""
        weights = ((receiver, self.weight(layer + 1, receiver, unit)) for receiver in self.units(layer + 1))
        return [(receiver, weight) for receiver, weight in weights if weight]

    def units(self, layer: int) -> range:
        """The units of a layer."""
        return range(1, self.sizes[layer] + 1)

    def sent(self, layer: int, unit: int, sample: int = 0, iteration: int = 0) -> Quantity:
        """What a unit sends on: an input, its output, or with dropout what that makes of it."""
        if not layer:
            return Quantity("input", 0, unit, 0, sample)
        output = Quantity("output", layer, unit, 0, sample, iteration)
        dropout = self.thinning.get(layer)
        return thinned(output) if dropout and not (self.inference and dropout.inverted) else output

    def entry(self, layer: int, unit: int, sample: int = 0, iteration: int = 0) -> Quantity:
        """What the activation of a unit is applied to: its net input, or what normalization makes of it."""
        role: Role = "scaled" if layer in self.normalized else "net"
        return Quantity(role, layer, unit, 0, sample, iteration)

    def given(self) -> Iterator[tuple[Quantity, Decimal]]:
        """The parameter of every place with its number: layer by layer, the weights first."""
        for index, layer in enumerate(self.network.layers, 1):
            for unit, row in enumerate(layer.weights, 1):
                for source, weight in self.into(index, unit):
                    yield weight, row[source - 1]
            for unit, number in enumerate(layer.biases or (), 1):
                yield self.parameter((index, unit, 0)), number
            if found := layer.normalization:
                for unit, pair in enumerate(zip(found.gamma, found.beta, strict=True), 1):
                    yield from zip(self.shaping(index, unit), pair, strict=True)

    def trained(self) -> Iterator[Quantity]:
        """What a step changes: unit by unit from the outputs back, and then what several places share."""
        for layer in range(len(self.sizes) - 1, 0, -1):
            for unit in self.units(layer):
                weights, bias = (weight for _, weight in self.into(layer, unit)), self.bias(layer, unit)
                own = (*weights, *([bias] if bias else ()), *self.shaping(layer, unit))
                yield from (each for each in own if self.is_trained(each) and not self.is_shared(each))
        yield from (each for each in self.named if self.is_trained(each) and self.is_shared(each))

    @property
    def is_plain(self) -> bool:
        """Whether every parameter is trained and stands in one place, so that each change is a single product."""
        layers = all(layer.trained == "all" for layer in self.network.layers)
        return layers and all(each.trained and len(each.places) == 1 for each in self.named.values())

    @cached_property
    def changed(self) -> frozenset[Role]:
        """Whether a step changes weights, biases or both; scales and shifts go with them."""
        return frozenset(each.role for each in self.trained()) & {"weight", "bias"}

    def is_trained(self, parameter: Quantity) -> bool:
        """Whether a step changes a parameter."""
        named = self.named.get(parameter)
        return named.trained if named else self.network.layers[int(parameter.layer) - 1].trains(parameter.role)

    def is_shared(self, parameter: Quantity) -> bool:
        """Whether a parameter stands in several places."""
        return len(self.places(parameter)) > 1

    def places(self, parameter: Quantity) -> tuple[Place, ...]:
        """Every place where a parameter stands."""
        named = self.named.get(parameter)
        return named.places if named else ((int(parameter.layer), int(parameter.unit), int(parameter.source)),)


def own_names(parameters: Iterable[Parameter]) -> dict[Quantity, str]:
    """The names of the parameters that have one of their own, each at its first place."""
    return {at(each.places[0]): each.name for each in parameters}


def at(place: Place) -> Quantity:
    """The quantity of a place that no other shares."""
    layer, unit, source = place
    return Quantity(parameter_role(source), layer, unit, source)
