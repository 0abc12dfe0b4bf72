"""The equations of one step of a training, over the samples of its batch."""

from collections.abc import Iterator
from decimal import Decimal

from explainer.maths.optimizers import OPTIMIZERS
from explainer.maths.quantity import Quantity
from explainer.problem.model import Problem
from explainer.problem.training import Trained
from explainer.trace import control
from explainer.trace.connections import own_names
from explainer.trace.decay import falling_rate, rate_of_step
from explainer.trace.derive import RATE, Equation, Step, fixed_signal, of_sample, optimizer, parameters
from explainer.trace.dropout import masks, rates
from explainer.trace.kinds import Kind
from explainer.trace.names import BatchNames, Names
from explainer.trace.schedule import Batch, epochs, gone_before
from explainer.trace.updates import look_ahead, settings, states, updates


def names(problem: Problem) -> Names:
    """The names of the convention, with the numbers of the samples."""
    ahead = optimizer(problem.training).ahead is not None
    return BatchNames(problem.convention, problem.task.sizes, own_names(problem.task.parameters), ahead=ahead)


def first_batch(problem: Problem) -> Batch:
    """The first step."""
    return next(epochs(problem.of(Trained).schedule, len(problem.samples)))[0]


def given(problem: Problem) -> Iterator[tuple[Quantity, Decimal]]:
    """What is given for the first step."""
    yield from given_for(problem, first_batch(problem))
    yield from beginning(problem)


def given_for(problem: Problem, batch: Batch) -> Iterator[tuple[Quantity, Decimal]]:
    """What is given for a step, but for the parameters that it begins with."""
    yield from fixed_signal(problem)
    for sample, number in zip(batch.samples, batch.numbered, strict=True):
        yield from of_sample(problem, problem.samples[sample - 1], number)
    before = gone_before(batch, problem.of(Trained).schedule, len(problem.samples))
    yield from masks(problem.network, batch.numbered, before)
    yield from settings_for(problem)
    yield from falling_rate(problem, batch)


def settings_for(problem: Problem) -> Iterator[tuple[Quantity, Decimal]]:
    """The numbers that the training is set to: for all its steps the same."""
    if OPTIMIZERS[problem.training.optimizer].rated and problem.training.control.decay is None:
        yield RATE, problem.training.learning_rate
    yield from settings(problem)
    yield from control.settings(problem.training)
    yield from rates(problem.network)


def beginning(problem: Problem) -> Iterator[tuple[Quantity, Decimal]]:
    """What the first step begins with, and every step leaves to the next."""
    yield from parameters(problem)
    yield from states(problem)


def derive(problem: Problem) -> Iterator[Equation]:
    """The first step, and its batch forward again with the new parameters."""
    batch = first_batch(problem)
    yield from step(problem, batch)
    again = Step(problem, batch.numbered, inference=True)
    yield from again.forward("check", 1)
    yield from again.errors("check", 1)


def step(problem: Problem, batch: Batch) -> Iterator[Equation]:
    """The passes and the update of one step."""
    yield from look_ahead(problem)
    passes = Step(problem, batch.numbered, ahead=optimizer(problem.training).ahead is not None)
    yield from passes.forward("forward", 0)
    yield from passes.errors("error", 0)
    yield from passes.backward()
    yield from rate_of_step(problem, batch)
    yield from updates(problem, batch.numbered, batch.step)


KIND = Kind(given, derive, names)
