"""What steers a training beside its optimizer: large weights held back, gradients clipped, the learning rate."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal

from msgspec import Struct

from explainer.maths.parameters import Chosen

NONE = Decimal(0)

Turn = Literal["step", "epoch"]


class Regularization(Struct, frozen=True):
    """How large weights are held back, each way with its strength, 0 for not at all; `biases` too, or weights only.

    `l1` and `l2` are penalties in the loss, λ Σ |w| and λ/2 Σ w². `weight_decay` is none: it shrinks the weights
    themselves, in each step by ηλ.
    """

    l1: Decimal = NONE
    l2: Decimal = NONE
    weight_decay: Decimal = NONE
    biases: bool = False

    @property
    def penalized(self) -> bool:
        """Whether the loss has a penalty."""
        return bool(self.l1 or self.l2)

    @property
    def acts(self) -> bool:
        """Whether there is any of it."""
        return self.penalized or bool(self.weight_decay)


class Clipping(Struct, frozen=True):
    """How gradients are kept within a bound: each by its "value", or all together by their "norm"."""

    by: Literal["value", "norm"]
    bound: Decimal


class Decay(Struct, frozen=True):
    """How the learning rate falls, by the name of the rule: see `maths.decays`, with its parameters.

    It falls from step to step or from epoch to epoch (`per`).
    """

    rule: str
    parameters: Mapping[str, Chosen]
    per: Turn


class Control(Struct, frozen=True):
    """All that steers a training; None where it has none of it."""

    regularization: Regularization = Regularization()
    clipping: Clipping | None = None
    decay: Decay | None = None

    @property
    def turns_gradient(self) -> bool:
        """Whether a parameter is moved by something else than the gradient that the passes give."""
        return self.regularization.penalized or self.clipping is not None
