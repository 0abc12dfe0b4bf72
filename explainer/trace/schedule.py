"""The schedule of a training: which samples each step goes over, epoch by epoch."""

from collections.abc import Iterator
from random import Random

from msgspec import Struct

from explainer.problem.training import Schedule
from explainer.trace.derive import ONE


class Batch(Struct, frozen=True):
    """The samples of one step, by their numbers in the file; the step and its epoch are counted from 1."""

    step: int
    epoch: int
    samples: tuple[int, ...]

    @property
    def numbered(self) -> tuple[int, ...]:
        """The numbers that its quantities carry: those of several samples; a single one has none."""
        return ONE if len(self.samples) == 1 else self.samples


def epochs(schedule: Schedule, samples: int) -> Iterator[tuple[Batch, ...]]:
    """The steps of each epoch. The last batch of an epoch has what is left over."""
    numbers, step = list(range(1, samples + 1)), 0
    random = Random(schedule.seed)
    for epoch in range(1, schedule.epochs + 1):
        order = shuffled(numbers, random) if schedule.order == "shuffled" else numbers
        batches = [tuple(order[first : first + schedule.batch]) for first in range(0, samples, schedule.batch)]
        yield tuple(Batch(step + index, epoch, batch) for index, batch in enumerate(batches, 1))
        step += len(batches)


def gone_before(batch: Batch, schedule: Schedule, samples: int) -> int:
    """How many samples have gone forward in the steps before this one."""
    in_epoch = -(-samples // schedule.batch)
    return (batch.epoch - 1) * samples + (batch.step - 1) % in_epoch * schedule.batch


def shuffled(numbers: list[int], random: Random) -> list[int]:
    """The numbers in an order drawn at random, which is the same for a seed wherever it is drawn."""
    return sorted(numbers, key=lambda _: random.random())
