"""Remarks: what a lecturer would point out in these numbers. Each one is computed, and said only where it is true."""

from collections.abc import Iterator
from decimal import Decimal
from itertools import groupby

from explainer.explain.batch_remarks import batch_remarks, largest_change
from explainer.explain.changes import amount, stays_smaller, stays_tied
from explainer.explain.control import is_turned
from explainer.explain.document import Block, Bullets, Inlines, Math, Term
from explainer.explain.dropout import left_out
from explainer.explain.initialization import alike
from explainer.explain.overshoot import overshoot
from explainer.explain.own_functions import own_kinks
from explainer.explain.parameters import is_shared
from explainer.explain.reading import Reading
from explainer.maths.activations import Activation
from explainer.maths.arithmetic import PRINTED, Value
from explainer.maths.formula import Number
from explainer.maths.numerals import as_written
from explainer.maths.quantity import Index, Quantity, Role
from explainer.trace.derive import activation, loss, output_of
from explainer.trace.trace import Step


def remarks_section(reading: Reading) -> Iterator[Block]:
    """The remarks, if there is anything to remark."""
    if reading.trace.wanted or reading.in_letters:
        return
    changes = reading.steps("update", "change")
    plain = reading.trace.problem.training.optimizer == "sgd" and not is_turned(reading)
    points = [*overshoot(reading)]
    if reading.over_batch:
        points += [*batch_remarks(reading, changes, plain=plain), *dead(reading), *rounded(reading, changes)]
    elif not plain:
        points += [*largest_change(reading, changes), *dead(reading), *rounded(reading, changes)]
    else:
        points += [*extremes(reading, changes), *unmoved(reading, changes), *rounded(reading, changes)]
    points += [*kinks(reading), *own_kinks(reading), *unheard(reading), *left_out(reading), *alike(reading)]
    if points:
        yield reading.heading("remarks", 2, [Bullets(tuple(points))])


def signal_of(reading: Reading, change: Quantity) -> Quantity:
    """What the sending unit of a weight sends."""
    return reading.trace.connections.sent(int(change.layer) - 1, int(change.source))


def delta_of(change: Quantity) -> Quantity:
    """The δ of the unit that a parameter leads into."""
    return Quantity("delta", change.layer, change.unit)


def extremes(reading: Reading, changes: list[Step]) -> Iterator[Inlines]:
    """Which change is the largest and why, and whether those of the hidden layers are smaller."""
    largest = max(abs(step.value) for step in changes)
    most = [step.quantity for step in changes if abs(step.value) == largest]
    if not largest:
        yield reading.prose("remarks.nothing_moved")
    elif len(most) > 1:
        moment = () if stays_tied(reading, most, changes) else reading.prose("remarks.unrounded_tied")
        tied = reading.naming(change.parameter() for change in most)
        yield reading.prose("remarks.most_tied", parameters=tied, moment=moment)
    else:
        told = {**causes(reading, most[0]), "change": amount(reading, most[0], changes)}
        yield reading.prose(f"remarks.{reason(reading, most[0])}", **told)
    outer = [abs(step.value) for step in changes if step.quantity.layer == reading.last and step.value]
    inner = [abs(step.value) for step in changes if step.quantity.layer != reading.last]
    apart = not any(is_shared(reading, step.quantity) for step in changes)
    if apart and outer and inner and any(inner) and min(outer) > max(inner) and shrinks(reading):
        still = len(outer) < sum(step.quantity.layer == reading.last for step in changes)
        key = "remarks.hidden_smaller_but_zero" if still else "remarks.hidden_smaller"
        moment = () if stays_smaller(reading, changes, still=still) else reading.prose("remarks.unrounded_all")
        yield reading.prose(key, moment=moment)


def shrinks(reading: Reading) -> bool:
    """Whether every δ of a hidden layer is smaller in size than every one of the output layer."""
    deltas = reading.steps("backward")
    outer = [abs(step.value) for step in deltas if step.quantity.layer == reading.last]
    return bool(min(outer) > max(abs(step.value) for step in deltas if step.quantity.layer != reading.last))


