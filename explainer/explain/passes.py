"""The sections of the four passes: forward, error, backward, update. Each says its law, then works it."""

from collections.abc import Iterator
from itertools import groupby

from explainer.explain import control
from explainer.explain.at_output import with_output
from explainer.explain.document import Block, Bullets, Derivation, Derivations, Inlines, Paragraph, Section
from explainer.explain.dropout import dropout_laws, let_through, masks
from explainer.explain.normalization import backward_laws
from explainer.explain.optimizers import any_signal
from explainer.explain.own_functions import own_derivative
from explainer.explain.prose import listed
from explainer.explain.reading import Reading
from explainer.explain.whole_layers import of_layer, outputs_together, share_law
from explainer.maths.activations import Activation
from explainer.maths.formula import Call, Formula, IndexedSum, Partial, walk
from explainer.maths.functions import written_out
from explainer.maths.quantity import Index, Quantity, Role
from explainer.trace.derive import activation, loss, matched
from explainer.trace.laws import Unit
from explainer.trace.trace import Step


def forward_section(reading: Reading) -> Iterator[Block]:
    """The forward pass, unit by unit, and its summary."""
    steps = reading.steps("forward")
    if steps:
        units = forward_letters if reading.in_letters else forward_units
        blocks = [forward_law(reading), *masks(reading), *units(reading, steps)]
        if not reading.trace.wanted and not reading.in_letters:
            blocks.append(summary(reading))
        yield reading.heading("forward", 2, blocks)


def forward_law(reading: Reading) -> Block:
    """The law of the net input, for any unit j."""
    laws = reading.laws
    signal = any_signal(reading)

    def stated(layer: Index, unit: Index) -> Inlines:
        sent = any_signal(reading, layer=layer)
        weighted = IndexedSum("i", laws.weighted(reading.used(Quantity("weight", layer, unit, "i")), sent))
        bias = reading.used(Quantity("bias", layer, unit)) if reading.biased else None
        return (reading.letters(Quantity("net", layer, unit), laws.net((weighted,), bias)),)

    roles: tuple[Role, ...] = ("weight", "bias", "net")
    key = "laws.forward_threshold" if reading.biased and laws.convention.bias == "subtracted" else "laws.forward"
    key = f"{key}_only" if reading.last == 1 else key
    net = with_output(reading, stated, *roles)
    sentences = [reading.prose(key, net=net, signal=reading.letters(signal), unit=reading.letter("i"))]
    if any(layer.mask for layer in reading.trace.problem.network.layers):
        sentences.append(reading.prose("laws.missing"))
    sentences += dropout_laws(reading)
    return Paragraph(listed(sentences, " "))


def forward_units(reading: Reading, steps: list[Step]) -> Iterator[Block]:
    """The steps of each unit under its own heading; in brief, those of each layer together."""
    if reading.working.detail == "brief":
        for _, together in groupby(steps, key=lambda step: step.quantity.layer):
            yield reading.together(together)
        return
    for (layer, number), unit in groupby(steps, key=lambda step: (int(step.quantity.layer), unit_of(reading, step))):
        members = list(unit)
        if not number:
            heading = "output_together" if layer == reading.last else numbered(reading, "hidden_together")
            words = reading.prose(f"headings.{heading}", activation=reading.activation(layer), layer=layer)
            yield Section(3, words, tuple(outputs_together(reading, members)))
            continue
        blocks: list[Block] = []
        for step in members:
            blocks.append(reading.say(said_of(reading, step), activation=reading.activation(layer)))
            blocks.append(reading.working.derivation(step))
        yield reading.heading(
            node_heading(reading, layer), 3, blocks, node=labeled_node(reading, members[-1].quantity), layer=str(layer)
        )


def said_of(reading: Reading, step: Step) -> str:
    """The sentence before a step of a unit."""
    match step.quantity.role:
        case "net":
            less = reading.biased and reading.trace.names.convention.bias == "subtracted"
            return "laws.net_threshold" if less else "laws.net"
        case "thinned":
            return "laws.thinned"
        case _:
            return "laws.output"


def unit_of(reading: Reading, step: Step) -> Index:
    """The unit that a step belongs to; none where all outputs of a layer are worked out together."""
    together = step.quantity.role == "output" and of_layer(reading, int(step.quantity.layer))
    return 0 if together else step.quantity.unit


