"""The section of what is given: the network, the sample, the parameters, the rounding."""

from collections.abc import Iterable, Iterator
from itertools import groupby

from explainer.explain.control import data_loss, falling, steered
from explainer.explain.document import Block, Bullets, Inlines, Math, Paragraph, Text
from explainer.explain.initialization import initial
from explainer.explain.notation import meaning
from explainer.explain.own_functions import own_definition
from explainer.explain.parameters import parameters
from explainer.explain.prose import inlines, listed
from explainer.explain.reading import Reading
from explainer.explain.rounding import rounding
from explainer.explain.schedule import any_step, training_given
from explainer.explain.whole_layers import stated
from explainer.maths.activations import Activation
from explainer.maths.decays import OVER
from explainer.maths.formula import ONE, Call, Formula, IndexedSum, Letter, fraction, product, walk
from explainer.maths.functions import written_out
from explainer.maths.losses import Loss
from explainer.maths.quantity import FIXED_SIGNAL, Index, Quantity
from explainer.problem.model import Function
from explainer.problem.training import Trained
from explainer.trace.derive import RATE, activation, loss, output_of


def given_section(reading: Reading) -> Iterator[Block]:
    """Everything that the calculation starts from, and how it is worked."""
    described, listing = Paragraph(network(reading)), Bullets(tuple(bullets(reading)))
    if reading.in_letters:
        told = [Paragraph(sentences)] if (sentences := listed(list(any_step(reading)), " ")) else []
        key = "rounding.letters_run" if told else "rounding.letters"
        yield reading.heading("given_letters", 2, [described, reading.say(key), listing, *told])
        return
    blocks: list[Block] = [described, listing]
    if isinstance(reading.trace.problem.task, Trained):
        blocks += training_given(reading)
    if reading.trace.steps:
        blocks.append(Paragraph(listed(list(rounding(reading)), " ")))
    yield reading.heading("given", 2, blocks)


def network(reading: Reading) -> Inlines:
    """The network in a sentence or two."""
    prose, sizes = reading.prose, reading.trace.problem.network.sizes
    layers = [*hidden_layers(reading), layer_of(reading, reading.last, "one_output", "outputs")]
    described = prose(
        "given.network",
        sizes="-".join(map(str, sizes)),
        parts=prose.enumerated([prose.counted("given.one_input", "given.inputs", sizes[0]), *layers]),
    )
    return listed([described, numbering(reading)], " ")


def hidden_layers(reading: Reading) -> Iterator[Inlines]:
    """The hidden layers in words, those together that follow each other and are alike."""
    runs = [list(run) for _, run in groupby(range(1, reading.last), key=lambda index: kind_of(reading, index))]
    for run in runs:
        if runs == [[1]]:
            yield layer_of(reading, 1, "one_hidden", "hidden")
            continue
        word = COUNTS.get(len(run), "")
        count = reading.prose(f"words.{word}") if word else inlines(len(run))
        one, many = ("one_layer_of", "layer_of") if len(run) == 1 else ("one_layers_of", "layers_of")
        yield layer_of(reading, run[0], one, many, layers=count)


COUNTS = {2: "two", 3: "three", 4: "four", 5: "five"}
"""The words for small numbers."""


def kind_of(reading: Reading, index: int) -> tuple[int, Function]:
    """How many units a layer has, and which activation function."""
    layer = reading.layer(index)
    return layer.units, layer.function


def layer_of(reading: Reading, index: int, one: str, many: str, **fillings: Inlines) -> Inlines:
    """A layer in words, by the sentence for one unit or for several; a function of the file's own has its sign."""
    if reading.layer(index).own:
        one, many = f"{one}_own", f"{many}_own"
    units, activation = reading.layer(index).units, reading.activation(index)
    return reading.prose.counted(f"given.{one}", f"given.{many}", units, activation=activation, **fillings)


def numbering(reading: Reading) -> Inlines:
    """How the units are numbered: through the network, or in each layer."""
    sizes = reading.trace.problem.network.sizes
    if reading.trace.names.convention.nodes == "by-kind":
        return named_by_kind(reading)
    if reading.trace.names.convention.nodes == "by-layer":
        keys = {1: "given.one_layer", 2: "given.two_layers", 3: "given.three_layers"}
        return reading.prose(keys.get(reading.last, "given.layers"), last=reading.last, hidden=reading.last - 1)
    groups = []
    first = 1
    for name, units in (("input", sizes[0]), ("hidden", sum(sizes[1:-1])), ("output", sizes[-1])):
        if units:
            many = f"given.node_{name}" if name == "hidden" else f"given.node_{name}s"
            nodes = span(reading, first, first + units - 1)
            groups.append(reading.prose.counted(f"given.one_node_{name}", many, units, span=nodes))
        first += units
    return reading.prose("given.nodes_through", groups=reading.prose.enumerated(groups))


