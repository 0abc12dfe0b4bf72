"""The equations of one step of a training, over the samples of its batch."""

from collections import Counter
from collections.abc import Iterable, Iterator
from decimal import Decimal

from msgspec.structs import replace

from explainer.maths.optimizers import ANY_STEP, OPTIMIZERS, setting
from explainer.maths.quantity import Quantity
from explainer.problem.convention import Convention
from explainer.problem.model import Problem
from explainer.problem.schema import LETTERS
from explainer.problem.training import Trained
from explainer.trace import control, normalization
from explainer.trace.connections import own_names
from explainer.trace.decay import decay, falling_rate, rate_of_step
from explainer.trace.derive import ONE, RATE, Equation, Step, fixed_signal, measured, of_sample, optimizer, parameters
from explainer.trace.dropout import masks, rates
from explainer.trace.kinds import Kind
from explainer.trace.names import BatchNames, Names
from explainer.trace.normalization import normalizings
from explainer.trace.schedule import Batch, epochs, gone_before
from explainer.trace.updates import look_ahead, settings, states, updates


def names(problem: Problem) -> Names:
    """The names of the convention, with the numbers of the samples."""
    signs = Counter(str(quantity.unit) for quantity, _ in (*of_training(problem), *of_layers(problem)))
    return BatchNames(
        convention_beside(problem.convention, signs),
        problem.task.sizes,
        own_names(problem.task.parameters),
        ahead=optimizer(problem.training).ahead is not None,
        measured=measured(problem) if normalizings(problem.network) else None,
        of_several=frozenset(sign for sign, times in signs.items() if times > 1),
    )


def convention_beside(convention: Convention, signs: Iterable[str]) -> Convention:
    """The convention, with another letter for the shift of a normalized unit where numbers that are set are β."""
    shift = convention.symbols["shift"]
    if not (shift.startswith("β") and any(sign.startswith("β") for sign in signs)):
        return convention
    return replace(convention, symbols={**convention.symbols, "shift": f"ξ{shift.removeprefix('β')}"})


def first_batch(problem: Problem) -> Batch:
    """The first step."""
    return next(epochs(problem.of(Trained).schedule, len(problem.samples)))[0]


def given(problem: Problem) -> Iterator[tuple[Quantity, Decimal]]:
    """What is given for the first step."""
    yield from given_for(problem, first_batch(problem))
    if normalizings(problem.network):  # what goes through the network in use
        yield from (each for each in of_sample(problem, problem.samples[0], 0) if each[0].role == "input")
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
    yield from of_layers(problem)


def of_training(problem: Problem) -> Iterator[tuple[Quantity, Decimal]]:
    """The numbers that optimizer and control are set to, those by which the rate falls among them."""
    yield from settings(problem)
    yield from control.settings(problem.training)
    rule = decay(problem.training)
    yield from ((setting(sign), number) for sign, number in (rule.settings if rule else {}).items())


def beginning(problem: Problem) -> Iterator[tuple[Quantity, Decimal]]:
    """What the first step begins with, and every step leaves to the next."""
    yield from parameters(problem)
    yield from states(problem)
    yield from normalization.beginning(problem.network)


def of_layers(problem: Problem) -> Iterator[tuple[Quantity, Decimal]]:
    """The numbers that dropout and batch normalization are set to."""
    yield from rates(problem.network)
    yield from normalization.set_numbers(problem.network)


def derive(problem: Problem) -> Iterator[Equation]:
    """The first step, and its batch forward again with the new parameters."""
    batch = first_batch(problem)
    yield from step(problem, batch, is_any=problem.numbers.arithmetic == LETTERS and not problem.of(Trained).is_single)
    again = Step(problem, batch.numbered, "check")
    yield from again.forward("check", 1)
    yield from again.errors("check", 1)
    if again.normalized:
        yield from Step(problem, ONE, "use").forward("inference", 1)


def step(problem: Problem, batch: Batch, *, is_any: bool = False) -> Iterator[Equation]:
    """The passes and the update of one step; with `is_any`, of any step over as many samples."""
    yield from look_ahead(problem)
    passes = Step(problem, batch.numbered, ahead=optimizer(problem.training).ahead is not None)
    yield from passes.forward("forward", 0)
    yield from passes.errors("error", 0)
    yield from passes.backward()
    yield from rate_of_step(problem, None if is_any else batch)
    yield from updates(problem, batch.numbered, ANY_STEP if is_any else batch.step)


KIND = Kind(given, derive, names)
