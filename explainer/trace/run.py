"""A run: what came of a training, step after step; some steps are kept to be shown, and the error after every epoch."""

import re
from collections.abc import Iterator
from typing import Generic, Literal, TypeVar

from msgspec import Struct

from explainer.maths.arithmetic import Value
from explainer.maths.quantity import Quantity
from explainer.problem.faults import ProblemError, fault
from explainer.problem.model import Problem
from explainer.trace.names import Names
from explainer.trace.steps import Shown, State
from explainer.trace.trace import Trace

Reason = Literal["epochs", "error", "patience", "diverged", "interrupted"]
"""What ended a run: all epochs are over, the error is small enough, it no longer falls, a value left its range, or the
user has had enough."""

Kind = TypeVar("Kind", bound=Trace)


class Epoch(Struct, frozen=True, gc=False):
    """The end of an epoch: the error over all samples, and over the validation samples, with the parameters then.

    Epoch 0 is the beginning. `followed` are the values of the parameters that the problem follows, and `rate`
    is that of its last step, where the rate falls.
    """

    number: int
    error: Value
    validation: Value | None
    followed: tuple[Value, ...]
    rate: Value | None = None


class Run(Struct, Generic[Kind], frozen=True):
    """A training: the steps that are `shown`, and every epoch.

    It has taken so many `steps`, and `ended` for a reason. It began with the parameters `first` and ends with `final`,
    which are those of the epoch `best`. One that was interrupted has gone back to the end of its last whole epoch. The
    `fault` says what went wrong in a run that has diverged.
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
        number = numbers[0] or next(iter(shown), 0)
        if number not in shown:
            told = f"expected one of {', '.join(map(str, shown))}, or the number in presentation.steps"
            raise fault("", f"step {number} is not shown; {told}")
        return shown[number].only(*quantities)


def addressed(name: str) -> tuple[int | None, str]:
    """The step and the quantity that a name stands for: "step 3: delta_4" is delta_4 of step 3."""
    found = re.fullmatch(r"\s*step\s+(\d+)\s*:(.+)", name)
    return (int(found[1]), found[2].strip()) if found else (None, name)
