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
CHANGE = Quantity("change", HIDDEN, RECEIVER, SENDER)
DELTA = Quantity("delta", HIDDEN, RECEIVER)
SIGNAL = Quantity("input", HIDDEN, SENDER)


def given(problem: Problem) -> Iterator[tuple[Quantity, Decimal]]:
    """The weight, δ, the input and the learning rate."""
    task = problem.of(Update)
    yield from ((WEIGHT, task.weight), (DELTA, task.delta), (SIGNAL, task.signal), (RATE, task.rate))


def derive(problem: Problem) -> Iterator[Equation]:
    """The change and the new value."""
    laws = laws_of(problem)
    yield Equation(CHANGE, laws.change(RATE, (DELTA, SIGNAL)), "change", "update")
    yield Equation(WEIGHT.after(), laws.update(WEIGHT, CHANGE), "new_value", "update")


KIND = Kind(given, derive)
