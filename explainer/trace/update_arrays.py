"""The update of all parameters at once: penalties, clipping and the lines of the optimizer, compiled for arrays."""

from collections.abc import Iterator, Sequence

import numpy as np

from explainer.maths.arrays import Array, Compiled, compiled
from explainer.maths.optimizers import Line, Slots
from explainer.maths.penalties import PENALTIES, shrunk
from explainer.maths.quantity import Quantity
from explainer.problem.model import Problem
from explainer.trace.control import NORM_SQUARE, Control
from explainer.trace.derive import RATE, optimizer
from explainer.trace.kinds.training import settings_for
from explainer.trace.laws import Laws
from explainer.trace.layer_arrays import NEAR, UnsureError

ANY = Quantity("weight", "l", "j", "i")
"""Stands in the lines of an update for every parameter."""

Kept = tuple[Array, ...]
"""What the optimizer keeps of the parameters, role by role."""


class UpdateArrays:
    """The updates of a training, for these parameters in a row."""

    def __init__(self, problem: Problem, parameters: Sequence[Quantity]) -> None:
        self.control = Control(problem)
        self.optimizer = optimizer(problem.training)
        self.laws = Laws(problem.convention)
        held = np.array([each in self.control.held for each in parameters], float)
        strengths = set(self.control.strengths.values())
        numbers = {quantity: float(number) for quantity, number in settings_for(problem)}
        self.settings = {each: number * held if each in strengths else number for each, number in numbers.items()}
        """What the training is set to; how strongly parameters are held back is 0 for those that are not."""
        self.penalties = [
            compiled(PENALTIES[name].over(strength, (ANY,)), (ANY, *self.settings))
            for name, strength in self.control.penalties.items()
        ]
        self.lines: Lines | None = None

    def penalty(self, parameters: Array) -> float:
        """What the loss has added for large parameters."""
        return sum(float(each((parameters, *self.settings.values())).sum()) for each in self.penalties)

    def __call__(self, step: int, parameters: Array, gradient: Array, kept: Kept) -> tuple[Array, Kept]:
        """The new parameters after the step of this number, and what the optimizer keeps of them.

        Raises:
            UnsureError: one with an L1 penalty comes so close to 0, where the slope of that jumps, that it may be 0.
        """
        if self.lines is None or self.optimizer.counts:
            self.lines = Lines(self, step)
        new, left = self.lines(parameters, gradient, kept)
        if "l1" in self.control.penalties and ((np.abs(new) < NEAR) & (new != 0)).any():
            raise UnsureError
        return new, left

    @property
    def gradient(self) -> Quantity:
        """The gradient that the passes give: with a penalty, that of the loss on the data."""
        return ANY.of_parameter("data_gradient" if self.penalties else "gradient")

    def formulas(self, step: int) -> Iterator[Line]:
        """The lines of the update of a step, from that gradient to the new parameter."""
        if self.penalties:
            yield self.control.with_penalty(ANY)
        yield from self.control.together((ANY,))
        yield from self.control.clipped(ANY)
        yield from self.optimizer.lines(Slots(ANY, self.control.moving(ANY), RATE, step))
        decay = self.control.strengths.get("weight_decay")
        yield ANY.after(), self.laws.update(shrunk(ANY, RATE, decay) if decay else ANY, ANY.change())


class Lines:
    """The lines of the update of one step, compiled."""

    def __init__(self, update: UpdateArrays, step: int) -> None:
        states = [ANY.of_parameter(role) for role in update.optimizer.states]
        self.settings = tuple(update.settings.values())
        variables = [ANY, update.gradient, *states, *update.settings]
        self.lines: list[Compiled] = []
        for quantity, formula in update.formulas(step):
            line = compiled(formula, variables)
            self.lines.append(summed(line) if quantity == NORM_SQUARE else line)
            variables.append(quantity)
        self.left = [variables.index(state.after()) for state in states]

    def __call__(self, parameters: Array, gradient: Array, kept: Kept) -> tuple[Array, Kept]:
        """The new parameters, and what the optimizer keeps of them."""
        values = [parameters, gradient, *kept, *self.settings]
        for line in self.lines:
            values.append(line(values))
        return values[-1], tuple(values[at] for at in self.left)


def summed(line: Compiled) -> Compiled:
    """The sum of a line over all parameters."""
    return lambda values: line(values).sum()
