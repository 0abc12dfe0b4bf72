"""The steps of a training by their equations, each from what the one before has left, and the error between them."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cached_property
from typing import Generic, TypeVar

from msgspec import Struct

from explainer.maths.arithmetic import Arithmetic, Value
from explainer.maths.optimizers import OPTIMIZERS
from explainer.maths.quantity import Quantity
from explainer.problem.faults import Fault
from explainer.problem.model import Problem, Sample
from explainer.problem.training import Trained
from explainer.trace.decay import decay, falling_rate, rate_of_step
from explainer.trace.derive import ONE, RATE, Equation, Step, fixed_signal, of_sample, optimizer
from explainer.trace.kinds.training import beginning, given_for, names, settings_for, step
from explainer.trace.names import Names, clashes
from explainer.trace.schedule import Batch
from explainer.trace.trace import Trace, arithmetic_of, carried, worked_out

State = Mapping[Quantity, Value]
"""The value of everything that one step leaves to the next, each by its name before the step."""

Kind = TypeVar("Kind", bound=Trace)


class Shown(Struct, Generic[Kind], frozen=True):
    """A step that is shown: which samples it goes over, and its trace."""

    batch: Batch
    trace: Kind


class Equations(Generic[Kind]):
    """Takes steps of a training, and measures the errors, in the arithmetic that the problem asks for."""

    def __init__(self, problem: Problem, kind: type[Kind]) -> None:
        self.problem = problem
        self.kind = kind
        self.names = names(problem)
        self.arithmetic = arithmetic_of(problem)
        self.beginning = dict(beginning(problem))
        rule = decay(problem.training)
        self.falls = rule is not None
        self.counts = optimizer(problem.training).counts or (rule is not None and rule.counts)
        self.shuffled = problem.of(Trained).schedule.order == "shuffled"
        self.known: dict[tuple[int, ...], tuple[Equation, ...]] = {}
        """The equations of a step, by the numbers of its samples."""

    @cached_property
    def over_samples(self) -> "Measured":
        """The loss over all samples, made when it is asked for: of a large network it has very many equations."""
        return Measured(self.problem, self.problem.samples)

    @cached_property
    def over_validation(self) -> "Measured":
        """The loss over the samples for validation."""
        return Measured(self.problem, self.problem.of(Trained).validation, on_data=True)

    @property
    def first(self) -> State:
        """What the first step begins with."""
        return carried(self.arithmetic, self.beginning)

    def step(self, batch: Batch, state: State) -> tuple[Shown[Kind], State]:
        """One step from what the one before has left, and what it leaves itself.

        Raises:
            ProblemError: a value leaves the range of numbers.
        """
        numbers = dict(given_for(self.problem, batch))
        values = {**carried(self.arithmetic, numbers), **state}
        steps = tuple(worked_out(self.of(batch), self.arithmetic, values, {}, self.names))
        left = {} if batch.step == 1 else dict(state)
        numbers |= self.beginning | {quantity: self.arithmetic.written(value) for quantity, value in left.items()}
        trace = self.kind(self.problem, self.names, self.arithmetic, numbers, steps, carried=left)
        return Shown(batch, trace), {quantity: values.get(quantity.after(), state[quantity]) for quantity in state}

    def of(self, batch: Batch) -> tuple[Equation, ...]:
        """The equations of a step; they are kept where its samples come together again."""
        if self.counts or batch.numbered not in self.known:
            if self.counts or self.shuffled:
                self.known.clear()
            self.known[batch.numbered] = tuple(step(self.problem, batch))
        return self.known[batch.numbered]

    def clashes(self, batch: Batch) -> Iterator[Fault]:
        """What is wrong with the names of a step: that two of its quantities have the same."""
        if self.names.own or self.problem.convention.is_own:
            given = dict(given_for(self.problem, batch))
            yield from clashes(self.names, [*given, *self.beginning, *(each.quantity for each in self.of(batch))])

    @property
    def followable(self) -> tuple[Quantity, ...]:
        """What can be followed from epoch to epoch: all that a step leaves, and the learning rate if there is one."""
        rated = OPTIMIZERS[self.problem.training.optimizer].rated
        return (*self.beginning, RATE) if rated else tuple(self.beginning)

    @property
    def constant_rate(self) -> Value:
        """The learning rate, where it does not fall."""
        return self.arithmetic.given(self.problem.training.learning_rate)

    def rate(self, batch: Batch | None) -> Value | None:
        """The learning rate of a step, where it falls; None without a step."""
        if batch is None or not self.falls:
            return None
        values = carried(self.arithmetic, dict(falling_rate(self.problem, batch)))
        found = list(worked_out(rate_of_step(self.problem, batch), self.arithmetic, values, {}, self.names))
        return found[0].value if found else None

    def errors(self, state: State) -> tuple[Value, Value | None]:
        """The loss over all samples, and over those for validation if there are any.

        Raises:
            ProblemError: a value leaves the range of numbers.
        """
        error = self.over_samples(state, self.arithmetic, self.names)
        return error, self.over_validation(state, self.arithmetic, self.names)


class Measured:
    """The loss over some samples, with the parameters that a state has."""

    def __init__(self, problem: Problem, samples: tuple[Sample, ...], *, on_data: bool = False) -> None:
        """With `on_data`, without the penalty on large weights."""
        numbers = ONE if len(samples) == 1 else tuple(range(1, len(samples) + 1))
        self.given: dict[Quantity, Decimal] = {**dict(fixed_signal(problem)), **dict(settings_for(problem))}
        for number, sample in zip(numbers, samples, strict=True):
            self.given |= dict(of_sample(problem, sample, number))
        passes = Step(problem, numbers, "use")
        self.loss = passes.loss_on_data(0) if on_data else passes.loss_of(0)
        self.equations = (*passes.forward("forward", 0), *passes.errors("error", 0)) if samples else ()

    def __call__(self, state: State, arithmetic: Arithmetic, names: Names) -> Value | None:
        """The loss; None where there are no samples."""
        if not self.equations:
            return None
        values = {**carried(arithmetic, self.given), **state}
        for _ in worked_out(self.equations, arithmetic, values, {}, names):
            pass
        return values[self.loss]
