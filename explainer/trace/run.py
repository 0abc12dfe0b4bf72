"""A run: step after step of a training, of which some are kept to be shown, and the error after every epoch.

Every step is worked from the values that the one before has left, by the same equations and in the same arithmetic,
whether it is shown or not.
"""

import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, Generic, Literal, TypeVar

from msgspec import Struct

from explainer.maths.arithmetic import Arithmetic, Value
from explainer.maths.quantity import Quantity
from explainer.problem.faults import ProblemError, fault
from explainer.problem.model import Problem, Sample
from explainer.problem.training import Trained
from explainer.trace.control import settings
from explainer.trace.derive import ONE, Equation, Step, fixed_signal, of_sample
from explainer.trace.kinds.training import beginning, given_for, step
from explainer.trace.kinds.training import names as names_of
from explainer.trace.names import Finder, Names
from explainer.trace.schedule import Batch, epochs
from explainer.trace.trace import Trace, arithmetic_of, carried, worked_out
from explainer.trace.updates import optimizer

Reason = Literal["epochs", "error", "patience", "diverged"]
"""What ended a run: all epochs are over, the error is small enough, it no longer falls, or a value left its range."""

State = Mapping[Quantity, Value]
"""The value of everything that one step leaves to the next, each by its name before the step."""

Kind = TypeVar("Kind", bound=Trace)


class Epoch(Struct, frozen=True):
    """The end of an epoch: the error over all samples, and over the validation samples, with the parameters then.

    Epoch 0 is the beginning. `followed` are the values of the parameters that the problem follows.
    """

    number: int
    error: Value
    validation: Value | None
    followed: tuple[Value, ...]


class Shown(Struct, Generic[Kind], frozen=True):
    """A step that is shown: which samples it goes over, and its trace."""

    batch: Batch
    trace: Kind


class Run(Struct, Generic[Kind], frozen=True):
    """A training: the steps that are `shown`, and every epoch.

    It has taken so many `steps`, and `ended` for a reason. It began with the parameters `first` and ends with `final`,
    which are those of the epoch `best`. The `fault` says what went wrong in a run that has diverged.
    """

    problem: Problem
    names: Names
    shown: tuple[Shown[Kind], ...]
    epochs: tuple[Epoch, ...]
    followed: tuple[Quantity, ...]
    steps: int
    ended: Reason
    best: int
    first: State
    final: State
    fault: ProblemError | None = None

    def __getitem__(self, number: int) -> Kind:
        """The trace of the step of this number.

        Raises:
            KeyError: it is not among the steps that `presentation.steps` asks for.
        """
        for each in self.shown:
            if each.batch.step == number:
                return each.trace
        raise KeyError(f"step {number} is not shown; presentation.steps asks for {self.problem.presentation.steps}")

    def __iter__(self) -> Iterator[Kind]:
        return (each.trace for each in self.shown)

    def only(self, *names: str) -> Kind:
        """The backward slice of one step: what these quantities need, which are named like "step 3: delta_4".

        Without a step, they are those of the first that is shown.

        Raises:
            ProblemError: there is no such quantity, the step is not shown, or they are of several steps.
        """
        numbers, quantities = zip(*map(addressed, names), strict=True)
        if len(set(numbers)) > 1:
            raise fault("", "found quantities of several steps; expected those of one")
        shown = {each.batch.step: each.trace for each in self.shown}
        number = numbers[0] or self.shown[0].batch.step
        if number not in shown:
            told = f"expected one of {', '.join(map(str, shown))}, or the number in presentation.steps"
            raise fault("", f"step {number} is not shown; {told}")
        return shown[number].only(*quantities)


def addressed(name: str) -> tuple[int | None, str]:
    """The step and the quantity that a name stands for: "step 3: delta_4" is delta_4 of step 3."""
    found = re.fullmatch(r"\s*step\s+(\d+)\s*:(.+)", name)
    return (int(found[1]), found[2].strip()) if found else (None, name)


Found = TypeVar("Found", bound=Run[Any])


def run(problem: Problem, kind: type[Found], of_steps: type[Trace]) -> Found:
    """Takes every step of a training, until its epochs are over or something ends it sooner.

    Args:
        problem: what is given.
        kind: the class of run to make.
        of_steps: the class of the traces of its steps.

    Raises:
        ProblemError: no step could be taken, because a value leaves the range of numbers; or a parameter to be
            followed is not there.
    """
    return Runner(problem, of_steps).run(kind)


