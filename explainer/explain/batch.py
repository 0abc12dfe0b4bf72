"""The sections of a step over several samples: each goes forward and back by itself, and the update is made once."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from explainer.explain.control import penalty_blocks
from explainer.explain.document import Block, Section
from explainer.explain.dropout import masks
from explainer.explain.normalization import by_layer, normalization_laws
from explainer.explain.overview import overview
from explainer.explain.passes import delta_law, delta_meaning, forward_law
from explainer.explain.reading import Reading
from explainer.trace.trace import Step


def forward_section(reading: Reading) -> Iterator[Block]:
    """The forward pass of every sample, and all of them in a table."""
    steps = reading.steps("forward")
    if steps:
        blocks = [forward_law(reading), *normalization_laws(reading), *masks(reading), *worked(reading, steps)]
        if not reading.trace.wanted and not reading.in_letters:
            blocks.append(reading.heading("samples", 3, [*overview(reading, "forward")]))
        yield reading.heading("forward", 2, blocks)


def worked(reading: Reading, steps: Iterable[Step]) -> Iterator[Section]:
    """The steps of a pass: of each sample by itself, or layer by layer where one is normalized over all samples."""
    return (by_layer if reading.trace.connections.normalized else by_sample)(reading, steps)


def by_sample(reading: Reading, steps: Iterable[Step]) -> Iterator[Section]:
    """The steps of each sample under a heading of its own, layer by layer."""
    for sample, members in groupby(steps, key=lambda step: step.quantity.sample):
        layers = groupby(members, key=lambda step: step.quantity.layer)
        blocks = [reading.together(layer) for _, layer in layers]
        yield reading.heading("sample", 3, blocks, sample=str(sample))


def error_section(reading: Reading) -> Iterator[Block]:
    """The errors and the loss of each sample, and the loss of all."""
    steps = reading.steps("error")
    if not steps:
        return
    blocks: list[Block] = []
    for _, members in groupby(steps, key=lambda step: step.quantity.sample):
        found = list(members)
        if not found[0].quantity.sample:
            key = "batch.mean_loss" if reading.averaged else "batch.sum_loss"
            if found[0].quantity.role == "loss_sum":
                key = "batch.added_loss" if reading.averaged else "batch.added_loss_sum"
            blocks.append(reading.say(key))
            found = [step for step in found if step.equation.law in ("loss_sum", "batch_loss")]
        blocks.append(reading.together(found))
    blocks += penalty_blocks(reading)
    yield reading.heading("error", 2, blocks)


def backward_section(reading: Reading) -> Iterator[Block]:
    """The law of δ of each layer, and δ of every unit, sample by sample."""
    steps = reading.steps("backward")
    if not steps:
        return
    laws: list[Block] = [delta_meaning(reading)]
    for layer in sorted({int(step.quantity.layer) for step in steps}, reverse=True):
        laws += delta_law(reading, layer)
    yield reading.heading("backward", 2, [*laws, *worked(reading, steps)])
