"""The equations of one step of gradient descent, in the order they are worked out."""

from collections.abc import Iterator

from explainer.problem.model import Problem
from explainer.trace.derive import ONE, Equation, Step, given
from explainer.trace.kinds import Kind
from explainer.trace.updates import updates


def derive(problem: Problem, samples: tuple[int, ...] = ONE) -> Iterator[Equation]:
    """Forward, backward, the update, and forward again, on one sample or on several `samples` by their numbers."""
    step = Step(problem, samples)
    yield from step.forward("forward", 0)
    yield from step.errors("error", 0)
    yield from step.backward()
    yield from updates(problem, samples)
    yield from step.forward("check", 1)
    yield from step.errors("check", 1)


KIND = Kind(given, derive)
