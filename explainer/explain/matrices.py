"""The sections of a page in matrices: what is given, the passes and the check, a layer at a time.

Where a layer has no equation in matrices, its units are worked one by one.
"""

from collections.abc import Iterator

from explainer.explain.document import Block, Bullets, Derivation, Derivations, Glossary, Inlines, Paragraph, Term
from explainer.explain.given import functions, loss_sentence, network, put_in
from explainer.explain.layers import Layers
from explainer.explain.outcome import checked
from explainer.explain.own_functions import own_derivative
from explainer.explain.parameters import kept
from explainer.explain.passes import functions_meant, numbered
from explainer.explain.prose import listed
from explainer.explain.reading import Reading
from explainer.explain.rounding import rounding
from explainer.explain.stacking import Stack, Stacking
from explainer.maths.formula import (
    Array,
    Braced,
    Formula,
    MatrixProduct,
    Negation,
    Partial,
    Sum,
    Transposed,
    total,
)
from explainer.maths.matrix import visible
from explainer.maths.quantity import ALL, Index, Phase, Quantity, Role
from explainer.trace.derive import RATE, matched


def notation_section(reading: Reading) -> Iterator[Block]:
    """Every kind of symbol on the page with its meaning, in the order in which the page needs them."""
    prose, layer = reading.prose, (reading.letter("l"),)
    definition = (reading.letters(slope_meant(reading)),)
    entries = [
        ((reading.letters(symbol),), prose(f"matrix.{key}", l=layer, definition=definition))
        for symbol, key in symbols(reading)
    ]
    head = prose("notation.symbol"), prose("notation.meaning")
    yield reading.heading("notation", 2, [Glossary(head, tuple(entries))])


def symbols(reading: Reading) -> Iterator[tuple[Quantity, str]]:
    """Each symbol, of any layer, and the key of its meaning."""
    yield whole("input", 0), "all_input"
    yield whole("target", reading.last), "all_target"
    yield RATE, "all_rate"
    yield whole("weight", "l"), "all_weight"
    if reading.biased:
        yield whole("bias", "l"), "all_bias"
    yield whole("net", "l"), "all_net"
    if reading.last > 1:
        yield whole("output", "l"), "all_output"
    yield whole("output", reading.last), "network_outputs"
    yield whole("error", reading.last), "all_error"
    yield Quantity("loss", reading.last), "all_loss"
    yield whole("delta", "l"), "downhill_delta" if reading.laws.downhill else "uphill_delta"
    yield whole("weight", "l").after(), "all_new"


def given_section(reading: Reading) -> Iterator[Block]:
    """Everything that the calculation starts from, in columns and matrices."""
    layers, prose = Layers(reading), reading.prose
    bullets: list[Inlines] = [prose("given.rate", rate=reading.value(RATE)), *functions(reading)]
    bullets += [loss_sentence(reading), *put_in(reading)]
    sample = [layers.array("input", 0), layers.array("target", reading.last)]
    weights = [array for layer in range(1, reading.last + 1) for array in parameters(reading, layer)]
    arrays = [("matrix.sample", sample), ("matrix.parameters" if reading.biased else "matrix.weights", weights)]
    blocks: list[Block] = [
        Paragraph(network(reading)),
        Paragraph(listed(list(conventions(reading, [*sample, *weights])), " ")),
    ]
    if reading.in_letters:
        blocks.append(reading.say("rounding.letters"))
    blocks.append(Bullets(tuple(bullets)))
    for key, members in arrays:
        blocks += [reading.say(key), Derivations(tuple(written_out(reading, array) for array in members))]
    if not reading.in_letters:
        blocks.append(Paragraph(listed(list(rounding(reading)), " ")))
    yield reading.heading("given_letters" if reading.in_letters else "given", 2, blocks)