def named_by_kind(reading: Reading) -> Inlines:
    """What the hidden units and the outputs are called: h1 and h2, o1."""
    names, sizes = reading.trace.names, reading.trace.problem.network.sizes
    groups = []
    for name, layers in (("hidden", range(1, reading.last)), ("output", (reading.last,))):
        units = [names.unit(layer, unit) for layer in layers for unit in range(1, sizes[layer] + 1)]
        if units:
            many, one = f"given.called_{name}s", f"given.called_{name}"
            shown = units if len(units) < 4 else [f"{units[0]}–{units[-1]}"]
            called = reading.prose.enumerated([inlines(unit) for unit in shown])
            groups.append(reading.prose(one if len(units) == 1 else many, names=called))
    return reading.prose(
        "given.called" if reading.last > 1 else "given.called_only", groups=reading.prose.enumerated(groups)
    )


def span(reading: Reading, first: int, last: int) -> Inlines:
    """A range of nodes: "4", "4 and 5" or "4–9"."""
    if last - first < 2:
        return reading.prose.enumerated([(Text(str(node)),) for node in range(first, last + 1)])
    return (Text(f"{first}–{last}"),)


def bullets(reading: Reading) -> Iterator[Inlines]:
    """The given numbers and functions."""
    prose, trace = reading.prose, reading.trace
    several = len(trace.problem.samples) > 1  # these have a table
    single = [quantity for quantity in trace.given if not quantity.sample and not several]
    inputs = [quantity for quantity in single if quantity.role == "input" and quantity != FIXED_SIGNAL]
    targets = [quantity for quantity in single if quantity.role == "target"]
    if inputs:
        key = "given.one_input_value" if len(inputs) == 1 else "given.input_list"
        yield prose(key, list=reading.listing(inputs))
    if FIXED_SIGNAL in trace.given:
        yield prose("given.fixed_signal", value=reading.value(FIXED_SIGNAL))
    if targets:
        key = "given.one_target" if len(targets) == 1 else "given.target_list"
        yield prose(key, list=reading.listing(targets))
    if RATE in trace.given:
        yield prose("given.rate", rate=reading.value(RATE))
    for each in trace.given:
        if each.role == "setting" and each != OVER:  # which every step has its own of
            yield prose(f"given.{meaning(reading, each)}", value=reading.value(each))
    yield from falling(reading)
    yield from functions(reading)
    if any(step.quantity.role in ("delta", "loss") for step in trace):
        yield loss_sentence(reading)
        yield from steered(reading)
    yield from initial(reading)
    yield from parameters(reading)
    running = [each for each in trace.given if each.role in ("running_mean", "running_variance")]
    if running and not trace.carried:
        yield prose("normalization.beginning", list=reading.listing(running))
    yield from put_in(reading)


def put_in(reading: Reading) -> Iterator[Inlines]:
    """What was put in by hand, of the quantities on the page."""
    trace = reading.trace
    changed = [quantity for quantity in trace.put_in if quantity in trace.given or quantity in trace.index]
    if changed:
        yield reading.prose("given.put_in", list=reading.listing(sorted(changed, key=trace.names.typed)))


def functions(reading: Reading) -> Iterator[Inlines]:
    """Each activation function with the layers that have it, where they do not all have the same one."""
    used = {step.quantity.layer for step in reading.trace if step.quantity.role == "output"}
    single = len(alike(reading, range(1, reading.last + 1))) == 1
    for group in alike(reading, [index for index in range(1, reading.last + 1) if index in used]):
        several = len(group) > 1 or (single and reading.last > 1)
        z = Quantity("net", "l" if several else group[0], "j")
        yield from function_of(reading, group, z, "activation" if single else "activation_of")


def alike(reading: Reading, layers: Iterable[int]) -> list[list[int]]:
    """The layers that have the same activation function together."""
    groups: list[list[int]] = []
    for index in layers:
        function = reading.layer(index).function
        same = next((group for group in groups if reading.layer(group[0]).function == function), None)
        if same is None:
            groups.append([index])
        else:
            same.append(index)
    return groups


def function_of(reading: Reading, group: list[int], z: Quantity, key: str) -> Iterator[Inlines]:
    """The activation function of some layers, for any net input of theirs, and what else is named in it."""
    layer = reading.layer(group[0])
    function = activation(layer)
    written: Math | Inlines = defined(reading, function, z)
    if function.layer is not None:
        written = stated(reading, group[0], function.layer)
    elif layer.own:
        written = own_definition(reading, layer.own)
    yield reading.prose(f"given.{key}", function=written, layers=owners(reading, group))
    if function.definition is not None and layer.own is None:
        yield from named_within(reading, function.definition(z), z)


