"""The section of what is given: the network, the sample, the parameters, the rounding."""

from collections.abc import Iterator

from explainer.explain.document import Block, Bullets, Inlines, Math, Paragraph, Text
from explainer.explain.prose import listed
from explainer.explain.reading import Reading
from explainer.maths.formula import Call
from explainer.maths.functions import ACTIVATIONS
from explainer.maths.losses import LOSSES
from explainer.maths.numerals import Rounding
from explainer.maths.quantity import Quantity
from explainer.trace.derive import RATE

SPACE = Text(" ")


def given_section(reading: Reading) -> Block:
    """Everything that the calculation starts from."""
    return reading.heading(
        "given", 2, [Paragraph(network(reading)), Bullets(tuple(bullets(reading))), Paragraph(rounding(reading))]
    )


def network(reading: Reading) -> Inlines:
    """The network in a sentence or two."""
    prose, sizes = reading.prose, reading.trace.problem.network.sizes
    layers = []
    for index, units in enumerate(sizes[1:], 1):
        one, many = ("one_output", "outputs") if index == reading.last else ("one_hidden", "hidden")
        layers.append(prose.counted(f"given.{one}", f"given.{many}", units, activation=reading.activation(index)))
    described = prose(
        "given.network",
        sizes="-".join(map(str, sizes)),
        inputs=prose.counted("given.one_input", "given.inputs", sizes[0]),
        layers=prose.enumerated(layers),
    )
    return described + ((SPACE, *numbering(reading)) if reading.trace.names.convention.nodes == "through" else ())


def numbering(reading: Reading) -> Inlines:
    """Which nodes are inputs, hidden units and outputs."""
    sizes = reading.trace.problem.network.sizes
    groups = []
    first = 1
    for name, units in (("input", sizes[0]), ("hidden", sum(sizes[1:-1])), ("output", sizes[-1])):
        if units:
            many = f"given.node_{name}" if name == "hidden" else f"given.node_{name}s"
            nodes = span(reading, first, first + units - 1)
            groups.append(reading.prose.counted(f"given.one_node_{name}", many, units, span=nodes))
        first += units
    return reading.prose("given.nodes_through", groups=listed(groups))


def span(reading: Reading, first: int, last: int) -> Inlines:
    """A range of nodes: "4", "4 and 5" or "4–9"."""
    if last - first < 2:
        return reading.prose.enumerated([(Text(str(node)),) for node in range(first, last + 1)])
    return (Text(f"{first}–{last}"),)


def bullets(reading: Reading) -> Iterator[Inlines]:
    """The given numbers and functions."""
    prose, trace = reading.prose, reading.trace
    inputs = [quantity for quantity in trace.given if quantity.role == "input"]
    targets = [quantity for quantity in trace.given if quantity.role == "target"]
    if inputs:
        yield prose("given.input_list", list=reading.listing(inputs))
    if targets:
        key = "given.one_target" if len(targets) == 1 else "given.target_list"
        yield prose(key, list=reading.listing(targets))
    if RATE in trace.given:
        yield prose("given.rate", rate=reading.value(RATE))
    yield from functions(reading)
    if targets:
        yield prose("given.loss", loss=loss(reading))
    yield from parameters(reading)
    changed = [step.quantity for step in trace if step.put_in]
    if changed:
        yield prose("given.put_in", list=reading.listing(changed))


def functions(reading: Reading) -> Iterator[Inlines]:
    """Each activation function that has a definition."""
    seen = set()
    used = {step.quantity.layer for step in reading.trace if step.quantity.role == "output"}
    for index in range(1, reading.last + 1):
        layer = reading.layer(index)
        key = (layer.activation, *layer.parameters.values())
        activation = ACTIVATIONS[layer.activation].make(**layer.parameters)
        if index not in used or key in seen or activation.definition is None:
            continue
        seen.add(key)
        z = Quantity("net", index, "j")
        value = activation.value(z)
        if isinstance(value, Call):
            yield reading.prose("given.activation", function=reading.letters(value, activation.definition(z)))


def loss(reading: Reading) -> Math:
    """The loss, stated for any output unit."""
    problem = reading.trace.problem
    outputs = problem.network.sizes[-1]
    unit = "k" if outputs > 1 else 1
    formula = LOSSES[problem.training.loss].general(
        outputs, Quantity("target", reading.last, unit), Quantity("output", reading.last, unit)
    )
    return reading.letters(Quantity("loss", reading.last), formula)


def parameters(reading: Reading) -> Iterator[Inlines]:
    """The weights and the bias that lead into each unit."""
    into: dict[tuple[int, int], list[Quantity]] = {}
    for quantity in reading.trace.given:
        if quantity.role in ("weight", "bias"):
            into.setdefault((int(quantity.layer), int(quantity.unit)), []).append(quantity)
    for quantities in into.values():
        yield reading.prose("given.into", node=reading.place(quantities[0]), list=reading.listing(quantities))


def rounding(reading: Reading) -> Inlines:
    """How numbers are rounded, in words."""
    prose, numbers, arithmetic = reading.prose, reading.trace.problem.numbers, reading.trace.arithmetic
    stated = prose(
        f"rounding.{arithmetic.name}",
        results=places(reading, arithmetic.places.results),
        subresults=places(reading, arithmetic.places.subresults),
    )
    if not numbers.exceptions:
        return stated
    return (*stated, SPACE, *prose("rounding.exceptions", list=exceptions(reading)))


def exceptions(reading: Reading) -> Inlines:
    """The exceptions in words, those with the same rounding together: "δ and changes Δ: 4 decimals; …"."""
    alike: dict[Rounding, list[Inlines]] = {}
    for name, rule in reading.trace.problem.numbers.exceptions.items():
        alike.setdefault(rule, []).append(rounded_name(reading, name))
    groups = [
        reading.prose("rounding.exception", names=reading.prose.enumerated(names), places=places(reading, rule))
        for rule, names in alike.items()
    ]
    return listed(groups, "; ")


def rounded_name(reading: Reading, name: str) -> Inlines:
    """What an exception is for, in words: "δ", "net inputs in the check"."""
    phase, _, role = name.rpartition(".")
    words = reading.prose.text(f"roles.{role}")
    if not phase:
        return (Text(words),)
    return reading.prose("rounding.in_phase", name=words, phase=reading.prose.text(f"phases.{phase}"))


def places(reading: Reading, rule: Rounding) -> Inlines:
    """A rounding in words."""
    match rule.kind:
        case "decimals":
            return reading.prose.counted("rounding.one_decimal", "rounding.decimals", rule.places)
        case "significant":
            return reading.prose.counted("rounding.one_significant", "rounding.significant", rule.places)
        case "all":
            return reading.prose("rounding.all")