def conventions(reading: Reading, arrays: list[Array]) -> Iterator[Inlines]:
    """How columns and matrices are written."""
    yield reading.prose(
        "matrix.columns",
        column=reading.letters(whole("net", 1)),
        entry=reading.letters(Quantity("net", 1, 1)),
        weights=reading.letters(whole("weight", 1)),
        weight=reading.letters(Layers(reading).array("weight", 1).rows[0][0]),
    )
    yield reading.prose("matrix.signs", transposed=reading.letters(Transposed(any_column("input", 0))))
    if any(len(array.rows) > array.fit[0] or len(array.rows[0]) > array.fit[1] for array in arrays):
        yield reading.prose("matrix.elided")


def parameters(reading: Reading, layer: int) -> list[Array]:
    """The weights and the biases of a layer."""
    layers = Layers(reading)
    biases = [layers.array("bias", layer)] if reading.layer(layer).biases is not None else []
    return [layers.array("weight", layer), *biases]


def written_out(reading: Reading, array: Array) -> Derivation:
    """An array and what is in it: given numbers, or in letters their names."""
    trace = reading.trace
    if reading.in_letters:
        entries = visible(array.rows, array.fit)
        return Derivation((Term("", array, trace.names), Term("=", Braced(entries), trace.names)))
    return Derivation((Term("", array, trace.names), Term("=", Braced(array), trace.numeral)))


def forward_section(reading: Reading) -> Iterator[Block]:
    """The forward pass, layer by layer."""
    layers = Layers(reading)
    sections = []
    for layer in range(1, reading.last + 1):
        blocks = [
            reading.say("matrix.net"),
            worked(reading, layers.net(layer), "forward", "net", layer),
            reading.say("matrix.output", activation=reading.activation(layer)),
            worked(reading, layers.unit_by_unit("output", layer), "forward", "output", layer),
        ]
        sections.append(layer_section(reading, layer, blocks))
    yield reading.heading("forward", 2, [forward_law(reading), *sections])


def forward_law(reading: Reading) -> Block:
    """The law of a layer, or of the only one."""
    layer: Index = 1 if reading.last == 1 else "l"
    given = whole("input", 0)
    net, signal = whole("net", layer), given if reading.last == 1 else whole("output", "l−1")
    bias = (whole("bias", layer),) if reading.biased else ()
    return reading.say(
        "matrix.forward_only" if reading.last == 1 else "matrix.forward",
        net=reading.letters(net, total((MatrixProduct((whole("weight", layer), signal)), *bias))),
        output=reading.letters(whole("output", layer)),
        signal=reading.letters(signal),
        input=reading.letters(given),
    )


def error_section(reading: Reading) -> Iterator[Block]:
    """The error of every output, and the loss."""
    many = reading.trace.problem.network.sizes[-1] > 1
    blocks = [
        reading.say("laws.errors" if many else "laws.error"),
        worked(reading, Layers(reading).unit_by_unit("error", reading.last), "error", "error", reading.last),
        reading.say("laws.loss"),
        *map(reading.working.derivation, reading.steps("error", "loss")),
    ]
    yield reading.heading("error", 2, blocks)


def backward_section(reading: Reading) -> Iterator[Block]:
    """δ of every layer, from the output back."""
    layers = Layers(reading)
    sections = []
    for layer in range(reading.last, 0, -1):
        found = worked(reading, layers.delta(layer), "backward", "delta", layer)
        meant = [*functions_meant(reading, layer), *own_derivative(reading, layer)]
        sections.append(layer_section(reading, layer, [delta_law(reading, layer), *meant, found]))
    yield reading.heading("backward", 2, [delta_meaning(reading), *sections])


def delta_law(reading: Reading, layer: int) -> Block:
    """What δ of a layer is made of, in a sentence."""
    if layer < reading.last:
        return reading.say("matrix.hidden_delta")
    return reading.say("matrix.cancelled" if matched(reading.trace.problem) else "matrix.output_delta")