def owners(reading: Reading, group: list[int]) -> Inlines:
    """Some layers in words: hidden layers 1 and 2 and the output layer."""
    hidden = [index for index in group if index < reading.last]
    numbers = reading.prose.enumerated([inlines(index) for index in hidden])
    key = "hidden_layer" if reading.last == 2 else "hidden_layer_of" if len(hidden) == 1 else "hidden_layers_of"
    words = [reading.prose(f"words.{key}", layers=numbers)] if hidden else []
    return reading.prose.enumerated([*words, *([reading.prose("words.output_layer")] if reading.last in group else [])])


def defined(reading: Reading, function: Activation, z: Quantity) -> Math:
    """σ(net_j) = 1/(1 + e^−net_j); of a function without a name o_j = net_j"""
    if function.definition is None:
        return reading.letters(output_of(z), function.value(z))
    return reading.letters(function.value(z), function.definition(z))


def named_within(reading: Reading, definition: Formula, z: Formula) -> Iterator[Inlines]:
    """What the functions stand for that a definition is made of."""
    for call in dict.fromkeys(each for each in walk(definition) if isinstance(each, Call)):
        meaning = written_out(call)
        if call.function == "normal":
            yield reading.prose("given.normal", part=reading.letters(call), net=reading.letters(z))
        elif meaning is not None:
            yield reading.prose("given.where", function=reading.letters(call, meaning))


def loss_sentence(reading: Reading) -> Inlines:
    """The loss, stated for any output unit, and what is to be said of it."""
    problem = reading.trace.problem
    measured, outputs = loss(problem.training), problem.network.sizes[-1]
    unit = "k" if outputs > 1 else 1
    target, output = Quantity("target", reading.last, unit), Quantity("output", reading.last, unit)
    if isinstance(problem.task, Trained) and problem.task.online:
        return online_loss(reading, loss_stated(reading, measured, outputs, data_loss(reading), target, output))
    if len(problem.samples) > 1:
        target, output = of_any(reading.any_sample, target, output)
        return batch_loss(reading, measured, target, output)
    stated = loss_stated(reading, measured, outputs, data_loss(reading), target, output)
    what = reading.prose("given.data_loss" if problem.training.control.regularization.penalized else "given.whole_loss")
    over = problem.training.loss_parameters.get("over")
    return reading.prose(f"given.loss_over_{over}" if over else "given.loss", what=what, loss=stated)


def of_any(sample: Index, *quantities: Quantity) -> list[Quantity]:
    """The same quantities of any sample."""
    return [Quantity(each.role, each.layer, each.unit, 0, sample) for each in quantities]


def online_loss(reading: Reading, stated: Inlines) -> Inlines:
    """The loss of the only sample of a step, and what becomes of it over all of them."""
    penalized = reading.trace.problem.training.control.regularization.penalized
    return reading.prose(
        f"given.loss_{'averaged' if reading.averaged else 'added'}_online",
        what=reading.prose("given.this_is_data_loss" if penalized else "given.this_is_loss"),
        one=stated,
        every=reading.prose.every(len(reading.trace.problem.samples)),
    )


def batch_loss(reading: Reading, measured: Loss, target: Quantity, output: Quantity) -> Inlines:
    """The loss of any of several samples, and that of all of them."""
    any_sample, loss = reading.any_sample, data_loss(reading)
    sample = Quantity("loss", reading.last, 0, 0, any_sample)
    penalized = reading.trace.problem.training.control.regularization.penalized
    outputs = reading.trace.problem.network.sizes[-1]
    mean = fraction(1, Letter(reading.samples)) if reading.averaged else ONE
    return reading.prose(
        f"given.loss_{'averaged' if reading.averaged else 'added'}",
        sample=reading.letter(any_sample),
        what=reading.prose("given.this_is_data_loss" if penalized else "given.this_is_loss"),
        one=loss_stated(reading, measured, outputs, sample, target, output),
        loss=reading.letters(loss, product(mean, IndexedSum(any_sample, sample))),
        every=reading.prose.every(len(reading.trace.problem.samples)),
    )


def loss_share(reading: Reading, measured: Loss) -> Inlines:
    """The function that gives the share of an output in the loss, for any error; nothing where it has no name."""
    call = measured.term(Quantity("target"), Quantity("output"))
    if measured.written is None or not isinstance(call, Call):
        return ()
    named = Call(call.function, (ANY_ERROR, *call.arguments[1:]))
    meaning = written_out(named)
    return (reading.letters(named, *([] if meaning is None else [meaning])),)


ANY_ERROR = Letter("r")
"""The variable of a function of an error."""


def loss_stated(
    reading: Reading, measured: Loss, outputs: int, symbol: Quantity, target: Quantity, output: Quantity
) -> Inlines:
    """E of so many outputs as a formula in the target and the output of any of them, and what its share stands for."""
    stated = reading.letters(symbol, measured.general(outputs, target, output))
    share = loss_share(reading, measured)
    return reading.prose("given.with_share", loss=stated, share=share) if share else (stated,)
