"""Batch normalization of one layer in arrays, by the same laws as in the equations: a row is any sample s."""

from explainer.maths.arrays import ROW, ROWS, Array, Lines
from explainer.trace.normalization import Normalizing, Over, any_unit


class NormalizedArrays:
    """A normalized layer; scale and shift of each unit follow each other in the vector of all places.

    So do its running mean and variance in that of the running statistics.
    """

    def __init__(self, law: Normalizing, units: int, start: int, running: int) -> None:
        unit, over = any_unit(1), Over(letter=ROW)
        self.scales, self.shifts = slice(start, start + 2 * units, 2), slice(start + 1, start + 2 * units, 2)
        self.stop = self.shifts.stop
        self.means, self.variances = slice(running, running + 2 * units, 2), slice(running + 1, running + 2 * units, 2)
        self.settings = float(law.given.epsilon), float(law.given.momentum)
        given = (
            *(ROWS, law.epsilon, law.momentum, unit.of("running_mean"), unit.of("running_variance")),
            *(unit.scale, unit.shift, unit.of("net", ROW)),
        )
        normalized, scaled = law.normalized(unit, ROW), law.scaled(unit, ROW)
        self.in_training = Lines(given, (law.mean(unit, over), law.variance(unit, over), normalized, scaled))
        self.in_use = Lines(given, (law.in_use(unit, ROW), scaled))
        self.after = Lines(self.in_training.names, (law.running_mean(unit), law.running_variance(unit, over)))
        self.back = Lines(
            (*self.in_training.names, unit.of("by_scaled", ROW)),
            (
                *(law.by_normalized(unit, ROW), law.by_variance(unit, over), law.by_mean(unit, over)),
                (unit.of("delta", ROW), law.by_net(unit, ROW, over)),
                (unit.scale.gradient(), law.by_scale(unit, over)),
                (unit.shift.gradient(), law.by_shift(unit, over)),
            ),
        )

    def forward(self, places: Array, running: Array, net: Array, *, training: bool) -> list[Array]:
        """What becomes of net inputs, at last what the activation function is applied to."""
        found = self.in_training if training else self.in_use
        statistics = running[self.means], running[self.variances]
        return found(float(len(net)), *self.settings, *statistics, places[self.scales], places[self.shifts], net)

    def backward(self, shaped: list[Array], signal: Array, into: Array) -> Array:
        """δ of every unit, given the signal at what the activation is applied to; the slopes go to their places.

        All of it is linear in the signal, so the slopes have its sign.
        """
        *_, delta, into[self.scales], into[self.shifts] = self.back(*shaped, signal)
        return delta

    def left(self, shaped: list[Array], into: Array) -> None:
        """The running statistics after a step, put in their places."""
        *_, into[self.means], into[self.variances] = self.after(*shaped)
