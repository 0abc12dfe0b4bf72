"""What a page says of batch normalization: its laws, the passes over all samples together, and the network in use."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from explainer.explain.document import Block, Derivation, Derivations, Inlines, Paragraph, Section
from explainer.explain.dropout import place
from explainer.explain.prose import listed
from explainer.explain.reading import Reading
from explainer.maths.formula import ONE, Formula, Letter, fraction, product
from explainer.maths.quantity import Quantity, Role
from explainer.trace.normalization import Line, Over, any_unit
from explainer.trace.trace import Step


def any_batch(reading: Reading) -> Over:
    """The samples of any batch."""
    return Over(letter=reading.any_sample)


def normalization_laws(reading: Reading) -> Iterator[Block]:
    """What normalization makes of the net inputs of every layer that has it."""
    batch, any_sample = any_batch(reading), reading.any_sample
    sample, count = reading.letter(any_sample), reading.letter(reading.samples)
    for layer, law in reading.trace.connections.normalized.items():
        unit = any_unit(layer)
        alone = law.normalized(unit, any_sample), law.scaled(unit, any_sample)
        yield reading.say("normalization.law", layer=place(reading, layer), sample=sample, count=count)
        yield stated(reading, (law.mean(unit, batch), law.variance(unit, batch), *alone))
        yield reading.say(
            "normalization.shaped",
            scaled=reading.letters(unit.of("scaled", any_sample)),
            net=reading.letters(unit.of("net", any_sample)),
            scale=reading.letters(unit.scale),
            shift=reading.letters(unit.shift),
        )


def stated(reading: Reading, lines: Iterable[Line]) -> Derivations:
    """Laws, one below the other."""
    return Derivations(tuple(Derivation(reading.letters(*line).terms, stacked=False) for line in lines))


PARTS: tuple[tuple[str, tuple[Role, ...]], ...] = (
    ("normalization.net", ("net",)),
    ("normalization.statistics", ("mean", "variance")),
    ("normalization.normalized", ("normalized",)),
    ("normalization.scaled", ("scaled",)),
    ("laws.output", ("output", "thinned")),
    ("normalization.by_scaled", ("by_scaled",)),
    ("normalization.by_normalized", ("by_normalized",)),
    ("normalization.by_statistics", ("by_variance", "by_mean")),
    ("normalization.delta", ("delta",)),
)
"""The sentence before each part of the working of a normalized unit, and what is worked out there."""

SENTENCES = {role: key for key, roles in PARTS for role in roles}


def by_layer(reading: Reading, steps: Iterable[Step]) -> Iterator[Section]:
    """The steps of each layer: of a normalized one unit by unit, over all samples; of another sample by sample."""
    for layer, members in groupby(steps, key=lambda step: int(step.quantity.layer)):
        if layer not in reading.trace.connections.normalized:
            samples = groupby(members, key=lambda step: step.quantity.sample)
            yield layer_heading(reading, layer, [reading.together(each) for _, each in samples])
            continue
        for unit, own in groupby(members, key=lambda step: step.quantity.unit):
            node = reading.node(Quantity("net", layer, unit))
            key = "hidden_node_of" if reading.last > 2 else "hidden_node"
            yield reading.heading(key, 3, list(unit_blocks(reading, own)), node=node, layer=str(layer))


def layer_heading(reading: Reading, layer: int, blocks: list[Block]) -> Section:
    """What is worked out of a layer under its name."""
    hidden = "hidden_layer_of" if reading.last > 2 else "hidden_layer"
    return reading.heading("output_layer" if layer == reading.last else hidden, 3, blocks, layer=str(layer))


def unit_blocks(reading: Reading, steps: Iterable[Step]) -> Iterator[Block]:
    """The steps of a normalized unit, each kind after its sentence."""
    for key, members in groupby(steps, key=lambda step: SENTENCES[step.quantity.role]):
        found = list(members)
        yield reading.say(key, activation=reading.activation(int(found[0].quantity.layer)))
        yield reading.together(found)


def backward_laws(reading: Reading, layer: int, by_scaled: Formula) -> Iterator[Block]:
    """The way back through the normalization of any unit of a layer, from what comes to its activation function."""
    law, unit = reading.trace.connections.normalized[layer], any_unit(layer, "h")
    batch, sample = any_batch(reading), reading.any_sample
    lines: list[Line] = [
        (unit.of("by_scaled", sample), by_scaled),
        law.by_normalized(unit, sample),
        law.by_variance(unit, batch),
        law.by_mean(unit, batch),
        (unit.of("delta", sample), reading.laws.turned(law.by_net(unit, sample, batch))),
    ]
    yield reading.say(
        "normalization.backward",
        layer=place(reading, layer),
        sum=reading.letters(reading.measured, batch.total(lambda s: Quantity("loss", reading.last, 0, 0, s))),
        total=reading.letters(reading.measured),
        activation=reading.activation(layer),
    )
    yield stated(reading, lines)
    yield reading.say("normalization.vanishes", slope=reading.letters(unit.of("by_mean")))


def shaping_law(reading: Reading) -> Iterator[Block]:
    """The gradients of scale and shift."""
    batch, part = any_batch(reading), fraction(1, Letter(reading.samples)) if reading.averaged else ONE
    for layer, law in reading.trace.connections.normalized.items():
        unit = any_unit(layer)
        laws = (
            (unit.scale.gradient(), product(part, law.by_scale(unit, batch))),
            (unit.shift.gradient(), product(part, law.by_shift(unit, batch))),
        )
        stated = reading.prose.enumerated([(reading.letters(*each),) for each in laws])
        yield reading.say("normalization.update", laws=stated)


def running_section(reading: Reading) -> Iterator[Block]:
    """What becomes of the running mean and variance."""
    steps = [step for step in reading.steps("update") if step.equation.law == "running"]
    if steps:
        units = groupby(steps, key=lambda step: (step.quantity.layer, step.quantity.unit))
        yield reading.heading(
            "running", 3, [Paragraph(running_law(reading)), *(reading.together(each) for _, each in units)]
        )


def running_law(reading: Reading) -> Inlines:
    """How the running mean and variance move."""
    sentences = []
    for layer, law in reading.trace.connections.normalized.items():
        unit = any_unit(layer)
        sentences.append(
            reading.prose(
                "normalization.running",
                mean=reading.letters(*law.running_mean(unit)),
                variance=reading.letters(*law.running_variance(unit, any_batch(reading))),
                unbiased=reading.letters(any_batch(reading).unbiased),
            )
        )
    return listed(sentences, " ")


def in_use(reading: Reading) -> Iterator[Inlines]:
    """What takes the place of the statistics of the batch when the network is used."""
    for layer, law in reading.trace.connections.normalized.items():
        yield reading.prose(
            "normalization.in_use", layer=place(reading, layer), law=reading.letters(*law.in_use(any_unit(layer), 0))
        )


def inference_section(reading: Reading) -> Iterator[Block]:
    """The first sample alone through the network in use."""
    steps = reading.steps("inference")
    if not steps:
        return
    blocks: list[Block] = [Paragraph(listed([*in_use(reading), reading.prose("normalization.alone")], " "))]
    if not reading.in_letters:
        inputs = [each for each in reading.trace.given if each.role == "input" and each.unit and not each.sample]
        blocks.append(reading.say("run.sample", list=reading.listing(inputs)))
    layers = groupby(steps, key=lambda step: step.quantity.layer)
    yield reading.heading("inference", 2, [*blocks, *(reading.together(each) for _, each in layers)])


def statistics_again(reading: Reading) -> Iterator[Block]:
    """Which mean and variance the check takes."""
    if reading.trace.connections.normalized:
        yield reading.say("normalization.check")
