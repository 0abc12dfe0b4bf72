"""Remarks: what a lecturer would point out in these numbers. Each one is computed, and said only where it is true."""

from collections.abc import Iterator

from explainer.explain.document import Block, Bullets, Inlines
from explainer.explain.reading import Reading
from explainer.maths.formula import Number, difference
from explainer.maths.functions import ACTIVATIONS
from explainer.maths.quantity import Quantity
from explainer.trace.trace import Step


def remarks_section(reading: Reading) -> Iterator[Block]:
    """The remarks, if there is anything to remark."""
    if reading.trace.wanted:
        return
    changes = reading.steps("update", "change")
    points = [*extremes(reading, changes), *unmoved(reading, changes), *dead(reading), *kinks(reading)]
    if points:
        yield reading.heading("remarks", 2, [Bullets(tuple(points))])


def signal_of(change: Quantity) -> Quantity:
    """What the sending unit of a weight sends."""
    layer = int(change.layer) - 1
    return Quantity("output" if layer else "input", layer, change.source)


def delta_of(change: Quantity) -> Quantity:
    """The δ of the unit that a parameter leads into."""
    return Quantity("delta", change.layer, change.unit)


def movement(reading: Reading, change: Quantity) -> Number:
    """By how much a parameter moved: its new value less its old one."""
    moved = change.parameter()
    return reading.trace.worked(difference(moved.after(), moved), moved.role, "update")


def extremes(reading: Reading, changes: list[Step]) -> Iterator[Inlines]:
    """Which parameter moved most and why, and whether the hidden layers moved less."""
    moves = {step.quantity: movement(reading, step.quantity) for step in changes}
    farthest = max(abs(move.value) for move in moves.values())
    most = [change for change, move in moves.items() if abs(move.value) == farthest]
    if not farthest:
        yield reading.prose("remarks.nothing_moved")
    elif len(most) > 1:
        yield reading.prose("remarks.most_tied", parameters=parameters(reading, most))
    else:
        yield mover(reading, most[0], moves[most[0]])
    outer = [abs(move.value) for change, move in moves.items() if change.layer == reading.last and move.value]
    inner = [abs(move.value) for change, move in moves.items() if change.layer != reading.last]
    if outer and inner and any(inner) and min(outer) > max(inner) and shrinks(reading):
        yield reading.prose("remarks.hidden_smaller")


def shrinks(reading: Reading) -> bool:
    """Whether every δ of a hidden layer is smaller than every one of the output layer."""
    deltas = reading.steps("backward")
    outer = [abs(step.value) for step in deltas if step.quantity.layer == reading.last]
    return bool(min(outer) > max(abs(step.value) for step in deltas if step.quantity.layer != reading.last))


def parameters(reading: Reading, changes: list[Quantity]) -> Inlines:
    """The parameters of several changes."""
    return reading.prose.enumerated([(reading.letters(change.parameter()),) for change in changes])


def mover(reading: Reading, change: Quantity, move: Number) -> Inlines:
    """The parameter that moved most, and why."""
    words = {"parameter": reading.letters(change.parameter()), "change": reading.signed(move)}
    return reading.prose(f"remarks.{reason(reading, change)}", **words, **causes(reading, change))


def reason(reading: Reading, change: Quantity) -> str:
    """Which sentence tells why a parameter moved most: only what the numbers bear out."""
    value = reading.trace.value
    if abs(value(delta_of(change))) < max(abs(step.value) for step in reading.steps("backward")):
        return "most_by_weight" if change.source else "most_by_bias"
    if not change.source:
        return "most_bias"
    senders = range(1, reading.trace.problem.network.sizes[int(change.layer) - 1] + 1)
    signals = [abs(value(signal_of(Quantity("change", change.layer, change.unit, source)))) for source in senders]
    return "most_weight" if abs(value(signal_of(change))) == max(signals) else "most_by_weight"


def causes(reading: Reading, change: Quantity) -> dict[str, Inlines]:
    """The δ and the signal that a change comes from."""
    found: dict[str, Inlines] = {"delta": (reading.value(delta_of(change)),)}
    if change.source:
        found["signal"] = (reading.value(signal_of(change)),)
    return found


def unmoved(reading: Reading, changes: list[Step]) -> Iterator[Inlines]:
    """Which parameters did not move, by what held them: a signal of 0, or a δ of 0."""
    held: dict[tuple[str, Quantity], list[Quantity]] = {}
    for step in changes:
        change = step.quantity
        if step.value:
            continue
        if not reading.trace.value(delta_of(change)):
            held.setdefault(("zero_delta", delta_of(change)), []).append(change)
        elif change.source and not reading.trace.value(signal_of(change)):
            held.setdefault(("zero_signal", signal_of(change)), []).append(change)
    little = [step.quantity for step in changes if step.value and unchanged(reading, step.quantity.parameter())]
    if little:
        yield reading.prose("remarks.too_little", parameters=parameters(reading, little))
    for (key, cause), members in held.items():
        names = parameters(reading, members)
        word = "delta" if key == "zero_delta" else "signal"
        yield reading.prose(f"remarks.{key}", parameters=names, **{word: reading.value(cause)})


def unchanged(reading: Reading, quantity: Quantity) -> bool:
    """Whether a parameter is after the step what it was before."""
    return bool(reading.trace.value(quantity) == reading.trace.value(quantity.after()))


def dead(reading: Reading) -> Iterator[Inlines]:
    """Which units pass nothing back because their activation is flat where they are."""
    for step in reading.steps("backward"):
        unit = step.quantity
        net = Quantity("net", unit.layer, unit.unit)
        if reading.layer(int(unit.layer)).activation == "relu" and reading.trace.value(net) <= 0:
            yield reading.prose("remarks.dead", delta=reading.letters(unit), net=reading.value(net))


def kinks(reading: Reading) -> Iterator[Inlines]:
    """Which net inputs lie where the activation has no derivative."""
    for step in reading.steps("forward", "net"):
        layer = reading.layer(int(step.quantity.layer))
        if step.value in ACTIVATIONS[layer.activation].make(**layer.parameters).kinks:
            yield reading.prose("remarks.kink", net=reading.value(step.quantity))
