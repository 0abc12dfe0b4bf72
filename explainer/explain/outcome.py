"""The sections of the outcome: the check with the new parameters, and the table of what has changed."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from msgspec import Struct

from explainer.explain.document import Block, Bullets, Inlines, Math, Paragraph, Section, Table, Term
from explainer.explain.dropout import after_training_said
from explainer.explain.normalization import statistics_again
from explainer.explain.overview import overview, target
from explainer.explain.prose import listed
from explainer.explain.reading import Reading
from explainer.maths.formula import Call, Formula, Number, difference
from explainer.maths.quantity import PARAMETERS, Phase, Quantity, Role
from explainer.problem.model import Training
from explainer.trace.dropout import thinnings


def check_section(reading: Reading) -> Iterator[Block]:
    """Forward again with the new parameters, and what has become of the error; letters show it only in a slice."""
    steps = reading.steps("check")
    if not steps or (reading.in_letters and not reading.trace.wanted):
        return
    units = [step for step in steps if step.quantity.role not in ("error", *LOSSES)]
    errors = [step for step in steps if step.quantity.role in ("error", *LOSSES)]
    if reading.over_batch and not reading.trace.wanted:
        losses = [step for step in errors if step.quantity.role in LOSSES and not step.quantity.sample]
        yield checked(reading, [*overview(reading, "check"), reading.together(losses)])
        return
    layers = [reading.together(layer) for _, layer in groupby(units, key=lambda step: step.quantity.layer)]
    yield checked(reading, [*layers, reading.together(errors)] if errors else layers)


LOSSES = ("loss_sum", "data_loss", "penalty", "loss")
"""The roles of the loss and its parts."""


def checked(reading: Reading, worked: Sequence[Block]) -> Block:
    """The section of the check around its working."""
    changed = reading.trace.connections.changed
    if reading.trace.names.convention.bias == "weight" and "weight" in changed:
        changed = frozenset({"weight"})  # a bias is one of the weights
    again = AGAIN_ALL if reading.over_batch else AGAIN
    formed = (*after_training_said(reading), *statistics_again(reading))
    blocks: list[Block] = [reading.say(again[changed]), *formed, *worked]
    if not reading.trace.wanted:
        found = measure(reading)
        blocks += [Bullets(tuple(comparison(reading, found))), Paragraph(verdict(reading, found))]
    single = reading.trace.problem.network.sizes[-1] == 1 and not reading.over_batch
    return reading.heading("check" if single else "check_loss", 2, blocks)


AGAIN: Mapping[frozenset[Role], str] = {
    frozenset({"weight", "bias"}): "laws.check",
    frozenset({"weight"}): "laws.check_weights",
    frozenset({"bias"}): "laws.check_biases",
}
"""The sentence that opens the check, by the parameters that are new."""

AGAIN_ALL = {changed: f"{key}_all" for changed, key in AGAIN.items()}
"""The same where several samples go forward."""


def loss_of(reading: Reading) -> Quantity:
    """The loss before the step."""
    return Quantity("loss", reading.last)


def outputs_of(reading: Reading) -> list[Quantity]:
    """The outputs of the network before the step."""
    return [step.quantity for step in reading.steps("forward", "output", layer=reading.last)]


def distance(output: Quantity) -> Formula:
    """|t − o|"""
    return Call("abs", (difference(target(output), output),))


MOST_MOVED = 6
"""Of so many outputs it is told where each of them went."""


class Measure(Struct, frozen=True):
    """What is compared before and after: |t − o| of a single output, or the loss of several."""

    before: Formula
    after: Formula
    old: Number
    new: Number
    role: Role

    @property
    def fell(self) -> bool:
        """Whether it is no larger than before."""
        return bool(self.new.value <= self.old.value)


def measure(reading: Reading) -> Measure:
    """The error before and after the step, worked out."""
    outputs = outputs_of(reading)
    before: Formula
    after: Formula
    penalized = reading.trace.problem.training.control.regularization.penalized
    role: Role = "error" if len(outputs) == 1 and not reading.over_batch and not penalized else "loss"
    if role == "error":
        before, after = distance(outputs[0]), distance(outputs[0].after())
    else:
        before, after = loss_of(reading), loss_of(reading).after()
    worked = reading.trace.worked
    return Measure(before, after, worked(before, role, "error"), worked(after, role, "check"), role)


def comparison(reading: Reading, found: Measure) -> Iterator[Inlines]:
    """The error before and after, and by how much it has changed."""
    figures, numerals = reading.trace.figure, reading.trace.numeral
    moments = ((f"{found.role}_before", found.before, found.old), (f"{found.role}_after", found.after, found.new))
    for moment, formula, number in moments:
        sides = ((formula, figures), (number, numerals)) if isinstance(formula, Call) else ((number, numerals),)
        value = reading.equality((formula, reading.trace.names), *sides)
        thinned = is_thinned(reading)
        yield reading.prose(f"comparison.{moment}_thinned" if thinned else f"comparison.{moment}", value=value)
    if found.old.value != found.new.value and not is_thinned(reading):
        yield from gap(reading, found)


def gap(reading: Reading, found: Measure) -> Iterator[Inlines]:
    """The difference of the two: of their digits; where more is carried than printed, of what they are, by name."""
    key, numerals = "comparison.fell_by" if found.fell else "comparison.rose_by", reading.trace.numeral
    more, less = (found.old, found.new) if found.fell else (found.new, found.old)
    number = reading.trace.worked(difference(more, less), found.role, "check")
    if not reading.trace.arithmetic.carries_more:
        digits = reading.equality((difference(more, less), numerals), (number, numerals))
        yield reading.prose(key, value=digits)
        return
    named = difference(found.before, found.after) if found.fell else difference(found.after, found.before)
    follows = more.numeral.digits - less.numeral.digits == number.numeral.digits
    value = reading.equality((named, reading.trace.names), (number, numerals))
    yield reading.prose(key if follows else f"{key}_unrounded", value=value)


def verdict(reading: Reading, found: Measure) -> Inlines:
    """What the numbers say."""
    if is_thinned(reading):
        return reading.prose("comparison.thinned")
    sentences = [reading.prose(f"comparison.{key}") for key in judgment(reading, found)]
    outputs = outputs_of(reading)
    sentences += [moved(reading, output) for output in outputs] if len(outputs) <= MOST_MOVED else []
    if found.role == "error":
        sentences.append(loss_moved(reading))
    return listed(sentences, " ")


def is_thinned(reading: Reading) -> bool:
    """Whether dropout leaves a part of the network out before the step, and nothing after it."""
    return bool(thinnings(reading.trace.problem.network))


def decays(training: Training) -> bool:
    """Whether weights are made smaller by what is no part of the loss."""
    parameters = training.optimizer_parameters
    return bool(training.control.regularization.weight_decay or parameters.get("weight_decay"))


def judgment(reading: Reading, found: Measure) -> Iterator[str]:
    """The sentences that say whether the step did what it should, and if not, why."""
    if found.new.value == found.old.value:
        yield f"{found.role}_the_same" if found.old.value else "zero_before"
    elif found.fell:
        yield f"{found.role}_has_fallen"
    else:
        yield f"{found.role}_has_risen"
        if reading.trace.has_values_put_in:
            yield "put_in"
        elif decays(reading.trace.problem.training):
            yield "decayed"
        elif any(step.value for step in reading.steps("update", "change")):
            yield "too_far"
        else:
            yield "rounding"


def moved(reading: Reading, output: Quantity) -> Inlines:
    """Where one output went, seen from its target."""
    value, digits = reading.trace.value, reading.trace.numeral
    aim, old, new = value(target(output)), value(output), value(output.after())
    before, after = (reading.trace.worked(distance(each), "error", "check") for each in (output, output.after()))
    if digits(output).digits == digits(output.after()).digits:
        key = "stayed"
    elif new == aim:
        key = "reached"
    elif min(old, new) < aim < max(old, new):
        key = "past"
    else:
        key = "closer" if after.value <= before.value else "farther"
    return reading.prose(
        f"comparison.{key}",
        symbol=reading.labeled(output),
        old=reading.number(output),
        new=reading.number(output.after()),
        target=reading.number(target(output)),
    )


def loss_moved(reading: Reading) -> Inlines:
    """What became of the loss."""
    loss = loss_of(reading)
    old, new = reading.trace.value(loss), reading.trace.value(loss.after())
    key = "loss_same" if old == new else "loss_fell" if new < old else "loss_rose"
    return reading.prose(f"comparison.{key}", old=reading.number(loss), new=reading.number(loss.after()))


def table_section(reading: Reading) -> Iterator[Section]:
    """All parameters, the outputs and the errors: old, new, and the change with its sign."""
    if reading.trace.wanted or reading.in_letters:
        return
    head = tuple(reading.prose(f"table.{key}") for key in ("parameter", "old", "new", "change"))
    connections = reading.trace.connections
    whole = all(connections.is_trained(each) for each in reading.trace.given if each.role in PARAMETERS)
    yield reading.heading("table" if whole else "table_trained", 2, [Table(head, tuple(rows(reading)), changes=True)])


def rows(reading: Reading) -> Iterator[tuple[Inlines, ...]]:
    """The rows of the table."""
    given = reading.trace.given
    for role in PARAMETERS:
        for quantity in given:
            if quantity.role == role and reading.trace.connections.is_trained(quantity):
                yield row(reading, (reading.letters(quantity),), quantity)
    outputs = outputs_of(reading)
    for output in outputs:
        yield row(reading, reading.prose("table.output", symbol=reading.labeled(output)), output)
    if len(outputs) == 1:
        found = measure(reading)
        label = reading.prose("table.error", symbol=reading.letters(found.before))
        yield cells(reading, label, found.old, found.new, found.role)
    loss = loss_of(reading)
    yield row(reading, reading.prose("table.loss", symbol=reading.letters(loss)), loss)


def row(reading: Reading, label: Inlines, quantity: Quantity) -> tuple[Inlines, ...]:
    """The row of a quantity: old, new, change."""
    return cells(reading, label, quantity, quantity.after(), quantity.role)


def cells(reading: Reading, label: Inlines, old: Formula, new: Formula, role: Role) -> tuple[Inlines, ...]:
    """The cells of a row."""
    last: Phase = "update" if role in PARAMETERS else "check"
    change = in_column(reading, reading.trace.worked(difference(new, old), role, last), role, last)
    figures = (in_column(reading, old, role, "error"), in_column(reading, new, role, last))
    cells = [(Math((Term("", figure, reading.in_column),)),) for figure in figures]
    return label, *cells, (reading.signed(change),)


def in_column(reading: Reading, figure: Formula, role: Role, phase: Phase) -> Formula:
    """A figure with the trailing zeros that a column has; a quantity gets them from the lens."""
    if not isinstance(figure, Number):
        return figure
    return Number(figure.value, reading.padded(figure.numeral, role, phase))
