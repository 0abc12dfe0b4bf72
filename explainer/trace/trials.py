"""The same problem with smaller learning rates: what would have become of the loss, found by working it out."""

from collections.abc import Callable, Iterator
from decimal import Decimal

from msgspec import Struct
from msgspec.structs import replace

from explainer.maths.arithmetic import Value
from explainer.maths.quantity import Quantity
from explainer.problem.faults import ProblemError
from explainer.problem.model import OneStep, Problem
from explainer.problem.training import Stop, Trained
from explainer.trace.run import Run
from explainer.trace.runner import run
from explainer.trace.trace import Trace, trace

MOST = 8
"""So many learning rates are tried, each half of the one before."""


class Trial(Struct, frozen=True):
    """A learning rate, and the loss that it comes to."""

    rate: Decimal
    loss: Value


def one_step(problem: Problem) -> Value:
    """The loss after the only step of a problem."""
    found = trace(problem, None, Trace)
    return found.value(Quantity("loss", len(problem.network.layers)).after())


def epochs(problem: Problem, count: int) -> Value:
    """The loss after so many epochs, of which no step is kept."""
    task = problem.of(Trained)
    shortened = replace(task, schedule=replace(task.schedule, epochs=count, stop=Stop()))
    quiet = replace(problem.presentation, steps=(), parameters=())
    return run(replace(problem, task=shortened, presentation=quiet), Run, Trace).epochs[-1].error


def trials(problem: Problem, outcome: Callable[[Problem], Value]) -> Iterator[Trial]:
    """The outcome with half the learning rate, a quarter of it, and so on; not where values leave their range.

    A rate that falls to a least one is tried above it.
    """
    task = problem.of(OneStep)
    decay = task.training.control.decay
    least = Decimal(0) if decay is None else Decimal(str(decay.parameters.get("minimum", 0)))
    for halvings in range(1, MOST + 1):
        rate = task.training.learning_rate / 2**halvings
        if rate <= least:
            return
        slower = replace(problem, task=replace(task, training=replace(task.training, learning_rate=rate)))
        try:
            yield Trial(rate, outcome(slower))
        except ProblemError:
            continue


def until_halved(problem: Problem, outcome: Callable[[Problem], Value], loss: Value) -> Iterator[Trial]:
    """The trials up to the first that at least halves a loss, if one does; else all of them."""
    for trial in trials(problem, outcome):
        yield trial
        if 2 * trial.loss <= loss:
            return
