"""The error of outputs that are given, over one sample or several."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from msgspec import Struct

from explainer.problem.faults import Fault, counted
from explainer.problem.kinds import Kind
from explainer.problem.model import Task
from explainer.problem.read import row
from explainer.problem.schema import NUMBER, Schema, array, table
from explainer.problem.sizes import count, count_faults, tables
from explainer.problem.unit import Measure, loss_field, measure
from explainer.problem.unit_faults import loss_faults, outcome_faults


class Outcome(Struct, frozen=True):
    """What came out for a sample, and what should have come out."""

    outputs: tuple[Decimal, ...]
    targets: tuple[Decimal, ...]


class Error(Task, frozen=True):
    """The outcomes of all samples, and the loss that they are measured by."""

    samples: tuple[Outcome, ...]
    measure: Measure

    @property
    def sizes(self) -> tuple[int, ...]:
        """The outputs are numbered from 1."""
        return (0, len(self.samples[0].outputs))


def fields() -> dict[str, Schema]:
    """The samples and the loss."""
    sample = table(
        "One sample.",
        ["outputs", "targets"],
        outputs=array("What came out, for each output unit.", NUMBER, minItems=1, maxItems=MOST),
        targets=array("What should have come out.", NUMBER, minItems=1, maxItems=MOST),
    )
    return {"samples": array("The samples.", sample, minItems=1, maxItems=MOST), **loss_field()}


MOST = 100
"""The most samples, and the most outputs."""


def faults(data: Mapping[str, Any]) -> Iterator[Fault]:
    """As many targets as outputs, as many outputs in each sample, and all of them such as the loss is for."""
    first = None
    yield from loss_faults(data)
    for index, sample in enumerate(tables(data, "samples")):
        place, outputs = f"samples[{index}]", count(sample, "outputs")
        there = f"there {'is' if outputs == 1 else 'are'} {counted(outputs or 0, 'output')}"
        yield from count_faults(f"{place}.targets", count(sample, "targets"), "target", outputs, there)
        first = outputs if first is None else first
        yield from count_faults(f"{place}.outputs", outputs, "output", first, f"sample 0 has {first}")
        yield from outcome_faults(data, sample, place)


def task(data: Mapping[str, Any]) -> Error:
    """The task of a valid table."""
    samples = tuple(Outcome(row(sample["outputs"]), row(sample["targets"])) for sample in data["samples"])
    return Error(samples, measure(data))


KIND = Kind("Outputs and targets, whose error is worked out.", fields, ("samples",), task, faults)
