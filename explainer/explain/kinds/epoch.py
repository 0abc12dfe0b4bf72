"""The page of an epoch: each sample worked, the weights after each in a table, and how many samples are right."""

from collections.abc import Hashable, Iterator
from decimal import Decimal

from explainer.explain.document import Block, Inlines, Math, Paragraph, Section, Table, Term, Text
from explainer.explain.exercise import exercise
from explainer.explain.exercise_notation import key_of, symbols
from explainer.explain.prose import listed
from explainer.explain.reading import Reading
from explainer.explain.unit import function
from explainer.maths.quantity import FIXED_SIGNAL, Quantity, Role
from explainer.problem.kinds.epoch import Epoch
from explainer.trace.derive import RATE
from explainer.trace.kinds.epoch import held, of_sample, sources, weight
from explainer.trace.names import Symbol
from explainer.trace.trace import Step

ANY_NET = of_sample("net", 0)
"""The net input of any sample."""

HALF = Decimal("0.5")
"""An output from this on is taken for the target 1, one below it for 0."""

METHODS = {"step": "perceptron", "sigmoid": "logistic_regression", "linear": "widrow_hoff"}
"""What the rule is called with each activation."""

DECIDING = ("step", "sigmoid")
"""The activations whose outputs are taken for a yes or a no."""


def given(reading: Reading) -> Iterator[Inlines]:
    """The neuron before the epoch, the learning rate, and of a slice the numbers of its samples."""
    task, trace = reading.trace.problem.of(Epoch), reading.trace
    weights = [weight(source, 0) for source in range(1, len(task.weights) + 1) if weight(source, 0) in trace.given]
    if weights:
        yield reading.prose.counted(
            "exercise.one_weight", "exercise.some_weight", len(weights), list=reading.listing(weights)
        )
    if weight(0, 0) in trace.given:
        key = "exercise.one_bias" if 0 in sources(task) else "exercise.fixed_bias"
        yield reading.prose(key, list=reading.listing([weight(0, 0)]))
    if FIXED_SIGNAL in trace.given:
        yield reading.prose("exercise.one_fixed_signal", list=reading.listing([FIXED_SIGNAL]))
    if RATE in trace.given:
        yield reading.prose("exercise.one_rate", list=reading.listing([RATE]))
    for sample in range(1, len(task.samples) + 1):
        numbers = [quantity for quantity in trace.given if quantity.sample == sample]
        if numbers:
            yield reading.prose("exercise.sample", sample=sample, list=reading.listing(numbers))
    yield from function(reading, task.function, ANY_NET)


def alike(quantity: Quantity) -> Hashable:
    """The same role; a weight before the epoch is told with what becomes of it."""
    parameter = quantity.role in ("weight", "bias")
    return quantity.role, quantity == FIXED_SIGNAL, quantity.source == 0, 0 if parameter else quantity.iteration


def meaning(reading: Reading, symbol: Quantity) -> str:
    """The key of the meaning of a symbol."""
    if symbol.iteration:
        return f"new_{symbol.role}"
    match symbol.role:
        case "weight":
            return "weight_after_samples"
        case "bias" if symbol.sample:
            return BIASES.get(reading.trace.names.convention.bias, "bias_after_samples")
        case "change":
            return "change_by_sample" if symbol.source else "bias_change_by_sample"
        case "delta":
            return "error_downhill" if reading.laws.downhill else "error_uphill"
        case "input" | "target" | "net" | "output" if symbol.sample:
            return f"{symbol.role}_of_sample"
    return key_of(reading, symbol)


def calls(reading: Reading, quantity: Quantity) -> bool:
    """Whether the page calls a quantity by its name: no change that is none."""
    sample = int(quantity.sample)
    return quantity.role != "change" or not is_right(reading, of_sample("delta", sample))


BIASES = {"subtracted": "threshold_after_samples", "weight": "bias_weight_after_samples"}
"""The meaning of a bias that learns, where it is not simply added."""


def solution(reading: Reading) -> Iterator[Block]:
    """The rule, and each sample under its own heading."""
    if not reading.trace.steps:
        return
    task = reading.trace.problem.of(Epoch)
    key = "exercise.delta_rule" if reading.laws.downhill else "exercise.delta_rule_uphill"
    rule = [reading.prose(key, δ=bare(reading, of_sample("delta", 0)))]
    if 0 in sources(task):
        rule.append(reading.prose("exercise.delta_rule_bias"))
    if task.function.activation in METHODS:
        rule.append(reading.prose(f"exercise.{METHODS[task.function.activation]}"))
    sections = [found for sample in numbered(task) for found in one_sample(reading, sample)]
    yield reading.heading("solution", 2, [Paragraph(listed(rule, " ")), *sections])


