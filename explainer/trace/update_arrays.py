"""The update of all parameters at once: penalties, clipping and the lines of the optimizer, compiled for arrays."""

from collections.abc import Iterator, Sequence

import numpy as np

from explainer.maths.arrays import ROW, Array, Compiled, Lines, compiled
from explainer.maths.decays import FIRST, OVER
from explainer.maths.formula import IndexedSum
from explainer.maths.optimizers import Line, Slots, setting
from explainer.maths.penalties import PENALTIES, shrunk
from explainer.maths.quantity import Quantity
from explainer.problem.model import Problem
from explainer.trace.control import NORM_SQUARE, Control
from explainer.trace.decay import decay, over
from explainer.trace.derive import RATE, optimizer
from explainer.trace.kinds.training import settings_for
from explainer.trace.laws import Laws
from explainer.trace.schedule import Batch
from explainer.trace.sure import off_zero

ANY = Quantity("weight", "l", "j", "i")
"""Stands in the lines of an update for every parameter."""

Kept = tuple[Array, ...]
"""What the optimizer keeps of the parameters, role by role."""


class UpdateArrays:
    """The updates of a training, for these parameters in a row."""

    def __init__(self, problem: Problem, parameters: Sequence[Quantity]) -> None:
        self.training = problem.training
        self.falling = decay(problem.training)
        self.optimizer = optimizer(problem.training)
        self.control = Control(problem, ahead=self.optimizer.ahead is not None)
        self.laws = Laws(problem.convention)
        held = np.array([each in self.control.held for each in parameters], float)
        strengths = set(self.control.strengths.values())
        numbers = {quantity: float(number) for quantity, number in settings_for(problem) if quantity != RATE}
        self.settings = {each: number * held if each in strengths else number for each, number in numbers.items()}
        """What the training is set to; how strongly parameters are held back is 0 for those that are not."""
        self.penalties = [
            compiled(PENALTIES[name].over(strength, (ANY,)), (ANY, *self.settings))
            for name, strength in self.control.penalties.items()
        ]
        self.states = [ANY.of_parameter(role) for role in self.optimizer.states]
        self.given = [ANY, *([ANY.ahead()] if self.optimizer.ahead else []), self.gradient, RATE, *self.states]
        """What the lines of an update are worked out from, beside the settings."""
        self.ahead: Compiled | None = None
        if self.optimizer.ahead:
            where = self.optimizer.ahead(Slots(ANY, ANY.gradient(), RATE, 1))
            self.ahead = compiled(where, (ANY, *self.states, *self.settings))
        self.lines: Lines | None = None
        """Those of an update, made for the first one and kept unless they are others in every step."""

    def penalty(self, parameters: Array) -> float:
        """What the loss has added for large parameters."""
        return sum(float(each((parameters, *self.settings.values())).sum()) for each in self.penalties)

    def used(self, parameters: Array, kept: Kept) -> Array:
        """Where the gradient is taken: at the parameters, or where their velocities take them.

        Raises:
            UnsureError: as for an update.
        """
        if self.ahead is None:
            return parameters
        found = self.ahead((parameters, *kept, *self.settings.values()))
        if "l1" in self.control.penalties:
            off_zero(found)
        return found

    def __call__(self, batch: Batch, parameters: Array, used: Array, gradient: Array, kept: Kept) -> tuple[Array, Kept]:
        """The new parameters after a step, and what the optimizer keeps of them.

        Raises:
            UnsureError: one with an L1 penalty comes so close to 0, where the slope of that jumps, that it may be 0.
        """
        if self.lines is None or self.optimizer.counts:
            self.lines = Lines((*self.given, *self.settings), self.formulas(batch.step))
            self.left = [self.lines.names.index(state.after()) for state in self.states]
        taken = (parameters, used) if self.ahead else (parameters,)
        values = self.lines(*taken, gradient, self.rate(batch), *kept, *self.settings.values())
        new, left = values[-1], tuple(values[at] for at in self.left)
        if "l1" in self.control.penalties:
            off_zero(new)
        return new, left

    def rate(self, batch: Batch) -> Array:
        """The learning rate of a step; no number for an optimizer that has none."""
        rule, rate = self.falling, float(self.training.learning_rate)
        if rule is None:
            return rate
        done = over(self.training, batch)
        known = {FIRST: rate, OVER: float(done), **{setting(sign): float(each) for sign, each in rule.settings.items()}}
        return compiled(rule.rate(done), tuple(known))(tuple(known.values()))

    @property
    def gradient(self) -> Quantity:
        """The gradient that the passes give: with a penalty, that of the loss on the data."""
        return ANY.of_parameter("data_gradient" if self.penalties else "gradient")

    def formulas(self, step: int) -> Iterator[Line]:
        """The lines of the update of a step, from that gradient to the new parameter."""
        if self.penalties:
            yield self.control.with_penalty(ANY)
        for quantity, formula in self.control.together((ANY,)):
            yield quantity, IndexedSum(ROW, formula) if quantity == NORM_SQUARE else formula
        yield from self.control.clipped(ANY)
        yield from self.optimizer.lines(Slots(ANY, self.control.moving(ANY), RATE, step))
        decay = self.control.strengths.get("weight_decay")
        yield ANY.after(), self.laws.update(shrunk(ANY, RATE, decay) if decay else ANY, ANY.change())
