"""What is said of the parameters of a network: which lead where, which are shared, missing, or not trained."""

from collections.abc import Iterator

from explainer.explain.document import Inlines
from explainer.explain.reading import Reading
from explainer.maths.quantity import Quantity
from explainer.trace.derive import signal


def parameters(reading: Reading) -> Iterator[Inlines]:
    """The weights and the bias that lead into each unit, and which of them are shared."""
    trace = reading.trace
    for layer in range(1, reading.last + 1):
        for unit in trace.connections.units(layer):
            yield from into(reading, Quantity("net", layer, unit))
    for parameter in trace.connections.named:
        if parameter in trace.given and trace.connections.is_shared(parameter):
            yield reading.prose("given.shared", parameter=reading.letters(parameter), places=places(reading, parameter))


def into(reading: Reading, net: Quantity) -> Iterator[Inlines]:
    """What leads into one unit, and which units of the layer before do not."""
    trace, layer, unit = reading.trace, int(net.layer), int(net.unit)
    weights = dict(trace.connections.into(layer, unit))
    bias = trace.connections.bias(layer, unit)
    first = trace.names.convention.bias in ("added-first", "weight")
    ordered = (bias, *weights.values()) if first else (*weights.values(), bias)
    shaping = trace.connections.shaping(layer, unit)
    found = [each for each in (*ordered, *shaping) if each and each in trace.given]
    missing = [source for source in trace.connections.units(layer - 1) if source not in weights]
    if missing and net in trace.index:
        list_ = reading.listing(found) if found else reading.prose("given.nothing")
        signals = reading.naming(signal(layer - 1, source) for source in missing)
        yield reading.prose("given.into_without", node=reading.place(net), list=list_, signals=signals)
    elif found:
        yield reading.prose("given.into", node=reading.place(net), list=reading.listing(found))


def places(reading: Reading, parameter: Quantity) -> Inlines:
    """Where a shared parameter stands: the weight from x_1 to node 3 and from x_2 to node 4."""
    kinds: dict[str, list[Inlines]] = {}
    for layer, unit, source in reading.trace.connections.places(parameter):
        node = reading.place(Quantity("net", layer, unit))
        if source:
            sender = reading.letters(signal(layer - 1, source))
            kinds.setdefault("weight", []).append(reading.prose("given.shared_between", signal=sender, node=node))
        else:
            kinds.setdefault("bias", []).append(reading.prose("given.shared_node", node=node))
    found = [
        reading.prose(f"given.shared_{kind}", list=reading.elided(members, tuple) or reading.prose.enumerated(members))
        for kind, members in kinds.items()
    ]
    return reading.prose.enumerated(found)


def is_shared(reading: Reading, quantity: Quantity) -> bool:
    """Whether a change or a new value is that of a parameter that stands in several places."""
    return reading.trace.connections.is_shared(quantity.parameter().original())


def kept(reading: Reading) -> Iterator[Inlines]:
    """What is not trained: all weights, all biases, or some parameters by their names."""
    connections = reading.trace.connections
    by_name = []
    for role, key in (("weight", "laws.kept_weights"), ("bias", "laws.kept_biases")):
        members = [each for each in reading.trace.given if each.role == role and not connections.is_trained(each)]
        if members and role not in connections.changed:
            yield reading.prose(key)
        else:
            by_name += members
    if by_name:
        yield reading.prose("laws.kept", list=reading.naming(by_name))