class Runner(Generic[Kind]):
    """Takes the steps of a training one after the other."""

    def __init__(self, problem: Problem, kind: type[Kind]) -> None:
        self.problem = problem
        self.kind = kind
        self.schedule = problem.of(Trained).schedule
        self.names = names_of(problem)
        self.arithmetic = arithmetic_of(problem)
        self.beginning = dict(beginning(problem))
        self.followed = tuple(map(Finder(self.names, list(self.beginning)), problem.presentation.parameters))
        self.over_samples = Measured(problem, problem.samples)
        self.over_validation = Measured(problem, problem.of(Trained).validation, on_data=True)
        self.counts = optimizer(problem.training).counts
        self.equations: dict[tuple[int, ...], tuple[Equation, ...]] = {}
        """The equations of a step, by the numbers of its samples."""

    def run(self, kind: type[Found]) -> Found:
        """Every step, and every epoch."""
        state: State = carried(self.arithmetic, self.beginning)
        best, found, shown = state, [self.epoch(0, state)], dict[int, Shown[Kind]]()
        ended: Reason = "epochs"
        fault = last = None
        for batches in epochs(self.schedule, len(self.problem.samples)):
            try:
                for batch in batches:
                    last, state = self.step(batch, state)
                    if batch.step in self.problem.presentation.steps:
                        shown[batch.step] = last
                found.append(self.epoch(batches[-1].epoch, state))
            except ProblemError as error:
                if last is None:
                    raise
                ended, fault = "diverged", error
                break
            if found[-1] is best_of(found):
                best = state
            if reason := self.reason(found):
                ended = reason
                break
        if last and "last" in self.problem.presentation.steps:
            shown[last.batch.step] = last
        kept = best_of(found) if self.schedule.stop.patience else found[-1]
        return kind(
            problem=self.problem,
            names=self.names,
            shown=tuple(shown.values()),
            epochs=tuple(found),
            followed=self.followed,
            steps=last.batch.step if last else 0,
            ended=ended,
            best=kept.number,
            first=carried(self.arithmetic, self.beginning),
            final=best if self.schedule.stop.patience else state,
            fault=fault,
        )

    def step(self, batch: Batch, state: State) -> tuple[Shown[Kind], State]:
        """One step from what the one before has left, and what it leaves itself."""
        numbers = dict(given_for(self.problem, batch))
        values = {**carried(self.arithmetic, numbers), **state}
        steps = tuple(worked_out(self.equations_of(batch), self.arithmetic, values, {}, self.names))
        left = {} if batch.step == 1 else dict(state)
        numbers |= self.beginning | {quantity: self.arithmetic.written(value) for quantity, value in left.items()}
        trace = self.kind(self.problem, self.names, self.arithmetic, numbers, steps, carried=left)
        return Shown(batch, trace), {quantity: values.get(quantity.after(), state[quantity]) for quantity in state}

    def equations_of(self, batch: Batch) -> tuple[Equation, ...]:
        """The equations of a step, made once for the same samples where they do not depend on its number."""
        if self.counts:
            return tuple(step(self.problem, batch))
        if batch.samples not in self.equations:
            self.equations[batch.samples] = tuple(step(self.problem, batch))
        return self.equations[batch.samples]

    def epoch(self, number: int, state: State) -> Epoch:
        """What is kept of an epoch."""
        error, validation = (
            each(state, self.arithmetic, self.names) for each in (self.over_samples, self.over_validation)
        )
        return Epoch(number, error, validation, tuple(state[parameter] for parameter in self.followed))

    def reason(self, found: list[Epoch]) -> Reason | None:
        """What ends the run after these epochs, if anything does."""
        stop = self.schedule.stop
        if stop.error is not None and found[-1].error <= self.arithmetic.given(stop.error):
            return "error"
        if stop.patience is not None and found[-1].number - best_of(found).number >= stop.patience:
            return "patience"
        return None


class Measured:
    """The loss over some samples, with the parameters that a state has."""

    def __init__(self, problem: Problem, samples: tuple[Sample, ...], *, on_data: bool = False) -> None:
        """With `on_data`, without the penalty on large weights."""
        numbers = ONE if len(samples) == 1 else tuple(range(1, len(samples) + 1))
        self.given: dict[Quantity, Decimal] = {**dict(fixed_signal(problem)), **dict(settings(problem.training))}
        for number, sample in zip(numbers, samples, strict=True):
            self.given |= dict(of_sample(problem, sample, number))
        passes = Step(problem, numbers)
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


def best_of(found: list[Epoch]) -> Epoch:
    """The epoch with the smallest error over the validation samples, of equal ones the first."""
    return min(found, key=lambda each: each.error if each.validation is None else each.validation)
