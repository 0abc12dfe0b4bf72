"""The equations of one update: the change of a weight, and its new value."""

from collections.abc import Iterator
from decimal import Decimal

from explainer.maths.quantity import Quantity
from explainer.problem.kinds.update import Update
from explainer.problem.model import Problem
from explainer.trace.derive import RATE, Equation
from explainer.trace.kinds import Kind
from explainer.trace.unit import HIDDEN, laws_of

RECEIVER, SENDER = "j", "i"
"""The letters of the unit that the weight leads into, and of the one it comes from."""

WEIGHT = Quantity("weight", HIDDEN, RECEIVER, SENDER)
DELTA = Quantity("delta", HIDDEN, RECEIVER)
SIGNAL = Quantity("input", HIDDEN, SENDER)


def given(problem: Problem) -> Iterator[tuple[Quantity, Decimal]]:
    """The weight, δ, the input and the learning rate."""
    task = problem.of(Update)
    yield from ((WEIGHT, task.weight), (DELTA, task.delta), (signal(problem), task.signal), (RATE, task.rate))


def signal(problem: Problem) -> Quantity:
    """What comes along the weight: where layers are raised numbers, the output of any unit of the layer before."""
    return Quantity("output", "l−1", SENDER) if problem.convention.nodes == "by-layer" else SIGNAL


def derive(problem: Problem) -> Iterator[Equation]:
    """The slope where it has a name, the change and the new value."""
    if laws_of(problem).by_gradient:
        yield gradient_of(problem)
    yield from moved(problem, WEIGHT, RATE)


def gradient_of(problem: Problem) -> Equation:
    """∂E/∂w = ∂E/∂net · x; where δ is −∂E/∂net, −δ x"""
    laws = laws_of(problem)
    chain = laws.parameter_by_chain_rule(DELTA, Quantity("net", HIDDEN, RECEIVER), WEIGHT)
    slope = laws.slope_of_loss((DELTA, signal(problem)))
    return Equation(WEIGHT.gradient(), slope, "gradient", "update", None, chain)


def moved(problem: Problem, weight: Quantity, rate: Quantity) -> Iterator[Equation]:
    """The change of the weight at a learning rate, and its new value as the convention writes it."""
    laws, change = laws_of(problem), weight.change()
    if laws.by_gradient:
        step = laws.change_by_gradient(rate, WEIGHT.gradient())
    else:
        step = laws.change(rate, (DELTA, signal(problem)))
    law = "new_value" if laws.convention.update == "by-change" else "update"
    yield Equation(change, step, "change", "update")
    yield Equation(weight.after(), laws.update(WEIGHT, change), law, "update")


KIND = Kind(given, derive)
