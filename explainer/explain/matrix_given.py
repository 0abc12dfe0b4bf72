"""What a page in matrices begins with: the notation, and what is given, in columns and matrices."""

from collections.abc import Iterator, Mapping

from explainer.explain.arrays import OF_UNIT, Arrays
from explainer.explain.control import falling, steered
from explainer.explain.document import Block, Bullets, Derivation, Derivations, Inlines, Paragraph, Term
from explainer.explain.given import functions, loss_sentence, network, put_in
from explainer.explain.initialization import initial
from explainer.explain.notation import Shown, glossary, key_of, meaning
from explainer.explain.prose import listed
from explainer.explain.reading import Reading
from explainer.explain.rounding import rounding
from explainer.explain.schedule import rules, training_given
from explainer.maths.decays import OVER
from explainer.maths.formula import Array, Braced, Formula, Negation, Partial, Transposed
from explainer.maths.matrix import visible
from explainer.maths.quantity import ALL, CORRECTED, ROLES, STATES, Index, Quantity, Role
from explainer.problem.training import Trained
from explainer.trace.derive import RATE, optimizer


def notation_section(reading: Reading) -> Iterator[Block]:
    """Every kind of symbol on the page with its meaning, in the order in which the page needs them."""
    definition = (reading.letters(slope_meant(reading)),)
    fillings = {"l": (reading.letter("l"),), "definition": definition, "total": (reading.letters(reading.measured),)}
    yield glossary(reading, ((symbol, reading.prose(key, **fillings)) for symbol, key in symbols(reading)))


OWN: Mapping[Role, str] = {
    "input": "all_input",
    "target": "all_target",
    "weight": "all_weight",
    "bias": "all_bias",
    "net": "all_net",
    "output": "all_output",
    "mask": "all_mask",
    "thinned": "all_thinned",
    "error": "all_error",
    "loss": "all_loss",
    "rate": "all_rate",
    "gradient": "all_gradient",
    "data_gradient": "all_data_gradient",
    "change": "all_change",
    "ahead": "all_ahead",
    "clipped": "all_clipped",
    "scale": "all_scale",
    "shift": "all_shift",
    "mean": "all_mean",
    "variance": "all_variance",
    "normalized": "all_normalized",
    "scaled": "all_scaled",
    "running_mean": "all_running_mean",
    "running_variance": "all_running_variance",
}
"""The meaning of what is said in other words of a whole layer."""

ORDER: tuple[Role, ...] = ("input", "target", "rate", "weight", "bias", *ROLES)


def symbols(reading: Reading) -> Iterator[tuple[Quantity, str]]:
    """Each symbol, of any layer, and the key of its meaning."""
    quantities = (*reading.trace.given, *reading.trace.index)
    shown = Shown.of(quantities, reading.last, biased=reading.biased)
    unnamed = () if optimizer(reading.trace.problem.training).states_change else ("change",)
    for role in dict.fromkeys(ORDER):
        if role == "setting":
            yield from ((each, f"notation.{meaning(reading, each)}") for each in shown.settings)
        elif role == "output":
            yield from outputs(reading)
        elif role in shown.roles and role not in unnamed:
            yield symbol(reading, role), key(reading, shown, role)
    yield any_weight("l").after(), "matrix.all_new"


def outputs(reading: Reading) -> Iterator[tuple[Quantity, str]]:
    """The outputs of the hidden layers, and those of the network."""
    if reading.last > 1:
        yield whole(reading, "output", "l"), "matrix.all_output"
    yield whole(reading, "output", reading.last), "matrix.network_outputs"


def key(reading: Reading, shown: Shown, role: Role) -> str:
    """The key of the meaning of a role."""
    if role == "delta":
        named = "downhill_delta" if reading.laws.downhill else "uphill_delta"
        by_sample = Arrays(reading).is_batch and not reading.trace.connections.normalized
        return f"matrix.batch_{named}" if by_sample else f"matrix.{named}"
    found = key_of(reading, shown, role)
    return f"matrix.{OWN[role]}" if found == role and role in OWN else f"notation.{found}"


def symbol(reading: Reading, role: Role) -> Quantity:
    """What a layer, or any layer, has of a role; of the output layer, what only that has."""
    if role in ("target", "error"):
        return whole(reading, role, reading.last)
    if role == "input":
        return whole(reading, role, 0)
    if role in ("loss", "data_loss", "penalty", "loss_sum"):
        return Quantity(role, reading.last)
    if role in ("rate", "norm", "norm_square", "factor"):
        return Quantity(role)
    if role in (*STATES, *CORRECTED, *OF_WEIGHTS):
        return any_weight("l").of_parameter(role)
    return whole(reading, role, "l")


OF_WEIGHTS: tuple[Role, ...] = ("weight", "data_gradient", "gradient", "clipped", "change", "ahead")
"""What there is for every weight."""


def given_section(reading: Reading) -> Iterator[Block]:
    """Everything that the calculation starts from, in columns and matrices."""
    arrays = Arrays(reading)
    weights = [array for layer in range(1, reading.last + 1) for array in parameters(arrays, layer)]
    sample = [arrays.array("input", 0), arrays.array("target", reading.last)]
    blocks: list[Block] = [
        Paragraph(network(reading)),
        Paragraph(listed(list(conventions(reading, [*sample, *weights])), " ")),
    ]
    if reading.in_letters:
        blocks.append(reading.say("rounding.letters"))
    blocks.append(Bullets(tuple(bullets(reading))))
    blocks += samples(reading, sample)
    blocks += [reading.say(parameters_key(reading)), together(reading, weights)]
    if not reading.in_letters:
        blocks.append(Paragraph(listed(list(rounding(reading)), " ")))
    yield reading.heading("given_letters" if reading.in_letters else "given", 2, blocks)


