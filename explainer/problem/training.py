"""What is given where a network is trained over several samples or epochs."""

from decimal import Decimal
from typing import Literal

from msgspec import Struct

from explainer.problem.model import OneStep, Sample


class Stop(Struct, frozen=True):
    """What ends the training before its epochs are over.

    It ends when the error over the samples is at most `error`, or when that over the validation samples has not
    become smaller for `patience` epochs; None where that is not asked for.
    """

    error: Decimal | None = None
    patience: int | None = None


class Schedule(Struct, frozen=True):
    """Which samples each step takes: so many (`batch`) of all, in their order or each epoch in another one."""

    batch: int
    order: Literal["file", "shuffled"]
    seed: int
    epochs: int
    stop: Stop


class Trained(OneStep, frozen=True):
    """Steps over batches of samples: the task of kind "training"."""

    schedule: Schedule
    validation: tuple[Sample, ...] = ()

    @property
    def is_single(self) -> bool:
        """Whether it is a single step, over all samples."""
        return self.schedule.epochs == 1 and self.schedule.batch >= len(self.samples)

    @property
    def online(self) -> bool:
        """Whether each of several samples has a step of its own."""
        return self.schedule.batch == 1 < len(self.samples)
