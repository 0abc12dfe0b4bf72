"""The sections of the four passes: forward, error, backward, update. Each says its law, then works it."""

from collections.abc import Callable, Iterator, Mapping
from itertools import groupby

from explainer.explain import control
from explainer.explain.document import Block, Bullets, Derivation, Derivations, Inlines, Paragraph, Section
from explainer.explain.dropout import dropout_laws, let_through, masks
from explainer.explain.optimizers import any_signal, optimizer_law
from explainer.explain.own_functions import own_derivative
from explainer.explain.parameters import is_shared, kept
from explainer.explain.prose import listed
from explainer.explain.reading import Reading
from explainer.explain.whole_layers import of_layer, outputs_together, share_law
from explainer.maths.activations import Activation
from explainer.maths.formula import Call, Formula, IndexedSum, Negation, Partial, walk
from explainer.maths.functions import written_out
from explainer.maths.quantity import Index, Quantity
from explainer.trace.derive import RATE, activation, loss, matched
from explainer.trace.laws import Share, Unit
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
    weighted = IndexedSum("i", laws.weighted(reading.used(Quantity("weight", "l", "j", "i")), signal))
    bias = reading.used(Quantity("bias", "l", "j")) if reading.biased else None
    net = reading.letters(Quantity("net", "l", "j"), laws.net((weighted,), bias))
    key = "laws.forward_threshold" if bias and laws.convention.bias == "subtracted" else "laws.forward"
    key = f"{key}_only" if reading.last == 1 else key
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
    delta, net = Quantity("delta", "l", "j"), Quantity("net", "l", "j")
    slope: Formula = Partial(Quantity("loss", reading.last), net)
    laws = reading.laws
    if reading.trace.names.convention.update == "by-gradient":
        return reading.say("laws.backward_slope")
    key = "laws.backward_downhill" if laws.downhill else "laws.backward_uphill"
    return reading.say(key, definition=reading.letters(delta, Negation(slope) if laws.downhill else slope))


