"""The passes and the check of a page in matrices, a layer at a time.

Where a layer has no equation in matrices, its units are worked one by one.
"""

from collections.abc import Iterator

from explainer.explain.control import control_of, data_loss, penalty_blocks
from explainer.explain.document import Block, Derivations, Inlines, Paragraph
from explainer.explain.dropout import place
from explainer.explain.layers import Layers
from explainer.explain.matrix_given import any_of, slope_meant, together, whole
from explainer.explain.outcome import checked
from explainer.explain.own_functions import own_derivative
from explainer.explain.passes import functions_meant, numbered
from explainer.explain.prose import listed
from explainer.explain.reading import Reading
from explainer.explain.stacking import Stack, Stacking
from explainer.maths.formula import Formula, IndexedSum, MatrixProduct, Ones, Transposed, total
from explainer.maths.matrix import lifted
from explainer.maths.quantity import Index, Phase, Quantity, Role
from explainer.trace.derive import matched
from explainer.trace.dropout import thinnings

# -- forward ----------------------------------------------------------------------------------------


def forward_section(reading: Reading, *, law: bool = True) -> Iterator[Block]:
    """The forward pass, layer by layer."""
    layers = Layers(reading)
    stated = [forward_law(reading)] if law else []
    sections = [layer_section(reading, layer, forward_layer(reading, layers, layer)) for layer in numbers(reading)]
    yield reading.heading("forward", 2, [*stated, *masks(reading), *sections])


def forward_layer(reading: Reading, layers: Layers, layer: int) -> list[Block]:
    """Net inputs and outputs of a layer, and what dropout leaves of these."""
    blocks = [
        reading.say("matrix.net"),
        worked(reading, layers.net(layer), "forward", "net", layer),
        reading.say("matrix.output", activation=reading.activation(layer)),
        worked(reading, layers.unit_by_unit("output", layer), "forward", "output", layer),
    ]
    if layer in reading.trace.connections.normalized:
        blocks[2:2] = shaped(reading, layers, layer, "forward", 0)
    if layer in reading.trace.connections.thinning:
        found = worked(reading, layers.by_entry(layers.array("thinned", layer)), "forward", "thinned", layer)
        blocks += [reading.say("laws.thinned"), found]
    return blocks


def shaped(reading: Reading, layers: Layers, layer: int, phase: Phase, iteration: int) -> list[Block]:
    """What normalization makes of the net inputs of a layer; in the check without the sentences between."""
    blocks: list[Block] = []
    for sentence, roles in SHAPED if phase == "forward" else (("", ALL_SHAPED),):
        blocks += [reading.say(sentence)] if sentence else []
        for role in roles:
            whole = layers.array(role, layer, iteration)
            stack = layers.over_rows(whole) if role in ("mean", "variance") else layers.by_entry(whole)
            blocks.append(worked(reading, stack, phase, role, layer))
    return blocks


SHAPED: tuple[tuple[str, tuple[Role, ...]], ...] = (
    ("normalization.statistics", ("mean", "variance")),
    ("normalization.normalized", ("normalized",)),
    ("normalization.scaled", ("scaled",)),
)
"""What becomes of net inputs by normalization, each with the sentence before it."""

ALL_SHAPED: tuple[Role, ...] = tuple(role for _, roles in SHAPED for role in roles)


def numbers(reading: Reading) -> range:
    """The layers."""
    return range(1, reading.last + 1)


def forward_law(reading: Reading) -> Block:
    """The law of a layer, or of the only one, and of dropout."""
    layer: Index = 1 if reading.last == 1 else "l"
    given = whole(reading, "input", 0)
    net, signal = whole(reading, "net", layer), given if reading.last == 1 else whole(reading, "output", "l−1")
    sentence = reading.prose(
        "matrix.forward_only" if reading.last == 1 else "matrix.forward",
        net=reading.letters(net, total((MatrixProduct((whole_weight(reading, layer), signal)), *bias(reading, layer)))),
        output=reading.letters(whole(reading, "output", layer)),
        signal=reading.letters(signal),
        input=reading.letters(given),
    )
    return Paragraph(listed([sentence, *dropout_laws(reading), *normalization_laws(reading)], " "))


def whole_weight(reading: Reading, layer: Index) -> Quantity:
    """The weights of any layer, as the passes use them."""
    return reading.used(whole(reading, "weight", layer))