def numbered(task: Epoch) -> range:
    """The numbers of the samples."""
    return range(1, len(task.samples) + 1)


def one_sample(reading: Reading, sample: int) -> Iterator[Section]:
    """A sample: what comes out, how far that is from its target, and what it changes."""
    forward = [
        step for step in reading.trace if step.phase in ("forward", "backward") and step.quantity.sample == sample
    ]
    updates = [step for step in reading.steps("update") if step.equation.law == "update" and of(step) == sample]
    blocks: list[Block] = [reading.together(forward)] if forward else []
    if updates and is_right(reading, of_sample("delta", sample)):
        blocks.append(reading.say("exercise.nothing_changes"))
    elif updates:
        blocks.append(reading.together(updates))
    if blocks:
        yield reading.heading("sample", 3, blocks, sample=str(sample))


def of(step: Step) -> int:
    """The sample that a new weight comes from."""
    return step.quantity.iteration


def is_right(reading: Reading, delta: Quantity) -> bool:
    """Whether a δ is 0."""
    return not reading.in_letters and delta in reading.trace.index and not reading.trace.value(delta)


def overview(reading: Reading) -> Iterator[Block]:
    """The samples in a table, with the weights after each of them."""
    task = reading.trace.problem.of(Epoch)
    parameters = list(sources(task))
    symbols = (*(of_sample(role, 0) for role in COLUMNS), *(weight(source, 0) for source in parameters))
    head = (reading.prose("exercise.sample_head"), *((bare(reading, each),) for each in symbols))
    nothing: Inlines = ()
    rows = [(reading.prose("exercise.start"), *(nothing for _ in COLUMNS), *figures(reading, 0))]
    for sample in numbered(task):
        cells = (cell(reading, of_sample(role, sample)) for role in COLUMNS)
        rows.append(((Text(str(sample)),), *cells, *figures(reading, sample)))
    yield reading.heading("epoch_table", 2, [Table(head, tuple(rows))])


COLUMNS: tuple[Role, ...] = ("net", "output", "target", "delta")
"""What the table says of each sample, before the weights."""


def cell(reading: Reading, quantity: Quantity) -> Inlines:
    """A figure of a table; a target as it is given."""
    return (reading.number(quantity) if quantity.role == "target" else reading.figure(quantity),)


def figures(reading: Reading, after: int) -> Iterator[Inlines]:
    """The weights and the bias after so many samples, of those that learn."""
    for source in sources(reading.trace.problem.of(Epoch)):
        yield cell(reading, weight(source, after))


def bare(reading: Reading, quantity: Quantity) -> Math:
    """A name without the number of a sample."""
    name = reading.trace.names(quantity)
    shown = Symbol(name.base, name.below) if isinstance(name, Symbol) else name
    return Math((Term("", quantity, lambda _: shown),))


def last_weights(reading: Reading) -> Iterator[Block]:
    """All samples with the weights that the epoch ends with, and how many come out right."""
    blocks: list[Block] = [reading.say("exercise.last_weights")]
    blocks.append(reading.together(reading.steps("check")))
    yield reading.heading("last_weights", 2, blocks)


def remarks(reading: Reading) -> Iterator[Inlines]:
    """The last weights; of a neuron that decides, how many samples it decides rightly."""
    task, value = reading.trace.problem.of(Epoch), reading.trace.value
    ends = [held(task, source, len(task.samples)) for source in sources(task)]
    yield reading.prose("exercise.epoch_ends", list=reading.naming(ends, values=True))
    if task.function.activation not in DECIDING:
        return
    right = [
        sample
        for sample in numbered(task)
        if (value(of_sample("output", sample, after=True)) >= HALF) == (value(of_sample("target", sample)) >= HALF)
    ]
    if task.function.activation == "sigmoid":
        yield reading.prose("exercise.from_half")
    key = "all_right" if len(right) == len(task.samples) else "some_right"
    yield reading.prose(f"exercise.{key}", right=len(right), count=len(task.samples))


KIND = exercise(
    "epoch",
    symbols=symbols(meaning, alike, unit="neuron", calls=calls),
    given=given,
    solution=solution,
    further=(overview, last_weights),
    remarks=remarks,
)