def bullets(reading: Reading) -> Iterator[Inlines]:
    """The numbers and the functions that are given."""
    if RATE in reading.trace.given:
        yield reading.prose("given.rate", rate=reading.value(RATE))
    for each in reading.trace.given:
        if each.role == "setting" and each != OVER:  # which every step has its own of
            yield reading.prose(f"given.{meaning(reading, each)}", value=reading.value(each))
    yield from falling(reading)
    yield from functions(reading)
    yield loss_sentence(reading)
    yield from steered(reading)
    yield from initial(reading)
    yield from put_in(reading)


def samples(reading: Reading, sample: list[Array]) -> Iterator[Block]:
    """The samples that a step goes over, in columns; where it is not all of them, they are in a table."""
    task, count = reading.trace.problem.task, len(reading.trace.problem.samples)
    batch = Arrays(reading).is_batch
    whole_batch = len(Arrays(reading).samples) == count
    if whole_batch or reading.in_letters:
        yield reading.say("matrix.samples" if batch else "matrix.sample")
        yield together(reading, sample)
    if not isinstance(task, Trained):
        return
    if whole_batch and not task.validation:
        if told := list(rules(reading, task)):
            yield Paragraph(listed(told, " "))
    else:
        yield from training_given(reading)


def opening(reading: Reading) -> Iterator[Block]:
    """What a step of a run begins with: its samples, where it goes not over all, and what the step before has left."""
    arrays = Arrays(reading)
    if len(arrays.samples) < len(reading.trace.problem.samples):
        yield reading.say("matrix.samples" if arrays.is_batch else "matrix.sample")
        yield together(reading, [arrays.array("input", 0), arrays.array("target", reading.last)])
    given = filter(reading.trace.carried.__contains__, reading.trace.given)
    left = list(dict.fromkeys(each for each in map(arrays.whole_of, given) if isinstance(each, Array)))
    if left and not reading.in_letters:
        yield reading.say("matrix.left")
        yield together(reading, left)


def conventions(reading: Reading, arrays: list[Array]) -> Iterator[Inlines]:
    """How columns and matrices are written."""
    found = Arrays(reading)
    net = found.array("net", 1)
    yield reading.prose(
        "matrix.batch_columns" if found.is_batch else "matrix.columns",
        column=reading.letters(net.whole),
        entry=reading.letters(net.rows[0][0]),
        weights=reading.letters(any_weight(1)),
        weight=reading.letters(found.array("weight", 1).rows[0][0]),
    )
    transposed = reading.letters(Transposed(any_array(whole(reading, "input", 0))))
    yield reading.prose("matrix.batch_signs" if found.is_batch else "matrix.signs", transposed=transposed)
    if any(len(array.rows) > array.fit[0] or len(array.rows[0]) > array.fit[1] for array in arrays):
        yield reading.prose("matrix.elided")


def parameters_key(reading: Reading) -> str:
    """The sentence before the parameters."""
    if reading.trace.connections.normalized:
        return "matrix.parameters_and_statistics"
    return "matrix.parameters" if reading.biased else "matrix.weights"


def parameters(arrays: Arrays, layer: int) -> list[Array]:
    """The weights and the biases of a layer."""
    biases = [arrays.array("bias", layer)] if arrays.reading.layer(layer).biases is not None else []
    normalized = layer in arrays.reading.trace.connections.normalized
    shaping = [arrays.array(role, layer) for role in SHAPING] if normalized else []
    return [arrays.array("weight", layer), *biases, *shaping]


SHAPING: tuple[Role, ...] = ("scale", "shift", "running_mean", "running_variance")
"""What a normalized layer has besides."""


def together(reading: Reading, arrays: list[Array]) -> Derivations:
    """Arrays and what is in them, one below the other."""
    return Derivations(tuple(written_out(reading, array) for array in arrays))


def written_out(reading: Reading, array: Array) -> Derivation:
    """An array and what is in it: given numbers, or in letters their names."""
    trace = reading.trace
    if reading.in_letters:
        entries = visible(array.rows, array.fit)
        return Derivation((Term("", array, trace.names), Term("=", Braced(entries), trace.names)))
    return Derivation((Term("", array, trace.names), Term("=", Braced(array), trace.numeral)))


def slope_meant(reading: Reading) -> Formula:
    """∂L/∂z^[l], with the sign that δ has"""
    slope = Partial(reading.measured, whole(reading, "net", "l"))
    return Negation(slope) if reading.laws.downhill else slope


# -- any layer --------------------------------------------------------------------------------------


def whole(reading: Reading, role: Role, layer: Index) -> Quantity:
    """All that a layer, or any layer, has of a role, for all samples."""
    of_samples = Arrays(reading).is_batch and role in OF_UNIT
    return Quantity(role, layer, ALL, 0, ALL if of_samples else 0)


def any_weight(layer: Index) -> Quantity:
    """All weights of a layer, or of any layer."""
    return Quantity("weight", layer, ALL, ALL)


def any_array(whole: Quantity) -> Array:
    """An array of any layer, for stating a law."""
    return Array(whole, ((Quantity(whole.role, whole.layer, "i"),),), (1, 1))


def any_of(formula: Formula) -> Formula | None:
    """What a layer has of a quantity as an array, for reading a law; a number that is one for all as it is."""
    if not isinstance(formula, Quantity):
        return None
    return any_array(formula) if formula.unit == ALL and formula.layer else formula
