"""Taking the steps of a training one after the other, until its epochs are over or something ends it sooner.

The steps that are shown are worked by their equations. So are all others, but for long trainings in double precision:
there the engine takes them.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from itertools import islice
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from msgspec import Struct

from explainer.maths.arithmetic import Value
from explainer.maths.quantity import PARAMETERS
from explainer.problem.faults import ProblemError, fault
from explainer.problem.model import Problem
from explainer.problem.training import Trained
from explainer.trace.derive import RATE
from explainer.trace.followed import followed
from explainer.trace.kinds.training import first_batch
from explainer.trace.run import Epoch, Kind, Reason, Run
from explainer.trace.schedule import Batch, epochs
from explainer.trace.steps import Equations, Shown, State
from explainer.trace.suited import is_suited
from explainer.trace.trace import Trace

if TYPE_CHECKING:
    from explainer.trace.engine import Engine

Progress = Callable[[int, int], None]
"""What is told of a run after every epoch: its number, and how many there are at most."""

Found = TypeVar("Found", bound=Run[Any])


def run(
    problem: Problem,
    kind: type[Found],
    of_steps: type[Trace],
    progress: Progress | None = None,
    after: Run[Any] | None = None,
) -> Found:
    """Takes every step of a training.

    Args:
        problem: what is given.
        kind: the class of run to make.
        of_steps: the class of the traces of its steps.
        progress: is called after every epoch.
        after: a run of fewer epochs, to go on from.

    Raises:
        ProblemError: no step could be taken, because a value leaves the range of numbers; or a parameter to be
            followed is not there; or two quantities have one name; or a run to go on from has gone back to an
            earlier epoch.
        KeyboardInterrupt: the user has interrupted the first epoch.
    """
    return Runner(problem, of_steps, progress, after).run(kind)


class Taken(Struct, frozen=True):
    """A step that was taken: what it began with and what it has left; and its trace, if it was worked by equations."""

    batch: Batch
    before: Any
    after: Any
    shown: Shown[Any] | None


class Reached(Struct, frozen=True):
    """Where a run stands at the end of an epoch: its last step, how many epochs are known, and the best of them."""

    last: Taken | None
    epochs: int
    best: Epoch
    kept: Any


class Runner(Generic[Kind]):
    """One run. States are those of the engine where there is one, else those of the equations."""

    def __init__(
        self, problem: Problem, kind: type[Kind], progress: Progress | None, after: Run[Any] | None = None
    ) -> None:
        self.problem = problem
        self.after = after
        self.schedule = problem.of(Trained).schedule
        self.progress = progress
        self.equations = Equations(problem, kind)
        if clashing := tuple(self.equations.clashes(first_batch(problem))):
            raise ProblemError(clashing)
        self.engine = engine(problem)
        self.wanted = frozenset(problem.presentation.steps)
        self.followed = followed(problem, self.equations.followable)
        self.shown: dict[int, Shown[Kind]] = {}
        self.epochs: list[Epoch] = []
        self.last: Taken | None = None

    def run(self, kind: type[Found]) -> Found:
        """Every step, and every epoch."""
        fault = None
        try:
            with strict(self.engine):
                self.reached = self.begun()
                ended = self.every_epoch()
        except ProblemError as error:
            if self.last is None:
                raise
            ended, fault = "diverged", error
        except KeyboardInterrupt:
            if self.last is None or self.reached.last is None:
                raise
            ended = "interrupted"
            self.go_back()
        self.show_last()
        patient = self.schedule.stop.patience is not None
        return kind(
            problem=self.problem,
            names=self.equations.names,
            shown=tuple(self.shown.values()),
            epochs=tuple(self.epochs),
            followed=self.followed,
            steps=self.last.batch.step if self.last else self.after.steps if self.after else 0,
            ended=ended,
            best=self.reached.best.number if patient else self.epochs[-1].number,
            first=self.equations.first,
            final=self.state(self.reached.kept if patient else self.current),
            fault=fault,
        )

    def begun(self) -> Reached:
        """The beginning, which is epoch 0, or what another run has left."""
        first = left_by(self.after) if self.after else self.equations.first
        self.start = self.engine.begun(first) if self.engine else first
        self.epochs += self.after.epochs if self.after else [self.epoch(0)]
        return Reached(None, len(self.epochs), self.epochs[-1], self.start)

    @property
    def current(self) -> Any:
        """What the last step has left."""
        return self.last.after if self.last else self.start

    def every_epoch(self) -> Reason:
        """All epochs, unless something ends them sooner: what has ended them."""
        for batches in islice(epochs(self.schedule, len(self.problem.samples)), len(self.epochs) - 1, None):
            for batch in batches:
                self.last = self.taken(batch)
                if batch.step in self.wanted and self.last.shown:
                    self.shown[batch.step] = self.last.shown
            self.close(batches[-1].epoch)
            if reason := self.reason():
                return reason
        return "epochs"

    def taken(self, batch: Batch) -> Taken:
        """The next step: by the engine, if it is not shown and the engine can; else by its equations."""
        before = self.current
        if self.engine and batch.step not in self.wanted:
            try:
                return Taken(batch, before, self.engine.step(batch, before), None)
            except ArithmeticError:
                pass
        return self.by_equations(batch, before)

    def by_equations(self, batch: Batch, before: Any) -> Taken:
        """A step by its equations."""
        shown, after = self.equations.step(batch, self.state(before))
        return Taken(batch, before, self.engine.begun(after) if self.engine else after, shown)

    def state(self, current: Any) -> State:
        """The values of the equations that stand for those of the engine."""
        found: State = self.engine.state(current) if self.engine else current
        return found

    def close(self, number: int) -> None:
        """The end of an epoch."""
        epoch, best = self.epoch(number), self.reached.best
        self.epochs.append(epoch)
        better = judged(epoch) < judged(best)
        kept = self.current if better else self.reached.kept
        self.reached = Reached(self.last, len(self.epochs), epoch if better else best, kept)
        if self.progress:
            self.progress(number, self.schedule.epochs)

    def epoch(self, number: int) -> Epoch:
        """What is kept of an epoch."""
        current = self.current
        error, validation = self.errors(current)
        rate = self.equations.rate(self.last.batch if self.last else None)
        return Epoch(number, error, validation, tuple(self.values(current, rate)), rate)

    def values(self, current: Any, rate: Value | None) -> Iterator[Value]:
        """The values of what is followed; the learning rate has none before the first step, where it falls."""
        kept = tuple(each for each in self.followed if each != RATE)
        by_engine = self.engine is not None and all(each.role in PARAMETERS for each in kept)
        known: State = self.state(current) if kept and not by_engine else {}
        if self.engine and by_engine:
            known = dict(zip(kept, self.engine.values(current, kept), strict=True))
        for each in self.followed:
            yield (rate if self.equations.falls else self.equations.constant_rate) if each == RATE else known[each]

    def errors(self, current: Any) -> tuple[Value, Value | None]:
        """The loss over all samples, and over those for validation."""
        if self.engine:
            try:
                return self.engine.errors(current)
            except ArithmeticError:
                pass
        return self.equations.errors(self.state(current))

    def reason(self) -> Reason | None:
        """What ends the run after these epochs, if anything does."""
        stop, last = self.schedule.stop, self.epochs[-1]
        if stop.error is not None and last.error <= self.equations.arithmetic.given(stop.error):
            return "error"
        if stop.patience is not None and last.number - self.reached.best.number >= stop.patience:
            return "patience"
        return None

    def go_back(self) -> None:
        """Back to the end of the last whole epoch."""
        self.last = self.reached.last
        del self.epochs[self.reached.epochs :]
        last = self.last.batch.step if self.last else 0
        self.shown = {step: shown for step, shown in self.shown.items() if step <= last}

    def show_last(self) -> None:
        """The trace of the last step, if it is asked for; the run ends with its values."""
        if self.last is None or "last" not in self.wanted:
            return
        if self.last.shown is None:
            self.last = self.by_equations(self.last.batch, self.last.before)
        if self.last.shown:
            self.shown[self.last.batch.step] = self.last.shown


def left_by(run: Run[Any]) -> State:
    """What a run has left for the epochs after it.

    Raises:
        ProblemError: it has gone back to an earlier epoch.
    """
    if run.best != run.epochs[-1].number:
        raise fault("", f"found a run that has gone back to epoch {run.best}; expected one without patience")
    return run.final


def strict(engine: "Engine | None") -> AbstractContextManager[object]:
    """Where an engine works."""
    if engine is None:
        return nullcontext()
    from explainer.trace.engine import strict as where_strict

    return where_strict()


def engine(problem: Problem) -> "Engine | None":
    """The engine for a problem that it is suited for; NumPy is imported only then."""
    if not is_suited(problem):
        return None
    from explainer.trace.engine import Engine

    return Engine(problem)


def judged(epoch: Epoch) -> Value:
    """The error that an epoch is judged by: over the validation samples, where there are any."""
    return epoch.error if epoch.validation is None else epoch.validation
