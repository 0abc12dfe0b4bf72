"""What backpropagation costs, beside differences for one parameter at a time."""

from collections.abc import Iterator
from decimal import Decimal

from msgspec import Struct

from explainer.explain.document import Block, Inlines, Table
from explainer.explain.reading import Reading
from explainer.maths.numerals import Numeral, significant
from explainer.trace.connections import Connections


class Cost(Struct, frozen=True):
    """Multiplications for one sample: `forward`, for every δ (`deltas`), for the gradients, and all by differences."""

    parameters: int
    forward: int
    deltas: int
    gradients: int

    @property
    def backpropagation(self) -> int:
        """All that a step of backpropagation takes."""
        return self.forward + self.deltas + self.gradients

    @property
    def differences(self) -> int:
        """A forward pass as it is, and one for each parameter that is moved a little."""
        return (self.parameters + 1) * self.forward


def cost(connections: Connections) -> Cost:
    """The multiplications of signals, weights and δ; what functions take inside is left aside."""
    layers = range(1, len(connections.sizes))
    weights = {layer: sum(len(connections.into(layer, unit)) for unit in connections.units(layer)) for layer in layers}
    onward, units = sum(weights.values()) - weights[1], sum(connections.sizes[1:])
    trained = list(connections.trained())
    products = sum(len(connections.places(each)) for each in trained if each.role == "weight")
    return Cost(len(trained), sum(weights.values()), onward + units, products)


def blocks(_reading: Reading) -> Iterator[Block]:
    """Nothing more of a single step."""
    yield from ()


def meaning(reading: Reading) -> Iterator[Block]:
    """The count for this network, and how it grows."""
    found = cost(reading.trace.connections)
    rows = (
        ("forward", found.forward),
        ("deltas", found.deltas),
        ("gradients", found.gradients),
        ("backpropagation", found.backpropagation),
        ("differences", found.differences),
    )
    yield reading.say("cost.counted_normalized" if reading.trace.connections.normalized else "cost.counted")
    head = (reading.prose("cost.what"), reading.prose("cost.multiplications"))
    yield Table(head, tuple((reading.prose(f"cost.{key}"), whole(reading, count)) for key, count in rows))
    yield reading.say("cost.passes", count=found.parameters, passes=found.parameters + 1, weights=found.forward)
    if found.differences > found.backpropagation:
        times = significant(Decimal(found.differences) / found.backpropagation, 2)
        yield reading.say("cost.times", times=reading.plain(Numeral(times)))
    yield reading.say("cost.growth")


def whole(reading: Reading, count: int) -> Inlines:
    """A count, as a figure."""
    return reading.plain(Numeral(Decimal(count)))