def forward_letters(reading: Reading, steps: list[Step]) -> Iterator[Block]:
    """The equations of each layer under its own heading."""
    for key, layer in groupby(steps, key=lambda step: int(step.quantity.layer)):
        heading = "output_layer" if key == reading.last else numbered(reading, "hidden_layer")
        yield reading.heading(heading, 3, [reading.together(layer)], layer=str(key))


def labeled_node(reading: Reading, output: Quantity) -> str:
    """The number of a unit, and what the problem calls its output."""
    label = reading.label(output)
    return reading.node(output) + (f" ({label})" if label else "")


def node_heading(reading: Reading, layer: int) -> str:
    """The heading over a unit of a layer."""
    return "output_node" if layer == reading.last else numbered(reading, "hidden_node")


def numbered(reading: Reading, key: str) -> str:
    """The heading or sentence that names the hidden layer where there are several."""
    return f"{key}_of" if reading.last > 2 else key


def summary(reading: Reading) -> Block:
    """The outputs of every layer."""
    items = []
    for layer in range(1, reading.last + 1):
        outputs = [step.quantity for step in reading.steps("forward", "output", "thinned", layer=layer)]
        if layer < reading.last:
            key = numbered(reading, "summary.hidden")
        else:
            key = "summary.output" if len(outputs) == 1 else "summary.outputs"
        items.append(reading.prose(key, list=reading.listing(outputs), layer=layer))
    return reading.heading("summary", 3, [Bullets(tuple(items))])


def error_section(reading: Reading) -> Iterator[Block]:
    """The error of each output, and the loss."""
    errors, losses = reading.steps("error", "error"), reading.steps("error", control.data_loss(reading).role)
    blocks: list[Block] = []
    if errors:
        blocks += [reading.say("laws.error" if len(errors) == 1 else "laws.errors"), reading.together(errors)]
    if losses:
        key = "laws.data_loss" if control.control_of(reading).penalties else "laws.loss"
        blocks += [reading.say(key), *map(reading.working.derivation, losses)]
    blocks += control.penalty_blocks(reading)
    if blocks:
        yield reading.heading("error", 2, blocks)


def backward_section(reading: Reading) -> Iterator[Block]:
    """δ of every unit, layer by layer from the output back."""
    steps = reading.steps("backward")
    if not steps:
        return
    layers = []
    for key, layer in groupby(steps, key=lambda step: int(step.quantity.layer)):
        members = list(layer)
        groups = [members] if reading.in_letters else [[step] for step in members]
        deltas = map(reading.together, groups)
        heading = "output_layer" if key == reading.last else numbered(reading, "hidden_layer")
        laws = [*delta_law(reading, key), *own_derivative(reading, key)]
        layers.append(reading.heading(heading, 3, [*laws, *deltas], layer=str(key)))
    yield reading.heading("backward", 2, [delta_meaning(reading), *layers])


def delta_meaning(reading: Reading) -> Block:
    """What δ stands for."""
    named, sample = reading.laws.delta_named, reading.of_law

    def stated(layer: Index, unit: Index) -> Inlines:
        delta, net = Quantity("delta", layer, unit, 0, sample), Quantity("net", layer, unit, 0, sample)
        turned = reading.laws.turned(Partial(reading.measured, net))
        return (reading.letters(delta, turned) if named else reading.letters(delta),)

    key = "laws.backward_downhill" if reading.laws.downhill else "laws.backward_uphill"
    definition = with_output(reading, stated, "delta", "net")
    order = reading.prose("laws.then_back" if named else "laws.chain_then_back") if reading.last > 1 else ()
    return reading.say(key if named else "laws.backward_slope", definition=definition, order=order)


def delta_law(reading: Reading, layer: int) -> Iterator[Block]:
    """The law of δ for any unit of a layer, and what its functions stand for."""
    if layer in reading.trace.connections.normalized:
        _, _, formula = general_delta(reading, layer)
        yield from backward_laws(reading, layer, reading.laws.turned(formula))
        yield from functions_meant(reading, layer)
        return
    if is_shared_out(reading, layer):
        yield from functions_meant(reading, layer)
        return
    letter, key, formula = general_delta(reading, layer)
    yield reading.say(
        f"laws.{key}",
        law=reading.letters(Quantity("delta", layer, letter, 0, reading.of_law), formula),
        receiver=reading.letter("k"),
        activation=reading.activation(layer),
    )
    yield from functions_meant(reading, layer)