def bias(reading: Reading, layer: Index) -> Iterator[Formula]:
    """The biases of any layer, for every sample; none where there are none."""
    if reading.biased:
        found, samples = reading.used(whole(reading, "bias", layer)), Layers(reading)
        yield MatrixProduct((found, Transposed(Ones(0)))) if samples.is_batch else found


def dropout_laws(reading: Reading) -> Iterator[Inlines]:
    """What every layer that has dropout passes on, and where the masks come from."""
    for layer, dropout in thinnings(reading.trace.problem.network).items():
        output = whole(reading, "output", layer)
        mask, passed_on = whole(reading, "mask", layer), whole(reading, "thinned", layer)
        law = lifted(dropout.passed_on(mask, output), any_of)
        yield reading.prose(
            "dropout.inverted" if dropout.inverted else "dropout.classic",
            layer=place(reading, layer),
            law=reading.letters(passed_on, law),
            passed_on=reading.letters(passed_on),
            mask=reading.letters(mask),
            output=reading.letters(output),
            rate=reading.letters(dropout.rate),
        )
        if dropout.given.mask is None and not reading.in_letters:
            yield reading.prose("dropout.drawn", seed=dropout.given.seed)


def normalization_laws(reading: Reading) -> Iterator[Inlines]:
    """What every layer that is normalized does."""
    for layer in reading.trace.connections.normalized:
        yield reading.prose(
            "matrix.normalized",
            layer=place(reading, layer),
            **{
                role: reading.letters(whole(reading, role, layer))
                for role in ("scaled", "net", "scale", "shift", "mean", "variance")
            },
        )


def masks(reading: Reading) -> Iterator[Block]:
    """What is kept and what is left out in a step."""
    found = thinnings(reading.trace.problem.network)
    if found and not reading.in_letters:
        yield reading.say("matrix.masks")
        yield together(reading, [Layers(reading).array("mask", layer) for layer in found])


# -- error ------------------------------------------------------------------------------------------


def error_section(reading: Reading) -> Iterator[Block]:
    """The error of every output, and the loss."""
    many = reading.trace.problem.network.sizes[-1] > 1 or Layers(reading).is_batch
    blocks = [
        reading.say("laws.errors" if many else "laws.error"),
        worked(reading, Layers(reading).unit_by_unit("error", reading.last), "error", "error", reading.last),
        *losses(reading),
    ]
    yield reading.heading("error", 2, blocks)


def losses(reading: Reading) -> Iterator[Block]:
    """The loss; of a batch that of each sample, and of all of them; with a penalty that, and both together."""
    found = reading.steps("error", "loss_sum", "loss", data_loss(reading).role)
    of_samples = [step for step in found if step.quantity.sample]
    of_all = [step for step in found if not step.quantity.sample and step.equation.law != "whole_loss"]
    if of_samples:
        yield reading.say("matrix.losses")
        yield reading.together(of_samples)
        yield reading.say(batch_key(reading))
        yield reading.together(of_all)
    else:
        yield reading.say("laws.data_loss" if control_of(reading).penalties else "laws.loss")
        yield from map(reading.working.derivation, of_all)
    yield from penalty_blocks(reading)


def batch_key(reading: Reading) -> str:
    """The sentence before the loss of a batch."""
    if reading.measured.role == "loss_sum":
        return "batch.added_loss" if reading.averaged else "batch.added_loss_sum"
    return "batch.mean_loss" if reading.averaged else "batch.sum_loss"


# -- backward ---------------------------------------------------------------------------------------


def backward_section(reading: Reading, *, law: bool = True) -> Iterator[Block]:
    """δ of every layer, from the output back."""
    layers = Layers(reading)
    sections = []
    for layer in reversed(numbers(reading)):
        stated = [delta_law(reading, layer), *functions_meant(reading, layer), *own_derivative(reading, layer)]
        sections.append(layer_section(reading, layer, [*(stated if law else ()), *deltas(reading, layers, layer)]))
    yield reading.heading("backward", 2, [*([delta_meaning(reading)] if law else []), *sections])


