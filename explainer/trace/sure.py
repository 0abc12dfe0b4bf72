"""What the engine is sure of: where it may not do what the equations do, it says so, and the step is theirs."""

import math

import numpy as np

from explainer.maths.arrays import Array

NEAR = 1e-9
"""Closer than this to a kink, the order of a sum may decide on which side of it a value lies."""


class UnsureError(ArithmeticError):
    """The engine cannot be sure to do what the equations do."""


def in_range(*vectors: Array) -> None:
    """Nothing, where all numbers are in range; products in several threads tell of no overflow.

    Raises:
        UnsureError: one is not.
    """
    for each in vectors:
        if not math.isfinite(each.dot(each)):
            raise UnsureError


def off_zero(distances: Array, *, least: float = 0.0) -> None:
    """Nothing, where no distance from a kink is so small that it may be 0; it may be 0 itself, but for `least` -1.

    Raises:
        UnsureError: one is.
    """
    sizes = np.abs(distances)
    if ((sizes < NEAR) & (sizes > least)).any():
        raise UnsureError
