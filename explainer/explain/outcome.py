"""The sections of the outcome: the check with the new parameters, and the table of what has changed."""

from collections.abc import Iterator
from itertools import groupby

from explainer.explain.document import Block, Bullets, Inlines, Math, Paragraph, Section, Table, Term, Text
from explainer.explain.reading import Reading
from explainer.maths.formula import Call, Formula, Number, difference
from explainer.maths.quantity import Phase, Quantity


def check_section(reading: Reading) -> Iterator[Block]:
    """Forward again with the new parameters, and what has become of the error."""
    steps = reading.steps("check")
    if not steps:
        return
    units = [step for step in steps if step.quantity.role in ("net", "output")]
    errors = [step for step in steps if step.quantity.role in ("error", "loss")]
    biased = any(layer.biases is not None for layer in reading.trace.problem.network.layers)
    blocks: list[Block] = [reading.say("laws.check" if biased else "laws.check_no_biases")]
    blocks += [reading.together(layer) for _, layer in groupby(units, key=lambda step: step.quantity.layer)]
    if errors:
        blocks.append(reading.together(errors))
    if not reading.trace.wanted:
        blocks += [Bullets(tuple(comparison(reading))), Paragraph(verdict(reading))]
    yield reading.heading("check", 2, blocks)


def loss_of(reading: Reading) -> Quantity:
    """The loss before the step."""
    return Quantity("loss", reading.last)


def outputs_of(reading: Reading) -> list[Quantity]:
    """The outputs of the network before the step."""
    return [step.quantity for step in reading.steps("forward", "output", layer=reading.last)]


def target_of(output: Quantity) -> Quantity:
    """The target of an output."""
    return Quantity("target", output.layer, output.unit)


def distance(output: Quantity) -> Formula:
    """|t − o|"""
    return Call("abs", (difference(target_of(output), output),))


def measure(reading: Reading) -> tuple[Formula, Formula, Quantity]:
    """What is compared, before and after, and as what it is rounded: |t − o|, or the loss of several outputs."""
    outputs = outputs_of(reading)
    if len(outputs) == 1:
        output = outputs[0]
        return distance(output), distance(output.after()), Quantity("error", output.layer, output.unit)
    loss = loss_of(reading)
    return loss, loss.after(), loss


def worked(reading: Reading, formula: Formula, quantity: Quantity) -> Number:
    """The value of a formula that has no step of its own, rounded as a quantity is."""
    arithmetic = reading.trace.arithmetic
    rounding = arithmetic.places(quantity.role, "check")
    value = arithmetic.settle(arithmetic.evaluate(formula, reading.trace.value, "check"), rounding)
    return Number(value, arithmetic.numeral(value, rounding))


def comparison(reading: Reading) -> Iterator[Inlines]:
    """The error before and after, and by how much it has changed."""
    before, after, quantity = measure(reading)
    old, new = worked(reading, before, quantity), worked(reading, after, quantity)
    for key, formula, number in (("before", before, old), ("after", after, new)):
        if isinstance(formula, Quantity):
            value = reading.value(formula)
        else:
            value = reading.chain(formula, (formula, reading.trace.numeral), (number, reading.trace.numeral))
        yield reading.prose(f"comparison.{key}", value=value)
    fell = new.value <= old.value
    more, less = (old, new) if fell else (new, old)
    gap = worked(reading, difference(more, less), quantity)
    steps = (
        Term("", difference(more, less), reading.trace.numeral),
        Term(reading.sign(gap), gap, reading.trace.numeral),
    )
    yield reading.prose("comparison.fell_by" if fell else "comparison.rose_by", value=Math(steps))


def verdict(reading: Reading) -> Inlines:
    """What the numbers say."""
    before, after, quantity = measure(reading)
    old, new = worked(reading, before, quantity).value, worked(reading, after, quantity).value
    key = "same" if new == old else "fell" if new < old else "rose"
    if new == old == 0:
        key = "zero_before"
    sentences = [reading.prose(f"comparison.{key}")]
    sentences += [moved(reading, output) for output in outputs_of(reading)]
    if not isinstance(before, Quantity):
        sentences.append(loss_moved(reading))
    return tuple(inline for index, each in enumerate(sentences) for inline in ((Text(" "),) * bool(index) + each))


def moved(reading: Reading, output: Quantity) -> Inlines:
    """Where one output went, seen from its target."""
    value = reading.trace.value
    target, old, new = value(target_of(output)), value(output), value(output.after())
    if old == new:
        key = "stayed"
    elif (target - old) * (target - new) < 0:
        key = "past"
    else:
        key = "closer" if abs(target - new) < abs(target - old) else "farther"
    return reading.prose(
        f"comparison.{key}",
        symbol=reading.letters(output),
        old=reading.number(output),
        new=reading.number(output.after()),
        target=reading.number(target_of(output)),
    )


def loss_moved(reading: Reading) -> Inlines:
    """What became of the loss."""
    loss = loss_of(reading)
    old, new = reading.trace.value(loss), reading.trace.value(loss.after())
    key = "loss_same" if old == new else "loss_fell" if new < old else "loss_rose"
    return reading.prose(f"comparison.{key}", old=reading.number(loss), new=reading.number(loss.after()))


def table_section(reading: Reading) -> Iterator[Section]:
    """All parameters, the outputs and the errors: old, new, and the change with its sign."""
    if reading.trace.wanted:
        return
    head = tuple(reading.prose(f"table.{key}") for key in ("parameter", "old", "new", "change"))
    yield reading.heading("table", 2, [Table(head, tuple(rows(reading)))])


def rows(reading: Reading) -> Iterator[tuple[Inlines, ...]]:
    """The rows of the table."""
    given = reading.trace.given
    for role in ("weight", "bias"):
        for quantity in given:
            if quantity.role == role:
                yield row(reading, (reading.letters(quantity),), quantity)
    outputs = outputs_of(reading)
    for output in outputs:
        yield row(reading, reading.prose("table.output", symbol=reading.letters(output)), output)
    if len(outputs) == 1:
        before, after, quantity = measure(reading)
        label = reading.prose("table.error", symbol=reading.letters(before))
        yield cells(reading, label, worked(reading, before, quantity), worked(reading, after, quantity), quantity)
    loss = loss_of(reading)
    yield row(reading, reading.prose("table.loss", symbol=reading.letters(loss)), loss)


def row(reading: Reading, label: Inlines, quantity: Quantity) -> tuple[Inlines, ...]:
    """The row of a quantity: old, new, change."""
    return cells(reading, label, quantity, quantity.after(), quantity)


def cells(reading: Reading, label: Inlines, old: Formula, new: Formula, quantity: Quantity) -> tuple[Inlines, ...]:
    """The cells of a row."""
    phase: Phase = "update" if quantity.role in ("weight", "bias") else "check"
    rounding = reading.trace.arithmetic.places(quantity.role, phase)

    def figure(number: Formula) -> Inlines:
        if isinstance(number, Number) and rounding.kind == "decimals":
            number = Number(number.value, number.numeral.padded(rounding.places))
        return (Math((Term("", number, reading.in_column),)),)

    change = reading.gap(new, old, quantity, phase, column=True)
    return label, figure(old), figure(new), (reading.signed(change),)
