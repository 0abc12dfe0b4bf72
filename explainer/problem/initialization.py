"""First weights that are not given but drawn, layer by layer from one seed."""

from collections.abc import Iterator, Mapping
from itertools import islice, pairwise
from random import Random
from typing import Any

from explainer.maths.initializers import INITIALIZERS, rounded, scale
from explainer.maths.numerals import CONTEXT, Rounding
from explainer.problem.families import named, parameter_faults
from explainer.problem.faults import Fault
from explainer.problem.model import Drawn
from explainer.problem.schema import LETTERS
from explainer.problem.sizes import inputs_of, part, tables, units_of

Table = Mapping[str, Any]

MOST_WEIGHTS = 5_000_000
"""More are not drawn."""


def is_drawn(network: Table, layer: Table) -> bool:
    """Whether the weights of a layer are to be drawn."""
    return "weights" not in layer and ("initialization" in layer or "initialization" in network)


def drawn(data: Table, rounding: Rounding) -> tuple[Table, list[Drawn | None]]:
    """The network of a valid table with its weights drawn and its biases 0, and how those of each layer were drawn."""
    network, random = data["network"], Random(data["network"].get("seed", 0))
    if part(data, "numbers").get("arithmetic") == LETTERS or not any(
        is_drawn(network, each) for each in network["layers"]
    ):
        return network, [None] * len(network["layers"])
    sizes = [inputs_of(network) or 0, *(units_of(layer) or 0 for layer in network["layers"])]
    layers: list[Table] = []
    ways: list[Drawn | None] = []
    for layer, (senders, units) in zip(network["layers"], pairwise(sizes), strict=True):
        way = how(network, layer, senders, units, rounding) if is_drawn(network, layer) else None
        ways.append(way)
        layers.append(layer if way is None else {**layer, **numbers(layer, way, random)})
    return {**network, "layers": layers}, ways


def how(network: Table, layer: Table, senders: int, units: int, rounding: Rounding) -> Drawn:
    """How the weights of a layer are drawn."""
    name, parameters = named(layer.get("initialization", network.get("initialization")), INITIALIZERS)
    width = scale(name, parameters, senders, units, rounding)
    return Drawn(name, network.get("seed", 0), senders, units, width, rounding)


def numbers(layer: Table, way: Drawn, random: Random) -> Table:
    """The weights of a layer, row by row, and its biases, which are 0."""
    initializer = INITIALIZERS[way.name]
    scaled = (CONTEXT.multiply(number, way.scale) for number in initializer.draw(random))
    chosen = (rounded(number, way.rounding) if initializer.letter else number for number in scaled)
    rows = [list(islice(chosen, way.senders)) for _ in range(way.units)]
    return {"weights": rows, **({"biases": [0] * way.units} if layer.get("biases") is True else {})}


def initialization_faults(data: Table) -> Iterator[Fault]:
    """Where numbers are to be drawn, and cannot be or are given already."""
    network, ways = part(data, "network"), 0
    yield from parameter_faults(network.get("initialization"), "network.initialization", INITIALIZERS)
    for index, layer in enumerate(tables(network, "layers")):
        place = f"network.layers[{index}]"
        yield from parameter_faults(layer.get("initialization"), f"{place}.initialization", INITIALIZERS)
        ways += is_drawn(network, layer)
        if "initialization" in layer and "weights" in layer:
            yield Fault(f"{place}.initialization", "found weights too, expected one of them")
    if not ways:
        for key in ("initialization", "seed"):
            if key in network:
                yield Fault(f"network.{key}", "nothing to draw; expected a layer with units in place of weights")
    sizes = [inputs_of(network), *map(units_of, tables(network, "layers"))]
    count = sum((before or 0) * (units or 0) for before, units in pairwise(sizes))
    if ways and count > MOST_WEIGHTS:
        yield Fault("network", f"{count} weights, expected at most {MOST_WEIGHTS} to be drawn")