def reason(reading: Reading, change: Quantity) -> str:
    """Which sentence tells why a change is the largest: only what the numbers bear out."""
    value, connections = reading.trace.value, reading.trace.connections
    if is_shared(reading, change):
        return "most"
    if abs(value(delta_of(change))) < max(abs(step.value) for step in reading.steps("backward")):
        if not connections.is_plain:
            return "most"
        return "most_by_weight" if change.source else "most_by_bias"
    if not change.source:
        return "most_bias"
    layer, unit = int(change.layer), int(change.unit)
    signals = [abs(value(connections.sent(layer - 1, source))) for source, _ in connections.into(layer, unit)]
    if len(signals) == 1:
        return "most_only_weight"
    if abs(value(signal_of(reading, change))) == max(signals):
        return "most_weight"
    return "most_by_weight" if connections.is_plain else "most"


def causes(reading: Reading, change: Quantity) -> dict[str, Inlines]:
    """A parameter and its change, and the δ and the signal that it comes from."""
    found: dict[str, Inlines] = {
        "parameter": (reading.letters(change.parameter()),),
        "delta": (reading.value(delta_of(change)),),
    }
    if change.source:
        found["signal"] = (reading.value(signal_of(reading, change)),)
    return found


def unmoved(reading: Reading, changes: list[Step]) -> Iterator[Inlines]:
    """Which changes are zero, by what makes them so: a δ of 0, or a signal of 0."""
    if not any(step.value for step in changes):
        return
    held: dict[str, dict[Quantity, list[Quantity]]] = {"zero_signal": {}, "zero_delta": {}}
    for step in changes:
        change = step.quantity
        if step.value or is_shared(reading, change):
            continue
        if not reading.trace.value(delta_of(change)):
            held["zero_delta"].setdefault(delta_of(change), []).append(change.parameter())
        elif change.source and not reading.trace.value(signal_of(reading, change)):
            held["zero_signal"].setdefault(signal_of(reading, change), []).append(change.parameter())
    for key, members in held.items():
        if members:
            names = [parameter for each in members.values() for parameter in each]
            yield reading.prose(
                f"remarks.{key}", parameters=reading.naming(names), causes=reading.naming(members, values=True)
            )
    for step in changes:
        if not step.value and is_shared(reading, step.quantity):
            yield reading.prose("remarks.zero_shares", parameter=reading.letters(step.quantity.parameter()))
    yield from dead(reading)


def dead(reading: Reading) -> Iterator[Inlines]:
    """Which units pass nothing back because their activation is flat where they are, or flat at the digits carried."""
    held: dict[str, list[Quantity]] = {"dead": [], "saturated": []}
    for step in entries(reading):
        function = activation(reading.layer(int(step.quantity.layer)))
        if function.layer is None and step.value not in function.kinks and not slope(reading, step.quantity):
            flat = not exact_slope(function, step.quantity, reading.trace.arithmetic.written(step.value))
            held["dead" if flat else "saturated"].append(step.quantity)
    for key, nets in held.items():
        whole = flat_for_all(reading, nets)
        if whole:
            places = reading.prose.enumerated([reading.place(net) for net in whole])
            yield reading.prose("remarks.flat_node" if len(whole) == 1 else "remarks.flat_nodes", nodes=places)
        units = {(net.layer, net.unit) for net in whole}
        some = [net for net in nets if (net.layer, net.unit) not in units]
        if some:
            deltas = [signal_at(net) for net in some]
            sentence = f"remarks.{key}_one" if len(some) == 1 else f"remarks.{key}"
            yield reading.prose(sentence, deltas=reading.naming(deltas), nets=reading.naming(some, values=True))


def flat_for_all(reading: Reading, nets: list[Quantity]) -> list[Quantity]:
    """Of net inputs at which units are flat, the first of each unit that is so for every one of several samples."""
    samples = {quantity.sample for quantity in reading.trace.given if quantity.role == "target"}
    held: dict[tuple[Index, Index], list[Quantity]] = {}
    for net in nets:
        held.setdefault((net.layer, net.unit), []).append(net)
    return [found[0] for found in held.values() if len(found) == len(samples) > 1]


