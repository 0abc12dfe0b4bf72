"""Remarks on a step over several samples: which samples stand out, and which parameters they leave alone."""

from collections.abc import Iterator

from explainer.explain.changes import amount
from explainer.explain.document import Inlines, Text
from explainer.explain.parameters import is_shared
from explainer.explain.reading import Reading
from explainer.maths.quantity import Quantity
from explainer.trace.derive import delta_of
from explainer.trace.dropout import thinnings
from explainer.trace.trace import Step


def batch_remarks(reading: Reading, changes: list[Step], *, plain: bool) -> Iterator[Inlines]:
    """What stands out in the samples and in the changes that they ask for together, by `plain` gradient descent."""
    yield from largest_change(reading, changes)
    yield from largest_loss(reading)
    yield from left_behind(reading)
    if plain:
        yield from unmoved(reading, changes)


def largest_change(reading: Reading, changes: list[Step]) -> Iterator[Inlines]:
    """Which change is the largest, where it is made of more than one product."""
    most = max(changes, key=lambda step: abs(step.value))
    if not most.value:
        yield reading.prose("remarks.nothing_moved")
    elif [abs(step.value) for step in changes].count(abs(most.value)) == 1:
        parameter, change = reading.letters(most.quantity.parameter()), amount(reading, most.quantity, changes)
        yield reading.prose("remarks.most", parameter=parameter, change=change)


def losses(reading: Reading) -> list[Step]:
    """The loss of each sample before the step."""
    return [step for step in reading.steps("error", "loss") if step.quantity.sample]


def largest_loss(reading: Reading) -> Iterator[Inlines]:
    """Which sample is the farthest from what it should be."""
    found = losses(reading)
    most = max(found, key=lambda step: step.value)
    if [step.value for step in found].count(most.value) == 1:
        yield reading.prose("remarks.largest_loss", sample=str(most.quantity.sample), loss=reading.value(most.quantity))


def left_behind(reading: Reading) -> Iterator[Inlines]:
    """For which samples the loss has risen, where that of all of them has fallen."""
    value, together = reading.trace.value, Quantity("loss", reading.last)
    thinned = thinnings(reading.trace.problem.network)
    if thinned or together.after() not in reading.trace.index or value(together.after()) >= value(together):
        return
    found = [step.quantity for step in losses(reading) if value(step.quantity.after()) > step.value]
    if found:
        samples = reading.prose.enumerated([(Text(str(each.sample)),) for each in found])
        key = "remarks.left_behind_one" if len(found) == 1 else "remarks.left_behind"
        yield reading.prose(key, samples=samples, loss=reading.letters(together))


def unmoved(reading: Reading, changes: list[Step]) -> Iterator[Inlines]:
    """Which parameters have not moved, by what makes it so for every sample."""
    if not any(step.value for step in changes):
        return
    held: dict[str, list[Quantity]] = {"zero_signals": [], "zero_deltas": [], "cancelled": []}
    for step in changes:
        if not step.value and not is_shared(reading, step.quantity):
            held[reason(reading, step.quantity)].append(step.quantity.parameter())
    for key, parameters in held.items():
        if parameters:
            yield reading.prose(f"remarks.{key}", parameters=reading.naming(parameters))


def reason(reading: Reading, change: Quantity) -> str:
    """Why a parameter has not moved: nothing comes in, no error comes back, or the samples ask for opposite things."""
    value, layer, unit = reading.trace.value, int(change.layer), int(change.unit)
    samples = [int(step.quantity.sample) for step in losses(reading)]
    if not any(value(delta_of(layer, unit, sample)) for sample in samples):
        return "zero_deltas"
    sent = reading.trace.connections.sent
    signals = (value(sent(layer - 1, int(change.source), sample)) for sample in samples if change.source)
    return "zero_signals" if change.source and not any(signals) else "cancelled"
