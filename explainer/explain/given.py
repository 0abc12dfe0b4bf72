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
        layers.append(
            prose.counted(f"given.{one}", f"given.{many}", units, activation=reading.activation(index))
        )
    *before, final = layers
    words = listed([*before, final] if not before else [listed(before), final], f" {prose.text('given.and')} ")
    described = prose(
        "given.network",
        sizes="-".join(map(str, sizes)),
        inputs=prose.counted("given.one_input", "given.inputs", sizes[0]),
        layers=words,
    )
    return described + ((SPACE, *numbering(reading)) if reading.trace.names.convention.nodes == "through" else ())


def numbering(reading: Reading) -> Inlines:
    """Which nodes are inputs, hidden units and outputs."""
    sizes = reading.trace.problem.network.sizes
    ends = [0]
    for units in sizes:
        ends.append(ends[-1] + units)
    spans = {
        "inputs": span(1, ends[1]),
        "hidden": span(ends[1] + 1, ends[-2]),
        "outputs": span(ends[-2] + 1, ends[-1]),
    }
    return reading.prose("given.nodes_through" if len(sizes) > 2 else "given.nodes_through_flat", **spans)


def span(first: int, last: int) -> str:
    """"4", "4, 5" or "4–9"."""
    if last - first < 2:
        return ", ".join(map(str, range(first, last + 1)))
    return f"{first}–{last}"


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
    exceptions = [exception(reading, name, rule) for name, rule in numbers.exceptions.items()]
    return (*stated, SPACE, *prose("rounding.exceptions", list=listed(exceptions)))


def exception(reading: Reading, name: str, rule: Rounding) -> Inlines:
    """One exception in words: "δ 4 decimals", "net inputs in the check 3 decimals"."""
    phase, _, role = name.rpartition(".")
    words = reading.prose.text(f"roles.{role}")
    if phase:
        return reading.prose(
            "rounding.exception_in", name=words, phase=reading.prose.text(f"phases.{phase}"), places=places(reading, rule)
        )
    return reading.prose("rounding.exception", name=words, places=places(reading, rule))


def places(reading: Reading, rule: Rounding) -> Inlines:
    """A rounding in words."""
    match rule.kind:
        case "decimals":
            return reading.prose.counted("rounding.one_decimal", "rounding.decimals", rule.places)
        case "significant":
            return reading.prose.counted("rounding.one_significant", "rounding.significant", rule.places)
        case "all":
            return reading.prose("rounding.all")