def deltas(reading: Reading, layers: Layers, layer: int) -> Iterator[Block]:
    """δ of a layer; of a normalized one by way of all that normalization makes of its net inputs."""
    if layer not in reading.trace.connections.normalized:
        yield worked(reading, layers.delta(layer), "backward", "delta", layer)
        return
    for sentence, roles in BACK:
        yield reading.say(sentence, activation=reading.activation(layer))
        for role in roles:
            array = layers.array(role, layer)
            if role == "by_scaled":
                stack = layers.delta(layer, role)
            else:
                stack = layers.over_rows(array) if role in ("by_variance", "by_mean") else layers.by_entry(array)
            yield worked(reading, stack, "backward", role, layer)


BACK: tuple[tuple[str, tuple[Role, ...]], ...] = (
    ("normalization.by_scaled", ("by_scaled",)),
    ("normalization.by_normalized", ("by_normalized",)),
    ("normalization.by_statistics", ("by_variance", "by_mean")),
    ("normalization.delta", ("delta",)),
)
"""The way back through normalization, each part with the sentence before it."""


def delta_law(reading: Reading, layer: int) -> Block:
    """What δ of a layer is made of, in a sentence."""
    if layer in reading.trace.connections.normalized:
        return normalized_law(reading, layer)
    if layer < reading.last:
        thinned = layer in reading.trace.connections.thinning
        return reading.say("matrix.hidden_delta_thinned" if thinned else "matrix.hidden_delta")
    return reading.say("matrix.cancelled" if matched(reading.trace.problem) else "matrix.output_delta")


def normalized_law(reading: Reading, layer: int) -> Block:
    """How derivatives lead back through the normalization of a layer."""
    any_sample = reading.any_sample
    losses = IndexedSum(any_sample, Quantity("loss", reading.last, 0, 0, any_sample))
    said = reading.prose(
        "matrix.normalized_back",
        layer=place(reading, layer),
        sum=reading.letters(reading.measured, losses),
        activation=reading.activation(layer),
    )
    slope = reading.letters(whole(reading, "by_mean", layer))
    return Paragraph(listed([said, reading.prose("normalization.vanishes", slope=slope)], " "))


def delta_meaning(reading: Reading) -> Block:
    """What δ stands for."""
    delta, named = whole(reading, "delta", "l"), "downhill" if reading.laws.downhill else "uphill"
    order = reading.prose("laws.then_back") if reading.last > 1 else ()
    if Layers(reading).is_batch and not reading.trace.connections.normalized:
        return reading.say(f"matrix.batch_backward_{named}", definition=reading.letters(delta), order=order)
    definition = reading.letters(delta, slope_meant(reading))
    return reading.say(f"matrix.backward_{named}", definition=definition, order=order)


# -- check ------------------------------------------------------------------------------------------


def check_section(reading: Reading) -> Iterator[Block]:
    """Forward again with the new parameters, and what has become of the error; letters have none."""
    if reading.in_letters:
        return
    layers, normalized = Layers(reading), reading.trace.connections.normalized
    blocks: list[Block] = []
    for layer in numbers(reading):
        blocks += [
            worked(reading, layers.net(layer, 1), "check", "net", layer),
            *(shaped(reading, layers, layer, "check", 1) if layer in normalized else ()),
            worked(reading, layers.unit_by_unit("output", layer, 1), "check", "output", layer),
        ]
        if reading.steps("check", "thinned", layer=layer):
            blocks.append(
                worked(reading, layers.by_entry(layers.array("thinned", layer, 1)), "check", "thinned", layer)
            )
    blocks.append(worked(reading, layers.unit_by_unit("error", reading.last, 1), "check", "error", reading.last))
    blocks.append(reading.together(reading.steps("check", "loss_sum", "data_loss", "penalty", "loss")))
    yield checked(reading, blocks)


# -- layers -----------------------------------------------------------------------------------------


def worked(reading: Reading, stack: Stack | None, phase: Phase, role: Role, layer: int) -> Block:
    """The working of a layer in matrices, or where it has no equation in them, of its units."""
    stacking = Stacking(reading.working)
    if stack is None or stacking.is_too_wide(stack):
        return reading.together(reading.steps(phase, role, layer=layer))
    return Derivations(tuple(stacking.derivations(stack)))


def layer_section(reading: Reading, layer: int, blocks: list[Block]) -> Block:
    """The blocks of a layer under its heading."""
    heading = "output_layer" if layer == reading.last else numbered(reading, "hidden_layer")
    return reading.heading(heading, 3, blocks, layer=str(layer))