def delta_meaning(reading: Reading) -> Block:
    """What δ stands for."""
    key = "matrix.backward_downhill" if reading.laws.downhill else "matrix.backward_uphill"
    order = reading.prose("laws.then_back") if reading.last > 1 else ()
    return reading.say(key, definition=reading.letters(whole("delta", "l"), slope_meant(reading)), order=order)


def slope_meant(reading: Reading) -> Formula:
    """∂L/∂z^[l], with the sign that δ has"""
    slope = Partial(Quantity("loss", reading.last), whole("net", "l"))
    return Negation(slope) if reading.laws.downhill else slope


def update_section(reading: Reading) -> Iterator[Block]:
    """The new weights and biases of every layer, from the output back."""
    layers = Layers(reading)
    roles: tuple[Role, ...] = ("weight", "bias")
    sections = []
    for layer in range(reading.last, 0, -1):
        found = [role for role in roles if reading.steps("update", role, layer=layer)]
        blocks = [worked(reading, layers.update(role, layer), "update", role, layer) for role in found]
        sections += [layer_section(reading, layer, blocks)] if blocks else []
    yield reading.heading("update", 2, [update_law(reading), *sections])


def update_law(reading: Reading) -> Block:
    """The law of the update, for weights and for biases."""
    layer: Index = 1 if reading.last == 1 else "l"
    signal = any_column("input", 0) if reading.last == 1 else any_column("output", "l−1")
    delta, row = whole("delta", layer), Transposed(signal)
    rate: Formula = RATE if reading.laws.downhill else Negation(RATE)
    weight, bias = whole("weight", layer), whole("bias", layer)
    sentences = [
        reading.prose(
            "matrix.update_downhill" if reading.laws.downhill else "matrix.update",
            gradient=reading.letters(MatrixProduct((delta, row))),
            update=reading.letters(weight.after(), Sum((weight, MatrixProduct((rate, delta, row))))),
        )
    ]
    if "bias" in reading.trace.connections.changed:
        moved = reading.letters(bias.after(), Sum((bias, MatrixProduct((rate, delta)))))
        sentences.append(reading.prose("matrix.update_biases", delta=reading.letters(delta), update=moved))
    return Paragraph(listed([*sentences, *kept(reading)], " "))


def check_section(reading: Reading) -> Iterator[Block]:
    """Forward again with the new parameters, and what has become of the error; letters have none."""
    if reading.in_letters:
        return
    layers = Layers(reading)
    blocks: list[Block] = []
    for layer in range(1, reading.last + 1):
        blocks += [
            worked(reading, layers.net(layer, 1), "check", "net", layer),
            worked(reading, layers.unit_by_unit("output", layer, 1), "check", "output", layer),
        ]
    blocks.append(worked(reading, layers.unit_by_unit("error", reading.last, 1), "check", "error", reading.last))
    blocks.append(reading.together(reading.steps("check", "loss")))
    yield checked(reading, blocks)


def worked(reading: Reading, stack: Stack | None, phase: Phase, role: Role, layer: int) -> Block:
    """The working of a layer in matrices, or where it has no equation in them, of its units."""
    if stack is None:
        return reading.together(reading.steps(phase, role, layer=layer))
    return Stacking(reading.working).derivation(stack)


def layer_section(reading: Reading, layer: int, blocks: list[Block]) -> Block:
    """The blocks of a layer under its heading."""
    heading = "output_layer" if layer == reading.last else numbered(reading, "hidden_layer")
    return reading.heading(heading, 3, blocks, layer=str(layer))


def whole(role: Role, layer: Index) -> Quantity:
    """All that a layer, or any layer, has of a role."""
    return Quantity(role, layer, ALL)


def any_column(role: Role, layer: Index) -> Array:
    """A column of any layer, for stating a law."""
    return Array(whole(role, layer), ((Quantity(role, layer, "i"),),), (1, 1))


SECTIONS = (
    notation_section,
    given_section,
    forward_section,
    error_section,
    backward_section,
    update_section,
    check_section,
)
"""The notation, what is given, the passes and the check."""