def general_delta(reading: Reading, layer: int) -> tuple[Index, str, Formula]:
    """The letter for any unit of a layer, and the sentence and the law for its δ; an output without index is itself."""
    names = reading.trace.names
    hidden, output = "j" if names.convention.nodes == "by-kind" else "h", 1 if names.is_bare(reading.last) else "k"
    law = output_law if layer == reading.last else hidden_law
    letter: Index = output if layer == reading.last else hidden
    return letter, *law(reading, activation(reading.layer(layer)), layer, letter)


def is_shared_out(reading: Reading, layer: int) -> bool:
    """Whether the error that comes back to any output of a layer is shared out among all its units."""
    short = layer == reading.last and matched(reading.trace.problem)
    return activation(reading.layer(layer)).layer is not None and not short


def functions_meant(reading: Reading, layer: int) -> Iterator[Block]:
    """What the functions that the law of δ names stand for, in a layer."""
    function = activation(reading.layer(layer)).layer
    if function is not None and is_shared_out(reading, layer):
        yield Paragraph(share_law(reading, layer, "k" if layer == reading.last else "h", function))
        return
    letter, _, formula = general_delta(reading, layer)
    stated = list(statements(reading, formula, activation(reading.layer(layer)), any_neuron(reading, layer, letter)))
    if stated:
        yield reading.say("laws.here")
        yield Derivations(tuple(stated))


def output_law(reading: Reading, function: Activation, layer: int, letter: Index) -> tuple[str, Formula]:
    """The sentence and the law for δ of any output unit."""
    problem, laws, unit = reading.trace.problem, reading.laws, any_neuron(reading, layer, letter)
    target = Quantity("target", layer, letter, 0, reading.of_law)
    error = Quantity("error", layer, letter, 0, reading.of_law)
    if matched(problem):
        return "output_delta_matched", laws.matched_delta(unit, target, error)
    outputs = problem.network.sizes[-1]
    return "output_delta_law", laws.output_delta(function, loss(problem.training), unit, target, error, outputs)


def hidden_law(reading: Reading, function: Activation, layer: int, letter: Index) -> tuple[str, Formula]:
    """The sentence and the law for δ of any unit of a hidden layer."""
    names = reading.trace.names
    receiver = 1 if names.convention.nodes == "by-kind" and names.is_bare(layer + 1) else "k"
    sample = reading.of_law
    weight = reading.used(Quantity("weight", layer + 1, receiver, letter))
    delta = Quantity("delta", layer + 1, receiver, 0, sample)
    passed_back, unit = reading.laws.passed_back(weight, delta), any_neuron(reading, layer, letter)
    key = "hidden_delta_law_only" if receiver == 1 else "hidden_delta_law"
    signal = passed_back if receiver == 1 else IndexedSum("k", passed_back)
    return key, reading.laws.hidden_delta(function, unit, let_through(reading, layer, letter, signal))


def statements(reading: Reading, law: Formula, function: Activation, unit: Unit) -> Iterator[Derivation]:
    """What the named functions of a law stand for: the derivative of the activation first, then what else is named."""
    waiting, seen = [law], set[Formula]()
    named = function.derivative(unit.net, unit.output)
    while waiting:
        calls = dict.fromkeys(each for each in walk(waiting.pop(0)) if isinstance(each, Call))
        for call in [each for each in calls if each not in seen]:
            seen.add(call)
            meaning = function.slope(unit.net, unit.output) if function.slope and call == named else written_out(call)
            if meaning is not None:
                yield Derivation(reading.letters(call, meaning).terms, stacked=False)
                waiting.append(meaning)


def any_neuron(reading: Reading, layer: int, letter: Index) -> Unit:
    """Any unit of a layer: what its activation is applied to, and its output."""
    entry = reading.trace.connections.entry(layer, 0)
    sample = reading.of_law
    return Unit(Quantity(entry.role, layer, letter, 0, sample), Quantity("output", layer, letter, 0, sample))
