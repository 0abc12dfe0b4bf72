"""What pages about δ have in common: derivatives before the laws that need them, and what lies at a kink."""

from collections.abc import Iterator, Sequence

from explainer.explain.document import Block, Inlines
from explainer.explain.exercise import laws_section
from explainer.explain.own_functions import derived, own_kink
from explainer.explain.reading import Reading
from explainer.explain.unit import Units, net_of
from explainer.maths.own_function import OwnFunction
from explainer.maths.quantity import Quantity
from explainer.problem.unit import GivenUnit, Measure
from explainer.trace.derive import activation
from explainer.trace.trace import Step


def solution(reading: Reading, units: Units) -> Iterator[Block]:
    """Law after law; before a δ the derivative of a function that the problem defines, the first time."""
    told: list[OwnFunction] = []

    def before(reading: Reading, steps: Sequence[Step]) -> Iterator[Block]:
        """The derivatives that these steps need and that have not been told."""
        for own in (units[step.quantity].function.own for step in steps if step.quantity in units):
            if own is not None and own not in told:
                told.append(own)
                yield from derived(reading, own)

    yield from laws_section(reading, before)


def kinks(reading: Reading, units: Units, measure: Measure) -> Iterator[Inlines]:
    """Which net inputs lie where an activation has no derivative, and which outputs where the loss has none."""
    for delta, unit in units.items():
        net = net_of(delta)
        if unit.function.own is not None and unit.net is not None:
            yield from own_kink(reading, unit.function.own, net)
        elif unit.net in activation(unit.function).kinks:
            yield reading.prose("remarks.kink_one", nets=(reading.value(net),), slope=slope(reading, unit, net))
        if unit.target is not None:
            yield from loss_kink(reading, delta, measure)


def slope(reading: Reading, unit: GivenUnit, net: Quantity) -> Inlines:
    """The derivative that is used at a net input."""
    found = activation(unit.function).forms[-1].derivative(net, Quantity("output", net.layer, net.unit))
    return (reading.worked(found, "delta", "backward"),)


def loss_kink(reading: Reading, delta: Quantity, measure: Measure) -> Iterator[Inlines]:
    """Whether an output lies where the loss has no derivative, or where it is flat."""
    loss, evaluate = measure.loss, reading.trace.arithmetic.evaluate
    target, output = Quantity("target", delta.layer, delta.unit), Quantity("output", delta.layer, delta.unit)
    if not loss.kinked or loss.joint is None:
        return
    if not evaluate(loss.joint(target, output), reading.trace.value, "error"):
        yield reading.prose("remarks.loss_kink", outputs=(reading.value(output),))
    elif not evaluate(loss.downhill(target, output), reading.trace.value, "backward"):
        yield reading.prose("remarks.loss_flat", outputs=(reading.value(output),))