def delta_law(reading: Reading, layer: int) -> Iterator[Block]:
    """The law of δ for any unit of a layer, and what its functions stand for."""
    if is_shared_out(reading, layer):
        yield from functions_meant(reading, layer)
        return
    letter, key, formula = general_delta(reading, layer)
    yield reading.say(
        f"laws.{key}",
        law=reading.letters(Quantity("delta", layer, letter), formula),
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
    stated = list(statements(reading, formula, activation(reading.layer(layer)), any_unit(layer, letter)))
    if stated:
        yield reading.say("laws.here")
        yield Derivations(tuple(stated))


def output_law(reading: Reading, function: Activation, layer: int, letter: Index) -> tuple[str, Formula]:
    """The sentence and the law for δ of any output unit."""
    problem, laws, unit = reading.trace.problem, reading.laws, any_unit(layer, letter)
    target, error = Quantity("target", layer, letter), Quantity("error", layer, letter)
    if matched(problem):
        return "output_delta_matched", laws.matched_delta(unit, target, error)
    outputs = problem.network.sizes[-1]
    return "output_delta_law", laws.output_delta(function, loss(problem.training), unit, target, error, outputs)


def hidden_law(reading: Reading, function: Activation, layer: int, letter: Index) -> tuple[str, Formula]:
    """The sentence and the law for δ of any unit of a hidden layer."""
    names = reading.trace.names
    receiver = 1 if names.convention.nodes == "by-kind" and names.is_bare(layer + 1) else "k"
    weight, delta = (
        reading.used(Quantity("weight", layer + 1, receiver, letter)),
        Quantity("delta", layer + 1, receiver),
    )
    passed_back, unit = reading.laws.passed_back(weight, delta), any_unit(layer, letter)
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


def any_unit(layer: int, letter: Index) -> Unit:
    """Any unit of a layer."""
    return Unit(Quantity("net", layer, letter), Quantity("output", layer, letter))


def update_section(reading: Reading) -> Iterator[Block]:
    """The change and the new value of every parameter, unit by unit."""
    yield from update_sections(reading, law=True)


def update_sections(reading: Reading, *, law: bool = False) -> Iterator[Block]:
    """The updates, and before them the gradients where all of these are clipped together; each with its `law`."""
    groups: dict[str, list[Step]] = {}
    for step in reading.steps("update"):
        groups.setdefault(section_of(reading, step), []).append(step)
    for heading, steps in groups.items():
        alone = {"rate": control.rate_blocks, "clipping": control.shortening}
        if heading in alone:
            yield reading.heading(heading, 2, alone[heading](reading, steps))
            continue
        stated = LAWS[heading](reading) if law else ()
        yield reading.heading(heading, 2, [*stated, *updated(reading, steps)])


def section_of(reading: Reading, step: Step) -> str:
    """The section that a step of the update belongs to."""
    if step.equation.law == "rate":
        return "rate"
    if step.equation.law in control.TOGETHER:
        return "clipping"
    first = control.clips_together(reading) and step.equation.law in control.GRADIENTS
    return "gradients" if first else "update"


def updated(reading: Reading, steps: list[Step]) -> Iterator[Block]:
    """What becomes of each parameter, unit by unit, and then of those that several places share."""
    new = {parameter(step.quantity) for step in steps if step.equation.law == "update"}
    shown = [step for step in steps if step.equation.law != "change" or parameter(step.quantity) not in new]
    shared = [step for step in shown if is_shared(reading, step.quantity)]
    for first, members in by_unit([step for step in shown if step not in shared]):
        yield reading.heading("into_node", 3, [reading.together(members)], node=reading.place(first))
    if shared:
        yield reading.heading("shared", 3, [reading.say("laws.update_shared"), reading.together(shared)])


def parameter(quantity: Quantity) -> tuple[object, ...]:
    """Which parameter a change or a new value belongs to."""
    return quantity.layer, quantity.unit, quantity.source


def by_unit(steps: list[Step]) -> Iterator[tuple[Quantity, list[Step]]]:
    """The steps of each receiving unit."""
    for _, members in groupby(steps, key=lambda step: (step.quantity.layer, step.quantity.unit)):
        unit = list(members)
        yield unit[0].quantity, unit


def update_stated(reading: Reading, parameter: Quantity, share: Share) -> Inlines:
    """The change of any weight, or of any bias, as the convention writes it, and its new value."""
    laws, change, after = reading.laws, parameter.change(), parameter.after()
    over = reading.averaged if reading.over_batch else None
    sides: list[tuple[Formula, Formula]] = []
    if control.is_turned(reading):
        return turned_stated(reading, parameter, laws.stated_slope_of_loss(share, averaged=over))
    kept = control.kept(reading, parameter)
    match reading.trace.names.convention.update:
        case "by-change":
            sides = [(change, laws.stated_change(RATE, share, averaged=over)), (after, laws.update(kept, change))]
        case "direct":
            sides = [(after, laws.update(kept, laws.stated_change(RATE, share, averaged=over)))]
        case "by-gradient":
            gradient = parameter.gradient()
            updated = laws.update(kept, laws.change_by_gradient(RATE, gradient))
            sides = [(gradient, laws.stated_gradient(share, averaged=over)), (after, updated)]
    return reading.prose.enumerated([(reading.letters(*each),) for each in sides])


def turned_stated(reading: Reading, parameter: Quantity, slope: Formula) -> Inlines:
    """The gradient of any parameter with what steers it, and the new value."""
    steering = control.control_of(reading)
    before = () if control.clips_together(reading) else control.gradient_lines(reading, parameter, slope)
    change, moved = parameter.change(), reading.laws.change_by_gradient(RATE, steering.moving(parameter))
    kept, named = control.kept(reading, parameter), reading.trace.names.convention.update == "by-change"
    lines = [(change, moved)] if named else []
    new = parameter.after(), reading.laws.update(kept, change if named else moved)
    sides = [*before, *steering.clipped(parameter), *lines, new]
    return reading.prose.enumerated([(reading.letters(*each),) for each in sides])


def gradient_law(reading: Reading) -> Iterator[Block]:
    """The law of the gradient of any weight, where all gradients come before the updates."""
    sample, over = ("s", reading.averaged) if reading.over_batch else (0, None)
    weighted = "weight" in reading.trace.connections.changed
    parameter = Quantity("weight", "l", "j", "i") if weighted else Quantity("bias", "l", "j")
    share = (
        Quantity("delta", "l", "j", 0, sample),
        any_signal(reading, sample) if weighted else reading.laws.bias_signal,
    )
    lines = control.gradient_lines(reading, parameter, reading.laws.stated_slope_of_loss(share, averaged=over))
    law = reading.prose.enumerated([(reading.letters(*each),) for each in lines])
    key = "control.gradients" if weighted else "control.gradients_only_biases"
    yield Paragraph(listed([reading.prose(key, law=law), *control.gradient_remarks(reading)], " "))


def update_law(reading: Reading) -> Iterator[Block]:
    """The law of the update, for any weight."""
    if reading.trace.problem.training.optimizer != "sgd":
        yield from optimizer_law(reading)
        return
    changed = reading.trace.connections.changed
    sample = "s" if reading.over_batch else 0
    weight, bias = Quantity("weight", "l", "j", "i"), Quantity("bias", "l", "j")
    delta, signal = Quantity("delta", "l", "j", 0, sample), any_signal(reading, sample)
    key = "laws.update" if reading.laws.downhill else "laws.update_uphill"
    if control.is_turned(reading):
        key = "laws.update_turned" if reading.trace.problem.training.control.clipping is None else "laws.update_clipped"
    elif reading.over_batch:
        key = f"{key}_mean" if reading.averaged else f"{key}_sum"
    if "weight" in changed:
        stated = update_stated(reading, weight, (delta, signal))
    else:
        stated, key = update_stated(reading, bias, (delta, reading.laws.bias_signal)), f"{key}_only_biases"
    sentences = [reading.prose(key, law=stated, sample=reading.letter("s"))]
    if changed == {"weight", "bias"}:
        sentences.append(reading.prose("laws.update_biases"))
    sentences += [] if control.clips_together(reading) else control.gradient_remarks(reading)
    sentences += control.update_remarks(reading)
    yield Paragraph(listed([*sentences, *kept(reading)], " "))


LAWS: Mapping[str, Callable[[Reading], Iterator[Block]]] = {"gradients": gradient_law, "update": update_law}
"""What is said before the working of each section."""
