"""Dropout of one layer in arrays, by the same laws as in the equations."""

from collections.abc import Callable

import numpy as np

from explainer.maths.arrays import Array, compiled
from explainer.maths.formula import Formula, product
from explainer.maths.quantity import Quantity
from explainer.trace.dropout import Thinning

MASK, OUTPUT, SIGNAL = Quantity("mask"), Quantity("output"), Quantity("delta")


class ThinnedArrays:
    """A layer that passes on only some of its outputs in training."""

    def __init__(self, law: Thinning, layer: int, units: int) -> None:
        self.law, self.layer, self.units = law, layer, units
        self.passed_on = self.of(law.passed_on(MASK, OUTPUT), MASK, OUTPUT)
        """What is passed on in training, given which outputs are kept."""
        self.after_training = self.of(OUTPUT if law.inverted else law.after_training(OUTPUT), OUTPUT)
        """What is passed on by the network in use."""
        self.back = self.of(product(law.factor(MASK), SIGNAL), MASK, SIGNAL)
        """What comes back to the outputs, given which are kept."""

    def of(self, formula: Formula, *variables: Quantity) -> Callable[..., Array]:
        """A formula as a function of the arrays of these variables."""
        found, rate = compiled(formula, (*variables, self.law.rate)), float(self.law.given.rate)
        return lambda *values: found((*values, rate))

    def mask(self, gone: int, samples: int) -> Array:
        """Which outputs are kept, 1 or 0: a row for each of so many samples that come after those gone before."""
        rows = [self.law.row(self.layer, number, self.units) for number in range(gone, gone + samples)]
        return np.array(rows, float)