def entries(reading: Reading) -> list[Step]:
    """What the activation functions are applied to: net inputs, or what normalization makes of them."""
    entry = reading.trace.connections.entry
    return [step for step in reading.steps("forward") if step.quantity.role == entry(int(step.quantity.layer), 0).role]


def signal_at(entry: Quantity) -> Quantity:
    """The error signal at what an activation function is applied to."""
    role: Role = "by_scaled" if entry.role == "scaled" else "delta"
    return Quantity(role, entry.layer, entry.unit, 0, entry.sample)


def slope(reading: Reading, net: Quantity) -> Value:
    """The derivative of the activation of a unit, at the values carried."""
    function = activation(reading.layer(int(net.layer)))
    spelled = function.spelled or function
    formula = spelled.derivative(net, output_of(net))
    return reading.trace.arithmetic.evaluate(formula, reading.trace.value, "backward")


def exact_slope(function: Activation, net: Quantity, value: Decimal) -> Decimal:
    """The derivative of an activation at a net input, nothing rounded."""
    output, values = output_of(net), {net: value}
    values[output] = PRINTED.evaluate(function.value(net), values.__getitem__, "")
    found: Decimal = PRINTED.evaluate(function.derivative(net, output), values.__getitem__, "")
    return found


def unheard(reading: Reading) -> Iterator[Inlines]:
    """Which hidden units feed no other, so that no error comes back to them."""
    connections = reading.trace.connections
    for layer in range(1, reading.last):
        units = [unit for unit in connections.units(layer) if not connections.out_of(layer, unit)]
        if units:
            outputs = reading.naming(Quantity("output", layer, unit) for unit in units)
            deltas = reading.naming((Quantity("delta", layer, unit) for unit in units), values=True)
            yield reading.prose("remarks.unheard", outputs=outputs, deltas=deltas)


def rounded(reading: Reading, changes: list[Step]) -> Iterator[Inlines]:
    """Which parameters rounding has held where they were, and which it alone has moved."""
    little, moved = [], []
    for step in changes:
        parameter = step.quantity.parameter()
        same = reading.trace.value(parameter) == reading.trace.value(parameter.after())
        if step.value and same:
            little.append(parameter)
        elif not step.value and not same:
            moved.append(parameter)
    for key, members in (("too_little", little), ("rounding_alone", moved)):
        if members:
            yield reading.prose(f"remarks.{key}", parameters=reading.naming(members))


def kinks(reading: Reading) -> Iterator[Inlines]:
    """Which net inputs lie where the activation has no derivative, and which outputs where the loss has none."""
    steps = entries(reading)
    for layer, members in groupby(steps, key=lambda step: int(step.quantity.layer)):
        points = activation(reading.layer(layer)).kinks
        there = [step.quantity for step in members if step.value in points]
        if there:
            key = "remarks.kink_one" if len(there) == 1 else "remarks.kink"
            used = reading.trace.arithmetic.written(slope(reading, there[0]))
            number = Math((Term("", Number(used, as_written(used)), reading.trace.numeral),))
            yield reading.prose(key, nets=reading.naming(there, values=True), slope=number)
    yield from loss_kinks(reading)


def loss_kinks(reading: Reading) -> Iterator[Inlines]:
    """Which outputs lie where the loss has no derivative, and which where it is flat and wants nothing more."""
    measured = loss(reading.trace.problem.training)
    if not measured.kinked or measured.joint is None:
        return
    held: dict[str, list[Quantity]] = {"loss_kink": [], "loss_flat": []}
    for step in reading.steps("forward", "output", layer=reading.last):
        output, target = (
            step.quantity,
            Quantity("target", step.quantity.layer, step.quantity.unit, 0, step.quantity.sample),
        )
        evaluate = reading.trace.arithmetic.evaluate
        if not evaluate(measured.joint(target, output), reading.trace.value, "error"):
            held["loss_kink"].append(output)
        elif not evaluate(measured.downhill(target, output), reading.trace.value, "backward"):
            held["loss_flat"].append(output)
    for key, outputs in held.items():
        if outputs:
            yield reading.prose(f"remarks.{key}", outputs=reading.naming(outputs, values=True))
