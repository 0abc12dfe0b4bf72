"""The L2 penalty beside weight decay: how far apart they lead, where the optimizer is not plain gradient descent."""

from itertools import chain, islice

from msgspec import Struct
from msgspec.structs import replace

from explainer.maths.quantity import Quantity
from explainer.problem.model import Problem
from explainer.problem.training import Trained
from explainer.trace.schedule import epochs
from explainer.trace.steps import Equations, State
from explainer.trace.trace import Trace

STEPS = 2
"""After the first step an optimizer that remembers gradients has nothing to remember yet."""

MOST_WEIGHTS = 1000
"""Networks of more weights are not worked through again."""

SAME = 1e-12


class Apart(Struct, frozen=True):
    """A weight that the other way would have made different after a step, and by how much it would be larger."""

    step: int
    weight: Quantity
    larger: float


def other_way(problem: Problem) -> Problem:
    """The same training with weight decay in place of the L2 penalty, or the other way round."""
    training = problem.training
    given = training.control.regularization
    turned = replace(given, l2=given.weight_decay, weight_decay=given.l2)
    control = replace(training.control, regularization=turned)
    return replace(problem, task=replace(problem.task, training=replace(training, control=control)))


def apart(problem: Problem) -> Apart | None:
    """The weight that differs most after the first step in which any does; None where none does in two steps."""
    ways = [states(each) for each in (problem, other_way(problem))]
    for step, (one, other) in enumerate(zip(*ways, strict=True), 1):
        found = {weight: other[weight] - one[weight] for weight in one if weight.role == "weight"}
        most = max(found, key=lambda weight: abs(found[weight]))
        if abs(found[most]) > SAME:
            return Apart(step, most, found[most])
    return None


def states(problem: Problem) -> list[State]:
    """What the first steps leave, in double precision."""
    equations = Equations(replace(problem, numbers=replace(problem.numbers, arithmetic="float")), Trace)
    state, left = equations.first, list[State]()
    schedule = replace(problem.of(Trained).schedule, epochs=STEPS)
    batches = chain.from_iterable(epochs(schedule, len(problem.samples)))
    for batch in islice(batches, STEPS):
        _, state = equations.step(batch, state)
        left.append(state)
    return left
